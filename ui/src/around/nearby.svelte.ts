// What is around, sorted from where the person says they are.
import type { AroundView, Point } from '../host/commands.gen';
import { asTrouble, type AnyTrouble, type Host } from '../host/host';

/** Where distances are counted from, and what it is called. */
export interface Near {
  point: Point;
  name: string;
}

/** The lists of one opened screen. The newest question wins. */
export class Nearby {
  view = $state.raw<AroundView | null>(null);
  trouble = $state.raw<AnyTrouble | null>(null);
  near = $state.raw<Near | null>(null);
  #asked = 0;
  #wanted: Near | null = null;

  constructor(private readonly host: Host) {}

  /** Sorts anew from there; from nowhere, by town. */
  async from(near: Near | null): Promise<void> {
    let mine = ++this.#asked;
    this.#wanted = near;
    try {
      let view = await this.host.call('around', { near: near?.point ?? null });
      if (mine !== this.#asked) return;
      this.view = view;
      this.near = near;
      this.trouble = null;
    } catch (thrown) {
      if (mine === this.#asked) this.trouble = asTrouble(thrown);
    }
  }

  /** Asks again what was asked last. */
  again(): Promise<void> {
    return this.from(this.#wanted);
  }
}
