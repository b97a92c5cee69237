// The camera's pictures, judged one after the other while somebody takes their place.
import type { Host } from '../host/host';
import { Guidance, type Verdict } from '../state/guidance';

const MOST_A_SECOND = 15;
/** After this long without an answer the person is told to go on alone. */
const SILENCE_MS = 2500;
/** After a refused question, before the next one. */
const REST_MS = 1000;

export interface Sight {
  /** The next frame; none while there is nothing to see. */
  frame: () => string | null;
  /** All has been good for long enough. */
  onready: () => void;
}

/** Asks the engine about frame after frame: one on its way at most, and none once it is stopped. */
export class Looking {
  shown = $state<Verdict | null>(null);
  spoken = $state<Verdict | null>(null);
  held = $state(0);
  /** The engine does not answer: the camera works without it. */
  isMute = $state(false);
  #run = 0;

  constructor(
    private readonly host: Host,
    private readonly sight: Sight,
  ) {}

  async start(): Promise<void> {
    let run = ++this.#run;
    let guidance = new Guidance();
    this.#show(guidance);
    while (run === this.#run) {
      let begun = performance.now();
      let verdict = await this.#ask();
      if (run !== this.#run) return;
      if (verdict) {
        let isReady = guidance.take(verdict, performance.now());
        this.#show(guidance);
        if (isReady) this.sight.onready();
      }
      let rest = (this.isMute ? REST_MS : 1000 / MOST_A_SECOND) - (performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, rest)));
    }
  }

  stop(): void {
    this.#run += 1;
    this.held = 0;
  }

  async #ask(): Promise<Verdict | null> {
    let frame = this.sight.frame();
    if (!frame) return null;
    let run = this.#run;
    let silence = setTimeout(() => run === this.#run && (this.isMute = true), SILENCE_MS);
    try {
      let { fault } = await this.host.call('look', { frame });
      if (run === this.#run) this.isMute = false;
      return fault ?? 'good';
    } catch {
      if (run === this.#run) this.isMute = true;
      return null;
    } finally {
      clearTimeout(silence);
    }
  }

  #show({ shown, spoken, held }: Guidance): void {
    Object.assign(this, { shown, spoken, held });
  }
}
