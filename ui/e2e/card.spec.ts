// The card in the hands of who holds it, and under the camera of who verifies it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decide } from './desk';
import { filmed, seeing } from './film';
import type { Form } from './form';
import { expect, test } from './journey';
import { look, seen, tellUnsure } from './looks';
import { lina } from './people';
import type { Stage } from './stage';

test.setTimeout(240_000);

test.afterAll(() => {
  console.log(`  ${seen.views} views of ${seen.screens} screens${tellUnsure()}`);
});

const CODE = 'Code à présenter au partenaire';

/** From an empty form to the card on the screen; ends with the network there. */
async function withCard(form: Form, stage: Stage): Promise<string> {
  await form.fillIn(lina);
  await form.deposit();
  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
  let draft = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(form.page.url())?.[0] ?? '';
  await stage.sync();
  await form.hand.press(form.page.getByRole('link', { name: 'Voir ma carte provisoire' }));
  await form.isAt('card');
  await expect(form.page.getByText(/^Demande déposée, non validée/)).toBeVisible();
  await expect(form.page.getByAltText(CODE)).toBeVisible();
  await look(form.page, 'card, provisional');
  await decide(stage.server, draft, 'accept');
  await stage.sync();
  await expect(form.page.locator('#card-state')).toHaveText('Active');
  return draft;
}

test('a code that one page shows is good under the camera of another, once, and not a minute later', async ({ form, page, stage }) => {
  await withCard(form, stage);
  // No network from here on.
  await stage.server.stop();
  let folder = mkdtempSync(join(tmpdir(), 'codes-'));
  let path = join(folder, 'code.mjpeg');
  let { browser, form: partner } = await seeing(stage, path);
  await partner.hand.press(partner.page.getByRole('link', { name: 'Vérifier une carte' }));
  await expect(partner.button('Lire le code')).toBeVisible();
  // Just before the camera starts: what it sees is good for half a minute.
  let show = async () => writeFileSync(path, await filmed(page, [(await page.getByAltText(CODE).getAttribute('src')) ?? '']));
  let isTold = (title: string) => expect(partner.page.getByRole('heading', { level: 1 })).toHaveText(title);
  await show();
  await partner.press('Lire le code');
  await isTold('Carte valable');
  await expect(partner.page.getByRole('heading', { name: 'Lina Moreau' })).toBeVisible();
  await partner.press('Vérifier une autre carte');
  await isTold('Code déjà lu');
  await look(partner.page, 'verdict, seen before');
  // What a camera filmed is worth nothing a minute later.
  await partner.page.waitForTimeout(60_000);
  await partner.press('Vérifier une autre carte');
  await isTold('Code périmé');
  await look(partner.page, 'verdict, filmed');
  await show();
  await partner.press('Vérifier une autre carte');
  await isTold('Carte valable');
  await look(partner.page, 'verdict, good');
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the photo that one page gives comes out on another beside its card, and no other photo does', async ({ form, page, stage }) => {
  await withCard(form, stage);
  await stage.server.stop();
  let folder = mkdtempSync(join(tmpdir(), 'codes-'));
  let path = join(folder, 'codes.mjpeg');
  let { browser, form: partner } = await seeing(stage, path);
  await partner.hand.press(partner.page.getByRole('link', { name: 'Vérifier une carte' }));
  await expect(partner.button('Lire le code')).toBeVisible();
  let isTold = (title: string) => expect(partner.page.getByRole('heading', { level: 1 })).toHaveText(title, { timeout: 60_000 });
  writeFileSync(path, await filmed(page, [(await page.getByAltText(CODE).getAttribute('src')) ?? '']));
  await partner.press('Lire le code');
  await isTold('Carte valable');

  // The codes turn by themselves: each is taken off the screen as it comes.
  await form.hand.press(page.getByRole('link', { name: 'Montrer ma photo' }));
  let of = Number(/\d+$/.exec(await page.getByText(/^Code \d sur \d$/).innerText())?.[0]);
  let codes = new Set<string>();
  let take = async () => codes.add((await page.getByAltText('Code de ta photo').getAttribute('src')) ?? '').size;
  await expect.poll(take, { intervals: [200], timeout: 30_000 }).toBe(of);
  console.log(`  ${of} codes of a photo`);
  await form.press('Arrêter');
  await look(page, 'card, photo given');
  // Under the camera it is still the card's own code at first: nothing is made of it.
  await partner.press('Comparer la photo');
  await partner.page.waitForTimeout(2_000);
  await isTold('Lire les codes');
  await partner.press('Retour');
  await look(partner.page, 'verdict, photo asked');
  writeFileSync(path, await filmed(page, [...codes]));
  await partner.press('Lire les codes');
  await expect(partner.page.getByRole('status')).toHaveText(/^\d.codes? sur \d$/, { timeout: 60_000 });
  await isTold('Comparer avec la personne');
  let photo = partner.page.getByAltText('Photo de Lina Moreau');
  await expect(photo).toBeVisible();
  expect(await photo.evaluate((it: HTMLImageElement) => [it.naturalWidth, it.naturalHeight])).toEqual([112, 144]);
  await look(partner.page, 'verdict, photo compared');

  // A code of some other photo, pasted: it is never shown.
  await partner.press('Retour');
  await isTold('Carte valable');
  await partner.press('Comparer la photo');
  await partner.press('Retour');
  await partner.hand.write(partner.field('Code écrit ou collé'), 'PRV1:10000000010');
  await partner.press('Ajouter ce code');
  await isTold('Ce n’est pas la photo de cette carte');
  await expect(photo).toHaveCount(0);
  await look(partner.page, 'verdict, another photo');
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a lost card that was found is taken back, on the phone alone or at the Region, and not once the new one is made', async ({ form, page, stage }) => {
  let draft = await withCard(form, stage);
  let lost = async () => {
    await form.press('Carte perdue, volée ou abîmée');
    await form.hand.choose(page.getByRole('radio', { name: 'Je l’ai perdue' }));
    await form.press('Continuer');
    await expect(page.getByText('La Région te le confirmera.')).toHaveCount(2);
    await form.press('Confirmer le duplicata');
  };
  // Without network it never leaves the phone, and is dropped there.
  await stage.server.stop();
  await lost();
  await expect(page.getByText('Duplicata en attente')).toBeVisible();
  await form.press('Je l’ai retrouvée');
  await expect(page.getByText('Duplicata annulé')).toBeVisible();
  await look(page, 'card, duplicate undone');

  await stage.server.start();
  await lost();
  await stage.sync();
  await expect(page.getByText('Duplicata demandé')).toBeVisible();
  await expect(page.getByText(/^Carte retrouvée/)).toBeVisible();
  await look(page, 'card, duplicate requested');
  await stage.server.stop();
  await form.press('Je l’ai retrouvée');
  await expect(page.getByRole('alert')).toContainText('Il faut du réseau pour annuler');
  await look(page, 'card, duplicate not undone');
  await stage.server.start();
  await form.press('Je l’ai retrouvée');
  await expect(page.getByText('Duplicata annulé')).toBeVisible();
  await expect(page.locator('#card-state')).toHaveText('Active');
  await expect(page.getByAltText(CODE)).toBeVisible();

  await lost();
  await stage.sync();
  await decide(stage.server, draft, 'card', { stage: 'in_production' });
  await stage.sync();
  await expect(page.getByText(/^C’est trop tard pour l’annuler/)).toBeVisible();
  await expect(form.button('Je l’ai retrouvée')).toHaveCount(0);
  await look(page, 'card, duplicate too late');
});

