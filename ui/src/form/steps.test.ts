// The steps of the form, as a person meets them.
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { DraftView } from '../host/commands.gen';
import { fakeHost, type Answers } from '../host/fake';
import { around, draftView } from '../host/fake-views';
import { Keeper } from '../state/keeper.svelte';
import ContactStep from './ContactStep.svelte';
import IdentityStep from './IdentityStep.svelte';
import PhotoStep from './PhotoStep.svelte';
import SchoolStep from './SchoolStep.svelte';
import SendingStep from './SendingStep.svelte';

const LALANDE = { uai: '0010013J', name: 'Lycée Lalande', town: 'Bourg-en-Bresse', label: 'Lycée Lalande [Bourg-en-Bresse] [0010013J]' };

async function open(Step: typeof ContactStep, view: DraftView, answers: Answers) {
  let host = fakeHost({ draft: () => view, ...answers });
  let keeper = new Keeper(host, 'd1');
  await keeper.reload();
  let ondone = vi.fn();
  render(Step, { props: { keeper, onback: () => {}, ondone }, context: around(host) });
  return { host, ondone, next: () => userEvent.click(screen.getByRole('button', { name: 'Continuer' })) };
}

test('a refused field says why, beside it and on top, and the step stays', async () => {
  let refused = draftView({ refusals: [{ field: 'phone_number', step: 'contact', refusal: { code: 'digit_count', expected: 10, got: 4 } }] });
  let { ondone, next } = await open(ContactStep, refused, { set_field: () => refused });

  await userEvent.type(screen.getByLabelText('Téléphone'), '06 12');
  expect(screen.queryByRole('alert')).toBeNull();
  await next();

  expect((await screen.findByRole('alert')).textContent).toContain('10 chiffres');
  let phone = screen.getByLabelText('Téléphone');
  expect(phone.getAttribute('aria-invalid')).toBe('true');
  expect(document.getElementById(phone.getAttribute('aria-describedby')?.split(' ').at(-1) ?? '')?.textContent).toContain('10 chiffres');
  expect(document.title).toMatch(/^Erreur/);
  expect(ondone).not.toHaveBeenCalled();

  await userEvent.click(screen.getByRole('link', { name: /10 chiffres/ }));
  expect(document.activeElement).toBe(phone);
});

test('a step without refusal goes on', async () => {
  let { ondone, next } = await open(ContactStep, draftView(), {});
  await next();
  expect(ondone).toHaveBeenCalledOnce();
});

test('the line says « Enregistré » only once the engine has answered', async () => {
  let answer: (view: DraftView) => void = () => {};
  let kept = new Promise<DraftView>((resolve) => (answer = resolve));
  await open(SendingStep, draftView(), { set_field: () => kept });
  expect(screen.getByText('Enregistré sur ce téléphone, 14:02')).toBeTruthy();

  await userEvent.click(screen.getByLabelText('Je préfère le recevoir à la maison'));
  expect(screen.queryByText(/Enregistré/)).toBeNull();

  answer(draftView({ kept_at_ms: new Date(2026, 10, 22, 14, 5).getTime() }));
  expect(await screen.findByText('Enregistré sur ce téléphone, 14:05')).toBeTruthy();
});

test('a full disk is said, the step stays and nothing is called kept', async () => {
  let { ondone, next } = await open(SendingStep, draftView(), {
    set_field: () => {
      throw { code: 'disk_full' };
    },
  });
  await userEvent.click(screen.getByLabelText('Je préfère le recevoir à la maison'));
  expect(await screen.findByText(/Plus de place sur ce téléphone/)).toBeTruthy();
  expect(screen.queryByText(/Enregistré/)).toBeNull();
  await next();
  expect((await screen.findByRole('alert')).textContent).toContain('Plus de place');
  expect(ondone).not.toHaveBeenCalled();
});

