// One question of a screen of the account: what is missing before it, what was wrong with it after.
import type { Field, Refusal } from '../host/commands.gen';
import { asTrouble, type AnyTrouble } from '../host/host';
import { access as words } from '../wording/access';
import { sentence } from '../wording/refusals';
import { troubleSentence } from '../wording/troubles';

/** Something to mend, at the field with this id; without one it concerns the whole screen. */
export interface Wrong {
  field: string;
  sentence: string;
}

/** A line that must not be empty: what is said when it is. */
export interface Line extends Wrong {
  typed: string;
}

/** What went wrong in words that fit a screen where nothing waits to be sent. */
function said(trouble: AnyTrouble): string {
  if (trouble.code !== 'courier') return troubleSentence(trouble);
  if (trouble.trouble === 'offline' || trouble.trouble === 'server') return words.troubles[trouble.trouble];
  return trouble.trouble === 'refused_by_server' ? words.troubles.refused : troubleSentence(trouble);
}

/** Where a refused answer was typed. */
function line(field: Field, refusal: Refusal): string {
  if (field !== 'password') return field;
  return refusal.code === 'mismatch' ? 'confirmation' : 'new_password';
}

/** Asks the engine once at a time, and keeps what has to be mended. */
export class Asking {
  isAsking = $state(false);
  /** Counts the refused tries: each one moves the focus to the summary again. */
  tries = $state(0);
  /** What stands on top when no field is to blame. */
  title = $state<string | null>(null);
  wrong = $state.raw<readonly Wrong[]>([]);
  /** What the engine said of the last try, by its code. */
  last = $state.raw<AnyTrouble['code'] | null>(null);

  /** The field that a trouble is about, by its code. */
  constructor(private readonly at: Partial<Record<AnyTrouble['code'], string>> = {}) {}

  get isRefused(): boolean {
    return this.title !== null || this.wrong.length > 0;
  }

  error(field: string): string | undefined {
    return this.wrong.find((it) => it.field === field)?.sentence;
  }

  /** Asks, unless a line is empty that must not be. Whether it went well. */
  async ask(lines: readonly Line[], question: () => Promise<unknown>): Promise<boolean> {
    // A second tap while the answer is on its way asks nothing twice.
    if (this.isAsking) return false;
    let empty = lines.filter((it) => it.typed.trim() === '');
    if (empty.length > 0) return this.#refuse(null, empty);
    this.isAsking = true;
    this.last = null;
    try {
      await question();
      this.title = null;
      this.wrong = [];
      return true;
    } catch (thrown) {
      return this.#mind(asTrouble(thrown));
    } finally {
      this.isAsking = false;
    }
  }

  #mind(trouble: AnyTrouble): false {
    this.last = trouble.code;
    if (trouble.code === 'incomplete' && trouble.refusals.length > 0) {
      return this.#refuse(null, trouble.refusals.map(({ field, refusal }) => ({ field: line(field, refusal), sentence: sentence(field, refusal) })));
    }
    let field = this.at[trouble.code];
    return field ? this.#refuse(null, [{ field, sentence: said(trouble) }]) : this.#refuse(said(trouble), []);
  }

  #refuse(title: string | null, wrong: readonly Wrong[]): false {
    this.title = title;
    this.wrong = wrong;
    this.tries += 1;
    return false;
  }
}
