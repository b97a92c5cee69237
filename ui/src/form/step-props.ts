// What each step of the form is given.
import type { Step } from '../host/commands.gen';
import type { Keeper } from '../state/keeper.svelte';

/** How the form ends where it is not by a deposit: at a stand the tablet is given back. */
export interface Ending {
  label: string;
  hint: string;
  act: () => void;
}

export interface StepProps {
  keeper: Keeper;
  /** On the way back to the check: the step that was changed there. */
  focus?: Step | null;
  /** None on the first step at a stand. */
  onback?: () => void;
  ondone: () => void;
  ending?: Ending;
}
