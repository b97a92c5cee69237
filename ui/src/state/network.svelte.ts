// What the courier last said about the network, for the quiet line of every screen.
import { getContext } from 'svelte';
import type { HomeView, SendingView, SyncView } from '../host/commands.gen';
import type { Host } from '../host/host';

export const NETWORK = Symbol('network');

/** The last word of the engine about the network; silence stays unknown. */
export class Network {
  sync = $state.raw<SyncView | null>(null);

  constructor(private readonly host: Host) {}

  /** Known to be cut off. */
  get isOffline(): boolean {
    return this.sync?.network === 'offline';
  }

  /** How far a round is that takes long enough to be told. */
  get sending(): SendingView | null {
    return this.sync?.sending ?? null;
  }

  /** Photos that wait for a network which is not paid for by its bytes. */
  get holdsPhotos(): boolean {
    return (this.sync?.held_photos ?? 0) > 0;
  }

  take(home: HomeView): void {
    this.sync = home.sync;
  }

  /** Tells the engine what kind of network this is. */
  async setMetered(metered: boolean): Promise<void> {
    try {
      this.sync = await this.host.call('set_metered', { metered });
    } catch {
      // An engine that cannot be asked says so where somebody wants something of it.
    }
  }

  async look(): Promise<void> {
    try {
      this.take(await this.host.call('home', {}));
    } catch {
      this.sync = null;
    }
  }

  /** One round with the server now. */
  async round(): Promise<void> {
    try {
      this.sync = await this.host.call('sync', {});
    } catch {
      this.sync = null;
    }
  }
}

/** The network's state, or none where nobody watches it. */
export function useNetwork(): Network | null {
  return getContext<Network | undefined>(NETWORK) ?? null;
}
