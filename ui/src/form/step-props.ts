// What each step of the form is given.
import type { Keeper } from '../state/keeper.svelte';

export interface StepProps {
  keeper: Keeper;
  onback: () => void;
  ondone: () => void;
}
