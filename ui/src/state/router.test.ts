// Does each address open its screen?
import { expect, test } from 'vitest';
import { parse, path, router, STEPS, type Screen } from './router.svelte';

test('every screen has an address that opens it again', () => {
  let screens: Screen[] = [
    { name: 'landing' },
    ...STEPS.map(([step]) => ({ name: 'form', draft: 'd1', step, fromCheck: false }) as const),
    { name: 'form', draft: 'd1', step: 'contact', fromCheck: true },
    { name: 'space' },
    { name: 'around', kind: 'partners' },
    { name: 'around', kind: 'deals' },
    { name: 'faq' },
    { name: 'about' },
    { name: 'verify' },
    { name: 'access', part: 'sign-in' },
    { name: 'access', part: 'number' },
    { name: 'access', part: 'password' },
    { name: 'access', part: 'activation' },
    { name: 'access', part: 'link' },
    { name: 'account', draft: 'd1', part: 'home' },
    ...(['home', 'phone', 'claim', 'take'] as const).map((part) => ({ name: 'stand', part }) as const),
    { name: 'handover', draft: 'd1' },
    ...(['activation', 'password', 'address', 'contact', 'devices', 'export', 'erase', 'sign-out'] as const).map((part) => ({ name: 'account', draft: 'd1', part }) as const),
    { name: 'slip', draft: 'd1' },
    { name: 'benefits', draft: 'd1' },
    { name: 'paper', draft: 'd1' },
    { name: 'dossier', draft: 'd1' },
    { name: 'card', draft: 'd1' },
    { name: 'give-photo', draft: 'd1' },
    { name: 'duplicate', draft: 'd1', reason: null },
    { name: 'duplicate', draft: 'd1', reason: 'VOL' },
  ];
  for (let screen of screens) expect(parse(path(screen))).toEqual(screen);
});

test('an address that is not ours opens the landing', () => {
  for (let hash of ['', '#', '#/ailleurs', '#/brouillon', '#/brouillon/d1/rien', '#/dossier', '#/faq/d1']) expect(parse(hash), hash).toEqual({ name: 'landing' });
});

test('the way back closes a part of a screen before it leaves the screen', async () => {
  history.replaceState({ depth: 0, scroll: 0 }, '', '#/');
  let stop = router.start();
  router.go({ name: 'form', draft: 'd1', step: 'photo', fromCheck: true });
  router.open('camera');
  expect(path(router.screen)).toBe(location.hash);
  router.open('proof', { replace: true });
  router.open('adjust');
  router.close();
  await expect.poll(() => router.part).toBe('proof');
  history.back();
  await expect.poll(() => router.part).toBeNull();
  expect(router.screen).toMatchObject({ step: 'photo', fromCheck: true });
  stop();
});

test('a window that opens right on a part can close it', () => {
  history.replaceState({ depth: 0, scroll: 0, part: 'camera' }, '', '#/');
  router.part = 'camera';
  router.close();
  expect(router.part).toBeNull();
  expect(history.state.part).toBeUndefined();
});
