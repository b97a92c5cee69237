// A first application without network, from the first screen to the Region's receipt.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { startCount, Thinking } from './count';
import { Form } from './form';
import { thumb } from './hands';
import { expect, test } from './journey';
import { look } from './looks';
import { lina } from './people';

const NUMBER = /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}$/;
const MOST_TAPS = 40;
const MOST_SECONDS = 210;
/** Wished for, not demanded: a mail address that is typed twice has its own length. */
const WISHED_KEYS = 130;

test('Lina applies with her thumb and without network, and is received when the network is back', async ({ page, stage }) => {
  await startCount(page);
  await page.goto(stage.address);
  let hand = new Thinking(thumb(page));
  let form = new Form(page, hand);
  // In a hurry: the shortest password that is taken.
  await form.fillIn({ ...lina, password: 'volcan gris9' });
  await form.deposit();

  let { taps, keys, thoughts, seconds } = await hand.count(page);
  console.log(`  ${taps} taps (${MOST_TAPS}), ${keys} keys (wished ${WISHED_KEYS}), ${thoughts} thoughts: ${seconds} s by the keystroke-level model (${MOST_SECONDS})`);
  expect(taps).toBeLessThanOrEqual(MOST_TAPS);
  expect(seconds).toBeLessThanOrEqual(MOST_SECONDS);

  await expect(page.getByText('Gardé sur ce téléphone. Ta demande partira dès que tu auras du réseau.')).toBeVisible();
  await form.press('Afficher le numéro');
  await expect(page.getByText(NUMBER)).toBeVisible();

  await opensSlip(page, form);
  await expect(page.getByText('La Région n’a pas encore reçu ta demande.', { exact: false })).toBeVisible();
  await look(page, 'slip, not received');
  await form.press('Retour');

  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
  await expect(page.getByText(/^Reçu par la Région, \d\d:\d\d$/)).toBeVisible();
  await opensSlip(page, form);
  await look(page, 'slip');
  let kept = page.waitForEvent('download');
  await form.press('Enregistrer en PDF');
  let pdf = readFileSync(await (await kept).path(), 'latin1');
  let number = await page.getByText(NUMBER).textContent();
  expect(pdf).toMatch(/^%PDF-/);
  expect(pdf).toContain(`(${number}) Tj`);
});

/** The document for the school, from the dossier. */
async function opensSlip(page: Page, form: Form) {
  await form.hand.press(page.getByRole('link', { name: 'Document à rendre' }));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Document à rendre');
  await expect(page.getByAltText('Code de ton numéro de dossier')).toBeVisible();
  await expect(page.getByText(NUMBER)).toBeVisible();
}
