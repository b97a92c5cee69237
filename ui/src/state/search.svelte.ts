// A search while it is typed: what was found, which one is active, whether its list is open.
import { tick } from 'svelte';
import { asTrouble, type AnyTrouble } from '../host/host';

/** What makes one search another than the next. */
export interface Sought<T> {
  /** Of the line to type in; its list and its options are named after it. */
  id: string;
  keyOf: (option: T) => string;
  find: (typed: string) => Promise<readonly T[]>;
  onchoose: (option: T) => void;
  /** The first one found is meant: « Entrée » takes it without an arrow. */
  takesFirst?: boolean;
  /** What an arrow looks for while the list is closed; without it, the arrow is the line's own. */
  again?: () => string;
  onopen?: () => void;
  /** The list is about to go. */
  onclose?: () => void;
}

/** One search. The newest question wins; whoever leaves the line asks no more. */
export class Search<T> {
  options = $state.raw<readonly T[]>([]);
  /** The text that these options answer. */
  answered = $state('');
  isAsking = $state(false);
  isOpen = $state(false);
  trouble = $state.raw<AnyTrouble | null>(null);
  #active = $state(-1);
  #asked = 0;

  isShown = $derived(this.isOpen && this.options.length > 0);
  /** The option that « Entrée » takes. */
  current = $derived(this.isShown ? this.options[this.#active] : undefined);

  constructor(readonly sought: Sought<T>) {}

  optionId(option: T): string {
    return `${this.sought.id}-${this.sought.keyOf(option)}`;
  }

  async ask(typed: string): Promise<void> {
    let mine = ++this.#asked;
    let options: readonly T[] = [];
    let trouble: AnyTrouble | null = null;
    this.isAsking = true;
    try {
      options = await this.sought.find(typed);
    } catch (thrown) {
      trouble = asTrouble(thrown);
    }
    if (mine !== this.#asked) return;
    this.options = options;
    this.trouble = trouble;
    this.answered = typed;
    this.isAsking = false;
    this.#active = this.sought.takesFirst ? 0 : -1;
    if (!this.isOpen) this.sought.onopen?.();
    this.isOpen = true;
  }

  choose(option: T): void {
    this.leave();
    this.sought.onchoose(option);
  }

  leave(): void {
    this.#asked += 1;
    this.isAsking = false;
    this.#close();
  }

  onkeydown = (event: KeyboardEvent): void => {
    if (this.#takes(event.key)) event.preventDefault();
  };

  /** Whether the key was meant for the list. */
  #takes(key: string): boolean {
    let { again } = this.sought;
    let isArrow = key === 'ArrowDown' || key === 'ArrowUp';
    if (isArrow && !this.isShown && again) void this.ask(again());
    else if (!this.isShown) return false;
    else if (isArrow) void this.#move(key === 'ArrowDown' ? 1 : -1);
    else if (key === 'Escape') this.#close();
    else if (key === 'Enter' && this.current) this.choose(this.current);
    // « Entrée » in an open list means the list, never the whole step.
    else if (key === 'Enter') this.#active = 0;
    else return false;
    return true;
  }

  async #move(by: 1 | -1): Promise<void> {
    let count = this.options.length;
    let from = by < 0 && this.#active < 0 ? count : this.#active;
    this.#active = (from + by + count) % count;
    await tick();
    if (this.current) document.getElementById(this.optionId(this.current))?.scrollIntoView({ block: 'nearest' });
  }

  #close(): void {
    if (this.isShown) this.sought.onclose?.();
    this.isOpen = false;
  }
}
