// Those for whom the form is a little different.
import { expect, test } from './journey';
import { hugo, ines, lina, noe } from './people';

test('Noé, under fifteen, is asked who answers for him, and is received', async ({ form, page, stage }) => {
  await form.fillIn(noe, async (screen) => {
    if (screen === 'guardian') await expect(page.getByText(/^Tu as moins de 15\sans/)).toBeVisible();
  });
  await expect(page.getByText('Claire Faure')).toBeVisible();
  await form.deposit();
  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
});

test('Lina, seventeen, is never asked for a guardian', async ({ form, page }) => {
  let seen: string[] = [];
  await form.fillIn(lina, async (screen) => void seen.push(screen));
  expect(seen).not.toContain('guardian');
  await expect(page.getByText('étape 9 sur 9')).toBeVisible();
});

test('a guardian who does not agree holds the application up', async ({ form, page }) => {
  await form.start();
  await form.charter();
  await form.identity(noe);
  await form.next('guardian');
  await form.press('Continuer');
  await form.isRefused('Nom du responsable', 'Le nom du responsable est obligatoire.');
  await expect(page.getByRole('checkbox', { name: /^Cette personne est d’accord/ })).toHaveAccessibleDescription(/./);
});

test('Karim fills in the form for his daughter Inès, who is received under her own name', async ({ form, page, stage }) => {
  await form.fillIn(ines, async (screen) => {
    if (screen === 'contact') await expect(page.getByText('Réponds pour Inès.')).toBeVisible();
  });
  await expect(page.getByText(/Karim Benali/)).toBeVisible();
  await form.deposit();
  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
});

test('Hugo, whose school and track are in no list, writes them and is received', async ({ form, page, stage }) => {
  await form.fillIn(hugo);
  await expect(page.getByRole('definition').getByText('Lycée des Quatre Vents')).toBeVisible();
  await expect(page.getByText('CAP Coutellerie d’art')).toBeVisible();
  await form.deposit();
  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
});
