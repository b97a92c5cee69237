// Is whoever had the tablet still there? A question first, then nothing is shown.

/** After how long without a touch nothing is shown any more, and how long before that it is asked; never, when not at all. */
export interface Limits {
  coverMs: number;
  askedMs: number;
}

export const STUDENT: Limits = { coverMs: 20_000, askedMs: 5_000 };
/** Whoever holds still before the camera is there. */
export const BEFORE_CAMERA: Limits = { coverMs: 60_000, askedMs: 5_000 };
/** An agent who was called away: nobody else finds the list, and nothing is lost. */
export const AGENT: Limits = { coverMs: 300_000, askedMs: 0 };

const TICK_MS = 250;

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'input', 'wheel', 'touchmove'] as const;

/** Counts from the last sign of the person before the tablet. */
export class Idle {
  /** Seconds that are left, once the question is asked. */
  left = $state<number | null>(null);
  #lastMs = Date.now();

  constructor(
    private readonly oncover: () => void,
    private readonly limits: () => Limits,
  ) {}

  /** Watches until it is told to stop. */
  watch(): () => void {
    let sign = () => this.touch();
    for (let name of SIGNS) addEventListener(name, sign, { passive: true, capture: true });
    let ticking = setInterval(() => this.#tick(), TICK_MS);
    this.touch();
    return () => {
      clearInterval(ticking);
      for (let name of SIGNS) removeEventListener(name, sign, { capture: true });
    };
  }

  touch(): void {
    this.#lastMs = Date.now();
    this.left = null;
  }

  #tick(): void {
    let { coverMs, askedMs } = this.limits();
    // A clock that was set back is no time that went by.
    let idle = Math.max(0, Date.now() - this.#lastMs);
    if (idle >= coverMs) this.oncover();
    else this.left = idle >= coverMs - askedMs ? Math.ceil((coverMs - idle) / 1000) : null;
  }
}
