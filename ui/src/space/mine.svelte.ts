// The dossiers of this phone: read, deleted, brought back.
import type { DraftSummary, HomeView } from '../host/commands.gen';
import { asTrouble, type AnyTrouble, type Host } from '../host/host';
import type { Network } from '../state/network.svelte';
import { begin, open } from './opening';

/** What the landing and my space know of the dossiers, and do with them. */
export class Mine {
  home = $state.raw<HomeView | null>(null);
  /** Why the list could not be read. */
  unread = $state.raw<AnyTrouble | null>(null);
  /** Why the last act did not work. */
  refused = $state.raw<AnyTrouble | null>(null);
  /** The draft that was deleted last, while it can be brought back from here. */
  discarded = $state.raw<DraftSummary | null>(null);

  constructor(
    private readonly host: Host,
    private readonly network: Network | null,
  ) {}

  /** Reads now and whenever the engine changes; returns how to stop. */
  watch(): () => void {
    void this.read();
    return this.host.onchange(() => void this.read());
  }

  async read(): Promise<void> {
    try {
      this.#take(await this.host.call('home', {}));
    } catch (thrown) {
      this.unread = asTrouble(thrown);
    }
  }

  begin(): Promise<boolean> {
    return this.#act(() => begin(this.host));
  }

  open(summary: DraftSummary): Promise<boolean> {
    return this.#act(() => open(this.host, summary));
  }

  discard(summary: DraftSummary): Promise<boolean> {
    return this.#act(async () => {
      this.#take(await this.host.call('discard_draft', { draft: summary.draft }));
      this.discarded = summary;
    });
  }

  restore({ draft }: DraftSummary): Promise<boolean> {
    return this.#act(async () => {
      this.#take(await this.host.call('restore_draft', { draft }));
      this.discarded = null;
    });
  }

  /** The notice about mended data was read: it does not come back. */
  understood(): Promise<boolean> {
    return this.#act(async () => this.#take(await this.host.call('close_notice', {})));
  }

  #take(home: HomeView): void {
    this.home = home;
    this.unread = null;
    this.network?.take(home);
  }

  async #act(act: () => Promise<void>): Promise<boolean> {
    this.refused = null;
    try {
      await act();
      return true;
    } catch (thrown) {
      this.refused = asTrouble(thrown);
      return false;
    }
  }
}
