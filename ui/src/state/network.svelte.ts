// What the courier last said about the network, for the quiet line of every screen.
import { getContext } from 'svelte';
import type { HomeView, SyncView } from '../host/commands.gen';
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

  take(home: HomeView): void {
    this.sync = home.sync;
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
