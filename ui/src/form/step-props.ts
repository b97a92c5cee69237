// What each step of the form is given.
import type { Step } from '../host/commands.gen';
import type { Keeper } from '../state/keeper.svelte';

export interface StepProps {
  keeper: Keeper;
  /** On the way back to the check: the step that was changed there. */
  focus?: Step | null;
  /** None on the first step at a stand. */
  onback?: () => void;
  ondone: () => void;
  /** At a stand: the last step gives the tablet back. */
  ongiveback?: () => void;
}
