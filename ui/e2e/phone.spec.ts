// What only a phone's app does, over a bridge that is played: links of mails, the phone's own code reader.
import { asked, handedOver, leaveFor, openLink, playBridge } from './bridge';
import { expect } from './journey';
import { look } from './looks';
import { test, type Mail } from './mailbox';
import { lina } from './people';

test.setTimeout(240_000);

function linkIn(mail: Mail): string {
  let link = /http\S+\/compte\/[0-9a-f]{32}/.exec(mail.text)?.[0];
  if (!link) throw new Error(`no link in « ${mail.subject} »`);
  return link;
}

test('the link of a mail opens the app where it is, waits for the network, and is followed by one button', async ({ form, page, stage, mailbox }) => {
  await playBridge(page, null);
  await page.reload();
  await form.fillIn(lina);
  await form.deposit();
  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
  let heading = page.getByRole('heading', { level: 1 });

  let link = linkIn(await mailbox.next());
  expect(await openLink(page, 'https://example.org/compte/00112233445566778899aabbccddeeff')).toBe(false);
  await expect(heading).toHaveText('Ta demande est arrivée');
  await stage.server.stop();
  expect(await openLink(page, link)).toBe(true);
  await expect(heading).toHaveText('Le lien de ton mail');
  await expect(form.button('Réessayer')).toBeVisible();
  await look(page, 'link, without network');
  await stage.server.start();
  await form.press('Réessayer');
  await expect(heading).toHaveText('Active ton compte');
  await look(page, 'link, to activate');
  await form.press('Activer mon compte');
  await expect(heading).toHaveText('Ton compte est activé');
  await look(page, 'link, activated');
  await form.press('Voir ma demande');
  await form.isAt('received');

  // The same link again, and it started the app this time.
  await page.evaluate(async (body) => void (await fetch('/open', { method: 'POST', body })), link);
  await page.goto(`${stage.address}/#/`);
  await page.reload();
  await expect(heading).toHaveText('Ce lien ne sert plus');
  await look(page, 'link, over');
  await form.press('Retour');
  await expect(page.getByRole('link', { name: 'Vérifier une carte' })).toBeVisible();
});

test('the phone reads a code below its page, and whoever goes back stops it', async ({ form, page }) => {
  await playBridge(page, { camera: 'granted', code: null });
  await page.reload();
  await form.hand.press(page.getByRole('link', { name: 'Vérifier une carte' }));
  await form.press('Lire le code');
  await expect(page.getByText('Placer le code dans le cadre')).toBeVisible();
  let ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(await ground()).toBe('rgba(0, 0, 0, 0)');
  await look(page, 'verify, the phone reads');
  await form.press('Retour');
  await expect(form.field('Code écrit ou collé')).toBeVisible();
  expect(await ground()).not.toBe('rgba(0, 0, 0, 0)');
  expect((await asked(page)).at(-1)).toBe('plugin:barcode-scanner|cancel');
});

test('a code that the phone read is judged at once, and a refused camera is said with what is left to do', async ({ form, page }) => {
  await playBridge(page, { camera: 'granted', code: 'https://example.org' });
  await page.reload();
  await form.hand.press(page.getByRole('link', { name: 'Vérifier une carte' }));
  await form.press('Lire le code');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ce n’est pas une carte');

  await playBridge(page, { camera: 'denied', code: null });
  await page.reload();
  await form.press('Lire le code');
  await expect(page.getByText('La caméra est refusée dans les réglages.')).toBeVisible();
  await look(page, 'verify, camera refused');
  await form.press('Ouvrir les réglages');
  expect((await asked(page)).at(-1)).toBe('plugin:barcode-scanner|open_app_settings');
});

test('the document for the school is handed to the phone, and where it is then is said', async ({ form, page }) => {
  await playBridge(page, null, { saves: ['left', 'chosen', { at: '/home/lina/Téléchargements/passregion-etablissement (2).pdf' }] });
  await page.reload();
  await form.fillIn(lina);
  await form.deposit();
  await form.hand.press(page.getByRole('link', { name: 'Document à rendre' }));
  await form.press('Enregistrer en PDF');
  await expect(page.getByText('Rien n’est enregistré.')).toBeVisible();
  await look(page, 'slip, not saved');
  await form.press('Enregistrer en PDF');
  await expect(page.getByText('Enregistré là où tu l’as choisi.')).toBeVisible();
  await form.press('Enregistrer en PDF');
  await expect(page.getByText('passregion-etablissement (2).pdf')).toBeVisible();
  await look(page, 'slip, saved');
  let [file] = await handedOver(page);
  expect(file?.name).toBe('passregion-etablissement.pdf');
  expect(Buffer.from(file?.base64 ?? '', 'base64').toString('latin1')).toMatch(/^%PDF-/);
});

test('who wants it is asked for at each start and after a while away, and nothing of theirs is shown before', async ({ form, page }) => {
  let setting = page.getByRole('checkbox', { name: 'Demander mon empreinte ou mon visage à l’ouverture' });
  let cover = page.getByRole('heading', { name: 'Application verrouillée' });
  await playBridge(page, null, { unlocks: [null] });
  await page.reload();
  await form.fillIn(lina, async (screen) => {
    if (screen !== 'contact') return;
    // An application that nobody has finished yet: the lock costs it nothing.
    await page.goto(page.url().replace(/#.*/, '#/a-propos'));
    await setting.check();
    await look(page, 'about, with the lock');
    await page.goBack();
    await form.isAt('contact');
    await leaveFor(page, 30);
    await expect(cover).toBeHidden();
    await form.isAt('contact');
    await leaveFor(page, 120);
    await expect(cover).toBeFocused();
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await form.press('Déverrouiller');
    await form.isAt('contact');
  });

  await playBridge(page, null, { unlocks: ['userCancel', null] });
  await page.reload();
  await expect(cover).toBeFocused();
  await expect(page.getByText('Moreau')).toHaveCount(0);
  await look(page, 'locked');
  await form.press('Déverrouiller');
  await expect(page.getByText('Ton téléphone n’a pas dit oui.')).toBeVisible();
  await look(page, 'locked, refused');
  expect((await asked(page)).filter((it) => it === 'call')).toHaveLength(1);
  await form.press('Déverrouiller');
  await form.isAt('check');

  // The phone has no code any more.
  await playBridge(page, null, { unlocks: ['passcodeNotSet'] });
  await page.reload();
  await form.press('Déverrouiller');
  await expect(page.getByText('l’application ne se verrouille plus', { exact: false })).toBeVisible();
  await look(page, 'locked, no lock any more');
  await form.press('Continuer');
  await form.deposit();
  await page.reload();
  await form.isAt('ready');
});
