// The photo step with a picture: what is judged is said, framed, kept or taken anew, and nothing is a dead end.
import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Args } from '../host/host';
import type { Answers } from '../host/fake';
import { openStep } from '../host/fake-step';
import { draftView, FRAMING, proofView, report } from '../host/fake-views';
import { router } from '../state/router.svelte';
import PhotoStep from './PhotoStep.svelte';

const PHOTO = { sha256: 'ab', bytes: 9, width: 840, height: 1080 };
const KEPT = draftView({ photo: PHOTO });
const FAILS = report({ sharp: ['fail', 'blurred'], background: ['warn', 'busy_background'] });
const failing = (may_insist: boolean) => proofView({ framed: { framing: FRAMING, report: FAILS }, may_insist });

let stop: () => void;
beforeEach(() => {
  history.replaceState({ depth: 0, scroll: 0 }, '', '#/');
  router.go({ name: 'landing' });
  stop = router.start();
});
afterEach(() => stop());

const h1 = (name: string | RegExp) => screen.findByRole('heading', { level: 1, name });
const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }));

async function open(answers: Answers, view = draftView()) {
  return openStep(PhotoStep, view, {
    photo: () => ({ jpeg: 'AA==' }),
    close_picture: () => view,
    keep_picture: () => KEPT,
    frame_picture: ({ framing }) => ({ framing, report: report() }),
    ...answers,
  });
}

async function choose(content = 'picture') {
  await userEvent.upload(await screen.findByLabelText('Importer une photo'), new File([content], 'moi.jpg', { type: 'image/jpeg' }));
}

test('a good picture is shown before and after, and kept by one tap', async () => {
  let { host } = await open({ open_picture: () => proofView() });
  await choose();
  await h1('Ta photo est bonne');
  expect(screen.getByRole('img', { name: /entière/ })).toBeTruthy();
  expect(screen.getByRole('img', { name: /comme sur la carte$/ })).toBeTruthy();
  expect(screen.getByText('8 points réussis')).toBeTruthy();
  await press('Je garde');
  expect(await screen.findByAltText('Ta photo, comme elle sera sur la carte')).toBeTruthy();
  let kept = host.asked.find((it) => it.command === 'keep_picture')?.args as Args<'keep_picture'>;
  expect(kept).toEqual({ draft: 'd1', framing: FRAMING, bare_head: false, note: null });
  // The engine forgot it by keeping it.
  expect(host.asked.filter((it) => it.command === 'close_picture')).toEqual([]);
  expect(await screen.findByRole('button', { name: 'Changer de photo' })).toBeTruthy();
});

test('a file that is no picture is refused beside the choices, and the photo of before stays', async () => {
  let { ondone, next } = await open(
    {
      open_picture: () => {
        throw { code: 'photo', refusal: { code: 'heic' } };
      },
    },
    KEPT,
  );
  await press('Changer de photo');
  await choose();
  expect((await screen.findByRole('alert')).textContent).toContain('HEIC');
  expect(screen.getByRole('img', { name: /Ta photo/ })).toBeTruthy();
  expect(screen.getByText('Ta photo d’avant est toujours là.')).toBeTruthy();
  expect(screen.getByText(/Enregistré sur ce téléphone/)).toBeTruthy();
  await next();
  expect(ondone).toHaveBeenCalledOnce();
});

test('an engine that does not answer is said beside the choices too', async () => {
  await open({
    open_picture: () => {
      throw new Error('gone');
    },
  });
  await choose();
  expect((await screen.findByRole('alert')).textContent).toContain('ne répond pas');
});

test('what must change comes first, each with its mark in words and what helps', async () => {
  await open({ open_picture: () => failing(false) });
  await choose();
  await h1('Ta photo ne va pas encore');
  expect(screen.getAllByRole('heading', { level: 2 }).map((it) => it.textContent)).toEqual(['À changer d’abord', 'À vérifier']);
  let [first] = screen.getAllByRole('listitem');
  expect(first?.textContent).toMatch(/L’image nette.*À changer.*floue/s);
  expect(screen.queryByRole('button', { name: 'Garder quand même' })).toBeNull();
  expect(screen.getByText(/en disant pourquoi/)).toBeTruthy();
  await press('Je recommence');
  expect(await screen.findByLabelText('Importer une photo')).toBeTruthy();
});

test('from the second try on it is kept all the same, with a sentence', async () => {
  let { host } = await open({ open_picture: () => failing(true) });
  await choose();
  await press('Garder quand même');
  let line = await screen.findByLabelText<HTMLTextAreaElement>('Dis-nous pourquoi, en une phrase');
  expect(document.activeElement).toBe(line);
  expect(line.maxLength).toBe(300);
  await press('Garder quand même');
  expect(await screen.findByText('Écris une phrase pour garder cette photo.')).toBeTruthy();
  expect(document.activeElement).toBe(line);
  expect(host.asked.some((it) => it.command === 'keep_picture')).toBe(false);
  await userEvent.type(line, ' Mes mains tremblent. ');
  await press('Garder quand même');
  await screen.findByRole('button', { name: 'Changer de photo' });
  expect(host.asked.find((it) => it.command === 'keep_picture')?.args).toMatchObject({ note: 'Mes mains tremblent.' });
});

