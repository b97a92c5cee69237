// Does each address open its screen?
import { expect, test } from 'vitest';
import { parse, path, STEPS, type Screen } from './router.svelte';

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
    { name: 'dossier', draft: 'd1' },
    { name: 'card', draft: 'd1' },
    { name: 'duplicate', draft: 'd1', reason: null },
    { name: 'duplicate', draft: 'd1', reason: 'VOL' },
  ];
  for (let screen of screens) expect(parse(path(screen))).toEqual(screen);
});

test('an address that is not ours opens the landing', () => {
  for (let hash of ['', '#', '#/ailleurs', '#/brouillon', '#/brouillon/d1/rien', '#/dossier', '#/faq/d1']) expect(parse(hash), hash).toEqual({ name: 'landing' });
});
