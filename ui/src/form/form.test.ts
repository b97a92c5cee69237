// The whole form: its steps, the way back, and « Modifier ».
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import App from '../App.svelte';
import type { DraftView, Step } from '../host/commands.gen';
import { fakeHost } from '../host/fake';
import { keeping } from '../host/fake-step';
import { around, draftView, homeView, STEPS_ALONE, syncView } from '../host/fake-views';
import { router, type FormStep } from '../state/router.svelte';

beforeEach(() => history.replaceState({ depth: 0, scroll: 0 }, '', '#/'));

const UNDER_FIFTEEN: Step[] = ['charter', 'identity', 'guardian', ...STEPS_ALONE.slice(2)];

function open(step: FormStep, view: DraftView, answers: Parameters<typeof fakeHost>[0] = {}) {
  let host = fakeHost({
    home: () => homeView(),
    charter: () => ({ version: '1', title: 'Charte', text: 'Sois loyal.', hash: '' }),
    communes: () => [],
    find_schools: () => [],
    tracks: () => ({ tracks: [], at_school: null }),
    ...keeping(view).answers,
    ...answers,
  });
  router.go({ name: 'landing' });
  router.go({ name: 'form', draft: 'd1', step, fromCheck: false });
  render(App, { context: around(host) });
  return host;
}

const h1 = (name: string | RegExp) => screen.findByRole('heading', { level: 1, name });
const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }));

test('each step has its question, its name and its place among the others', async () => {
  let questions = [
    /La charte/, /Qui es-tu/, /Ton adresse mail et ton mot de passe/, /Comment te joindre/, /Où étudies-tu/,
    /Quelle est ta filière/, /Ta photo/, /Où envoyer ta carte/, /Vérifie tes réponses/,
  ];
  open('charter', draftView());
  for (let [at, question] of questions.entries()) {
    await h1(question);
    expect(screen.getByText(`étape ${at + 1} sur 9`)).toBeTruthy();
    if (at < 8) await press('Continuer');
  }
});

test('under fifteen, the guardian is one step more, right after the identity', async () => {
  open('identity', draftView({ steps: UNDER_FIFTEEN }));
  await h1(/Qui es-tu/);
  expect(screen.getByText('étape 2 sur 10')).toBeTruthy();
  await press('Continuer');
  await h1(/Qui est responsable de toi/);
  await press('Continuer');
  await h1(/Ton adresse mail/);
});

test('the way back keeps what was typed', async () => {
  open('contact', draftView());
  await userEvent.type(await screen.findByLabelText('Téléphone'), '06 12');
  await press('Retour');
  await h1(/Pass’Région|carte/);
  router.go({ name: 'form', draft: 'd1', step: 'contact', fromCheck: false });
  expect((await screen.findByLabelText<HTMLInputElement>('Téléphone')).value).toBe('06 12');
});

test('a step that this draft does not go through leads to another one', async () => {
  open('guardian', draftView());
  await expect.poll(() => location.hash).not.toContain('responsable');
});

test('« Modifier » leads to its step and straight back, with the focus where it was', async () => {
  open('check', draftView({ values: { phone_number: '06 12 34 56 78' } }));
  await press(/Modifier\s*mes coordonnées/);
  await h1(/Comment te joindre/);
  await press('Continuer');
  await h1(/Vérifie tes réponses/);
  expect(document.activeElement?.id).toBe('modify-contact');
});

test('what a changed answer newly asks is asked before the check', async () => {
  let refusals = [{ field: 'guardian_consent' as const, step: 'guardian' as const, refusal: { code: 'missing' as const } }];
  let view = draftView();
  open('check', view, { draft: () => view, set_field: () => (view = draftView({ steps: UNDER_FIFTEEN, refusals })) });
  await press(/Modifier\s*mon identité/);
  await userEvent.type(await screen.findByLabelText('Jour'), '21');
  await press('Continuer');
  await h1(/Qui est responsable de toi/);
  await press('Retour');
  await h1(/Vérifie tes réponses/);
});

test('the check reads out who files, the guardian, and what is in no list', async () => {
  let values = {
    filer: 'OTHER', filer_given_name: 'Anne', filer_family_name: 'Moreau', filer_link: 'MERE',
    guardian_given_name: 'Anne', guardian_family_name: 'Moreau', guardian_link: 'MERE', guardian_contact: '06 12 34 56 78', guardian_consent: 'OUI',
    school: 'NOT_LISTED', school_name: 'Lycée des Cimes', school_town: 'Annecy', track: 'NOT_LISTED', track_name: 'CAP Fourrure',
  };
  open('check', draftView({ steps: UNDER_FIFTEEN, values }));
  await h1(/Vérifie/);
  for (let said of ['Anne Moreau, sa mère', 'Anne Moreau, mère', 'Donné', 'Lycée des Cimes', 'Annecy', 'CAP Fourrure']) expect(screen.getAllByText(said).some((it) => it.matches('dd')), said).toBe(true);
  for (let step of UNDER_FIFTEEN.slice(1)) expect(document.getElementById(`modify-${step}`), step).toBeTruthy();
});

test('a refused deposit leads to each answer that is missing', async () => {
  let refusals = [{ field: 'track' as const, step: 'track' as const, refusal: { code: 'missing' as const } }];
  open('check', draftView({ refusals }), {
    deposit: () => {
      throw { code: 'incomplete', refusals };
    },
  });
  await press('Déposer ma demande');
  expect((await screen.findByRole('alert')).textContent).toContain('Choisis ta filière.');
  await userEvent.click(screen.getByRole('link', { name: 'Choisis ta filière.' }));
  await h1(/Quelle est ta filière/);
});

test('without network the check says that the application is ready to leave', async () => {
  let { NETWORK, Network } = await import('../state/network.svelte');
  let host = fakeHost({ home: () => homeView({ sync: syncView({ network: 'offline' }) }), draft: () => draftView() });
  router.go({ name: 'form', draft: 'd1', step: 'check', fromCheck: false });
  render(App, { context: around(host).set(NETWORK, new Network(host)) });
  expect(await screen.findByText(/Prêt à partir/)).toBeTruthy();
  expect(screen.getByText('Hors ligne : tout est gardé')).toBeTruthy();
});
