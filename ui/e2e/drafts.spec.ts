// Several applications on one phone: told apart by their names, deleted with a way back.
import type { Form } from './form';
import { expect, test } from './journey';
import { hugo, lina, type Person } from './people';

/** Starts an application and leaves it after the names. */
async function begin(form: Form, person: Person): Promise<void> {
  await form.start();
  await form.charter();
  await form.identity(person);
  await form.isKept();
  await form.press('Retour');
  await form.isAt('charter');
  await form.press('Retour');
  await form.isAt('landing');
}

test('two drafts stand under their names, and one is deleted, called back, and deleted for good', async ({ form, page }) => {
  await begin(form, lina);
  await begin(form, hugo);
  await expect(form.button(/^Lina Moreau/)).toContainText('brouillon');
  await expect(form.button(/^Hugo Perrin/)).toContainText('brouillon');

  await form.press('Supprimer la demande de Hugo Perrin');
  await expect(page.getByText('Demande supprimée.')).toBeVisible();
  await expect(form.button(/^Hugo Perrin/)).toHaveCount(0);
  await expect(form.button('Annuler')).toBeFocused();
  await form.press('Annuler');
  await expect(form.button(/^Hugo Perrin/)).toBeFocused();
  await form.press(/^Hugo Perrin/);
  await form.isAt('account');
  await form.press('Retour');
  await form.isAt('identity');
  await expect(form.field('Nom')).toHaveValue('Perrin');
  await form.press('Retour');
  await form.isAt('charter');
  await form.press('Retour');
  await form.isAt('landing');

  await form.press('Supprimer la demande de Hugo Perrin');
  await expect(form.button(/^Hugo Perrin/)).toHaveCount(0);
  await page.reload();
  await expect(form.button(/^Lina Moreau/)).toBeVisible();
  await expect(form.button(/^Hugo Perrin/)).toHaveCount(0);
});

test('a dossier that waits for its receipt cannot be deleted', async ({ form, page, stage }) => {
  await form.fillIn(lina);
  await form.deposit();
  await form.press('Retour');
  await form.isAt('landing');
  await expect(form.button(/^Lina Moreau/)).toContainText('à envoyer');
  await expect(form.button(/^Supprimer/)).toHaveCount(0);

  // Nor by asking the engine past the screens.
  let answer = await page.evaluate(async () => {
    let ask = (command: string, args: unknown) =>
      fetch('/call', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ command, args }) });
    let home = (await (await ask('home', {})).json()) as { drafts: { draft: string }[] };
    return (await ask('discard_draft', { draft: home.drafts[0]?.draft })).json();
  });
  expect(answer).toEqual({ code: 'awaits_receipt' });

  await stage.server.start();
  await form.press(/^Lina Moreau/);
  await form.press('Envoyer maintenant');
  await form.isAt('received');
  await form.press('Retour');
  await expect(form.button(/^Lina Moreau/)).toContainText('reçue');
});

test('my space holds every application, and says so when there is none', async ({ form, page }) => {
  await form.isAt('landing');
  await form.hand.press(page.getByRole('link', { name: 'Mon espace' }));
  await form.isAt('space');
  await expect(page.getByText('Rien ici pour l’instant.')).toBeVisible();
  await form.press('Retour');
  await begin(form, lina);
  await form.hand.press(page.getByRole('link', { name: 'Mon espace' }));
  await form.isAt('space');
  await expect(form.button(/^Lina Moreau/)).toBeVisible();
});
