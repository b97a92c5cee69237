// What the person typed, and what of it the phone has really kept.
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { ConflictView, DraftView, Field, NextStep } from '../host/commands.gen';
import { asTrouble, type AnyTrouble, type Host } from '../host/host';
import { Keystrokes } from './keystrokes';
import { Portrait } from './portrait.svelte';

/** A pause in typing after which the field is kept, power cut or not; each letter outlives the app. */
const PAUSE_MS = 400;

/**
 * One open draft. Its questions leave one after the other, so that the last answer
 * is always the newest and no stale answer can claim a time.
 */
export class Keeper {
  view = $state.raw<DraftView | null>(null);
  trouble = $state.raw<AnyTrouble | null>(null);
  readonly portrait: Portrait;
  #typed = new SvelteMap<Field, string>();
  #unkept = new SvelteSet<Field>();
  #password = { typed: '', confirmation: '' };
  #keystrokes: Keystrokes;
  #line: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly host: Host,
    readonly draft: string,
    /** On the tablet of a stand: no password is chosen, and an agent ends it. */
    readonly isAtStand = false,
  ) {
    this.portrait = new Portrait(host, draft);
    this.#keystrokes = new Keystrokes((field, typed) => host.call('type_field', { draft, field, typed }));
  }

  /** True while something typed is not on the phone yet. */
  get isSaving(): boolean {
    return this.#unkept.size > 0;
  }

  /** The time of the last COMMIT, only while everything typed is part of it. */
  get keptAt(): number | null {
    return this.isSaving || this.trouble ? null : (this.view?.kept_at_ms ?? null);
  }

  /** What stands in a field: as typed here, or as kept before. */
  value(field: Field): string {
    return this.#typed.get(field) ?? this.view?.values[field] ?? '';
  }

  /** Someone files for the student. */
  get isForOther(): boolean {
    return this.value('filer') === 'OTHER';
  }

  /** Whether a field is asked here: in a correction only what the Region asked for again. */
  asks(field: Field): boolean {
    return this.view?.correction?.open.includes(field) ?? true;
  }

  /** The screens that this draft goes through, in their order. */
  get steps(): readonly NextStep[] {
    return [...(this.view?.steps ?? []), 'check'];
  }

  /** Which screen of how many. */
  progress(step: NextStep): { at: number; of: number } {
    return { at: this.steps.indexOf(step) + 1, of: this.steps.length };
  }

  /** Two answers to one question, from two devices. */
  conflict(field: Field): ConflictView | undefined {
    return this.view?.conflicts.find((it) => it.field === field);
  }

  /** A letter more or less: told at once, kept after a pause. */
  type(field: Field, typed: string): void {
    this.#hold(field, typed);
    this.#keystrokes.type(field, typed);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PAUSE_MS);
  }

  /** A choice: kept at once. */
  choose(field: Field, typed: string): Promise<boolean> {
    this.#hold(field, typed);
    return this.flush();
  }

  /** Which of two answers counts; also the one that is shown already. */
  decide(field: Field, typed: string): Promise<boolean> {
    let { draft } = this;
    return this.ask(() => this.host.call('set_field', { draft, field, typed }));
  }

  /** Both entries of the password; never held longer than it takes to keep them. */
  choosePassword(typed: string, confirmation: string): Promise<boolean> {
    this.#password = { typed, confirmation };
    this.#unkept.add('password');
    return this.flush();
  }

  /** Keeps all that waits. False when the phone could not. */
  flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    return this.#inTurn(() => this.#keepAll());
  }

  /** Reads the draft again, after what was asked before. */
  reload(): Promise<boolean> {
    return this.ask(() => this.host.call('draft', { draft: this.draft }));
  }

  /** Any other question whose answer is the draft, in its turn. */
  ask(question: () => Promise<DraftView>): Promise<boolean> {
    return this.#inTurn(async () => this.#take(await question()));
  }

  /** Forgets a trouble that was shown and belongs to a question, not to the draft. */
  forgive(): void {
    if (!this.isSaving) this.trouble = null;
  }

  async #keepAll(): Promise<void> {
    for (let field of [...this.#unkept]) {
      // An answer that came meanwhile may have left it to the person.
      if (!this.#unkept.has(field)) continue;
      if (field === 'password') await this.#keepPassword();
      else await this.#keepField(field);
    }
  }

  #hold(field: Field, typed: string): void {
    this.#typed.set(field, typed);
    this.#unkept.add(field);
  }

  #keepField(field: Field): Promise<void> {
    return this.#keystrokes.apart(field, async () => {
      let { draft } = this;
      let typed = this.value(field);
      let view = await this.host.call('set_field', { draft, field, typed });
      if (this.value(field) === typed) this.#unkept.delete(field);
      this.#take(view);
    });
  }

  async #keepPassword(): Promise<void> {
    let view = await this.host.call('set_password', { draft: this.draft, ...this.#password });
    this.#password = { typed: '', confirmation: '' };
    this.#unkept.delete('password');
    this.#take(view);
  }

  #take(view: DraftView): void {
    this.view = view;
    // What was half typed must not decide between two answers that nobody has seen yet.
    for (let { field } of view.conflicts) {
      this.#typed.delete(field);
      this.#unkept.delete(field);
      this.#keystrokes.drop(field);
    }
    if (!this.isSaving) this.trouble = null;
  }

  #inTurn(act: () => Promise<void>): Promise<boolean> {
    let turn = this.#line.then(act).then(
      () => true,
      (thrown: unknown) => {
        this.trouble = asTrouble(thrown);
        return false;
      },
    );
    this.#line = turn;
    return turn;
  }
}
