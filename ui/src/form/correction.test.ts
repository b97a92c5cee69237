// What the Region asked for again: only that is asked, and it leaves beside what it takes the place of.
import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import App from '../App.svelte';
import type { CorrectionView, DraftView } from '../host/commands.gen';
import { fakeHost, type Answers } from '../host/fake';
import { openStep } from '../host/fake-step';
import { around, correctionView, depositView, draftView, homeView, KEPT_AT } from '../host/fake-views';
import { router, type FormStep } from '../state/router.svelte';
import ContactStep from './ContactStep.svelte';
import IdentityStep from './IdentityStep.svelte';
import PhotoStep from './PhotoStep.svelte';

beforeEach(() => {
  history.replaceState({ depth: 0, scroll: 0 }, '', '#/');
});

function mending(about: Partial<CorrectionView>, view: Partial<DraftView> = {}): DraftView {
  return draftView({ draft: 'c1', state: 'correction', steps: ['identity'], correction: correctionView(about), ...view });
}

const DOSSIER = draftView({ state: 'to_correct', values: { family_name: 'Moreau', given_name: 'Lina' }, deposit: depositView({ received_at_ms: KEPT_AT }) });

function openForm(view: DraftView, step: FormStep, answers: Answers = {}) {
  let host = fakeHost({ home: () => homeView(), draft: ({ draft }) => (draft === 'c1' ? view : DOSSIER), ...answers });
  router.go({ name: 'form', draft: 'c1', step, fromCheck: false });
  render(App, { context: around(host) });
  return host;
}

test('of the identity only what was asked for can be written', async () => {
  await openStep(IdentityStep, mending({ open: ['family_name'] }, { values: { family_name: 'Moreau' } }));
  expect(screen.getByLabelText<HTMLInputElement>('Nom').value).toBe('Moreau');
  for (let label of ['Prénom', 'Jour', 'Madame']) expect(screen.queryByLabelText(label)).toBeNull();
  expect(screen.queryByRole('button', { name: 'Je dépose pour quelqu’un' })).toBeNull();
});

test('of the contact only the number, or only the address', async () => {
  await openStep(ContactStep, mending({ open: ['phone_number'] }, { steps: ['contact'] }));
  expect(screen.getByLabelText('Téléphone')).toBeTruthy();
  expect(screen.queryByLabelText('Code postal')).toBeNull();
});

test('another photo is asked for at once, beside the one that is there', async () => {
  let refusals = [{ field: 'photo' as const, step: 'photo' as const, refusal: { code: 'unchanged' as const } }];
  let photo = { sha256: 'aa', bytes: 1, width: 840, height: 1080 };
  let { next, ondone } = await openStep(PhotoStep, mending({}, { steps: ['photo'], photo, refusals }), { photo: () => ({ jpeg: 'AA==' }) });
  expect(screen.getByLabelText('Importer une photo')).toBeTruthy();
  await next();
  expect((await screen.findByRole('alert')).textContent).toContain('La Région demande une autre photo');
  expect(ondone).not.toHaveBeenCalled();
});

test('the check shows both answers, sends the new one, and leads back to the dossier', async () => {
  let view = mending({ topics: ['family_name'], open: ['family_name'] }, { values: { family_name: 'Moreau Diaz', given_name: 'Lina' } });
  let host = openForm(view, 'check', { send_correction: () => DOSSIER });
  expect(await screen.findByRole('heading', { level: 1, name: 'Vérifie ta correction' })).toBeTruthy();
  await waitFor(() => expect(screen.getByText('Moreau')).toBeTruthy());
  expect(screen.getByText('Moreau Diaz')).toBeTruthy();
  expect(screen.queryByText('Lina')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Envoyer ma correction' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Ta demande est à corriger' })).toBeTruthy();
  expect(host.asked).toContainEqual({ command: 'send_correction', args: { draft: 'c1' } });
});

test('what is still refused is said, with the way to it', async () => {
  let refusals = [{ field: 'family_name' as const, step: 'identity' as const, refusal: { code: 'has_digit' as const } }];
  let view = mending({ topics: ['family_name'], open: ['family_name'] }, { values: { family_name: 'M0reau' }, refusals });
  openForm(view, 'check', {
    send_correction: () => {
      throw { code: 'incomplete', refusals };
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Envoyer ma correction' }));
  await userEvent.click(await screen.findByRole('link', { name: 'Le nom ne peut pas contenir de chiffres.' }));
  expect(router.screen).toMatchObject({ name: 'form', draft: 'c1', step: 'identity', fromCheck: true });
});

test('a correction that left, or that nobody asks for any more, leads to its dossier', async () => {
  openForm(mending({ queued_at_ms: KEPT_AT }), 'identity');
  expect(await screen.findByRole('heading', { level: 1, name: 'Ta demande est à corriger' })).toBeTruthy();
});
