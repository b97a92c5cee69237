// The size, touch and safe areas of an iPhone, on a slow one: island and home bar are never written on, and the back
// gesture goes through every step with what was typed. The engine is Chromium's: an iPhone's own is in docs/MOBILE.md.
import { devices, type Page } from '@playwright/test';
import { thumb } from './hands';
import { Form, H1, type Screen } from './form';
import { expect, test } from './journey';
import { lina } from './people';

const { defaultBrowserType: _, ...iphone } = devices['iPhone 15'];
test.use(iphone);
test.setTimeout(240_000);

/** What the island and the bar for the thumb take of an iPhone 15 that is held upright, in points. */
const SAFE = { top: 59, topMax: 59, bottom: 34, bottomMax: 34, left: 0, leftMax: 0, right: 0, rightMax: 0 };

/** A phone with an island, four times slower than this machine. */
async function becomeSlowIphone(page: Page): Promise<void> {
  let session = await page.context().newCDPSession(page);
  await session.send('Emulation.setSafeAreaInsetsOverride', { insets: SAFE });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}

/** What can be read or pressed under the island or the bar, when the page is at its top and at its end. */
function underTheHardware({ top, bottom }: { top: number; bottom: number }): string[] {
  let wrong = new Set<string>();
  let parts = [...document.querySelectorAll<HTMLElement>('h1, p, a, button, input, select, label, summary, li')];
  for (let end of [false, true]) {
    scrollTo(0, end ? document.documentElement.scrollHeight : 0);
    for (let part of parts) {
      let { top: from, bottom: to, width, height } = part.getBoundingClientRect();
      if (!width || !height || !part.checkVisibility({ visibilityProperty: true })) continue;
      // What is scrolled goes below the hardware on its way; at each end of the page nothing may be left there.
      let lost = end ? to > innerHeight - bottom + 1 && from < innerHeight : from < top - 1 && to > 0;
      if (lost) wrong.add(`${end ? 'bar' : 'island'}: ${part.tagName} « ${(part.textContent ?? '').trim().slice(0, 40)} »`);
    }
  }
  scrollTo(0, 0);
  return [...wrong];
}

test('on a slow iPhone nothing is under island or bar, and the back gesture goes through every step', async ({ page, stage }) => {
  await page.goto(stage.address);
  await becomeSlowIphone(page);
  let form = new Form(page, thumb(page));
  let steps: Screen[] = [];
  await form.fillIn(lina, async (screen) => {
    steps.push(screen);
    expect.soft(await page.evaluate(underTheHardware, SAFE), screen).toEqual([]);
  });

  // Back through all of them, forward through all of them: no answer is lost, and no step is left out.
  for (let screen of steps.slice(0, -1).reverse()) {
    await page.goBack();
    await expect(page.getByRole('heading', { level: 1 }), `back to ${screen}`).toHaveText(H1[screen]);
  }
  await page.goBack();
  await form.isAt('landing');
  await expect(form.button(/^Lina Moreau/)).toContainText('brouillon');
  for (let screen of steps) {
    await page.goForward();
    await expect(page.getByRole('heading', { level: 1 }), `forward to ${screen}`).toHaveText(H1[screen]);
    if (screen === 'identity') await expect(form.field('Nom')).toHaveValue(lina.familyName);
    if (screen === 'contact') await expect(form.field('Adresse')).toHaveValue(lina.address);
  }
  await form.deposit();
  expect.soft(await page.evaluate(underTheHardware, SAFE), 'ready').toEqual([]);
});

test('a phone that goes in and out of the network keeps what is typed and sends it once', async ({ page, stage, context }) => {
  await page.goto(stage.address);
  await becomeSlowIphone(page);
  let form = new Form(page, thumb(page));
  await stage.server.start();
  let without = false;
  await form.fillIn(lina, async () => {
    without = !without;
    // The web view learns of it; the engine asks for itself.
    await page.evaluate((online) => {
      Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => online });
      dispatchEvent(new Event(online ? 'online' : 'offline'));
    }, !without);
    if (without) await stage.server.stop();
    else await stage.server.start();
  });
  await form.isAt('check');
  await expect(page.getByText(lina.email)).toBeVisible();
  if (without) await stage.server.start();
  await form.press('Déposer ma demande');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Ta demande est (déposée|arrivée)$/);
  if ((await page.getByRole('heading', { level: 1 }).textContent()) === H1.ready) {
    let send = form.button('Envoyer maintenant');
    if (await send.isVisible()) await send.tap().catch(() => {});
  }
  await form.isAt('received');
  expect(context.pages().length).toBe(1);
});
