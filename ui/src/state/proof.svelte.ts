// The picture that the engine holds open for one draft: what it shows, what is judged, until it is kept or closed.
import { base64 } from '../form/picture';
import type { FramedView, Framing, ProofView } from '../host/commands.gen';
import { asTrouble, type AnyTrouble } from '../host/host';
import type { Keeper } from './keeper.svelte';

/** A wait that is shorter than this needs no words. */
const WORDS_MS = 300;

export class Proof {
  view = $state.raw<ProofView | null>(null);
  /** The frame as it was proposed, or applied since. */
  framed = $state.raw<FramedView | null>(null);
  /** The engine has been looking for long enough to say so. */
  isLong = $state(false);
  #turn = 0;
  #isHeld = false;

  constructor(private readonly keeper: Keeper) {}

  /** An address for `<img>`. */
  get url(): string {
    return this.view ? `data:image/jpeg;base64,${this.view.preview}` : '';
  }

  /** Opens another picture in place of the present one; tells why it could not. */
  async open(file: Blob): Promise<AnyTrouble | null> {
    let turn = ++this.#turn;
    let long = setTimeout(() => (this.isLong = true), WORDS_MS);
    try {
      let view = await this.keeper.host.call('open_picture', { draft: this.keeper.draft, picture: await base64(file) });
      this.#isHeld = true;
      if (turn === this.#turn) this.#show(view);
      else this.close();
      return null;
    } catch (thrown) {
      return asTrouble(thrown);
    } finally {
      clearTimeout(long);
      this.isLong = false;
    }
  }

  /** How the picture would be judged in another frame. */
  judge(framing: Framing): Promise<FramedView> {
    return this.keeper.host.call('frame_picture', { draft: this.keeper.draft, framing });
  }

  /** Makes it the photo of the draft; tells why it could not. */
  async keep(bareHead: boolean, note: string | null): Promise<AnyTrouble | null> {
    let framing = this.framed?.framing;
    if (!framing) return { code: 'no_picture' };
    let { host, draft } = this.keeper;
    let isKept = await this.keeper.ask(() => host.call('keep_picture', { draft, framing, bare_head: bareHead, note }));
    let trouble = isKept ? null : this.keeper.trouble;
    // Said where the picture is: what was kept before is still kept.
    if (trouble) this.keeper.forgive();
    else this.#isHeld = false;
    return trouble;
  }

  /** Forgets the picture, here and in the engine. */
  close(): void {
    this.#turn += 1;
    this.#show(null);
    if (!this.#isHeld) return;
    this.#isHeld = false;
    let { host, draft } = this.keeper;
    void this.keeper.ask(() => host.call('close_picture', { draft }));
  }

  #show(view: ProofView | null): void {
    this.view = view;
    this.framed = view?.framed ?? null;
  }
}
