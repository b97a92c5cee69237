// The ways to drive a screen: quickly, with a thumb, or with the keyboard alone.
import { expect, type FileChooser, type Locator, type Page } from '@playwright/test';

/** What somebody does on a screen, however they do it. */
export interface Hand {
  /** Types into a field, in place of what stands there. */
  write(field: Locator, text: string): Promise<void>;
  /** Types into lines that are one thing together, as the parts of a date. */
  writes(lines: [field: Locator, text: string][]): Promise<void>;
  /** Presses a button or follows a link. */
  press(button: Locator): Promise<void>;
  /** Presses buttons that are one thing together, as the digits of a code. */
  taps(buttons: Locator[]): Promise<void>;
  /** Ticks a box, or picks one radio of its group. */
  choose(choice: Locator): Promise<void>;
  /** Picks one entry of the list that an open combobox shows. */
  pick(entry: Locator): Promise<void>;
  /** Opens the chooser of files. */
  browse(input: Locator): Promise<FileChooser>;
}

/** Fills whole fields at once: for the journeys that are about something else. */
export function quick(page: Page): Hand {
  return {
    write: (field, text) => field.fill(text),
    writes(lines) {
      return each(lines, ([field, text]) => this.write(field, text));
    },
    press: (button) => button.click(),
    taps: (buttons) => each(buttons, (button) => button.click()),
    choose: (choice) => choice.check(),
    pick: (entry) => entry.click(),
    async browse(input) {
      let chooser = page.waitForEvent('filechooser');
      await input.evaluate((it: HTMLInputElement) => it.click());
      return chooser;
    },
  };
}

/** Taps and types key by key, as one does on a phone. */
export function thumb(page: Page): Hand {
  return {
    async write(field, text) {
      // A field that has the focus already needs no tap; « suivant » on the keyboard leads to the next one.
      if (await isNext(field)) await page.keyboard.press('Tab');
      else if (!(await isFocused(field))) await field.tap();
      await page.keyboard.type(text);
    },
    writes(lines) {
      return each(lines, ([field, text]) => this.write(field, text));
    },
    press: (button) => button.tap(),
    taps: (buttons) => each(buttons, (button) => button.tap()),
    choose: (choice) => underThumb(choice).then((it) => it.tap()),
    pick: (entry) => entry.tap(),
    async browse(input) {
      let chooser = page.waitForEvent('filechooser');
      await (await underThumb(input)).tap();
      return chooser;
    },
  };
}

/** Tab, Enter, Space and arrows; whatever has the focus on the way must show it. */
export function keyboard(page: Page): Hand {
  let keys = page.keyboard;
  return {
    async write(field, text) {
      await reach(page, field);
      await keys.press('Control+A');
      await keys.type(text);
    },
    writes(lines) {
      return each(lines, ([field, text]) => this.write(field, text));
    },
    async press(button) {
      await reach(page, button);
      await keys.press('Enter');
    },
    taps: (buttons) =>
      each(buttons, async (button) => {
        await reach(page, button);
        await keys.press('Enter');
      }),
    async choose(choice) {
      if ((await choice.getAttribute('type')) === 'radio') return chooseRadio(page, choice);
      await reach(page, choice);
      await keys.press('Space');
    },
    async pick(entry) {
      // An answer that comes late moves the choice again: who looks at the screen goes on until it is taken.
      await expect(async () => {
        if ((await entry.getAttribute('aria-selected')) === 'true') await keys.press('Enter');
        else await keys.press('ArrowDown');
        await expect(entry).toBeHidden({ timeout: 50 });
      }).toPass({ intervals: [50] });
    },
    async browse(input) {
      await reach(page, input);
      let chooser = page.waitForEvent('filechooser');
      await keys.press('Enter');
      return chooser;
    },
  };
}

async function each<T>(things: T[], act: (thing: T) => Promise<void>): Promise<void> {
  for (let thing of things) await act(thing);
}

/** Whether this line comes right after the one that is typed in. */
function isNext(field: Locator): Promise<boolean> {
  return field.evaluate((it) => {
    let stops = [...document.querySelectorAll<HTMLElement>('input, select, textarea, button, a[href]')].filter((stop) => stop.checkVisibility());
    let at = stops.indexOf(document.activeElement as HTMLElement);
    return at >= 0 && stops[at]?.matches('input:not([type="radio"], [type="checkbox"])') === true && stops[at + 1] === it;
  });
}

/** More stops than any screen has: who is still on the way after them is trapped. */
const MOST_STOPS = 120;

/** Presses Tab until this has the focus. */
async function reach(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor({ state: 'attached' });
  if (await isFocused(wanted)) return;
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press('Tab');
    await expectVisibleFocus(page);
    if (await isFocused(wanted)) return;
  }
  throw new Error(`Tab never reaches ${wanted}`);
}

async function chooseRadio(page: Page, choice: Locator): Promise<void> {
  await choice.waitFor();
  let name = await choice.getAttribute('name');
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    let isInGroup = await page.evaluate((name) => (document.activeElement as HTMLInputElement).name === name, name);
    if (isInGroup) break;
    await page.keyboard.press('Tab');
    await expectVisibleFocus(page);
  }
  await page.keyboard.press('Space');
  for (let step = 0; step < MOST_STOPS && !(await choice.isChecked()); step++) {
    await page.keyboard.press('ArrowDown');
    await expectVisibleFocus(page);
  }
  await expect(choice).toBeChecked();
}

/** Where the focus is must be seen: an outline of 2 px or more on it, or on the box around it. */
async function expectVisibleFocus(page: Page): Promise<void> {
  let seen = await page.evaluate(() => {
    let focused = document.activeElement;
    if (!focused || focused === document.body) return 'out of the page';
    let outlined = (it: Element) => {
      let { outlineStyle, outlineWidth } = getComputedStyle(it);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    };
    let labels = [...((focused as HTMLInputElement).labels ?? [])];
    let around = [focused, focused.parentElement, ...labels];
    if (around.some((it) => it && outlined(it))) return 'seen';
    return `unseen: ${focused.outerHTML.slice(0, 200)}`;
  });
  expect(seen, 'the focus is seen').not.toContain('unseen');
}

function isFocused(it: Locator): Promise<boolean> {
  return it.evaluate((element) => element === document.activeElement);
}

/** What a thumb meets: the control itself, or its label where the control is only heard. */
async function underThumb(input: Locator): Promise<Locator> {
  let box = await input.boundingBox();
  if (box && box.width > 2) return input;
  return input.page().locator(`label[for="${await input.getAttribute('id')}"]`);
}
