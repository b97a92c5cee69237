// Is what is called kept really kept?
import { expect, test, vi } from 'vitest';
import { fakeHost, type FakeHost } from '../host/fake';
import { kept } from '../host/fake-step';
import { disputeView, draftView, KEPT_AT } from '../host/fake-views';
import { Keeper } from './keeper.svelte';

function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  return { promise: new Promise<T>((it) => (resolve = it)), resolve };
}

function letters(host: FakeHost): string[] {
  return host.asked.filter((it) => it.command === 'type_field').map((it) => (it.args as { typed: string }).typed);
}

test('typing is kept once, after a pause', async () => {
  vi.useFakeTimers();
  let host = fakeHost({ type_field: () => ({ typed_at_ms: 1 }), set_field: ({ typed }) => draftView({ values: { family_name: typed } }) });
  let keeper = new Keeper(host, 'd1');
  for (let typed of ['M', 'Ma', 'Mar']) keeper.type('family_name', typed);
  await vi.advanceTimersByTimeAsync(399);
  expect(kept(host, 'family_name')).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(kept(host, 'family_name')).toEqual(['Mar']);
  vi.useRealTimers();
});

test('what is typed while an answer is on its way is not called kept by that answer', async () => {
  let answers = [later<ReturnType<typeof draftView>>(), later<ReturnType<typeof draftView>>()];
  let host = fakeHost({ set_field: () => answers[kept(host, 'given_name').length - 1]!.promise });
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
  expect(kept(host, 'given_name')).toEqual(['Li', 'Lina']);
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

test('each letter is told at once, is never called kept, and only the last of those that waited leaves', async () => {
  let told = later<{ typed_at_ms: number }>();
  let host = fakeHost({ draft: () => draftView(), type_field: () => told.promise, set_field: () => draftView() });
  let keeper = new Keeper(host, 'd1');
  await keeper.reload();
  for (let typed of ['M', 'Mo', 'Mor']) keeper.type('family_name', typed);
  keeper.type('given_name', 'L');
  expect(letters(host)).toEqual(['M', 'L']);
  told.resolve({ typed_at_ms: KEPT_AT });
  await vi.waitFor(() => expect(letters(host)).toEqual(['M', 'L', 'Mor']));
  expect(keeper.keptAt).toBeNull();
  await keeper.flush();
  expect(keeper.keptAt).toBe(KEPT_AT);
});

test('no letter overtakes the answer that keeps its field', async () => {
  let [told, answer] = [later<{ typed_at_ms: number }>(), later<ReturnType<typeof draftView>>()];
  let host = fakeHost({ type_field: () => told.promise, set_field: () => answer.promise });
  let keeper = new Keeper(host, 'd1');
  keeper.type('family_name', 'M');
  keeper.type('family_name', 'Mo');
  let flushed = keeper.flush();
  await Promise.resolve();
  expect(kept(host, 'family_name')).toEqual([]);
  told.resolve({ typed_at_ms: 1 });
  await vi.waitFor(() => expect(kept(host, 'family_name')).toEqual(['Mo']));
  keeper.type('family_name', 'Mor');
  expect(letters(host)).toEqual(['M']);
  answer.resolve(draftView());
  await flushed;
  await vi.waitFor(() => expect(letters(host)).toEqual(['M', 'Mor']));
});

test('a letter that the phone could not take leaves typing alone: the field is kept all the same', async () => {
  let host = fakeHost({
    type_field: () => {
      throw { code: 'storage' };
    },
    set_field: () => draftView(),
  });
  let keeper = new Keeper(host, 'd1');
  keeper.type('family_name', 'Mo');
  expect(await keeper.flush()).toBe(true);
  expect(keeper.trouble).toBeNull();
  expect(kept(host, 'family_name')).toEqual(['Mo']);
});

test('what was half typed decides nothing between two answers that nobody has seen', async () => {
  let view = draftView();
  let host = fakeHost({ draft: () => view, type_field: () => ({ typed_at_ms: 1 }), set_field: () => view });
  let keeper = new Keeper(host, 'd1');
  await keeper.reload();
  keeper.type('family_name', 'Mor');
  view = draftView({ values: { family_name: 'Mor' }, conflicts: [disputeView()] });
  let reloaded = keeper.reload();
  let flushed = keeper.flush();
  await Promise.all([reloaded, flushed]);
  expect(kept(host, 'family_name')).toEqual([]);

  view = draftView({ values: { family_name: 'Moreaux' } });
  await keeper.decide('family_name', 'Moreaux');
  expect(kept(host, 'family_name')).toEqual(['Moreaux']);
  expect(keeper.value('family_name')).toBe('Moreaux');
});
