// The tablet of a stand: set up, opened by agents, given to a student and taken back.
import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import App from '../App.svelte';
import type { Answers } from '../host/fake';
import { around, draftView } from '../host/fake-views';
import { finishedView, NADIA, PIN, standHost, standView } from '../host/fake-stand';
import { router } from '../state/router.svelte';

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  history.replaceState({ depth: 0, scroll: 0 }, '', '#/');
  router.screen = { name: 'landing' };
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function open(about: Parameters<typeof standHost>[0] = {}, answers: Answers = {}) {
  let { host } = standHost(about, answers);
  render(App, { context: around(host) });
  return host;
}

async function press(name: string | RegExp) {
  await userEvent.click(await screen.findByRole('button', { name }));
}

async function type(pin: string) {
  for (let digit of pin) await press(digit);
}

const heading = (name: string | RegExp) => screen.findByRole('heading', { level: 1, name });

test('a tablet is set up by a code, a name, and the PIN of its first agent, typed twice', async () => {
  router.go({ name: 'stand', part: 'home' });
  let { host } = standHost({ set_up: null, mode: { name: 'phone' }, agents: [] });
  render(App, { context: around(host) });
  await userEvent.type(await screen.findByLabelText('Code du bureau'), 'PRS1:ABC');
  await press('Installer');
  expect((await screen.findByRole('alert')).textContent).toContain('Donnez un nom à la tablette.');
  await userEvent.type(screen.getByLabelText('Nom de la tablette'), 'Tablette 1');
  await press('Installer');
  await heading('Le premier agent');
  expect(host.asked).toContainEqual({ command: 'stand_set_up', args: { code: 'PRS1:ABC', name: 'Tablette 1' } });

  await userEvent.type(screen.getByLabelText('Nom de l’agent'), 'Nadia');
  await press('Choisir son code');
  await heading(/^Nadia.: 6.chiffres$/);
  await type(PIN);
  await heading(/^Nadia.: encore une fois$/);
  await type('271829');
  expect(await screen.findByText(/ne sont pas les mêmes/)).toBeTruthy();
  await type(PIN);
  await heading(/encore une fois/);
  await type(PIN);
  await heading('Forum des lycées');
  expect(host.asked).toContainEqual({ command: 'stand_add_agent', args: { name: 'Nadia', pin: PIN } });
}, 20_000);

test('a code of another server is refused in words, and nothing is lost of what was typed', async () => {
  router.go({ name: 'stand', part: 'home' });
  await open({ set_up: null, mode: { name: 'phone' }, agents: [] }, {
    stand_set_up: () => {
      throw { code: 'stand', refusal: { why: 'other_server' } };
    },
  });
  await userEvent.type(await screen.findByLabelText('Nom de la tablette'), 'Tablette 1');
  await userEvent.type(screen.getByLabelText('Code du bureau'), 'PRS1:ABC');
  await press('Installer');
  expect((await screen.findByRole('alert')).textContent).toContain('autre serveur');
  expect(screen.getByLabelText<HTMLInputElement>('Nom de la tablette').value).toBe('Tablette 1');
  expect(screen.getByLabelText<HTMLInputElement>('Code du bureau').value).toBe('PRS1:ABC');
});

test('a tablet starts closed, says the tries that are left, and the fifth wrong PIN locks that agent alone', async () => {
  await open({ mode: { name: 'closed' }, unsent: 7 });
  await heading('Ouvrir la tablette');
  expect(screen.getByText(/^7.dossiers à envoyer$/)).toBeTruthy();
  await press('Nadia');
  await type('111112');
  expect(await screen.findByText(/Il reste 4.essais/)).toBeTruthy();
  for (let n = 0; n < 4; n++) await type('111112');
  expect(await screen.findByText(/ne peut plus se connecter ici/)).toBeTruthy();
  await press('Ce n’est pas moi');
  await screen.findByText(/^Karim, votre code$/);
  await type(PIN);
  await heading('Forum des lycées');
});

test('a keyboard types the PIN too, and « effacer » takes one digit back', async () => {
  let host = await open({ mode: { name: 'closed' }, agents: [NADIA] });
  await screen.findByText('Nadia, votre code');
  await userEvent.keyboard('27189');
  await press('Effacer un chiffre');
  await userEvent.keyboard('28');
  await waitFor(() => expect(host.asked).toContainEqual({ command: 'stand_sign_in', args: { agent: 'nadia', pin: '271828' } }));
});

