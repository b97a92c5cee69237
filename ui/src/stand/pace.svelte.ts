// How long will the rest of a delivery take? From what was seen of it, never from a guess.

/** Before this much was seen, nothing is said. */
const LEAST_DONE = 2;

export class Pace {
  /** Minutes that are left, rounded up; null while nothing can be said. */
  minutes = $state<number | null>(null);
  #from: { unsent: number; atMs: number } | null = null;

  /** What is left now. More than before is another delivery. */
  take(unsent: number, atMs: number): void {
    if (!this.#from || unsent > this.#from.unsent) this.#from = { unsent, atMs };
    let done = this.#from.unsent - unsent;
    if (done < LEAST_DONE || unsent === 0) {
      this.minutes = null;
      return;
    }
    let each = (atMs - this.#from.atMs) / done;
    let minutes = (each * unsent) / 60_000;
    this.minutes = minutes < 1 ? 0 : Math.ceil(minutes);
  }
}
