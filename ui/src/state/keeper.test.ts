// Is what is called kept really kept?
import { expect, test, vi } from 'vitest';
import { fakeHost } from '../host/fake';
import { draftView, KEPT_AT } from '../host/fake-views';
import { Keeper } from './keeper.svelte';

function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  return { promise: new Promise<T>((it) => (resolve = it)), resolve };
}

test('typing is kept once, after a pause', async () => {
  vi.useFakeTimers();
  let host = fakeHost({ set_field: ({ typed }) => draftView({ values: { family_name: typed } }) });
  let keeper = new Keeper(host, 'd1');
  for (let typed of ['M', 'Ma', 'Mar']) keeper.type('family_name', typed);
  await vi.advanceTimersByTimeAsync(399);
  expect(host.asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(host.asked).toEqual([{ command: 'set_field', args: { draft: 'd1', field: 'family_name', typed: 'Mar' } }]);
  vi.useRealTimers();
});

test('what is typed while an answer is on its way is not called kept by that answer', async () => {
  let answers = [later<ReturnType<typeof draftView>>(), later<ReturnType<typeof draftView>>()];
  let host = fakeHost({ set_field: () => answers[host.asked.length - 1]!.promise });
  let keeper = new Keeper(host, 'd1');
  let first = keeper.choose('given_name', 'Li');
  await vi.waitFor(() => expect(host.asked).toHaveLength(1));
  keeper.type('given_name', 'Lina');
  answers[0]!.resolve(draftView({ kept_at_ms: 1 }));
  await first;
  expect(keeper.keptAt).toBeNull();

  let second = keeper.flush();
  answers[1]!.resolve(draftView({ kept_at_ms: KEPT_AT }));
  await second;
  expect(keeper.keptAt).toBe(KEPT_AT);
  expect(host.asked.map((it) => (it.args as { typed: string }).typed)).toEqual(['Li', 'Lina']);
});

test('a field that could not be kept is tried again and never called kept', async () => {
  let isFull = true;
  let host = fakeHost({
    set_field: () => {
      if (isFull) throw { code: 'disk_full' };
      return draftView();
    },
  });
  let keeper = new Keeper(host, 'd1');
  expect(await keeper.choose('sending', 'DOMICILE')).toBe(false);
  expect(keeper.trouble).toEqual({ code: 'disk_full' });
  expect(keeper.keptAt).toBeNull();

  isFull = false;
  expect(await keeper.flush()).toBe(true);
  expect(keeper.trouble).toBeNull();
  expect(keeper.keptAt).toBe(KEPT_AT);
});
