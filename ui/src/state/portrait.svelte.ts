// The photo of one draft, read once for every place that shows it.
import type { Host } from '../host/host';

/** Holds the last photo read; another photo is read only when its hash is another one. */
export class Portrait {
  #kept = $state.raw<{ of: string; url: string } | null>(null);
  #asked: string | null = null;

  constructor(
    private readonly host: Host,
    private readonly draft: string,
  ) {}

  /** The photo with this hash as an address for `<img>`; none while it is not here. */
  url(of: string | undefined): string | null {
    return this.#kept && this.#kept.of === of ? this.#kept.url : null;
  }

  /** Reads the photo with this hash, unless it is here or on its way. */
  async read(of: string): Promise<void> {
    if (this.#asked === of) return;
    this.#asked = of;
    try {
      let { jpeg } = await this.host.call('photo', { draft: this.draft });
      if (this.#asked === of) this.#kept = { of, url: `data:image/jpeg;base64,${jpeg}` };
    } catch {
      // Nothing to show yet: the next look asks again.
      this.#asked = null;
    }
  }
}
