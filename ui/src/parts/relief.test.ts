// Does a seed keep its landscape?
import { expect, test } from 'vitest';
import { relief } from './relief';

test('a seed always draws the same landscape, and another seed another one', () => {
  expect(relief('d1')).toBe(relief('d1'));
  expect(relief('d1')).not.toBe(relief('d2'));
  expect(relief('d1')).toMatch(/^M[\d. L]+/);
});
