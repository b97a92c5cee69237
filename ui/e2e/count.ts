// How much work an application is: taps and keys as the page really gets them, and the time that
// the keystroke-level model makes of them.
import type { FileChooser, Locator, Page } from '@playwright/test';
import type { Hand } from './hands';

/** Seconds, for a person who knows where things are. */
const KEY = 0.35;
const TAP = 1.1;
/** The pause before each new thing: which field is it, what do I answer, is that right? */
const THOUGHT = 1.35;

/** In the phone's own chooser, which is not ours: the picture, then « OK ». */
const TAPS_IN_CHOOSER = 2;

export interface Count {
  /** Lines written, and boxes and entries chosen. */
  inputs: number;
  taps: number;
  keys: number;
  thoughts: number;
  seconds: number;
}

declare global {
  interface Window {
    counted: { taps: number; keys: number };
  }
}

/** Counts on every page that opens from now on. */
export async function startCount(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.counted = { taps: 0, keys: 0 };
    addEventListener('pointerdown', (event) => void (event.isTrusted && window.counted.taps++), { capture: true });
    addEventListener('keydown', (event) => void (event.isTrusted && window.counted.keys++), { capture: true });
  });
}

/** A hand that thinks before each thing it does. */
export class Thinking implements Hand {
  inputs = 0;
  thoughts = 0;
  chosenFiles = 0;
  readonly #hand: Hand;

  constructor(hand: Hand) {
    this.#hand = hand;
  }

  write(field: Locator, text: string): Promise<void> {
    return this.#answer(() => this.#hand.write(field, text));
  }

  writes(lines: [field: Locator, text: string][]): Promise<void> {
    this.inputs += lines.length - 1;
    return this.#answer(() => this.#hand.writes(lines));
  }

  press(button: Locator): Promise<void> {
    return this.#after(() => this.#hand.press(button));
  }

  taps(buttons: Locator[]): Promise<void> {
    return this.#after(() => this.#hand.taps(buttons));
  }

  choose(choice: Locator): Promise<void> {
    return this.#answer(() => this.#hand.choose(choice));
  }

  pick(entry: Locator): Promise<void> {
    return this.#answer(() => this.#hand.pick(entry));
  }

  browse(input: Locator): Promise<FileChooser> {
    this.chosenFiles += 1;
    return this.#after(() => this.#hand.browse(input));
  }

  async count(page: Page): Promise<Count> {
    let { taps, keys } = await page.evaluate(() => window.counted);
    taps += this.chosenFiles * TAPS_IN_CHOOSER;
    let { inputs, thoughts } = this;
    return { inputs, taps, keys, thoughts, seconds: Math.round(taps * TAP + keys * KEY + thoughts * THOUGHT) };
  }

  #answer<T>(act: () => Promise<T>): Promise<T> {
    this.inputs += 1;
    return this.#after(act);
  }

  #after<T>(act: () => Promise<T>): Promise<T> {
    this.thoughts += 1;
    return act();
  }
}
