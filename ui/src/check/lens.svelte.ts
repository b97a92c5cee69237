// Reading a code: by the phone's own reader where there is one, else by the camera of the web view.
import type { CodeScanner, Host } from '../host/host';
import { Camera, canAsk } from '../photo/camera.svelte';

/** What stands on the screen while a code is read. */
export interface LensWords {
  h1: string;
  name: string;
  place: string;
  why: string;
}

/** Opened by a press, closed by the last code that was wanted, or by the way back. */
export class Lens {
  readonly camera = new Camera('environment');
  /** The phone's own reader, once it was asked for. */
  scanner = $state.raw<CodeScanner | null>(null);
  /** The phone's own reader is at work. */
  isReading = $state(false);
  #reading: AbortController | null = null;

  /** `onread` says whether that was all: until then it goes on reading. */
  constructor(
    private readonly host: Host,
    private readonly onread: (code: string) => Promise<boolean>,
  ) {
    if (!canAsk()) this.camera.state = 'none';
  }

  /** The camera of the web view is at work. */
  get isLooking(): boolean {
    return ['asking', 'starting', 'live', 'paused'].includes(this.camera.state);
  }

  get isOpen(): boolean {
    return this.isReading || this.isLooking;
  }

  async open(): Promise<void> {
    if (this.#reading) return;
    let reading = (this.#reading = new AbortController());
    this.scanner = await this.host.scanner();
    let isAll = false;
    let scanned;
    do {
      scanned = (await this.scanner?.once(reading.signal, () => (this.isReading = true))) ?? 'absent';
      isAll = typeof scanned !== 'object' || (await this.onread(scanned.code));
    } while (!isAll && !reading.signal.aborted);
    this.isReading = false;
    this.#reading = null;
    if (reading.signal.aborted || scanned === 'left' || typeof scanned === 'object') return;
    if (scanned === 'refused') this.camera.state = 'refused';
    else void this.camera.start();
  }

  /** Puts the lens away; what it said of a camera that does not work stays. */
  close(): void {
    this.#reading?.abort();
    if (this.isLooking) {
      this.camera.stop();
      this.camera.state = canAsk() ? 'reason' : 'none';
    }
  }

  /** Nobody looks at the page any more, or again. */
  hide(isHidden: boolean): void {
    if (isHidden) this.#reading?.abort();
    this.camera.hide(isHidden);
  }
}
