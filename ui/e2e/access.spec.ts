// From the deposit over the mail to a second phone, and back from what was forgotten.
import type { Page } from '@playwright/test';
import type { Form } from './form';
import { expect } from './journey';
import { look, seen, tellUnsure } from './looks';
import { codeIn, test, type Mailbox } from './mailbox';
import { lina } from './people';
import { Stage } from './stage';

test.setTimeout(240_000);

test.afterAll(() => {
  console.log(`  ${seen.views} views of ${seen.screens} screens${tellUnsure()}`);
});

const NEW = 'orage en mars sancy';

async function refuse(form: Form, act: string | RegExp): Promise<void> {
  await form.press(act);
  await expect(form.page.getByRole('alert')).toBeFocused();
}

async function follow(form: Form, name: string): Promise<void> {
  await form.hand.press(form.page.getByRole('link', { name, exact: true }));
}

/** From an empty form to a dossier that the Region has; its number as it is read. */
async function deposited(form: Form, stage: Stage): Promise<string> {
  await form.fillIn(lina);
  await form.deposit();
  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
  await form.press('Afficher le numéro');
  await expect(form.page.locator('#number')).not.toContainText('•');
  return (await form.page.locator('#number').textContent()) ?? '';
}

async function activate(form: Form, mailbox: Mailbox): Promise<void> {
  await follow(form, 'Activer mon compte');
  await form.isAt('activation');
  await form.hand.write(form.field('Code reçu par mail'), codeIn(await mailbox.next()).toLowerCase());
  await form.press('Activer mon compte');
  await form.isAt('activated');
}

/** The sign-in of an app whose landing is open. */
async function signIn(form: Form, number: string, password: string): Promise<void> {
  await form.hand.write(form.field('Numéro de dossier'), number);
  await form.hand.write(form.field('Mot de passe'), password);
  await form.press('Me connecter');
}

async function startAgain(page: Page, stage: Stage): Promise<void> {
  await page.goto(`${stage.address}/#/`);
  await page.reload();
}

test('Lina activates her account by the code of the mail, and says later that she lost all but her address', async ({ form, page, stage, mailbox }) => {
  let number = await deposited(form, stage);
  await expect(page.getByText(/^La Région t’envoie un mail à l•••@example\.fr/)).toBeVisible();
  await look(page, 'dossier, to activate');
  await follow(form, 'Activer mon compte');
  await form.isAt('activation');
  await look(page, 'activation');
  await refuse(form, 'Activer mon compte');
  await form.isRefused('Code reçu par mail', 'Écris le code reçu par mail.');
  await form.hand.write(form.field('Code reçu par mail'), 'ZZZZ-ZZZZ');
  await refuse(form, 'Activer mon compte');
  await look(page, 'activation, refused');
  let first = codeIn(await mailbox.next());
  await form.press('Renvoyer le mail');
  await expect(form.button(/^Renvoyer le mail dans \d+\s?s$/)).toBeVisible();
  let second = codeIn(await mailbox.next());
  expect(second).not.toBe(first);
  await look(page, 'activation, sent again');
  await form.hand.write(form.field('Code reçu par mail'), second.toLowerCase());
  await form.press('Activer mon compte');
  await form.isAt('activated');
  await look(page, 'activated');
  await form.press('Continuer');
  await form.isAt('received');
  await expect(page.getByText(/^La Région t’envoie un mail/)).toHaveCount(0);

  await startAgain(page, stage);
  await follow(form, 'J’ai déjà un dossier');
  await form.isAt('signIn');
  await follow(form, 'J’ai oublié mon numéro');
  await form.isAt('forgottenNumber');
  await look(page, 'forgotten number');
  await form.hand.write(form.field('Adresse mail'), 'lina');
  await refuse(form, 'Recevoir le mail');
  await look(page, 'forgotten number, refused');
  await form.hand.write(form.field('Adresse mail'), lina.email);
  await form.press('Recevoir le mail');
  await form.isAt('numberMailed');
  await look(page, 'forgotten number, asked');
  expect((await mailbox.next()).text).toContain(number);
  await form.press('Me connecter');

  await form.isAt('signIn');
  await follow(form, 'J’ai oublié mon mot de passe');
  await form.isAt('forgottenPassword');
  await refuse(form, 'Recevoir le mail');
  await look(page, 'forgotten password, refused');
  await form.hand.write(form.field('Numéro de dossier'), number);
  await form.press('Recevoir le mail');
  await form.isAt('newPassword');
  await look(page, 'new password');
  let code = codeIn(await mailbox.next());
  await form.hand.write(form.field('Code reçu par mail'), code);
  await form.hand.write(form.field('Nouveau mot de passe'), NEW);
  await form.hand.write(form.field('Confirmation du mot de passe'), 'autre chose');
  await refuse(form, 'Changer mon mot de passe');
  await form.isRefused('Confirmation du mot de passe', 'Les deux mots de passe ne sont pas identiques.');
  await look(page, 'new password, refused');
  await form.hand.write(form.field('Confirmation du mot de passe'), NEW);
  await form.press('Changer mon mot de passe');
  await form.isAt('passwordChanged');
  await form.press('Me connecter');
  await form.isAt('signIn');
  await expect(form.field('Numéro de dossier')).toHaveValue(number);
  await signIn(form, number, lina.password);
  await expect(page.getByRole('alert')).toContainText('Numéro ou mot de passe incorrect');
  await signIn(form, number, NEW);
  await form.isAt('received');
  expect(page.url()).not.toContain(number);
});

