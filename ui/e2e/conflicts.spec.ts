// Two phones answered who Lina is, each without the other: nothing is chosen before she does.
import { Form } from './form';
import { quick } from './hands';
import { expect, test } from './journey';
import { look } from './looks';
import { lina } from './people';

test.setTimeout(180_000);

/** Writes another family name, and is back at the check. */
async function rename(form: Form, name: string): Promise<void> {
  await form.press(/^Lina /);
  await form.isAt('check');
  await form.press(/^Modifier\smon identité$/);
  await form.isAt('identity');
  await form.hand.write(form.field('Nom'), name);
  await form.next('check');
  await form.isKept();
}

test('two family names are both shown with who wrote them, and one tap on one of them is the answer everywhere', async ({ form, page, stage }) => {
  await stage.server.start();
  await form.fillIn(lina);
  await form.isKept();
  await stage.sync();
  await stage.server.stop();

  let other = await stage.restoreElsewhere();
  let otherPage = await page.context().newPage();
  let otherForm = new Form(otherPage, quick(otherPage));
  await page.goto(`${stage.address}/#/`);
  await otherPage.goto(`${other.address}/#/`);
  await rename(form, 'Morel');
  await rename(otherForm, 'Moreaux');

  await stage.server.start();
  for (let phone of [stage, other, stage]) await phone.sync();
  for (let [at, here, there] of [[page, 'Morel', 'Moreaux'], [otherPage, 'Moreaux', 'Morel']] as const) {
    let both = at.getByRole('group', { name: 'Nom', exact: true });
    await expect(both.getByRole('button', { name: new RegExp(`^${here}\\s?Sur ce téléphone, \\d\\d:\\d\\d$`) })).toBeVisible();
    await expect(both.getByRole('button', { name: new RegExp(`^${there}\\s?Téléphone, \\d\\d:\\d\\d$`) })).toBeVisible();
  }
  await look(page, 'check, two family names');

  await form.press('Déposer ma demande');
  await expect(page.getByRole('alert')).toBeFocused();
  await page.getByRole('link', { name: /^Nom\s: deux appareils/ }).click();
  await expect(page.getByRole('group', { name: 'Nom', exact: true }).getByRole('button').first()).toBeFocused();

  await form.press(/^Modifier\smon identité$/);
  await form.isAt('identity');
  await look(page, 'identity, two family names');
  await form.press('Continuer');
  await expect(page.getByRole('alert')).toBeFocused();
  await look(page, 'identity, two family names, refused');
  await form.press(/^Moreaux/);
  await expect(page.getByRole('textbox', { name: 'Nom', exact: true })).toHaveValue('Moreaux');
  await form.next('check');
  await expect(page.getByRole('group', { name: 'Nom', exact: true })).toHaveCount(0);

  for (let phone of [stage, other]) await phone.sync();
  await expect(otherPage.getByRole('group', { name: 'Nom', exact: true })).toHaveCount(0);
  await expect(otherPage.getByText('Moreaux', { exact: true })).toBeVisible();
  await form.deposit();
  await other.killEngine();
});
