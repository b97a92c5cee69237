// To sign in, to activate, to get back what was forgotten: what is asked, and what is said.
import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeHost, type Answers } from '../host/fake';
import { accountView, around, depositView, draftView, homeView, KEPT_AT } from '../host/fake-views';
import App from '../App.svelte';
import { router, type Screen } from '../state/router.svelte';
import { remembered } from './remembered.svelte';

const NUMBER = '4K7Q-2MZ9-CT5';

beforeEach(() => {
  history.replaceState({ depth: 0, scroll: 0 }, '', '#/');
  remembered.number = '';
});
afterEach(() => {
  vi.useRealTimers();
});

function open(at: Screen, answers: Answers) {
  let host = fakeHost({ home: () => homeView(), draft: () => received, ...answers });
  router.go(at);
  render(App, { context: around(host) });
  return host;
}

let received = draftView({ state: 'received', deposit: depositView({ received_at_ms: KEPT_AT }) });

function refusing(trouble: object) {
  return () => {
    throw trouble;
  };
}

async function press(name: string) {
  await userEvent.click(await screen.findByRole('button', { name }));
}

async function write(label: string, text: string) {
  await userEvent.type(await screen.findByLabelText(label), text);
}

test('nothing is asked of the server while a line is empty, and both lines are listed', async () => {
  let host = open({ name: 'access', part: 'sign-in' }, { sign_in: () => received });
  await press('Me connecter');
  let summary = await screen.findByRole('alert');
  await waitFor(() => expect(document.activeElement).toBe(summary));
  expect(summary.textContent).toContain('Écris ton numéro de dossier.');
  expect(summary.textContent).toContain('Écris ton mot de passe.');
  expect(host.asked.some((it) => it.command === 'sign_in')).toBe(false);
});

test('whoever signs in sees the dossier, and the way back does not lead to the sign-in', async () => {
  let host = open({ name: 'access', part: 'sign-in' }, { sign_in: () => received });
  await write('Numéro de dossier', NUMBER);
  await write('Mot de passe', 'neige en aout volcan');
  await press('Me connecter');
  expect(await screen.findByRole('heading', { level: 1, name: 'Ta demande est arrivée' })).toBeTruthy();
  expect(host.asked.find((it) => it.command === 'sign_in')?.args).toEqual({ number: NUMBER, password: 'neige en aout volcan' });
  expect(history.state.depth).toBe(1);
  expect(remembered.number).toBe('');
});

test('a wrong number stands beside its field, and a missing network is no loss', async () => {
  let troubles: object[] = [{ code: 'wrong_number' }, { code: 'courier', trouble: 'offline' }, { code: 'too_many_tries' }];
  open({ name: 'access', part: 'sign-in' }, { sign_in: () => refusing(troubles.shift() ?? {})() });
  await write('Numéro de dossier', '4K7Q');
  await write('Mot de passe', 'x');
  await press('Me connecter');
  await waitFor(() => expect(screen.getByLabelText('Numéro de dossier').getAttribute('aria-invalid')).toBe('true'));
  await press('Me connecter');
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('il en faut pour cette page'));
  expect(screen.getByLabelText('Numéro de dossier').getAttribute('aria-invalid')).toBeNull();
  await press('Me connecter');
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Trop d’essais'));
});

test('a password can be pasted, is shown on demand, and says to password managers which it is', async () => {
  open({ name: 'access', part: 'sign-in' }, {});
  let line = (await screen.findByLabelText('Mot de passe')) as HTMLInputElement;
  expect([line.type, line.autocomplete]).toEqual(['password', 'current-password']);
  await userEvent.click(line);
  await userEvent.paste('neige en aout volcan');
  expect(line.value).toBe('neige en aout volcan');
  await press('Afficher ce que j’écris');
  expect(line.type).toBe('text');
});

