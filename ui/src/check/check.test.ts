// Verifying a card: typed or read by a camera, told by colour, shape, words and sound.
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import App from '../App.svelte';
import type { ComparedView, VerdictView } from '../host/commands.gen';
import { fakeHost } from '../host/fake';
import type { Scanned } from '../host/host';
import { around, checksView, homeView, verdictView } from '../host/fake-views';
import { router } from '../state/router.svelte';
import { Signal } from './signal';

afterEach(() => vi.unstubAllGlobals());

async function told(verdict: Partial<VerdictView>) {
  let host = fakeHost({ home: () => homeView(), checks: () => checksView(), check_card: () => verdictView(verdict) });
  router.go({ name: 'verify' });
  render(App, { context: around(host) });
  await userEvent.type(await screen.findByLabelText('Code écrit ou collé'), 'PR1:ABC');
  await userEvent.click(screen.getByRole('button', { name: 'Vérifier' }));
  return host;
}

test('a good card shows whose it is, and another one can be verified', async () => {
  let host = await told({});
  expect(await screen.findByRole('heading', { level: 1, name: 'Carte valable' })).toBeTruthy();
  expect(document.activeElement?.textContent).toBe('Carte valable');
  expect(screen.getByRole('heading', { name: 'Lina Moreau' })).toBeTruthy();
  expect(screen.getByText(/Naissance.*2009/)).toBeTruthy();
  expect(screen.getByText('Liste de la Région d’aujourd’hui')).toBeTruthy();
  expect(host.asked).toContainEqual({ command: 'check_card', args: { code: 'PR1:ABC' } });
  await userEvent.click(screen.getByRole('button', { name: 'Vérifier une autre carte' }));
  expect(await screen.findByLabelText('Code écrit ou collé')).toBeTruthy();
});