test('what is left of each benefit stands on the phone with its day, without network too', async ({ form, page, stage }) => {
  let draft = await withCard(form, stage);
  await decide(stage.server, draft, 'movement', { benefit: 'BAFA', kind: 'granted', amount: '200' });
  await decide(stage.server, draft, 'movement', { benefit: 'BAFA', kind: 'spent', amount: '49,90' });
  await stage.sync();
  await stage.server.stop();
  await form.hand.press(page.getByRole('link', { name: 'Mes avantages' }));
  await expect(page.getByText(/^Ce qu’il te reste, au \d/)).toBeVisible();
  await expect(page.getByText(/^Il te reste 150,10\s€$/)).toBeVisible();
  await look(page, 'benefits');
});

test('the code on the screen renews itself, and the ground moves unless somebody wants it still', async ({ form, page, stage }) => {
  await withCard(form, stage);
  let code = page.getByAltText(CODE);
  let first = await code.getAttribute('src');
  await expect.poll(() => code.getAttribute('src'), { timeout: 20_000 }).not.toBe(first);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  let moves = () => page.locator('.moves').evaluate((it) => getComputedStyle(it).animationName);
  expect(await moves()).not.toBe('none');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await moves()).toBe('none');
  await expect(page.getByText(/^(Heure de ce téléphone )?\d\d:\d\d:\d\d$/)).toBeVisible();
  await form.hand.press(page.getByRole('link', { name: 'Imprimer ma carte' }));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ma carte à imprimer');
  await expect(page.getByAltText(CODE)).toBeVisible();
  await look(page, 'card, to print');
});

test('anyone verifies a card from the landing, and is told what to do when nothing was fetched yet', async ({ form, page }) => {
  await form.hand.press(page.getByRole('link', { name: 'Vérifier une carte' }));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vérifier une carte');
  await look(page, 'verify');
  await form.press('Vérifier');
  await expect(form.field('Code écrit ou collé')).toHaveAttribute('aria-invalid', 'true');
  await look(page, 'verify, refused');
  await form.hand.write(form.field('Code écrit ou collé'), 'https://example.org');
  await form.press('Vérifier');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ce n’est pas une carte');
  await look(page, 'verdict, no card');
  await form.press('Retour');
  await form.hand.write(form.field('Code écrit ou collé'), 'PR1:ABC');
  await form.press('Vérifier');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vérification impossible');
  await look(page, 'verdict, nothing fetched');
});