test('digits that are typed while the tablet is still busy with the last ones are not lost', async () => {
  let busy: (() => void)[] = [];
  let stand_sign_in = () => new Promise<never>((_, reject) => busy.push(() => reject({ code: 'stand', refusal: { why: 'wrong_pin', left: 4 } })));
  let host = await open({ mode: { name: 'closed' }, agents: [NADIA] }, { stand_sign_in });
  await screen.findByText('Nadia, votre code');
  await userEvent.keyboard('111112');
  await waitFor(() => expect(busy).toHaveLength(1));
  await userEvent.keyboard(PIN);
  expect(busy).toHaveLength(1);
  busy[0]?.();
  await waitFor(() => expect(host.asked).toContainEqual({ command: 'stand_sign_in', args: { agent: 'nadia', pin: PIN } }));
});

/** Nadia gives the tablet to a student. */
async function given(answers: Answers = {}) {
  let host = await open({}, answers);
  await press('Inscrire un élève');
  await heading(/^À toi/);
  await press('C’est parti');
  await heading(/charte/i);
  return host;
}

test('a student has one record under one address, no way out, and lines that remember nothing', async () => {
  let host = await given();
  expect(location.hash).toBe('#/stand');
  expect(screen.queryByRole('button', { name: 'Retour' })).toBeNull();
  history.back();
  await expect.poll(() => location.hash).toBe('#/stand');
  router.go({ name: 'form', draft: 'd1', step: 'identity', fromCheck: false });
  let line = await screen.findByLabelText('Prénom');
  await waitFor(() => expect(line.getAttribute('autocomplete')).toBe('off'));
  expect(line.getAttribute('spellcheck')).toBe('false');
  expect(location.hash).toBe('#/stand');
  expect(host.asked.map((it) => it.command)).not.toContain('stand_list');
});

test('« Appelle un agent » hides everything at once, and only a PIN brings it back where it was', async () => {
  let host = await given();
  router.go({ name: 'form', draft: 'd1', step: 'identity', fromCheck: false });
  await screen.findByLabelText('Prénom');
  await press('Appelle un agent');
  await heading('Un agent arrive');
  expect(screen.queryByLabelText('Prénom')).toBeNull();
  await waitFor(() => expect(host.asked.map((it) => it.command)).toContain('stand_shield'));
  await type('111112');
  expect(await screen.findByText(/Code incorrect/)).toBeTruthy();
  await type(PIN);
  expect(await screen.findByLabelText('Prénom')).toBeTruthy();
});

test('without a touch the question comes at 15 seconds, and the shield at 20', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  let host = await given();
  await vi.advanceTimersByTimeAsync(14_000);
  expect(screen.queryByText(/^Tu es toujours là/)).toBeNull();
  await vi.advanceTimersByTimeAsync(1_500);
  expect(screen.getByText(/^Tu es toujours là/)).toBeTruthy();
  window.dispatchEvent(new Event('pointerdown'));
  await vi.advanceTimersByTimeAsync(300);
  expect(screen.queryByText(/^Tu es toujours là/)).toBeNull();
  await vi.advanceTimersByTimeAsync(20_300);
  expect(screen.getByRole('heading', { level: 1, name: 'Écran masqué' })).toBeTruthy();
  expect(screen.queryByRole('heading', { level: 1, name: /charte/i })).toBeNull();
  expect(host.asked.map((it) => it.command)).toContain('stand_shield');
});

test('a page that starts in the middle of a turn shows nothing of it', async () => {
  let host = await open({ mode: { name: 'student', draft: 'd1' } });
  await heading('Écran masqué');
  await waitFor(() => expect(host.asked.map((it) => it.command)).toContain('stand_shield'));
  expect(host.asked.map((it) => it.command)).not.toContain('draft');
});

test('an agent who was called away leaves a closed tablet', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await open();
  await heading('Forum des lycées');
  await vi.advanceTimersByTimeAsync(299_000);
  expect(screen.getByRole('heading', { level: 1, name: 'Forum des lycées' })).toBeTruthy();
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await heading('Ouvrir la tablette')).toBeTruthy();
});