test('an activation says where its mail went, and asks for a password where none was chosen', async () => {
  let host = open({ name: 'account', draft: 'd1', part: 'activation' }, { account: () => accountView({ has_password: false }), activate: () => null });
  expect(await screen.findByText(/^La Région t’envoie un mail à l•••@example\.fr/)).toBeTruthy();
  await write('Code reçu par mail', '7kq2 m9ct');
  await press('Activer mon compte');
  expect((await screen.findByRole('alert')).textContent).toContain('Choisis un mot de passe.');
  await write('Nouveau mot de passe', 'neige en aout volcan');
  await press('Activer mon compte');
  expect(await screen.findByRole('heading', { level: 1, name: 'Ton compte est activé' })).toBeTruthy();
  let of = { draft: 'd1', number: null };
  expect(host.asked.find((it) => it.command === 'activate')?.args).toEqual({ of, code: '7kq2 m9ct', password: 'neige en aout volcan' });
});

test('another mail is asked for once, then a wait is shown that ends', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  let host = open({ name: 'account', draft: 'd1', part: 'activation' }, { account: () => accountView(), resend_activation: () => null });
  await press('Renvoyer le mail');
  let waiting = await screen.findByRole('button', { name: /^Renvoyer le mail dans \d+\ss$/ });
  expect(waiting.getAttribute('aria-disabled')).toBe('true');
  await userEvent.click(waiting);
  expect(host.asked.filter((it) => it.command === 'resend_activation')).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(screen.getByRole('button', { name: 'Renvoyer le mail' }).getAttribute('aria-disabled')).toBe('false');
});

test('« Je le ferai plus tard » leads back to the dossier', async () => {
  open({ name: 'dossier', draft: 'd1' }, { account: () => accountView() });
  await userEvent.click(await screen.findByRole('link', { name: 'Activer mon compte' }));
  await press('Je le ferai plus tard');
  expect(await screen.findByRole('heading', { level: 1, name: 'Ta demande est arrivée' })).toBeTruthy();
});

test('whoever forgot a number is told the same whether there is one or not', async () => {
  let host = open({ name: 'access', part: 'number' }, { forgotten_number: () => null });
  await write('Adresse mail', 'lina@example.fr');
  await press('Recevoir le mail');
  expect(await screen.findByText(/^Si un dossier existe/)).toBeTruthy();
  expect(host.asked.find((it) => it.command === 'forgotten_number')?.args).toEqual({ email: 'lina@example.fr' });
});

test('two new passwords that differ, and a wrong code, stand each beside their field', async () => {
  let troubles: object[] = [{ code: 'incomplete', refusals: [{ field: 'password', step: 'account', refusal: { code: 'mismatch' } }] }, { code: 'wrong_code' }];
  open({ name: 'access', part: 'password' }, { forgotten_password: () => null, set_new_password: () => refusing(troubles.shift() ?? {})() });
  await write('Numéro de dossier', NUMBER);
  await press('Recevoir le mail');
  await write('Code reçu par mail', '7KQ2-M9CT');
  await write('Nouveau mot de passe', 'orage en mars sancy');
  await press('Changer mon mot de passe');
  await waitFor(() => expect(screen.getByLabelText('Confirmation du mot de passe').getAttribute('aria-invalid')).toBe('true'));
  await press('Changer mon mot de passe');
  await waitFor(() => expect(screen.getByLabelText('Code reçu par mail').getAttribute('aria-invalid')).toBe('true'));
  expect(screen.getByLabelText('Confirmation du mot de passe').getAttribute('aria-invalid')).toBeNull();
});

