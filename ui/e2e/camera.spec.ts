// The photo through a camera that shows what we drew: guided, taken, judged, framed and kept.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { draw, film, type Scene } from './film';
import { Form } from './form';
import { keyboard, quick } from './hands';
import { expect, test as base } from './journey';
import { look, seen, tellUnsure } from './looks';

/** As the camera should see somebody. */
const GOOD: Scene = { face: 0.68 };

type Film = readonly (readonly [Scene, seconds: number])[];

interface Watched {
  /** Opens the photo step in a browser whose camera shows this; without a film there is no camera. */
  watch: (film: Film | null, settings?: { isAllowed?: boolean; hand?: typeof quick }) => Promise<Form>;
}

const test = base.extend<Watched>({
  watch: async ({ browser, stage }, use, info) => {
    let folder = mkdtempSync(join(tmpdir(), 'films-'));
    let opened: Browser[] = [];
    let { launchOptions, contextOptions, ...options } = info.project.use;
    await use(async (parts, { isAllowed = true, hand = quick } = {}) => {
      let path = join(folder, `${opened.length}.mjpeg`);
      if (parts) await film(browser, path, parts);
      let args = parts ? ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${path}`] : [];
      let own = await chromium.launch({ ...launchOptions, args });
      opened.push(own);
      let context = await own.newContext({ ...options, ...contextOptions, permissions: isAllowed ? ['camera'] : [] });
      let page = await context.newPage();
      page.on('filechooser', () => {});
      await page.goto(stage.address);
      let form = new Form(page, hand(page));
      await form.start();
      await page.goto(page.url().replace('charte', 'photo'));
      await form.isAt('photo');
      return form;
    });
    for (let it of opened) await it.close();
    rmSync(folder, { recursive: true, force: true });
  },
});

test.setTimeout(120_000);

test.afterAll(() => {
  console.log(`  ${seen.views} views of ${seen.screens} screens${tellUnsure()}`);
});

/** What is said now, for who looks and for who listens. */
function hint(page: Page, words: string | RegExp) {
  return page.locator('.hint').filter({ hasText: words });
}

async function manual(form: Form): Promise<void> {
  await form.press('Prendre la photo');
  await form.isAt('camera');
  let automatic = form.page.getByRole('switch', { name: 'Déclenchement automatique' });
  if ((await automatic.getAttribute('aria-checked')) === 'true') await form.hand.press(automatic);
}

test('who stands too far away comes closer, holds still, and has a photo', async ({ watch }) => {
  let form = await watch([[{ face: 0.36 }, 6], [GOOD, 12]]);
  let { page } = form;
  await form.press('Prendre la photo');
  await expect(hint(page, 'Approche-toi')).toBeVisible();
  await expect(page.getByRole('status')).toHaveText('Approche-toi');
  await expect(hint(page, 'C’est bon, ne bouge plus')).toBeVisible();
  // Her fringe is a doubt, and never in the way.
  await form.isAt('fairPhoto');
  await form.hand.choose(page.getByRole('checkbox', { name: 'Je suis tête nue' }));
  await expect(page.getByAltText('Ta photo entière, avec le cadre de la carte')).toBeVisible();
  await expect(page.getByText(/^\d+ points réussis$/)).toBeVisible();
  await form.press('Je garde');
  await form.hasPhoto();
  await form.isKept();
  await form.press('Changer de photo');
  await expect(form.button('Prendre la photo')).toBeVisible();
});

const BAD: readonly (readonly [what: string, scene: Scene, words: RegExp])[] = [
  ['in the dark', { ...GOOD, light: 0.18 }, /^Trop sombre/],
  ['too close', { face: 1 }, /^Recule un peu/],
  ['beside the middle', { ...GOOD, across: 0.3 }, /^Va un peu vers ta/],
  ['with the head on one side', { ...GOOD, turn: 16 }, /^Redresse la tête/],
  ['nowhere to be seen', {}, /^Place ton visage dans l’ovale/],
  ['with somebody else', { face: 0.36, twice: true }, /^Une seule personne/],
];

for (let [what, scene, words] of BAD) {
  test(`who is ${what} is told what to do, and no photo takes itself`, async ({ watch }) => {
    let form = await watch([[scene, 4]]);
    await form.press('Prendre la photo');
    await expect(hint(form.page, words)).toBeVisible();
    await form.page.waitForTimeout(1500);
    await form.isAt('camera');
  });
}

test('the engine judges one picture of the camera after the other', async ({ watch }) => {
  let form = await watch([[{ face: 0.36 }, 4]]);
  let asked = 0;
  form.page.on('response', (it) => void (it.request().postData()?.startsWith('{"command":"look"') && asked++));
  await form.press('Prendre la photo');
  await expect(hint(form.page, 'Approche-toi')).toBeVisible();
  asked = 0;
  await form.page.waitForTimeout(3000);
  console.log(`  ${(asked / 3).toFixed(1)} pictures judged a second`);
  // How many is the machine's: more than ten where nothing else runs.
  expect(asked).toBeGreaterThan(1);
});

test('a photo taken in the dark is refused with its reason, then kept in spite of it at the second try', async ({ watch }) => {
  let form = await watch([[{ ...GOOD, light: 0.18 }, 4]]);
  let { page } = form;
  await manual(form);
  await look(page, 'camera, in the dark');
  await form.press('Éclairer avec l’écran');
  await look(page, 'camera, lit by the screen');
  await form.press('Prendre la photo');
  await form.isAt('badPhoto');
  await expect(page.getByRole('heading', { name: 'À changer d’abord' })).toBeVisible();
  await expect(page.getByText('Ta photo est un peu sombre. Tourne-toi vers la fenêtre.')).toBeVisible();
  await expect(form.button('Garder quand même')).toHaveCount(0);
  await look(page, 'proof, refused');
  await form.press('Je recommence');
  await form.isAt('camera');
  await form.press('Prendre la photo');
  await form.isAt('badPhoto');
  await form.press('Garder quand même');
  await form.press('Garder quand même');
  await expect(page.getByText('Écris une phrase pour garder cette photo.')).toBeVisible();
  await look(page, 'proof, kept in spite, no sentence');
  await form.hand.write(form.field('Dis-nous pourquoi, en une phrase'), 'Je ne peux pas sortir de ma chambre.');
  await form.press('Garder quand même');
  await form.hasPhoto();
  await page.goto(page.url().replace('photo', 'verifier'));
  await expect(page.getByText('Je ne peux pas sortir de ma chambre.')).toBeVisible();
});

test('a frame is moved with the keyboard alone, judged as it goes, and applied', async ({ watch }) => {
  let form = await watch(null, { hand: keyboard });
  let { page } = form;
  await form.pick();
  await form.isAt('fairPhoto');
  await look(page, 'proof');
  await form.press('Ajuster');
  await form.isAt('adjust');
  await look(page, 'adjust');
  let verdict = page.getByRole('status');
  let before = await page.locator('.cropped img').getAttribute('style');
  await form.press('Agrandir');
  for (let it = 0; it < 9; it++) await page.keyboard.press('Enter');
  await expect(verdict).toContainText('trop grand');
  await look(page, 'adjust, too large');
  let surface = page.getByRole('group', { name: 'Ta photo dans le cadre' });
  while (!(await surface.evaluate((it) => it === document.activeElement))) await page.keyboard.press('Shift+Tab');
  await expect(async () => {
    await page.keyboard.press('-');
    await expect(verdict).toContainText('Le cadre est bon.', { timeout: 500 });
  }).toPass();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press(']');
  expect(await page.locator('.cropped img').getAttribute('style')).not.toBe(before);
  await form.press('Appliquer');
  await form.press('Je garde');
  await form.hasPhoto();
});

test('a photo of ten megabytes is simply made right', async ({ watch, browser }) => {
  let form = await watch(null);
  let [large] = await draw(browser, [GOOD], { width: 6000, height: 8000 });
  let heavy = padded(large ?? Buffer.alloc(0));
  expect(heavy.length).toBeGreaterThan(10_000_000);
  await form.pick(heavy);
  await expect(form.page.getByText('On regarde ta photo…')).toBeVisible();
  await expect(form.button('Je garde')).toBeVisible({ timeout: 60_000 });
  await form.press('Je garde');
  await form.hasPhoto();
});

test('a camera that is refused leaves the import and another try', async ({ watch }) => {
  let form = await watch([[GOOD, 4]], { isAllowed: false });
  let { page } = form;
  await form.press('Prendre la photo');
  await expect(page.getByText(/^On a besoin de l’appareil photo/)).toBeVisible();
  await look(page, 'camera, why');
  await form.press('Ouvrir l’appareil photo');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('L’appareil photo n’est pas autorisé');
  await look(page, 'camera, refused');
  await form.photo();
});

test('a machine without a camera leads to the import', async ({ watch }) => {
  let form = await watch(null);
  await form.press('Prendre la photo');
  await expect(form.page.getByRole('heading', { level: 1 })).toHaveText('Pas d’appareil photo ici');
  await look(form.page, 'camera, none');
  await form.photo();
});

test('the phone’s own way back closes the camera, then leaves the step', async ({ watch }) => {
  let form = await watch([[{ face: 0.36 }, 4]]);
  await form.press('Prendre la photo');
  await expect(hint(form.page, 'Approche-toi')).toBeVisible();
  await form.page.goBack();
  await form.isAt('photo');
  await expect(form.button('Prendre la photo')).toBeVisible();
});

/** The same picture with a comment that makes it as heavy as a phone's. */
function padded(jpeg: Buffer): Buffer {
  let most = 65_000;
  let comment = Buffer.alloc(most + 2, 0x20);
  comment.writeUInt16BE(0xfffe, 0);
  comment.writeUInt16BE(most, 2);
  let wanted = Math.max(0, Math.ceil((10_500_000 - jpeg.length) / comment.length));
  return Buffer.concat([jpeg.subarray(0, 2), ...Array<Buffer>(wanted).fill(comment), jpeg.subarray(2)]);
}
