// Is the student still there? A question first, then the shield.

/** Without a touch for this long, the question is asked. */
const ASK_MS = 15_000;
/** And after this long, nothing is shown any more. */
const COVER_MS = 20_000;
/** Whoever holds still before the camera is there. */
const CAMERA_MS = 60_000;
const TICK_MS = 250;

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'input', 'wheel', 'touchmove'] as const;

/** Counts from the last sign of the person before the tablet. */
export class Idle {
  /** Seconds until the shield, once the question is asked. */
  left = $state<number | null>(null);
  #lastMs = Date.now();

  /** `isStill` says that the person has to hold still now. */
  constructor(
    private readonly oncover: () => void,
    private readonly isStill: () => boolean,
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
    let cover = this.isStill() ? CAMERA_MS : COVER_MS;
    // A clock that was set back is no time that went by.
    let idle = Math.max(0, Date.now() - this.#lastMs);
    if (idle >= cover) this.oncover();
    else this.left = idle >= cover - (COVER_MS - ASK_MS) ? Math.ceil((cover - idle) / 1000) : null;
  }
}
