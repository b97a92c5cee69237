// A frame that is being tried: it follows the finger at once, and the engine's verdict follows it.
import type { FramedView, Framing, Report } from '../host/commands.gen';
import { asTrouble, type AnyTrouble } from '../host/host';
import { inside, type Size } from './framing';

export class Trial {
  framing = $state.raw<Framing>({ x: 0.5, y: 0.5, height: 1, turn: 0 });
  report = $state.raw<Report | null>(null);
  trouble = $state.raw<AnyTrouble | null>(null);
  #wanted: Framing | null = null;
  #asking: Promise<void> | null = null;

  constructor(
    start: FramedView,
    private readonly picture: Size,
    private readonly judge: (framing: Framing) => Promise<FramedView>,
  ) {
    this.framing = start.framing;
    this.report = start.report;
  }

  /** Shows another frame now, and asks about the newest one as soon as the engine is free. */
  move(framing: Framing): void {
    this.framing = inside(framing, this.picture);
    this.#wanted = this.framing;
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
  }

  /** The last frame with its verdict, once it is there. */
  async settled(): Promise<FramedView | null> {
    await this.#asking;
    return this.report && { framing: this.framing, report: this.report };
  }

  async #ask(): Promise<void> {
    while (this.#wanted) {
      let asked = this.#wanted;
      this.#wanted = null;
      try {
        let { framing, report } = await this.judge(asked);
        this.report = report;
        this.trouble = null;
        // The engine has the last word on where the frame lies, unless it moved on meanwhile.
        if (this.framing === asked) this.framing = framing;
      } catch (thrown) {
        this.trouble = asTrouble(thrown);
      }
    }
  }
}
