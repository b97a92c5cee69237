// Are the rules of this folder kept by every file?
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname);
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|svelte|css)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(SRC, name), 'utf8') }));

const SHIPPED = FILES.filter(({ name }) => !name.endsWith('.test.ts') && !name.startsWith('host/fake'));

function filesWith(pattern: RegExp): string[] {
  return SHIPPED.filter(({ text }) => pattern.test(text)).map(({ name }) => name);
}

test('only the host of the shell knows the shell', () => {
  expect(filesWith(/from '@tauri-apps\//)).toEqual(['host/tauri.ts']);
});

test('the fake engine is imported by nothing that is shipped', () => {
  expect(filesWith(/from '.*\/fake(-\w+)?'/)).toEqual([]);
});

test('no text from outside becomes markup, style or code', () => {
  expect(filesWith(/\{@html|innerHTML|\beval\(|new Function| style="/)).toEqual([]);
});

test('each file says on its first line what it answers, and stays under 300 lines', () => {
  for (let { name, text } of FILES) {
    expect(text, name).toMatch(/^(\/\/ |<!-- |\/\* )/);
    expect(text.split('\n').length, name).toBeLessThan(300);
  }
});
