// One step of the form opened on an engine for tests, as a person finds it.
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import type { Component } from 'svelte';
import { vi } from 'vitest';
import type { StepProps } from '../form/step-props';
import { Keeper } from '../state/keeper.svelte';
import type { DraftView, Field } from './commands.gen';
import { fakeHost, type Answers, type FakeHost } from './fake';
import { around, draftView } from './fake-views';

/** An engine that keeps each field it is given, and refuses none. */
export function keeping(start: DraftView): { answers: Answers; now: () => DraftView } {
  let view = start;
  return {
    now: () => view,
    answers: {
      draft: () => view,
      type_field: () => ({ typed_at_ms: 0 }),
      set_field: ({ field, typed }) => (view = draftView({ ...view, values: { ...view.values, [field]: typed } })),
    },
  };
}

/** Opens a step; `next` presses « Continuer ». */
export async function openStep(Step: Component<StepProps>, view: DraftView = draftView(), answers: Answers = {}) {
  let host = fakeHost({ ...keeping(view).answers, ...answers });
  let keeper = new Keeper(host, view.draft);
  await keeper.reload();
  let ondone = vi.fn();
  render(Step, { props: { keeper, onback: () => {}, ondone }, context: around(host) });
  return { host, keeper, ondone, next: () => userEvent.click(screen.getByRole('button', { name: 'Continuer' })) };
}

/** What was asked to be kept of a field, in order. */
export function kept(host: FakeHost, field: Field): string[] {
  let all = host.asked.filter((it) => it.command === 'set_field').map((it) => it.args as { field: Field; typed: string });
  return all.filter((it) => it.field === field).map((it) => it.typed);
}