/** What is seen of a photo whose codes the engine answers like this. */
async function compared(answers: ComparedView[], about: Partial<VerdictView> = {}) {
  let host = fakeHost({
    home: () => homeView(),
    checks: () => checksView(),
    check_card: () => verdictView({ comparable: true, ...about }),
    compare_photo: () => answers.shift() ?? { name: 'not_a_photo' },
    leave_verdict: () => null,
  });
  router.go({ name: 'verify' });
  render(App, { context: around(host) });
  await userEvent.type(await screen.findByLabelText('Code écrit ou collé'), 'PR1:ABC');
  await userEvent.click(screen.getByRole('button', { name: 'Vérifier' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Comparer la photo' }));
  return host;
}

async function adds(code: string) {
  let line = await screen.findByLabelText('Code écrit ou collé');
  await userEvent.clear(line);
  await userEvent.type(line, code);
  await userEvent.click(screen.getByRole('button', { name: 'Ajouter ce code' }));
}

test('the photo of a card is shown once it is the signed one, and forgotten with its verdict', async () => {
  let host = await compared([{ name: 'some', have: 1, of: 2 }, { name: 'same', jpeg: '/9j/AA==' }]);
  await adds('PRV1:B');
  expect(await screen.findByText(/^1.code sur 2$/)).toBeTruthy();
  expect(screen.queryByRole('img', { name: 'Photo de Lina Moreau' })).toBeNull();
  await adds('PRV1:A');
  let photo = await screen.findByRole<HTMLImageElement>('img', { name: 'Photo de Lina Moreau' });
  expect(photo.src).toBe('data:image/jpeg;base64,/9j/AA==');
  expect(screen.getByText(/la Région a signée avec cette carte/)).toBeTruthy();
  expect(host.asked.some(({ command }) => command === 'leave_verdict')).toBe(false);
  await userEvent.click(screen.getByRole('button', { name: 'Vérifier une autre carte' }));
  await screen.findByRole('button', { name: 'Vérifier' });
  expect(host.asked.some(({ command }) => command === 'leave_verdict')).toBe(true);
});

test('another photo is refused in words, and one of an application says that nobody has looked at it', async () => {
  await compared([{ name: 'not_a_photo' }, { name: 'other' }, { name: 'same', jpeg: '/9j/AA==' }], { state: 'provisional', reason: 'not_decided', colour: 'orange' });
  await adds('PR1:ABC');
  expect((await screen.findByRole('alert')).textContent).toContain('pas le code d’une photo');
  await adds('PRV1:X');
  expect(await screen.findByRole('heading', { level: 1, name: 'Ce n’est pas la photo de cette carte' })).toBeTruthy();
  expect(screen.queryByRole('img')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Recommencer' }));
  await adds('PRV1:A');
  expect(await screen.findByText(/pas encore contrôlée/)).toBeTruthy();
});

test('a blocked card says so, and shows no advice to compare a face', async () => {
  await told({ state: 'blocked', reason: 'blocked', colour: 'red' });
  expect(await screen.findByRole('heading', { level: 1, name: 'Carte bloquée' })).toBeTruthy();
  expect(screen.queryByText(/Comparer soi-même le visage/)).toBeNull();
  expect(screen.queryByRole('button', { name: 'Comparer la photo' })).toBeNull();
});

test('a card that was not renewed says what would do it, and has the face compared', async () => {
  await told({ reason: 'not_renewed', colour: 'orange', comparable: true });
  expect(await screen.findByRole('heading', { level: 1, name: 'Carte à renouveler' })).toBeTruthy();
  expect(screen.getByText(/le connecter un instant/)).toBeTruthy();
  expect(screen.getByText(/Comparer soi-même le visage à la photo que montre l’autre écran/)).toBeTruthy();
});

test('a list of twelve days is told with an advice, one of forty asks for an update', async () => {
  await told({ list_age_days: 12, freshness: 'old' });
  expect(await screen.findByText(/il y a 12 jours/)).toBeTruthy();
  expect(screen.getByText(/Mise à jour conseillée/)).toBeTruthy();
  await told({ state: 'unknown', reason: 'stale_list', colour: 'grey', list_age_days: 40, freshness: 'stale' });
  expect(await screen.findByRole('heading', { level: 1, name: 'Liste trop ancienne' })).toBeTruthy();
});

test('an empty code is refused beside its line', async () => {
  router.go({ name: 'verify' });
  render(App, { context: around(fakeHost({ home: () => homeView(), checks: () => checksView() })) });
  await userEvent.click(await screen.findByRole('button', { name: 'Vérifier' }));
  expect(screen.getByLabelText('Code écrit ou collé').getAttribute('aria-invalid')).toBe('true');
});

/** A phone whose own reader does this. */
function withReader(scanned: Scanned, openSettings = vi.fn()) {
  let scanner = { once: async (_: AbortSignal, onlive: () => void) => (onlive(), scanned), openSettings };
  vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { mediaDevices: { getUserMedia: () => Promise.reject(new DOMException('', 'NotFoundError')) } }));
  let host = fakeHost({ home: () => homeView(), checks: () => checksView(), check_card: () => verdictView({}) }, { scanner });
  router.go({ name: 'verify' });
  render(App, { context: around(host) });
  return host;
}

test('a code that the phone itself read is verified at once', async () => {
  let host = withReader({ code: 'PR1:READ' });
  await userEvent.click(await screen.findByRole('button', { name: 'Lire le code' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Carte valable' })).toBeTruthy();
  expect(host.asked).toContainEqual({ command: 'check_card', args: { code: 'PR1:READ' } });
});

test('a reader that reads nothing is followed by the camera of the page', async () => {
  withReader('nothing');
  await userEvent.click(await screen.findByRole('button', { name: 'Lire le code' }));
  expect(await screen.findByText('Aucune caméra ici.')).toBeTruthy();
});

test('a refused camera is said, with the way to the settings, and typing stays', async () => {
  let openSettings = vi.fn();
  withReader('refused', openSettings);
  await userEvent.click(await screen.findByRole('button', { name: 'Lire le code' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Ouvrir les réglages' }));
  expect(openSettings).toHaveBeenCalledOnce();
  expect(screen.getByText('La caméra est refusée dans les réglages.')).toBeTruthy();
  expect(screen.getByLabelText('Code écrit ou collé')).toBeTruthy();
});

test('each colour shakes in its own way, where a device can', () => {
  let shaken: number[][] = [];
  vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { vibrate: (pattern: number[]) => shaken.push(pattern) }));
  for (let colour of ['green', 'orange', 'red', 'grey'] as const) new Signal().give(colour);
  expect(new Set(shaken.map(String)).size).toBe(4);
});
