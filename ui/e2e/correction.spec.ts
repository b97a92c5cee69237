// The Region asks for something again: it is mended without network, and comes back to the same desk.
import { atTheDesk, decide } from './desk';
import type { Form } from './form';
import { expect, test } from './journey';
import { look, lookAtDesk, seen, tellUnsure } from './looks';
import { lina } from './people';
import type { Stage } from './stage';

test.setTimeout(240_000);

test.afterAll(() => {
  console.log(`  ${seen.views} views of ${seen.screens} screens${tellUnsure()}`);
});

const NOTE = 'Il manque le bâtiment, et on te voit mal.';

/** Lina's dossier, at the Region; what names it. */
async function received(form: Form, stage: Stage): Promise<string> {
  await form.fillIn(lina);
  await form.deposit();
  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
  return /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(form.page.url())?.[0] ?? '';
}

async function refused(form: Form, act: string): Promise<void> {
  await form.press(act);
  await expect(form.page.getByRole('alert')).toBeFocused();
}

test('Lina mends her address and her photo without network, and sees what becomes of her dossier', async ({ form, page, stage }) => {
  let dossier = await received(form, stage);
  await decide(stage.server, dossier, 'take');
  await stage.sync();
  await form.isAt('inReview');
  await look(page, 'dossier, in review');
  await decide(stage.server, dossier, 'correct', { topics: ['address', 'photo'], reasons: ['TROP_SOMBRE'], note: NOTE });
  await stage.sync();
  await form.isAt('toCorrect');
  await expect(page.getByText(NOTE)).toBeVisible();
  await look(page, 'dossier, to correct');
  await page.goto(page.url().replace(/#.*/, '#/espace'));
  await expect(form.button(/^Lina Moreau.*à corriger/)).toBeVisible();
  await look(page, 'my space, to correct');
  await form.press(/^Lina Moreau/);
  await form.isAt('toCorrect');

  // No network from here on.
  await stage.server.stop();
  await form.press('Corriger ma demande');
  await expect(form.field('Adresse')).toHaveValue('12 rue Blatin');
  await expect(form.field('Téléphone')).toHaveCount(0);
  await look(page, 'correction, address');
  await form.hand.write(form.field('Code postal'), '');
  await refused(form, 'Continuer');
  await look(page, 'correction, address refused');
  await form.hand.write(form.field('Code postal'), lina.postalCode);
  await expect(form.field('Commune').getByRole('option', { selected: true })).toHaveText(lina.town);
  await form.press('Compléter mon adresse');
  await form.hand.write(form.field(/^Bâtiment/), 'B');
  await form.next('photo');
  await expect(page.getByText('La photo est trop sombre.', { exact: false })).toBeVisible();
  await look(page, 'correction, photo');
  await refused(form, 'Continuer');
  await look(page, 'correction, the same photo');
  await form.pick();
  await form.press('Ajuster');
  await form.isAt('adjust');
  for (let times = 0; times < 2; times += 1) await form.press('Monter');
  await form.press('Appliquer');
  await form.press('Je garde');
  await form.hasPhoto();
  await form.next('checkCorrection');
  await expect(page.getByText('(inchangé)').first()).toBeVisible();
  await look(page, 'correction, check');
  // The app is killed, and finds it as it was.
  await stage.killEngine();
  await stage.startEngine();
  await page.reload();
  await form.isAt('checkCorrection');
  await form.press('Envoyer ma correction');
  await form.isAt('toCorrect');
  await expect(page.getByText(/^Ta correction est gardée sur ce téléphone/)).toBeVisible();
  await look(page, 'dossier, correction waits');
  // The way back leads into no form any more.
  await page.goBack();
  await form.isAt('landing');
  await page.goForward();
  await form.isAt('toCorrect');

  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('inReview');
  await expect(page.getByText('Corrigée')).toBeVisible();
  await look(page, 'dossier, corrected');
  let desk = await atTheDesk(page, stage.server, `/desk/dossiers/${dossier}`);
  await expect(desk.getByRole('heading', { name: 'Ce que l’élève a corrigé' })).toBeVisible();
  await expect(desk.getByAltText('Ancienne photo d’identité')).toBeVisible();
  await expect(desk.getByRole('row', { name: /^Bâtiment rien B/ })).toBeVisible();
  await lookAtDesk(desk, 'desk, corrected');
  await desk.getByRole('link', { name: '← File d’attente' }).click();
  await expect(desk.getByRole('heading', { name: 'Vos dossiers' })).toBeVisible();
  await lookAtDesk(desk, 'desk, queue');
  await desk.close();

  await decide(stage.server, dossier, 'accept');
  await decide(stage.server, dossier, 'card', { stage: 'in_production' });
  await stage.sync();
  await form.isAt('accepted');
  await expect(page.getByText('Carte en fabrication')).toBeVisible();
  await decide(stage.server, dossier, 'card', { stage: 'handed_over' });
  await stage.sync();
  await expect(page.getByText('Carte remise à ton établissement')).toBeVisible();
  await stage.server.stop();
  await page.reload();
  await form.isAt('accepted');
  await expect(page.getByText('Carte remise à ton établissement')).toBeVisible();
  await look(page, 'dossier, the whole way');
  // Who opens the dossier later is shown the card first, and finds the way from there.
  await page.goto(page.url().replace(/#.*/, '#/espace'));
  await form.press(/^Lina Moreau.*acceptée/);
  await form.isAt('card');
  await form.hand.press(page.getByRole('link', { name: 'Où en est ma demande' }));
  await form.isAt('accepted');
});

test('a request that is asked for no more leads out of the form', async ({ form, page, stage }) => {
  let dossier = await received(form, stage);
  await decide(stage.server, dossier, 'correct', { topics: 'family_name', note: 'Ton nom de naissance ?' });
  await stage.sync();
  await form.isAt('toCorrect');
  await form.press('Corriger ma demande');
  await form.hand.write(form.field('Nom'), 'Moreau Diaz');
  await form.isKept();
  await look(page, 'correction, name');
  await decide(stage.server, dossier, 'accept');
  await stage.sync();
  await form.isAt('accepted');
});
