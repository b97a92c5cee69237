// The dossier number: masked until it is asked for.
import { asTrouble, type AnyTrouble, type Host } from '../host/host';

/** The number of one dossier, while it is shown. */
export class DossierNumber {
  shown = $state<string | null>(null);
  trouble = $state.raw<AnyTrouble | null>(null);

  constructor(
    private readonly host: Host,
    private readonly draft: string,
  ) {}

  async toggle(): Promise<void> {
    this.shown = this.shown === null ? await this.reveal() : null;
  }

  /** The number in plain, without showing it; null when the engine refuses it. */
  async reveal(): Promise<string | null> {
    try {
      let { number } = await this.host.call('reveal_number', { draft: this.draft });
      this.trouble = null;
      return number;
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
      return null;
    }
  }
}
