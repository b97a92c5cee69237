// What only a phone's app does, over a bridge that is played: links of mails, the phone's own code reader.
import { asked, openLink, playBridge } from './bridge';
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
