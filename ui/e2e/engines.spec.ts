// The screens of `./run --demo` in Chromium, each beside the demo's own picture of it, for a person who looks. After a demo:
// E2E_ENGINES=FOLDER ./run --staged npm --prefix ui run --silent e2e -- engines.spec.ts
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { decide } from './desk';
import { Form } from './form';
import { quick } from './hands';
import { expect, test } from './journey';
import { lina } from './people';

const FOLDER = process.env['E2E_ENGINES'];
/** Where the demo leaves its pictures of WebKit's window. */
const WEBKIT = process.env['PASSREGION_SCREENS'] ?? join(homedir(), '.cache/passregion/screens');

test.skip(!FOLDER, 'nobody looks');
test.use({ viewport: { width: 390, height: 780 }, deviceScaleFactor: 1 });

/** Puts the present screen beside WebKit's picture of this name. */
async function beside(page: Page, name: string): Promise<void> {
  let webkit = readdirSync(WEBKIT).find((it) => it.replace(/^\d+-/, '') === `${name}.png`);
  expect.soft(webkit, `the demo has no picture « ${name} »`).toBeDefined();
  if (!webkit || !FOLDER) return;
  let pictures = [readFileSync(join(WEBKIT, webkit)), await page.screenshot()];
  let sheet = await page.context().newPage();
  await sheet.setViewportSize({ width: 800, height: 780 });
  let images = pictures.map((it) => `<img src="data:image/png;base64,${it.toString('base64')}">`);
  await sheet.setContent(`<style>body { margin: 0; display: flex; justify-content: space-between; background: #808 }</style>${images.join('')}`);
  await sheet.screenshot({ path: join(FOLDER, webkit) });
  await sheet.close();
}

test('each screen of the demo is beside its picture in the other engine', async ({ page, stage }) => {
  mkdirSync(FOLDER ?? '', { recursive: true });
  await page.goto(stage.address);
  let form = new Form(page, quick(page));
  await form.isAt('landing');
  await beside(page, 'landing');
  await form.hand.press(page.getByRole('link', { name: 'Partenaires près de moi' }));
  await form.hand.write(page.getByRole('combobox'), 'aurilac');
  await form.hand.pick(page.getByRole('option', { name: /Aurillac/ }));
  await expect(page.getByText('Du plus proche au plus loin')).toBeVisible();
  await beside(page, 'partners');
  await page.getByText('Carte', { exact: true }).click();
  await expect(page.locator('canvas')).toBeVisible();
  await beside(page, 'map');
  await form.press('Retour');
  await form.hand.press(page.getByRole('link', { name: 'Questions fréquentes' }));
  await expect(page.getByText(/^\d+ questions$/)).toBeVisible();
  await beside(page, 'questions');
  await form.press('Retour');

  await form.start();
  await beside(page, 'charter');
  await form.charter();
  await form.press('Continuer');
  await expect(page.getByRole('alert').first()).toBeVisible();
  await beside(page, 'identity-refused');
  await form.identity(lina);
  await form.isKept();
  await beside(page, 'identity');
  await form.next('account');
  await form.account({ ...lina, email: 'lina.moreau@gmial.com' });
  await expect(page.getByText('Voulais-tu dire')).toBeVisible();
  await beside(page, 'account-hint');
  await form.account(lina);
  await form.next('contact');
  await form.contact(lina);
  await form.field('Commune').scrollIntoViewIfNeeded();
  await beside(page, 'contact');
  await form.next('school');
  await form.school(lina);
  await beside(page, 'school');
  await form.next('track');
  await form.track(lina);
  await beside(page, 'track');
  await form.next('photo');
  await form.pick();
  await expect(form.button('Je garde')).toBeVisible();
  await beside(page, 'proof');
  await form.press('Je garde');
  await form.hasPhoto();
  await beside(page, 'photo');
  await form.next('sending');
  await form.sending(lina);
  await beside(page, 'sending');
  await form.next('check');
  await beside(page, 'check');
  await form.deposit();
  await beside(page, 'deposited');

  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
  await beside(page, 'received');
  await form.hand.press(page.getByRole('link', { name: 'Document à rendre' }));
  await form.press('Enregistrer en PDF');
  await expect(page.getByText('Enregistré dans tes téléchargements.')).toBeVisible();
  await beside(page, 'slip-saved');
  await form.press('Retour');
  await decide(stage.server, /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(page.url())?.[0] ?? '', 'accept');
  await stage.sync();
  await form.isAt('accepted');
  await beside(page, 'accepted');
  await form.press('Voir ma carte');
  await form.isAt('card');
  await expect(page.locator('#card-state')).toHaveText('Active');
  await beside(page, 'card');
});