test('a doubt about the head asks for one tick, and never stands in the way', async () => {
  let { host } = await open({ open_picture: () => proofView({ framed: { framing: FRAMING, report: report({ bare_head: ['warn', 'head_covered'] }) } }) });
  await choose();
  await h1('Ta photo peut aller');
  let tick = screen.getByRole<HTMLInputElement>('checkbox', { name: 'Je suis tête nue' });
  expect(tick.checked).toBe(false);
  await userEvent.click(tick);
  await press('Je garde');
  await screen.findByRole('button', { name: 'Changer de photo' });
  expect(host.asked.find((it) => it.command === 'keep_picture')?.args).toMatchObject({ bare_head: true, note: null });
});

test('a phone that cannot keep it says so, and the picture stays open', async () => {
  await open({
    open_picture: () => proofView(),
    keep_picture: () => {
      throw { code: 'disk_full' };
    },
  });
  await choose();
  await press('Je garde');
  expect((await screen.findByRole('alert')).textContent).toContain('Plus de place');
  expect(screen.getByRole('button', { name: 'Je garde' })).toBeTruthy();
});

test('the way back from a verdict makes the engine forget the picture', async () => {
  let { host } = await open({ open_picture: () => proofView() });
  await choose();
  await h1('Ta photo est bonne');
  await press('Retour');
  await screen.findByLabelText('Importer une photo');
  expect(host.asked.filter((it) => it.command === 'close_picture')).toHaveLength(1);
});

test('a window that opens right on a verdict leads to the choices', async () => {
  router.open('proof');
  await open({});
  expect(await screen.findByLabelText('Importer une photo')).toBeTruthy();
  await expect.poll(() => router.part).toBeNull();
});

test('a frame is moved by buttons and keys, judged as it goes, applied or not', async () => {
  let { host } = await open({
    open_picture: () => failing(false),
    frame_picture: ({ framing }) => ({ framing, report: framing.height < 0.57 ? report() : report({ face_size: ['fail', 'too_far'] }) }),
  });
  await choose();
  await press('Ajuster');
  await h1('Ajuste le cadre');
  await press('Agrandir');
  expect(await screen.findByText(/trop petit/)).toBeTruthy();
  screen.getByRole('group', { name: 'Ta photo dans le cadre' }).focus();
  await userEvent.keyboard('+{ArrowLeft}{ArrowUp}]');
  expect(await screen.findByText('Le cadre est bon.')).toBeTruthy();
  await press('Appliquer');
  await h1('Ta photo est bonne');
  await press('Ajuster');
  await press('Réduire');
  await press('Annuler');
  await h1('Ta photo est bonne');
  await press('Je garde');
  await screen.findByRole('button', { name: 'Changer de photo' });
  let { framing } = host.asked.find((it) => it.command === 'keep_picture')?.args as Args<'keep_picture'>;
  expect(framing.height).toBeCloseTo(0.6 / 1.04 ** 2);
  expect(framing.turn).toBe(-1);
  expect(framing.x).toBeGreaterThan(0.5);
  expect(framing.y).toBeGreaterThan(0.45);
});

test('the newest frame wins, and one question is on its way at most', async () => {
  let answers: (() => void)[] = [];
  let { host } = await open({
    open_picture: () => proofView(),
    frame_picture: ({ framing }) => new Promise((resolve) => answers.push(() => resolve({ framing, report: report() }))),
  });
  await choose();
  await press('Ajuster');
  for (let it = 0; it < 4; it++) await press('Monter');
  expect(answers).toHaveLength(1);
  answers[0]?.();
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.();
  let asked = host.asked.filter((it) => it.command === 'frame_picture').map((it) => (it.args as Args<'frame_picture'>).framing.y);
  expect(asked).toHaveLength(2);
  expect(asked[1]).toBeCloseTo(0.45 + 4 * 0.02 * 0.6);
});

test('without a camera to ask for, the phone’s own takes the photo', async () => {
  let { host } = await open({ open_picture: () => proofView() });
  let camera = await screen.findByLabelText<HTMLInputElement>('Appareil photo du téléphone');
  expect([camera.accept, camera.getAttribute('capture')]).toEqual(['image/*', 'user']);
  await userEvent.upload(camera, new File(['x'], 'moi.jpg', { type: 'image/jpeg' }));
  await h1('Ta photo est bonne');
  expect(host.asked.some((it) => it.command === 'open_picture')).toBe(true);
});