test('Lina signs in on her tablet with the number that she pastes, and is told what to do without network', async ({ form, page, stage, mailbox }) => {
  let number = await deposited(form, stage);
  await activate(form, mailbox);
  let tablet = await stage.another();
  await page.goto(tablet.address);
  await form.isAt('landing');
  await follow(form, 'J’ai déjà un dossier');
  await form.isAt('signIn');
  await look(page, 'sign in');
  await refuse(form, 'Me connecter');
  await form.isRefused('Numéro de dossier', 'Écris ton numéro de dossier.');
  await signIn(form, '4K7Q', lina.password);
  await form.isRefused('Numéro de dossier', 'Ce numéro comporte une erreur de frappe.');
  await form.press('Afficher ce que j’écris');
  await look(page, 'sign in, refused');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((text) => navigator.clipboard.writeText(text), number.toLowerCase());
  await form.field('Numéro de dossier').selectText();
  await page.keyboard.press('Control+V');
  await expect(form.field('Numéro de dossier')).toHaveValue(number.toLowerCase());
  await stage.server.stop();
  await form.press('Me connecter');
  await expect(page.getByRole('alert')).toContainText('Pas de réseau');
  await look(page, 'sign in, no network');
  await stage.server.start();
  await form.press('Me connecter');
  await form.isAt('received');
  await tablet.killEngine();
});

test('a student who never activated the account has the mail sent again from the sign-in', async ({ form, page, stage, mailbox }) => {
  let number = await deposited(form, stage);
  await mailbox.next();
  await startAgain(page, stage);
  await follow(form, 'J’ai déjà un dossier');
  await follow(form, 'Je n’ai pas encore activé mon compte');
  await form.isAt('askActivation');
  await look(page, 'activation, which number');
  await form.hand.write(form.field('Numéro de dossier'), number);
  await form.press('Recevoir le mail');
  await form.isAt('activation');
  await form.hand.write(form.field('Code reçu par mail'), codeIn(await mailbox.next()));
  await form.press('Activer mon compte');
  await form.isAt('activated');
});

