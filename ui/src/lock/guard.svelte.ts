// Keeps the screens out of sight until the phone says who holds it: at the start, and after a while away.
import { flushSync, mount } from 'svelte';
import type { Host } from '../host/host';
import { fr } from '../wording/fr';
import { lock as words } from '../wording/lock';
import Cover from './Cover.svelte';

/** Who comes back sooner only looked at a message. */
const AWAY_MS = 60_000;

function named(screen: string): string {
  return `${screen} – ${fr.app}`;
}

export class Lock {
  /** Whether the person wants it, as the engine last said. */
  isOn = false;
  is = $state<'open' | 'away' | 'locked'>('open');
  #left = 0;
  #focused: Element | null = null;
  #opened: (() => void)[] = [];
  #screens: HTMLElement | null = null;

  /** Locks, until somebody unlocks. */
  async lock(screens: HTMLElement): Promise<void> {
    this.#screens = screens;
    if (!this.isOn) return;
    this.#become('locked');
    await new Promise<void>((opened) => this.#opened.push(opened));
  }

  open(): void {
    this.#become('open');
    this.#opened.splice(0).forEach((opened) => opened());
    let heading = this.#screens?.querySelector('h1');
    if (heading) document.title = named(heading.textContent);
    let to = this.#focused ?? heading;
    if (to instanceof HTMLElement) to.focus({ preventScroll: true });
  }

  /** Out of sight at once: the first picture on the way back already shows nothing. */
  leave(): void {
    if (!this.isOn || this.is !== 'open') return;
    this.#left = Date.now();
    this.#focused = document.activeElement;
    this.#become('away');
  }

  comeBack(): void {
    if (this.is !== 'away') return;
    let away = Date.now() - this.#left;
    // A clock that was put back tells nothing.
    if (away >= 0 && away <= AWAY_MS) this.open();
    else this.#become('locked');
  }

  #become(is: Lock['is']): void {
    this.is = is;
    this.#screens?.toggleAttribute('inert', is !== 'open');
    if (is === 'locked') document.title = named(words.cover.h1);
    flushSync();
  }
}

/** The lock of this window. */
export const lock = new Lock();

/** Ends when the screens may ask for something. An engine that does not open has nothing to hide. */
export async function guard(host: Host, screens: HTMLElement): Promise<void> {
  lock.isOn = await host.call('device_lock', {}).catch(() => false);
  mount(Cover, {
    target: document.body,
    props: { lock, unlock: async () => (await host.deviceLock()).unlock(), onabsent: () => void host.call('set_device_lock', { on: false }).catch(() => {}) },
  });
  document.addEventListener('visibilitychange', () => (document.hidden ? lock.leave() : lock.comeBack()));
  await lock.lock(screens);
}
