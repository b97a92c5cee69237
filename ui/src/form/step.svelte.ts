// One step of the form: its refusals are shown once the person asked to continue.
import type { Field, FieldHint, FieldRefusal, Step } from '../host/commands.gen';
import type { Keeper } from '../state/keeper.svelte';
import { sentence } from '../wording/refusals';

/** The refusals of one step, silent until « Continuer ». */
export class StepForm {
  /** Counts the refused tries: each one moves the focus to the summary again. */
  tries = $state(0);

  constructor(
    readonly keeper: Keeper,
    readonly step: Step,
  ) {}

  get #present(): FieldRefusal[] {
    return this.keeper.view?.refusals.filter((it) => it.step === this.step) ?? [];
  }

  /** What the summary lists. */
  get refusals(): FieldRefusal[] {
    return this.tries > 0 ? this.#present : [];
  }

  /** The sentence beside a field. */
  error(field: Field): string | undefined {
    let refused = this.refusals.find((it) => it.field === field);
    return refused && sentence(field, refused.refusal);
  }

  hint(field: Field): FieldHint['hint'] | undefined {
    return this.keeper.view?.hints.find((it) => it.field === field)?.hint;
  }

  /** Keeps what waits, then says whether the step is done. */
  async isDone(): Promise<boolean> {
    let kept = await this.keeper.flush();
    if (kept && this.#present.length === 0) return true;
    this.tries += 1;
    return false;
  }
}