const whole = draftView({ values: { given_name: 'Lina', family_name: 'Moreau', birth_date: '07/03/2009' } });

test('the agent checks photo and answers on one screen, and is told of whoever is alike', async () => {
  await open({ mode: { name: 'checking', draft: 'd1' } }, {
    draft: () => whole,
    stand_alike: () => [{ same: true, place: 'here', line: 1, initials: 'LM', finished_at_ms: null }],
  });
  await heading('Contrôlez avec l’élève');
  expect(await screen.findByText('Moreau')).toBeTruthy();
  expect((await screen.findByRole('alert')).textContent).toMatch(/LM, ?terminé sur cette tablette/);
  expect(screen.queryByText('Mot de passe')).toBeNull();
  await press('Rendre à l’élève');
  await heading(/charte/i);
});

test('« Terminer » shows number, code and card once; « Élève suivant » leaves nothing of them', async () => {
  let writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { clipboard: { writeText } }));
  await open({ mode: { name: 'checking', draft: 'd1' } }, { draft: () => whole });
  await screen.findByText('Moreau');
  await press('Terminer');
  await heading('Ta demande est déposée');
  expect(screen.getByText('4K7Q-2MZ9-CT5')).toBeTruthy();
  expect(screen.getByRole('img', { name: 'Code de ta carte provisoire' })).toBeTruthy();
  expect(screen.getByText('Demande déposée, non validée.')).toBeTruthy();
  await press('Élève suivant');
  await heading('Forum des lycées');
  let left = document.documentElement.outerHTML + document.title + location.href + JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }]);
  for (let mark of ['4K7Q', 'Moreau', 'Lina', '07/03/2009', finishedView().claim.code]) expect(left).not.toContain(mark);
  expect(writeText).toHaveBeenCalledWith(' ');
});

test('a tablet that cannot print offers no paper', async () => {
  let { host } = standHost({ mode: { name: 'checking', draft: 'd1' } }, { draft: () => whole });
  render(App, { context: around({ ...host, prints: false }) });
  await screen.findByText('Moreau');
  await press('Terminer');
  expect(await screen.findByText(/prends-le en photo, ou note-le/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Imprimer' })).toBeNull();
});

test('what is missing is said at the check, and « Terminer » seals nothing then', async () => {
  let refusals = [{ field: 'family_name' as const, step: 'identity' as const, refusal: { code: 'missing' as const } }];
  await open({ mode: { name: 'checking', draft: 'd1' } }, {
    draft: () => draftView({ refusals }),
    stand_finish: () => {
      throw { code: 'incomplete', refusals };
    },
  });
  expect(await screen.findByText('Le nom est obligatoire.')).toBeTruthy();
  await press('Terminer');
  await waitFor(() => expect(screen.getByRole('heading', { level: 1, name: 'Contrôlez avec l’élève' })).toBeTruthy());
});

test('an event ends only by a typed word, and its proof is shown', async () => {
  await open({}, {
    stand_report: () => ({ students: 2, sealed: 2, delivered: 2, stuck: 0, unsent: 0, cards: 2, alike: 0, open_drafts: 0, agents: [{ name: 'Nadia', finished: 2 }] }),
    stand_end: () => ({ files: 3, bytes: 10, searched: 8, hits: 0 }),
  });
  await press('Envoi et fin de journée');
  await press('Terminer l’événement');
  await press('Effacer la tablette');
  expect((await screen.findByRole('alert')).textContent).toContain('EFFACER');
  await userEvent.type(screen.getByLabelText(/^Pour confirmer/), 'EFFACER');
  await press('Effacer la tablette');
  await heading('La tablette est effacée');
  expect(screen.getByText('Aucune n’a été trouvée.')).toBeTruthy();
});

test('nothing is ended while something is unsent', async () => {
  let host = await open(standView({ unsent: 3 }), { stand_report: () => ({ students: 3, sealed: 3, delivered: 0, stuck: 0, unsent: 3, cards: 3, alike: 0, open_drafts: 0, agents: [] }) });
  await press('Envoi et fin de journée');
  expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Terminer l’événement' })).disabled).toBe(true);
  expect(host.asked.map((it) => it.command)).not.toContain('stand_end');
});
