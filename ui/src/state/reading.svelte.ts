// Something that a screen reads before it can show it: here, on its way, or why not.
import { asTrouble, type AnyTrouble } from '../host/host';

/** What was read last; a reading that fails keeps it, and says why. */
export class Reading<T> {
  value = $state.raw<T | null>(null);
  trouble = $state.raw<AnyTrouble | null>(null);

  constructor(private readonly ask: () => Promise<T>) {}

  /** Reads, again or for the first time. */
  read = async (): Promise<void> => {
    try {
      this.value = await this.ask();
      this.trouble = null;
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
    }
  };

  /** Reads on demand: what was wrong is said anew only if it still is. */
  retry = (): Promise<void> => {
    this.trouble = null;
    return this.read();
  };
}
