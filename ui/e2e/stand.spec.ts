// A day at a stand on a shared tablet: set up, without network, three students, and the evening.
import { addTablet } from './desk';
import { Form } from './form';
import { quick } from './hands';
import { expect, test } from './journey';
import { look, seen, tellUnsure } from './looks';
import { lina, type Person } from './people';
import { answered, heap, residue, Tablet, touching } from './tablet';

const NADIA = '271828';
const KARIM = '314159';
const NEXT_MS = 1_000;
const SHIELD_MS = 300;

const jade: Person = { ...lina, familyName: 'Roussel', givenName: 'Jade', email: 'jade.roussel@example.fr' };
const sami: Person = { ...lina, civility: 'Monsieur', familyName: 'Benali', givenName: 'Sami', email: 'sami.benali@example.fr' };

test.use({ viewport: { width: 1024, height: 768 } });
test.setTimeout(600_000);
test.afterAll(() => {
  console.log(`  ${seen.views} views of ${seen.screens} screens${tellUnsure()}`);
});

test('a stand day: set-up, students without network, the evening, and a ticket on a phone', async ({ page, stage }) => {
  // A tablet without camera imports what another device took, and codes are pasted.
  await page.addInitScript(() => Object.defineProperty(navigator, 'mediaDevices', { value: undefined }));
  await page.goto(stage.address);
  let form = new Form(page, quick(page));

  // ── Sami begins on his own phone ──────────────────────────────────────────────────────────────
  await form.start();
  await form.charter();
  await form.identity(sami);
  await form.isKept();
  let draft = page.url().split('/').at(-2) ?? '';
  let codes = (await answered(page, 'handover', { draft })).body as { codes: { code: string }[] };
  await page.goto(`${stage.address}#/au-stand`);
  await page.reload();
  await page.getByRole('link', { name: 'Sami Benali' }).click();
  await expect(page.getByAltText('Code du brouillon')).toBeVisible();
  await look(page, 'stand, codes of a draft');

  // ── the tablet is set up ──────────────────────────────────────────────────────────────────────
  await stage.server.start();
  let code = await addTablet(stage.server);
  let device = await stage.another('tablet');
  await page.goto(`${device.address}#/a-propos`);
  await page.getByRole('link', { name: 'Installer un stand' }).click();
  let tablet = new Tablet(form);
  await tablet.isAt('Installer un stand');
  await form.field('Nom de la tablette').fill('Tablette 1');
  await form.field('Code du bureau').fill('PRS1:XYZ');
  await tablet.press('Installer');
  await expect(page.getByRole('alert')).toBeFocused();
  await look(page, 'stand, a code that is none');
  await form.field('Code du bureau').fill(code);
  await tablet.press('Installer');
  await tablet.isAt('Le premier agent');
  await look(page, 'stand, first agent');
  await tablet.adds('Nadia', NADIA);
  await tablet.press('Ajouter un agent');
  await tablet.adds('Karim', KARIM);
  await look(page, 'stand, home');
  await tablet.press(/^Prêt pour la journée/);
  await expect(page.getByText('Clés de la Région')).toBeVisible();
  await look(page, 'stand, readiness');
  await tablet.press('Retour');
  await stage.server.stop();

  // ── Lina, without network ─────────────────────────────────────────────────────────────────────
  await tablet.press('Inscrire un élève');
  await look(page, 'stand, to the student');
  await tablet.press('C’est parti');
  await form.isAt('charter');
  await touching(page, () => look(page, 'stand, student'));
  for (let command of ['stand_list', 'stand_drafts', 'home', 'stand_start']) {
    expect(await answered(page, command, { after: null }), command).toEqual({ ok: false, body: { code: 'closed' } });
  }
  await page.goBack().catch(() => null);
  await form.isAt('charter');
  expect(new URL(page.url()).hash).toBe('#/stand');
  // Who leaves the page, even to come back at once, finds it covered.
  await page.reload();
  await tablet.isAt('Écran masqué');
  await tablet.press('Nadia');
  await tablet.pin(NADIA);
  await form.isAt('charter');

  await form.charter();
  await form.field('Prénom').fill('Lin');
  let pressed = Date.now();
  await tablet.press('Appelle un agent');
  await tablet.isAt('Un agent arrive');
  console.log(`  shield after ${Date.now() - pressed} ms, the press included (${SHIELD_MS})`);
  await expect(page.getByLabel('Prénom')).toHaveCount(0);
  await look(page, 'stand, shield');
  // Somebody tries Karim's PIN five times: he is out, and nobody else.
  if (await form.button('Ce n’est pas moi').isVisible()) await tablet.press('Ce n’est pas moi');
  await tablet.press('Karim');
  for (let left of [4, 3, 2]) {
    await tablet.pin('111112');
    await expect(page.getByText(new RegExp(`Il reste ${left}.essais`))).toBeVisible();
  }
  await tablet.pin('111112');
  await expect(page.getByText('Il reste un seul essai', { exact: false })).toBeVisible();
  await tablet.pin('111112');
  await expect(page.getByText('cet agent ne peut plus se connecter', { exact: false })).toBeVisible();
  await tablet.press('Ce n’est pas moi');
  await tablet.pin(NADIA);
  await form.isAt('identity');
  await expect(form.field('Prénom')).toHaveValue('Lin');
  await page.getByRole('button', { name: 'Retour' }).click();
  await form.isAt('charter');

  await form.next('identity');
  await touching(page, () => tablet.fillsRest(lina));
  await tablet.isGivenBack(NADIA);
  await expect(page.getByText('Moreau', { exact: true })).toBeVisible();
  await look(page, 'stand, check');
  let first = await tablet.finishes();
  await look(page, 'stand, finished');
  pressed = Date.now();
  await tablet.next();
  await tablet.isAt('Forum des lycées');
  let marks = [first.number, first.claim, 'Moreau', 'Lina', lina.email, '06 12', lina.phone, lina.address];
  let left = await residue(page);
  console.log(`  everything of Lina gone after ${Date.now() - pressed} ms (${NEXT_MS})`);
  for (let mark of marks) expect(left, mark).not.toContain(mark);
  let strings = await heap(page);
  for (let mark of marks) expect.soft(strings.includes(mark), `the heap holds ${mark}`).toBe(false);
  for (let way of [() => page.goBack(), () => page.goForward(), () => page.reload()]) {
    await way().catch(() => null);
    await tablet.isAt('Forum des lycées');
    for (let mark of marks) expect(await residue(page), mark).not.toContain(mark);
  }
  await expect(page.getByText(/^1.élève inscrit aujourd’hui$/)).toBeVisible();

  // ── Jade, and then somebody who looks like Lina ───────────────────────────────────────────────
  await tablet.gives();
  await touching(page, () => tablet.fills(jade));
  await tablet.isGivenBack(NADIA);
  await tablet.finishes();
  await tablet.next();
  await tablet.gives();
  await touching(page, async () => {
    await form.charter();
    await form.identity(lina);
    await form.isKept();
  });
  await tablet.press('Appelle un agent');
  await page.getByLabel('Contrôler avec l’élève').check();
  await tablet.pin(NADIA);
  await expect(page.getByRole('heading', { name: 'Cette personne semble déjà inscrite' })).toBeVisible();
  await look(page, 'stand, the same person');
  await tablet.press('Plus tard');
  await tablet.isAt('Forum des lycées');
  await look(page, 'stand, home with a draft');
  await tablet.press(/^Supprimer/);
  await expect(page.getByText('Demande supprimée.')).toBeVisible();

  // ── Sami's phone hands its draft over ─────────────────────────────────────────────────────────
  await tablet.press('Reprendre d’un téléphone');
  await look(page, 'stand, take a draft');
  for (let { code } of codes.codes) {
    await form.field('Code collé').fill(code);
    await tablet.press('Ajouter ce code');
  }
  await tablet.isAt(/^À toi/);
  await tablet.press('C’est parti');
  await form.isAt('charter');
  await form.next('identity');
  await expect(form.field('Nom')).toHaveValue('Benali');
  await tablet.press('Appelle un agent');
  await page.getByLabel('Contrôler avec l’élève').check();
  await tablet.pin(NADIA);
  await tablet.press('Plus tard');
  await tablet.isAt('Forum des lycées');

  // ── the evening ───────────────────────────────────────────────────────────────────────────────
  await tablet.press('Dossiers terminés');
  await form.field('Fin du numéro, ou initiales').fill('jr');
  await expect(page.getByText('JR', { exact: true })).toBeVisible();
  await expect(page.getByText('LM', { exact: true })).toHaveCount(0);
  await look(page, 'stand, list');
  await tablet.press('Retour');
  await tablet.press('Envoi et fin de journée');
  await look(page, 'stand, evening without network');
  await expect(form.button('Terminer l’événement')).toBeDisabled();
  await stage.server.start();
  await tablet.press('Envoyer maintenant');
  await expect(page.getByRole('heading', { name: 'Tout est envoyé' })).toBeVisible({ timeout: 120_000 });
  await tablet.press('Retour');
  await expect(page.getByText(/^2.dossiers reçus par la Région$/)).toBeVisible();
  await tablet.press(/^Supprimer/);
  await tablet.press('Envoi et fin de journée');
  await tablet.press('Terminer l’événement');
  await form.field(/^Pour confirmer/).fill('EFFACER');
  await look(page, 'stand, end');
  await tablet.press('Effacer la tablette');
  await tablet.isAt('La tablette est effacée');
  await expect(page.getByText('Aucune n’a été trouvée.')).toBeVisible();
  await look(page, 'stand, wiped');
  await tablet.press('Fermer');
  await form.isAt('landing');

  // ── Lina's own phone ──────────────────────────────────────────────────────────────────────────
  let phone = await device.another('phone-of-lina');
  await page.goto(phone.address);
  await page.getByRole('link', { name: 'Au stand', exact: true }).click();
  await look(page, 'stand, on a phone');
  await page.getByRole('link', { name: 'J’ai un ticket du stand' }).click();
  await look(page, 'stand, ticket');
  await form.field('Code du ticket').fill(first.claim);
  await tablet.press('Reprendre ma demande');
  await form.isAt('received');
  await phone.killEngine();
});