test('nothing about the sending is ticked in advance', async () => {
  await open(SendingStep, draftView(), {});
  for (let radio of screen.getAllByRole<HTMLInputElement>('radio')) expect(radio.checked).toBe(false);
});

test('the date of birth leaves as one date, and the password only when both entries are there', async () => {
  let { host, next } = await open(IdentityStep, draftView(), { set_field: () => draftView(), set_password: () => draftView({ password_kept: true }) });
  await userEvent.type(screen.getByLabelText('Jour'), '3');
  await userEvent.type(screen.getByLabelText('Mois'), '9');
  await userEvent.type(screen.getByLabelText('Année'), '2009');
  await userEvent.type(screen.getByLabelText('Mot de passe'), 'volcan bleu 42');
  await userEvent.tab();
  expect(host.asked.some((it) => it.command === 'set_password')).toBe(false);
  await userEvent.type(screen.getByLabelText('Confirmation du mot de passe'), 'volcan bleu 42');
  await next();
  expect(host.asked).toContainEqual({ command: 'set_field', args: { draft: 'd1', field: 'birth_date', typed: '03/09/2009' } });
  expect(host.asked).toContainEqual({ command: 'set_password', args: { draft: 'd1', typed: 'volcan bleu 42', confirmation: 'volcan bleu 42' } });
});

test('a school is found while typing, and chosen from the list with the keyboard', async () => {
  let { host } = await open(SchoolStep, draftView(), {
    tracks: () => [],
    find_schools: () => [LALANDE],
    set_field: () => draftView({ values: { school: LALANDE.uai }, school: LALANDE }),
  });
  let search = screen.getByRole<HTMLInputElement>('combobox', { name: 'Établissement' });
  await userEvent.type(search, 'lalan');
  expect(await screen.findByRole('option', { name: LALANDE.label })).toBeTruthy();
  expect(screen.getByText('1 établissement trouvé')).toBeTruthy();

  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(search.value).toBe(LALANDE.label);
  expect(screen.queryByRole('option')).toBeNull();
  expect(host.asked).toContainEqual({ command: 'set_field', args: { draft: 'd1', field: 'school', typed: '0010013J' } });
});

test('a track takes two taps', async () => {
  let { host } = await open(SchoolStep, draftView(), {
    tracks: () => [
      { code: 'STL', group: 'Bac technologique', label: 'STL' },
      { code: 'STMG', group: 'Bac technologique', label: 'STMG' },
      { code: 'GENERALE', group: 'Bac général', label: 'Première ou terminale générale' },
    ],
    set_field: () => draftView(),
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Bac technologique' }));
  await userEvent.click(screen.getByLabelText('STMG'));
  expect(host.asked).toContainEqual({ command: 'set_field', args: { draft: 'd1', field: 'track', typed: 'STMG' } });
});

test('a postal code outside of the region asks for the name of the commune', async () => {
  await open(ContactStep, draftView({ values: { postal_code: '75011' } }), { communes: () => [] });
  expect((await screen.findByRole('textbox', { name: 'Commune' })).id).toBe('commune');
});

test('a file that is no picture is refused with its sentence, and the photo of before stays', async () => {
  let photo = { sha256: 'ab', bytes: 9, width: 350, height: 450 };
  let { ondone, next } = await open(PhotoStep, draftView({ photo }), {
    photo: () => ({ jpeg: 'AA==' }),
    attach_photo: () => {
      throw { code: 'photo', refusal: { code: 'not_a_picture' } };
    },
  });
  let file = new File(['%PDF-1.7'], 'photo.jpg', { type: 'image/jpeg' });
  await userEvent.upload(screen.getByLabelText('Remplacer la photo'), file);

  expect((await screen.findByRole('alert')).textContent).toContain('JPEG ou PNG uniquement.');
  expect(screen.getByRole('img', { name: /Ta photo/ })).toBeTruthy();
  expect(screen.getByText(/Enregistré sur ce téléphone/)).toBeTruthy();
  await next();
  expect(ondone).toHaveBeenCalledOnce();
});
