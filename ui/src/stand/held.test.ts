// Does a shared tablet say nothing in its address, and lead nowhere by its way back?
import { expect, test } from 'vitest';
import { router } from '../state/router.svelte';
import { hold } from './held';

test('a tablet that is held shows every screen under one address, and the way back leads nowhere', async () => {
  history.replaceState({ depth: 0, scroll: 0 }, '', '#/');
  let stop = router.start();
  router.go({ name: 'about' });
  let release = hold();
  router.go({ name: 'form', draft: 'd1', step: 'identity', fromCheck: false });
  router.open('camera');
  expect(location.hash).toBe('#/stand');
  router.open('proof', { replace: true });
  router.open('adjust');
  router.close();
  expect(router.part).toBe('proof');
  router.close();
  expect(router.part).toBeNull();
  history.back();
  await expect.poll(() => location.hash).toBe('#/stand');
  expect(router.screen).toMatchObject({ step: 'identity' });
  router.back({ name: 'form', draft: 'd1', step: 'charter', fromCheck: false });
  expect(router.screen).toMatchObject({ step: 'charter' });
  release();
  expect(location.hash).toBe('#/');
  stop();
});
