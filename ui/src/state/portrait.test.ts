// Is a photo read once, and the right one shown?
import { expect, test } from 'vitest';
import { fakeHost } from '../host/fake';
import { Portrait } from './portrait.svelte';

test('a photo shown in two places is read once', async () => {
  let host = fakeHost({ photo: () => ({ jpeg: 'AA==' }) });
  let portrait = new Portrait(host, 'd1');
  await Promise.all([portrait.read('ab'), portrait.read('ab')]);
  expect(portrait.url('ab')).toBe('data:image/jpeg;base64,AA==');
  expect(host.asked).toHaveLength(1);
});

test('a photo of before is never shown as the new one', async () => {
  let answers: ((photo: { jpeg: string }) => void)[] = [];
  let portrait = new Portrait(fakeHost({ photo: () => new Promise((resolve) => answers.push(resolve)) }), 'd1');
  let old = portrait.read('ab');
  let fresh = portrait.read('cd');
  answers[1]?.({ jpeg: 'Q0Q=' });
  answers[0]?.({ jpeg: 'QUI=' });
  await Promise.all([old, fresh]);
  expect(portrait.url('ab')).toBeNull();
  expect(portrait.url('cd')).toContain('Q0Q=');
});

test('a photo that could not be read is asked again', async () => {
  let isFull = true;
  let host = fakeHost({
    photo: () => {
      if (isFull) throw { code: 'storage' };
      return { jpeg: 'AA==' };
    },
  });
  let portrait = new Portrait(host, 'd1');
  await portrait.read('ab');
  expect(portrait.url('ab')).toBeNull();
  isFull = false;
  await portrait.read('ab');
  expect(portrait.url('ab')).toContain('AA==');
});
