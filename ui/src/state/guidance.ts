// One hint at a time: what the camera's verdicts, ten and more a second, let a person read and hear.
import type { Fault } from '../host/commands.gen';

/** A hint changes after this many equal verdicts. */
const EQUAL = 3;
/** After this long of nothing but good verdicts, the photo takes itself. */
const HOLD_MS = 1000;
/** Whoever listens is not told more often. */
const SPOKEN_MS = 2000;

/** What to mend, or that nothing is left to mend. */
export type Verdict = Fault | 'good';

export class Guidance {
  /** What stands on the screen; none before the first three equal verdicts. */
  shown: Verdict | null = null;
  /** What is said aloud: the same, a little later at times. */
  spoken: Verdict | null = null;
  /** How much of the second of stillness has passed, 0 to 1. */
  held = 0;
  #last: Verdict | null = null;
  #equal = 0;
  #goodSince: number | null = null;
  #spokenAt = -Infinity;

  /** Takes one verdict. True when it is time for the photo. */
  take(verdict: Verdict, now: number): boolean {
    this.#equal = verdict === this.#last ? this.#equal + 1 : 1;
    this.#last = verdict;
    if (this.#equal >= EQUAL) this.shown = verdict;
    if (this.shown !== this.spoken && now - this.#spokenAt >= SPOKEN_MS) {
      this.spoken = this.shown;
      this.#spokenAt = now;
    }
    // One verdict that is not good is enough to wait again, even if its hint is not shown yet.
    if (verdict !== 'good' || this.shown !== 'good') this.#goodSince = null;
    else this.#goodSince ??= now;
    this.held = this.#goodSince === null ? 0 : Math.min(1, (now - this.#goodSince) / HOLD_MS);
    return this.held === 1;
  }
}
