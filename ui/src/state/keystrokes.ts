// Each letter on its way to the phone, before its field is kept: one at a time for each field.
import type { Field } from '../host/commands.gen';

/**
 * Tells what a field says, letter after letter, in order. While one is under way the next wait, and
 * only the last of them leaves: nobody's typing waits for the disk.
 */
export class Keystrokes {
  #waiting = new Map<Field, string>();
  #underWay = new Map<Field, Promise<void>>();
  #held = new Set<Field>();

  constructor(private readonly tell: (field: Field, typed: string) => Promise<unknown>) {}

  /** The field says this now. */
  type(field: Field, typed: string): void {
    this.#waiting.set(field, typed);
    this.#go(field);
  }

  /** What was typed in a field and has not left yet does not matter any more. */
  drop(field: Field): void {
    this.#waiting.delete(field);
  }

  /** Acts while no letter of this field is under way: one that came later would undo what is kept. */
  async apart<T>(field: Field, act: () => Promise<T>): Promise<T> {
    this.#held.add(field);
    try {
      await this.#underWay.get(field);
      // Whoever keeps the field keeps what it says by now.
      this.drop(field);
      return await act();
    } finally {
      this.#held.delete(field);
      this.#go(field);
    }
  }

  #go(field: Field): void {
    if (this.#held.has(field) || this.#underWay.has(field) || !this.#waiting.has(field)) return;
    this.#underWay.set(field, this.#send(field));
  }

  async #send(field: Field): Promise<void> {
    let typed = this.#waiting.get(field) ?? '';
    this.#waiting.delete(field);
    // A phone that cannot keep a letter says so when the field is kept.
    await this.tell(field, typed).catch(() => {});
    this.#underWay.delete(field);
    this.#go(field);
  }
}
