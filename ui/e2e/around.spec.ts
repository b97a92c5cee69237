// The map, the deals and the questions, all of them without network.
import { expect, test } from './journey';

test('partners are sorted from a typed town, filtered by kind, and shown on the map', async ({ form, page }) => {
  await form.hand.press(page.getByRole('link', { name: 'Partenaires près de moi' }));
  await form.isAt('partners');
  await expect(page.getByText(/^Liste de démonstration/)).toBeVisible();

  await form.hand.write(page.getByRole('combobox', { name: 'Ta ville ou ton code postal' }), 'clermont');
  await form.hand.pick(page.getByRole('option', { name: /^Clermont-Ferrand/ }));
  await expect(page.getByText('Du plus proche au plus loin de Clermont-Ferrand.')).toBeVisible();
  let rows = page.getByRole('article');
  await expect(rows.first()).toContainText('Clermont-Ferrand');

  await form.hand.choose(page.getByRole('checkbox', { name: /^Cinéma/ }));
  await expect(rows.first()).toContainText('Cinéma');
  await expect(rows.filter({ hasText: 'Musée' })).toHaveCount(0);

  await rows.first().getByRole('button').first().click();
  await form.press('Voir sur la carte');
  await expect(page.getByRole('region', { name: /^Carte de la région/ })).toBeVisible();
  await expect(page.getByRole('article')).toContainText('Clermont-Ferrand');
});

test('deals say until when, and where', async ({ form, page }) => {
  await form.hand.press(page.getByRole('link', { name: 'Bons plans' }));
  await form.isAt('deals');
  let deal = page.getByRole('article').filter({ hasText: 'Une séance à tarif réduit le mercredi' });
  await deal.getByRole('button').click();
  await expect(deal).toContainText('jusqu’au 30 juin 2027');
  await expect(deal.getByText('Lieu', { exact: true })).toBeVisible();
});

test('a position that the phone refuses is said in words, and a town does instead', async ({ form, page, context }) => {
  await context.clearPermissions();
  await form.hand.press(page.getByRole('link', { name: 'Partenaires près de moi' }));
  await form.press('Utiliser ma position');
  await expect(page.getByRole('alert')).toContainText('Écris ta ville à la place.');
});

test('a position that the phone gives sorts the list, and is asked only then', async ({ form, page, context, stage }) => {
  await context.grantPermissions(['geolocation'], { origin: stage.address });
  await context.setGeolocation({ latitude: 45.7797, longitude: 3.0863 });
  await form.hand.press(page.getByRole('link', { name: 'Partenaires près de moi' }));
  await expect(page.getByText('Par ville, de A à Z. Donne ta ville pour voir d’abord le plus proche.')).toBeVisible();
  await form.press('Utiliser ma position');
  await expect(page.getByText('Du plus proche au plus loin de ta position.')).toBeVisible();
  await expect(page.getByRole('article').first()).toContainText('Clermont-Ferrand');
});

test('questions are found by their words, and open one by one', async ({ form, page }) => {
  await form.hand.press(page.getByRole('link', { name: 'Questions fréquentes' }));
  await form.isAt('faq');
  await form.hand.write(form.field('Chercher dans les questions'), 'reseau');
  let question = page.getByText(/^Puis-je faire ma demande sans réseau/);
  await question.click();
  await expect(page.getByRole('group').filter({ has: question })).toHaveAttribute('open', '');
  await form.hand.write(form.field('Chercher dans les questions'), 'zzz');
  await expect(page.getByText('Aucune question avec ces mots. Essaie un mot plus court.')).toBeVisible();
  await form.press('Toutes les questions');
  await expect(page.getByText(/^\d+ questions$/)).toBeVisible();
});
