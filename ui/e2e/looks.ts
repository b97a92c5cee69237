// One screen in the six ways it can be looked at, and what must hold in each of them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { tooWide, unfit } from './fitness';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'RGAAv4', 'best-practice'];

/** The sizes: a small phone, a phone turned or zoomed to 400 %, a small phone with its text doubled. */
const SIZES = [
  { name: '360×640', width: 360, height: 640, text: 1 },
  { name: '320×256', width: 320, height: 256, text: 1 },
  { name: '200 %', width: 360, height: 640, text: 2 },
] as const;
const SCHEMES = ['light', 'dark'] as const;

const PICTURES = process.env.E2E_PICTURES;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What was looked at so far, for the line at the end. */
export const seen = { screens: 0, views: 0 };
const unsure = new Map<string, number>();

/** Looks at the present screen in its six ways; all that is wrong is told at once. */
export async function look(page: Page, name: string): Promise<void> {
  await test.step(`look: ${name}`, async () => {
    let wrong: string[] = [];
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
    let text = await page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
    let before = page.viewportSize();
    for (let size of SIZES) {
      await page.setViewportSize(size);
      await setText(page, size.text === 1 ? null : text * size.text);
      let misfits = [...(await page.evaluate(tooWide)), ...(await page.evaluate(unfit))];
      wrong.push(...misfits.map((it) => `${size.name}: ${it}`));
      for (let scheme of SCHEMES) {
        await page.emulateMedia({ colorScheme: scheme });
        // For a person who looks: `E2E_PICTURES=FOLDER ./test e2e` keeps each view.
        if (PICTURES) await page.screenshot({ path: `${PICTURES}/${`${name}, ${size.name}, ${scheme}`.replaceAll('/', '-')}.png` });
        wrong.push(...(await axe(page)).map((it) => `${size.name}, ${scheme}: ${it}`));
        seen.views += 1;
      }
    }
    await setText(page, null);
    await page.emulateMedia({ colorScheme: 'light' });
    if (before) await page.setViewportSize(before);
    seen.screens += 1;
    expect.soft(wrong, name).toEqual([]);
  });
}

/** A reviewer's screen, half of it, a small phone, and a screen that is zoomed to 400 %. */
const DESK_WIDTHS = [1280, 800, 360, 320];

/** Looks at a page of the desk: it fits each width, and axe has nothing to say at the widest and the narrowest. */
export async function lookAtDesk(page: Page, name: string): Promise<void> {
  await test.step(`look: ${name}`, async () => {
    let wrong: string[] = [];
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
    for (let width of DESK_WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      wrong.push(...(await page.evaluate(tooWide)).map((it) => `${width}: ${it}`));
      for (let scheme of SCHEMES) {
        await page.emulateMedia({ colorScheme: scheme });
        if (PICTURES) await page.screenshot({ path: `${PICTURES}/${`${name}, ${width}, ${scheme}`.replaceAll('/', '-')}.png`, fullPage: true });
        if (width !== DESK_WIDTHS[0] && width !== DESK_WIDTHS.at(-1)) continue;
        wrong.push(...(await axe(page)).map((it) => `${width}, ${scheme}: ${it}`));
        seen.views += 1;
      }
    }
    seen.screens += 1;
    expect.soft(wrong, name).toEqual([]);
  });
}

/** The size of the root's text, in px; null is the person's own. */
async function setText(page: Page, px: number | null): Promise<void> {
  await page.evaluate((px) => void (document.documentElement.style.fontSize = px === null ? '' : `${px}px`), px);
}

async function axe(page: Page): Promise<string[]> {
  // A bar that stays on top of what is scrolled hides a part of it at each moment; axe sees one moment.
  await page.evaluate(() => document.querySelectorAll('footer').forEach((it) => (it.style.position = 'static')));
  let results = await page.evaluate(async (tags) => {
    // @ts-expect-error put there by evaluating its source
    let { violations, incomplete } = (await window.axe.run(document, { runOnly: { type: 'tag', values: tags } })) as AxeResults;
    return { violations, incomplete };
  }, TAGS);
  await page.evaluate(() => document.querySelectorAll('footer').forEach((it) => (it.style.position = '')));
  for (let { id, nodes } of results.incomplete) {
    let why = nodes.map((it) => `${id}: ${it.any[0]?.data?.messageKey ?? it.any[0]?.id ?? it.all[0]?.id ?? '?'}`);
    for (let it of new Set(why)) unsure.set(it, (unsure.get(it) ?? 0) + 1);
  }
  return results.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((it) => it.html.slice(0, 120)).join(' | ')}`);
}

/** What axe leaves to a person, and in how many views. */
export function tellUnsure(): string {
  return [...unsure].map(([what, views]) => `\n    left to a person: ${what}, in ${views} views`).join('');
}
