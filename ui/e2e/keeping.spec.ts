// Nothing that was typed is ever lost: not by a reload, not by Back, not by a phone that dies.
import { expect, test } from './journey';
import { lina } from './people';

test('what Lina typed survives a reload in the middle of a step', async ({ form, page }) => {
  await form.start();
  await form.charter();
  await form.identity(lina);
  await form.isKept();
  await page.reload();
  await form.isAt('identity');
  await expect(form.field('Nom')).toHaveValue('Moreau');
  await expect(form.field('Jour')).toHaveValue('07');
  await expect(page.getByRole('radio', { name: 'Madame' })).toBeChecked();
});

test('what Lina typed survives an engine that is killed while it works', async ({ form, page, stage }) => {
  await form.start();
  await form.charter();
  await form.identity(lina);
  await form.isKept();
  await stage.killEngine();
  await stage.startEngine();
  await page.goto(`${stage.address}/#/`);
  // It opens on the step that comes next, with the one before it one step back.
  await form.press(/^Lina Moreau/);
  await form.isAt('account');
  await page.goBack();
  await form.isAt('identity');
  await expect(form.field('Prénom')).toHaveValue('Lina');
});

test('each letter survives an engine that is killed before the field was kept', async ({ form, page, stage }) => {
  await form.start();
  await form.charter();
  // Only keystrokes reach the phone from here on.
  await page.route('**/call', (route) =>
    (route.request().postDataJSON() as { command: string }).command === 'set_field' ? route.abort() : route.continue(),
  );
  let told = page.waitForResponse((response) => response.request().postData()?.includes('"typed":"Mor"') ?? false);
  await form.hand.write(form.field('Nom'), 'Mor');
  expect((await told).ok()).toBe(true);
  await expect(page.getByText(/^Enregistré sur ce téléphone/)).toHaveCount(0);
  await stage.killEngine();
  await stage.startEngine();
  await page.reload();
  await form.isAt('identity');
  await expect(form.field('Nom')).toHaveValue('Mor');
});

test('Back, by its button and by the phone’s own, keeps all that was typed', async ({ form, page }) => {
  await form.start();
  await form.charter();
  await form.identity(lina);
  await form.next('account');
  await form.hand.write(form.field('Adresse mail'), lina.email);
  // Before the pause after which a letter is kept: leaving keeps it too.
  await form.press('Retour');
  await form.isAt('identity');
  await expect(form.field('Nom')).toHaveValue('Moreau');
  await page.goForward();
  await form.isAt('account');
  await expect(form.field('Adresse mail')).toHaveValue(lina.email);
  await page.goBack();
  await form.isAt('identity');
  await page.goBack();
  await form.isAt('charter');
  await expect(page.getByRole('checkbox')).toBeChecked();
  await page.goBack();
  await form.isAt('landing');
  await expect(form.button(/^Lina Moreau/)).toBeVisible();
});

test('« Modifier » leads to one step and straight back to the check', async ({ form, page }) => {
  await form.fillIn(lina);
  await form.press(/^Modifier\smes coordonnées$/);
  await form.isAt('contact');
  await form.hand.write(form.field('Téléphone'), '07 00 00 00 01');
  await form.next('check');
  await expect(page.getByText(/07\s?00\s?00\s?00\s?01/)).toBeVisible();
  await expect(form.button(/^Modifier\smes coordonnées$/)).toBeFocused();
});
