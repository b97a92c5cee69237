// Is a text of the reference read as text?
import { expect, test } from 'vitest';
import { blocks } from './prose';

test('headings, lists and paragraphs are read, and the title is not said twice', () => {
  let text = '# La charte\n\nUn début\nsur deux lignes.\n\n## Tes droits\n- un\n- deux\n  suite\n\nFin.';
  expect(blocks(text, 'La charte')).toEqual([
    { kind: 'paragraph', text: 'Un début sur deux lignes.' },
    { kind: 'heading', level: 2, text: 'Tes droits' },
    { kind: 'list', items: ['un', 'deux suite'] },
    { kind: 'paragraph', text: 'Fin.' },
  ]);
});

test('what looks like markup stays text', () => {
  expect(blocks('<img src=x onerror=alert(1)>', '')).toEqual([{ kind: 'paragraph', text: '<img src=x onerror=alert(1)>' }]);
});