test('Lina looks after her account, and has all of it erased in the end', async ({ form, page, stage, mailbox }) => {
  let number = await deposited(form, stage);
  await activate(form, mailbox);
  let draft = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(page.url())?.[0] ?? '';
  let tablet = await stage.another();
  await page.goto(tablet.address);
  await follow(form, 'J’ai déjà un dossier');
  await signIn(form, number, lina.password);
  await form.isAt('received');

  await follow(form, 'Mon compte');
  await form.isAt('myAccount');
  await expect(page.getByText('l•••@example.fr')).toBeVisible();
  await look(page, 'my account');
  await follow(form, 'Mes appareils');
  await expect(page.getByText('Cet appareil')).toBeVisible();
  await look(page, 'devices');
  await form.press(/^Déconnecter/);
  await expect(page.getByRole('status').filter({ hasText: 'Déconnecté' })).toBeFocused();
  await look(page, 'devices, one signed out');
  await form.press('Retour');

  await follow(form, 'Changer mon mot de passe');
  await form.hand.write(form.field('Mot de passe actuel'), 'pas le bon');
  await form.hand.write(form.field('Nouveau mot de passe'), NEW);
  await form.hand.write(form.field('Confirmation du mot de passe'), NEW);
  await refuse(form, 'Changer mon mot de passe');
  await form.isRefused('Mot de passe actuel', 'Ce n’est pas ton mot de passe actuel.');
  await look(page, 'change password, refused');
  await form.hand.write(form.field('Mot de passe actuel'), lina.password);
  await form.press('Changer mon mot de passe');
  await form.isAt('passwordChanged');
  expect((await mailbox.next()).subject).toContain('a changé');
  await form.press('Mon compte');
  await form.isAt('myAccount');

  await follow(form, 'Changer mon adresse mail');
  await look(page, 'change address');
  await form.hand.write(form.field('Nouvelle adresse mail'), 'lina@autre.example');
  await form.hand.write(form.field('Mot de passe actuel'), NEW);
  await form.press('Recevoir le mail');
  await expect(page.getByText('La Région t’envoie un code à lina@autre.example.')).toBeVisible();
  await look(page, 'change address, its code');
  let mail = await mailbox.next();
  expect(mail.to).toEqual(['lina@autre.example']);
  await form.hand.write(form.field('Code reçu par mail'), codeIn(mail));
  await form.press('Confirmer cette adresse');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ton adresse mail est changée');
  await form.press('Mon compte');
  await expect(page.getByText('l•••@autre.example')).toBeVisible();

  await follow(form, 'Changer mon téléphone ou mon adresse');
  let phone = form.field('Téléphone');
  await expect(phone).not.toHaveValue('');
  await expect(page.locator('#commune')).not.toHaveValue('');
  await look(page, 'change contact');
  await form.hand.write(phone, '0612');
  await refuse(form, 'Enregistrer à la Région');
  await expect(page.getByRole('alert')).toContainText(/10\schiffres/);
  await look(page, 'change contact, refused');
  await form.hand.write(phone, '0698765432');
  await stage.server.stop();
  await form.press('Enregistrer à la Région');
  await expect(page.getByRole('alert')).toContainText('Pas de réseau');
  await expect(phone).toHaveValue('0698765432');
  await look(page, 'change contact, no network');
  await stage.server.start();
  await form.press('Enregistrer à la Région');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tes coordonnées sont changées');
  await form.press('Mon compte');
  await follow(form, 'Changer mon téléphone ou mon adresse');
  await expect(phone).toHaveValue('+33698765432');
  await form.press('Retour');

  await follow(form, 'Recevoir une copie de mes données');
  await look(page, 'export');
  await form.press('Préparer mes fichiers');
  let saved = page.waitForEvent('download');
  await form.press('Enregistrer le document à lire (PDF)');
  expect((await saved).suggestedFilename()).toBe('passregion.pdf');
  await expect(page.getByRole('status').filter({ hasText: 'Enregistré dans tes téléchargements.' })).toBeVisible();
  await look(page, 'export, ready');
  await form.press('Retour');

  await follow(form, 'Me déconnecter de ce téléphone');
  await look(page, 'sign out');
  await form.press('Me déconnecter');
  await form.isAt('space');
  await expect(page.getByText('Rien ici pour l’instant.')).toBeVisible();
  await startAgain(page, tablet);
  await follow(form, 'J’ai déjà un dossier');
  await signIn(form, number, NEW);
  await form.isAt('received');

  await follow(form, 'Mon compte');
  await follow(form, 'Effacer ma demande et mon compte');
  await form.hand.write(form.field('Mot de passe actuel'), 'pas le bon');
  await refuse(form, 'Tout effacer, pour toujours');
  await look(page, 'erase, refused');
  await form.hand.write(form.field('Mot de passe actuel'), NEW);
  await form.press('Tout effacer, pour toujours');
  await form.isAt('space');
  await expect(page.getByText('Rien ici pour l’instant.')).toBeVisible();
  await page.goto(`${tablet.address}/#/dossier/${draft}/compte`);
  await page.reload();
  await expect(page.getByRole('alert')).toBeVisible();
  await look(page, 'my account, not there');
  await tablet.killEngine();
});
