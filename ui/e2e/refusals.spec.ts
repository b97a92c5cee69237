// What is refused says why, on top and beside the field; a remark only asks.
import type { Screen } from './form';
import { expect, test } from './journey';
import { lina } from './people';

/** What each empty step says first, beside which field. */
const EMPTY: Partial<Record<Screen, readonly [label: string, sentence: string]>> = {
  identity: ['Nom', 'Le nom est obligatoire.'],
  account: ['Adresse mail', 'L’adresse mail est obligatoire.'],
  contact: ['Téléphone', 'Le téléphone est obligatoire.'],
  school: ['Établissement', 'Choisis ton établissement dans la liste.'],
};

test('an empty step stays, with its summary focused and a sentence beside each field', async ({ form, page }) => {
  await form.start();
  await form.press('Continuer');
  await expect(page.getByRole('alert')).toBeFocused();
  await expect(page).toHaveTitle(/^Erreur\s: La charte des droits et devoirs – Pass’Région$/);
  await expect(page.getByRole('checkbox')).toHaveAccessibleDescription(/Tu dois lire et accepter la charte des droits et devoirs pour continuer\.$/);

  await page.goto(page.url().replace(/#.*/, '#/'));
  await form.fillIn(lina, async (screen) => {
    let said = EMPTY[screen];
    if (!said) return;
    await form.press('Continuer');
    await form.isRefused(...said);
    await form.isAt(screen);
  });
});

test('a line of the summary leads to its field, and goes once it is answered', async ({ form, page }) => {
  await form.start();
  await form.charter();
  await form.press('Continuer');
  await page.getByRole('link', { name: 'Le prénom est obligatoire.' }).click();
  await expect(form.field('Prénom')).toBeFocused();
  await page.keyboard.type('Lina');
  await form.isKept();
  await expect(page.getByRole('link', { name: 'Le prénom est obligatoire.' })).toHaveCount(0);
});

test('a mail domain that looks mistyped is asked about, and mended by one tap', async ({ form, page }) => {
  await form.start();
  await form.charter();
  await form.identity(lina);
  await form.next('account');
  await form.hand.write(form.field('Adresse mail'), 'lina.moreau@gmial.com');
  await expect(page.getByText(/^Voulais-tu dire lina\.moreau@gmail\.com\s\?$/)).toBeVisible();
  await form.press('Utiliser lina.moreau@gmail.com');
  await expect(form.field('Adresse mail')).toHaveValue('lina.moreau@gmail.com');
});

test('an odd mail domain is no reason to stop anybody', async ({ form }) => {
  await form.start();
  await form.charter();
  await form.identity(lina);
  await form.next('account');
  await form.account({ ...lina, email: 'lina.moreau@gmial.com' });
  await form.next('contact');
});

test('a file that is no picture is refused in words, and the photo of before stays', async ({ form, page }) => {
  await form.fillIn(lina);
  await form.press(/^Modifier\sma photo$/);
  await form.press('Changer de photo');
  await form.pick(Buffer.from('%PDF-1.7 this is no picture'));
  await expect(page.getByRole('alert')).toContainText('JPEG ou PNG uniquement');
  await expect(page.getByText('Ta photo d’avant est toujours là.')).toBeVisible();
  await form.hasPhoto();
});