test('a dossier that arrived asks to open the mail until its account is active', async () => {
  open({ name: 'dossier', draft: 'd1' }, { account: () => accountView() });
  expect(await screen.findByText(/^La Région t’envoie un mail à l•••@example\.fr/)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Activer mon compte' })).toBeTruthy();
});

test('a phone that was signed out offers to sign in again', async () => {
  let out = draftView({ state: 'received', deposit: depositView({ received_at_ms: KEPT_AT, trouble: 'signed_out' }) });
  open({ name: 'dossier', draft: 'd1' }, { draft: () => out });
  await userEvent.click(await screen.findByRole('link', { name: 'Me reconnecter' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Me connecter' })).toBeTruthy();
});

let active = accountView({ activated_at_ms: KEPT_AT });

test('an account that waits for its mail offers to activate it first, and no change that asks for a password', async () => {
  open({ name: 'account', draft: 'd1', part: 'home' }, { account: () => accountView() });
  expect(await screen.findByText('Pas encore activé')).toBeTruthy();
  expect(screen.queryByRole('link', { name: 'Changer mon mot de passe' })).toBeNull();
  await userEvent.click(screen.getByRole('link', { name: 'Activer mon compte' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Ouvre ta boîte mail' })).toBeTruthy();
});

test('without network the account says so, and is read again on demand', async () => {
  let answers: (() => typeof active)[] = [refusing({ code: 'courier', trouble: 'offline' }), () => active];
  open({ name: 'account', draft: 'd1', part: 'home' }, { account: () => (answers.shift() ?? (() => active))() });
  expect((await screen.findByRole('alert')).textContent).toContain('Pas de réseau');
  await press('Réessayer');
  expect(await screen.findByText('Activé le 22 novembre 2026')).toBeTruthy();
});

test('another phone number is sent with all that the Region has, and what it refuses stands beside its line', async () => {
  let contact = { phone_number: '+33612345678', address_line: '1 rue Haute', postal_code: '63000', commune: '63113' };
  let refusals = [{ field: 'phone_number', step: 'contact', refusal: { code: 'digit_count', expected: 10, got: 4 } }];
  let answers = [refusing({ code: 'incomplete', refusals }), () => accountView()];
  let host = open(
    { name: 'account', draft: 'd1', part: 'contact' },
    {
      account: () => accountView({ activated_at_ms: KEPT_AT, contact }),
      communes: () => [{ insee: '63113', name: 'Clermont-Ferrand' }],
      change_contact: () => answers.shift()?.() ?? accountView(),
    },
  );
  let phone = await screen.findByLabelText<HTMLInputElement>('Téléphone');
  expect(phone.value).toBe('+33612345678');
  await screen.findByRole('option', { name: 'Clermont-Ferrand', selected: true });
  await userEvent.clear(phone);
  await press('Enregistrer à la Région');
  expect(host.asked.some((it) => it.command === 'change_contact')).toBe(false);
  await userEvent.type(phone, '0612');
  await press('Enregistrer à la Région');
  await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/10\schiffres/));
  await userEvent.type(phone, '345679');
  await press('Enregistrer à la Région');
  expect(await screen.findByRole('heading', { level: 1, name: 'Tes coordonnées sont changées' })).toBeTruthy();
  let typed = { ...contact, phone_number: '0612345679' };
  expect(host.asked.findLast((it) => it.command === 'change_contact')?.args).toEqual({ draft: 'd1', typed });
});

test('another device is signed out by name, and this one cannot be by mistake', async () => {
  let here = { id: 3, name: 'Android', opened_at_ms: KEPT_AT, seen_at_ms: KEPT_AT, here: true };
  let other = { id: 0, name: '', opened_at_ms: KEPT_AT, seen_at_ms: null, here: false };
  let host = open({ name: 'account', draft: 'd1', part: 'devices' }, { devices: () => [other, here], sign_out_device: () => [here] });
  await press('Déconnecter Appareil du dépôt');
  let told = await screen.findByText('Déconnecté : Appareil du dépôt');
  expect(document.activeElement).toBe(told);
  expect(screen.queryByRole('button', { name: /^Déconnecter/ })).toBeNull();
  expect(host.asked.find((it) => it.command === 'sign_out_device')?.args).toEqual({ draft: 'd1', device: 0 });
});

test('erasing says first what it does, wants the password, and leads to an empty space', async () => {
  let troubles: object[] = [{ code: 'wrong_password' }];
  let erase = () => (troubles.length > 0 ? refusing(troubles.shift() ?? {})() : homeView());
  let host = open({ name: 'account', draft: 'd1', part: 'erase' }, { account: () => active, erase });
  expect(await screen.findByText('Personne ne peut revenir en arrière.')).toBeTruthy();
  await press('Tout effacer, pour toujours');
  expect(host.asked.some((it) => it.command === 'erase')).toBe(false);
  await write('Mot de passe actuel', 'pas le bon');
  await press('Tout effacer, pour toujours');
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Ce n’est pas ton mot de passe actuel.'));
  await press('Tout effacer, pour toujours');
  expect(await screen.findByRole('heading', { level: 1, name: 'Mon espace' })).toBeTruthy();
});

test('whoever signs out of an account that is not active is warned of it', async () => {
  open({ name: 'account', draft: 'd1', part: 'sign-out' }, { account: () => accountView(), sign_out: () => homeView() });
  expect(await screen.findByText(/^Ton compte n’est pas activé/)).toBeTruthy();
  await press('Me déconnecter');
  expect(await screen.findByRole('heading', { level: 1, name: 'Mon espace' })).toBeTruthy();
});

let waiting = { purpose: 'activation' as const, draft: null, number_masked: '4K7Q-•••-•••', needs_password: false };

test('a link that started the app opens its screen, spends nothing, and is followed by one button', async () => {
  history.replaceState({ depth: 0, scroll: 0 }, '', '#/');
  let host = open({ name: 'landing' }, { link_waits: () => true, look_at_link: () => waiting, follow_link: () => null, leave_link: () => null });
  expect(await screen.findByRole('heading', { level: 1, name: 'Active ton compte' })).toBeTruthy();
  expect(screen.getByText(/^Dossier 4K7Q-•••-•••\./)).toBeTruthy();
  expect(host.asked.some((it) => it.command === 'follow_link')).toBe(false);
  await press('Activer mon compte');
  expect(await screen.findByRole('heading', { level: 1, name: 'Ton compte est activé' })).toBeTruthy();
  expect(host.asked.find((it) => it.command === 'follow_link')?.args).toEqual({ typed: null, confirmation: null });
  await press('Me connecter');
  expect(await screen.findByRole('heading', { level: 1, name: 'Me connecter' })).toBeTruthy();
});

test('a link for a new password asks for it twice, and leads back to the dossier that is here', async () => {
  let reset = { ...waiting, purpose: 'reset' as const, draft: 'd1', needs_password: true };
  let host = open({ name: 'landing' }, { look_at_link: () => reset, follow_link: () => null, leave_link: () => null, draft: () => received });
  host.openLink();
  await press('Changer mon mot de passe');
  expect((await screen.findByRole('alert')).textContent).toContain('Choisis un mot de passe.');
  await write('Nouveau mot de passe', 'orage en mars sancy');
  await write('Confirmation du mot de passe', 'orage en mars sancy');
  await press('Changer mon mot de passe');
  expect(await screen.findByText(/Celui-ci reste connecté/)).toBeTruthy();
  await press('Voir ma demande');
  expect(await screen.findByRole('heading', { level: 1, name: 'Ta demande est arrivée' })).toBeTruthy();
});

test('a link that has served says so, whether it is looked at or followed', async () => {
  open({ name: 'access', part: 'link' }, { look_at_link: () => refusing({ code: 'wrong_code' })() });
  expect(await screen.findByRole('heading', { level: 1, name: 'Ce lien ne sert plus' })).toBeTruthy();
});

test('without network a link waits, and is looked at again on demand', async () => {
  let answers: (() => typeof waiting)[] = [refusing({ code: 'courier', trouble: 'offline' }), () => waiting];
  open({ name: 'access', part: 'link' }, { look_at_link: () => (answers.shift() ?? (() => waiting))(), follow_link: () => refusing({ code: 'wrong_code' })(), leave_link: () => null });
  await press('Réessayer');
  await press('Activer mon compte');
  expect(await screen.findByRole('heading', { level: 1, name: 'Ce lien ne sert plus' })).toBeTruthy();
});
