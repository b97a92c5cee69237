// The phone's own code reader: whatever the plugin does, or does not, there is an answer in time.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { codeScanner } from './scanner';

type Plugin = Record<string, () => Promise<unknown>>;

const never = () => new Promise<never>(() => {});
let asked: string[] = [];

/** A plugin that answers as told, and else that a camera is allowed. */
function plugin(answers: Plugin) {
  return codeScanner((command) => {
    let name = command.replace('plugin:barcode-scanner|', '');
    asked.push(name);
    return (answers[name] ?? (() => Promise.resolve({ camera: 'granted' })))();
  });
}

beforeEach(() => {
  asked = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

async function outcome(answers: Plugin, abort = new AbortController(), after = 200_000) {
  let scanned = plugin(answers).once(abort.signal, () => {});
  await vi.advanceTimersByTimeAsync(after);
  return scanned;
}

test('a code that is read is told, and nothing is cancelled', async () => {
  expect(await outcome({ scan: async () => ({ content: 'PR1:ABC', format: 'QR_CODE' }) })).toEqual({ code: 'PR1:ABC' });
  expect(asked).toEqual(['check_permissions', 'scan']);
});

test('a reader that never answers is given up after twenty seconds, and stopped', async () => {
  let scanned = vi.fn();
  void plugin({ scan: never }).once(new AbortController().signal, () => {}).then(scanned);
  await vi.advanceTimersByTimeAsync(19_900);
  expect(scanned).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(scanned).toHaveBeenCalledWith('nothing');
  expect(asked.at(-1)).toBe('cancel');
});

test('a stop that is not answered either holds nobody up', async () => {
  expect(await outcome({ scan: never, cancel: never })).toBe('nothing');
});

test('a window without the plugin, and one whose plugin is silent, have no reader', async () => {
  expect(await outcome({ check_permissions: () => Promise.reject('not found') })).toBe('absent');
  expect(await outcome({ check_permissions: never })).toBe('absent');
  expect(asked).toEqual(['check_permissions', 'check_permissions']);
});

test('a camera that is refused is not asked to read', async () => {
  let refused = { check_permissions: async () => ({ camera: 'prompt' }), request_permissions: async () => ({ camera: 'denied' }) };
  expect(await outcome(refused)).toBe('refused');
  expect(asked).toEqual(['check_permissions', 'request_permissions']);
});

test('whoever goes back before a code is read stops the reader at once', async () => {
  let abort = new AbortController();
  setTimeout(() => abort.abort(), 1_000);
  expect(await outcome({ scan: never }, abort, 1_001)).toBe('left');
  expect(asked.at(-1)).toBe('cancel');
});

test('a reader that fails is as good as one that reads nothing', async () => {
  expect(await outcome({ scan: () => Promise.reject('bind failed') })).toBe('nothing');
});
