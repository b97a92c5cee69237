// What the tablet of a stand does now, as the engine says it, and what a screen asks of it.
import type { FinishedView, StandView, WipedView } from '../host/commands.gen';
import { asTrouble, type AnyTrouble, type Host } from '../host/host';

/** The stand, for all of its screens. The engine alone decides what is answered. */
export class Tablet {
  view = $state.raw<StandView | null>(null);
  /** Why the engine's word could not be read. */
  unread = $state.raw<AnyTrouble | null>(null);
  /** Why the last act did not work. */
  trouble = $state.raw<AnyTrouble | null>(null);
  isActing = $state(false);
  /** What the student is shown once; nothing else keeps it. */
  finished = $state.raw<FinishedView | null>(null);
  /** The proof of the end, until it was read. */
  wiped = $state.raw<WipedView | null>(null);
  /** Who was on duty last: behind the shield the engine does not say. */
  lastAgent = $state<string | null>(null);
  /** Why the student's turn ended, for the words of the shield. */
  shieldedFor = $state<'idle' | 'called' | 'done'>('idle');

  constructor(readonly host: Host) {}

  /** Reads now and whenever the engine changes; returns how to stop. */
  watch(): () => void {
    void this.read();
    return this.host.onchange(() => void this.read());
  }

  async read(): Promise<void> {
    try {
      this.#take(await this.host.call('stand', {}));
    } catch (thrown) {
      this.unread = asTrouble(thrown);
    }
  }

  /** Asks once at a time; a trouble stays until the next act. Then the engine says where things stand. */
  async act<T>(question: () => Promise<T>): Promise<T | null> {
    if (this.isActing) return null;
    this.isActing = true;
    this.trouble = null;
    let answer: T | null = null;
    try {
      answer = await question();
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
    }
    await this.read();
    this.isActing = false;
    return answer;
  }

  /** Seals a draft; what comes back is shown once. */
  async finish(draft: string): Promise<boolean> {
    let finished = await this.act(async () => (this.finished = await this.host.call('stand_finish', { draft })));
    return finished !== null;
  }

  #take(view: StandView): void {
    this.view = view;
    this.unread = null;
    if (view.mode.name === 'agent') this.lastAgent = view.mode.agent;
  }
}
