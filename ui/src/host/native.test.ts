// What only a shell has: whatever it does, or does not, there is an answer in time.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FileToSave } from './host';
import { deviceLock, saveBy } from './native';
import { bytesOf } from '../state/bytes';

const never = () => new Promise<never>(() => {});
const FILE: FileToSave = { name: 'passregion.pdf', bytes: new TextEncoder().encode('%PDF-1.7') };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

async function after<T>(ms: number, answer: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(ms);
  return answer;
}

test('a file goes to the shell as a name and its bytes, and where it lies is told', async () => {
  let ask = vi.fn(async () => 'chosen');
  expect(await saveBy(ask, FILE)).toBe('chosen');
  expect(ask).toHaveBeenCalledWith('save_file', { name: 'passregion.pdf', base64: btoa('%PDF-1.7') });
  expect(await saveBy(async () => ({ at: '/home/lina/passregion.pdf' }), FILE)).toEqual({ at: '/home/lina/passregion.pdf' });
});

test('a large file keeps every byte', async () => {
  let bytes = Uint8Array.from({ length: 100_000 }, (_, at) => at % 256);
  let ask = vi.fn(async (_: string, args?: Record<string, unknown>) => args);
  await saveBy(ask, { name: 'passregion.jpg', bytes });
  let { base64 } = ask.mock.calls[0]?.[1] as { base64: string };
  expect(bytesOf(base64)).toEqual(bytes);
});

test('no room, any other failure, and silence are each told', async () => {
  expect(await saveBy(() => Promise.reject({ code: 'disk_full' }), FILE)).toBe('full');
  expect(await saveBy(() => Promise.reject({ code: 'storage' }), FILE)).toBe('failed');
  expect(await saveBy(() => Promise.reject('save_file not found'), FILE)).toBe('failed');
  expect(await after(120_000, saveBy(never, FILE))).toBe('silent');
});

test('a lock is there only where the phone says that it knows a finger or a face', async () => {
  expect(await deviceLock(async () => ({ isAvailable: true, biometryType: 1 })).isThere()).toBe(true);
  expect(await deviceLock(async () => ({ isAvailable: false, errorCode: 'biometryNotEnrolled' })).isThere()).toBe(false);
  expect(await deviceLock(() => Promise.reject('plugin biometric not found')).isThere()).toBe(false);
  expect(await after(2_000, deviceLock(never).isThere())).toBe(false);
});

test('the code of the phone is asked for too, and who has none at all is told apart from who says no', async () => {
  let ask = vi.fn(async () => null);
  expect(await deviceLock(ask).unlock()).toBe('yes');
  expect(ask).toHaveBeenCalledWith('plugin:biometric|authenticate', expect.objectContaining({ allowDeviceCredential: true }));
  let refused = (code: string) => deviceLock(() => Promise.reject({ message: '', code })).unlock();
  for (let code of ['userCancel', 'systemCancel', 'authenticationFailed', 'biometryLockout', 'biometryNotAvailable']) expect(await refused(code), code).toBe('no');
  for (let code of ['passcodeNotSet', 'biometryNotEnrolled']) expect(await refused(code), code).toBe('absent');
  expect(await deviceLock(() => Promise.reject('plugin biometric not found')).unlock()).toBe('absent');
  expect(await after(120_000, deviceLock(never).unlock())).toBe('no');
});
