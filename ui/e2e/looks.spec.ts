// Every screen in every state, in two colour schemes and three sizes: axe has nothing to say, it fits
// the window, and a thumb finds everything.
import { decide } from './desk';
import type { Form } from './form';
import { expect, test } from './journey';
import { look, seen, tellUnsure } from './looks';
import { ines, lina, noe } from './people';

test.setTimeout(180_000);

test.afterAll(() => {
  console.log(`  ${seen.views} views of ${seen.screens} screens${tellUnsure()}`);
});

function draftIn(url: string): string {
  return /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(url)?.[0] ?? '';
}

async function refuse(form: Form): Promise<void> {
  await form.press('Continuer');
  await expect(form.page.getByRole('alert')).toBeFocused();
}

test('the form, step after step, empty, refused and filled', async ({ form, page }) => {
  await form.isAt('landing');
  await look(page, 'landing');
  await form.fillIn(lina, async (screen) => {
    await look(page, screen);
    if (screen === 'check') return;
    await refuse(form);
    await look(page, `${screen}, refused`);
  });
  await form.isKept();
  for (let step of ['mon identité', 'mon mail et mon mot de passe', 'mes coordonnées', 'mon établissement', 'ma filière', 'ma photo', 'l’envoi']) {
    await form.press(new RegExp(`^Modifier\\s${step}$`));
    await expect(form.button('Continuer')).toBeVisible();
    await look(page, `${step}, filled`);
    await form.next('check');
  }
});

test('the form of a student under fifteen, filled in by somebody else', async ({ form, page }) => {
  await form.start();
  await form.charter();
  await form.press('Je dépose pour quelqu’un');
  await refuse(form);
  await look(page, 'identity for somebody else, refused');
  await form.press('Je dépose pour moi');
  await form.isKept();
  await form.identity({ ...ines, birth: noe.birth });
  await look(page, 'identity for somebody else');
  await form.next('guardian');
  await expect(form.button('C’est moi')).toBeVisible();
  await look(page, 'guardian');
  await refuse(form);
  await look(page, 'guardian, refused');
  await form.press('C’est moi');
  await look(page, 'guardian, the filer');
});

test('the form where an answer asks for more', async ({ form, page }) => {
  await form.fillIn(lina, async (screen) => {
    if (screen === 'account') {
      await form.hand.write(form.field('Adresse mail'), 'lina@gmial.com');
      await expect(page.getByText(/^Voulais-tu dire/)).toBeVisible();
      await form.press('Afficher les mots de passe');
      await look(page, 'account, a mail domain to mend');
    } else if (screen === 'contact') {
      await form.press('Compléter mon adresse');
      await form.hand.write(form.field('Code postal'), '75001');
      await expect(page.getByText('Hors de la région\u00a0: écris le nom de ta commune.')).toBeVisible();
      await look(page, 'contact, whole address outside of the region');
    } else if (screen === 'school') {
      await form.hand.write(page.getByRole('combobox'), 'zzzzz');
      await expect(page.getByText(/^Aucun établissement trouvé/)).toBeVisible();
      await look(page, 'school, none found');
      await form.hand.write(page.getByRole('combobox'), 'clermont');
      await expect(page.getByRole('option').first()).toBeVisible();
      await look(page, 'school, found');
      await form.press('Mon établissement n’est pas dans la liste');
      await look(page, 'school, not listed');
      await refuse(form);
      await look(page, 'school, not listed, refused');
      await form.press('Chercher dans la liste');
    } else if (screen === 'track') {
      await page.getByText('Besoin d’aide pour trouver ta filière').click();
      await form.press('Bac professionnel');
      await look(page, 'track, a long group with help');
      await form.hand.write(form.field('Chercher dans les formations'), 'zzz');
      await look(page, 'track, none found');
      await form.press(/^Changer/);
      await form.press('Ma filière n’est pas dans la liste');
      await look(page, 'track, not listed');
      await form.press('Choisir dans la liste');
    } else if (screen === 'photo') {
      await form.pick(Buffer.from('no picture'));
      await expect(page.getByRole('alert')).toContainText('JPEG ou PNG');
      await look(page, 'photo, a file refused');
    }
  });
});

test('drafts in the lists, one deleted, one incomplete before the deposit', async ({ form, page }) => {
  await form.hand.press(page.getByRole('link', { name: 'Mon espace' }));
  await expect(page.getByText('Rien ici pour l’instant.')).toBeVisible();
  await look(page, 'my space, empty');
  await form.press('Retour');
  await form.start();
  await form.charter();
  await form.identity(lina);
  await form.isKept();
  await page.goto(page.url().replace('identite', 'verifier'));
  await form.isAt('check');
  await form.press('Déposer ma demande');
  await expect(page.getByRole('alert')).toBeFocused();
  await look(page, 'check, incomplete');
  await page.goto(page.url().replace(/#.*/, '#/'));
  await expect(form.button(/^Lina Moreau/)).toBeVisible();
  await look(page, 'landing with a draft');
  await form.hand.press(page.getByRole('link', { name: 'Mon espace' }));
  await form.isAt('space');
  await look(page, 'my space with a draft');
  await form.press(/^Supprimer/);
  await expect(page.getByText('Demande supprimée.')).toBeVisible();
  await look(page, 'my space, a draft deleted');
});

test('a dossier from its deposit to its card, and to another card', async ({ form, page, stage }) => {
  await form.fillIn(lina);
  await form.deposit();
  await look(page, 'dossier, ready');
  await form.press('Afficher le numéro');
  await form.press('Envoyer maintenant');
  await expect(page.getByText(/réseau/).first()).toBeVisible();
  await look(page, 'dossier, ready, number shown, no network');
  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
  await look(page, 'dossier, received');
  await decide(stage.server, draftIn(page.url()), 'accept');
  await stage.sync();
  await form.isAt('accepted');
  await look(page, 'dossier, accepted');
  await form.press('Voir ma carte');
  await form.isAt('card');
  await expect(page.getByAltText('Code à présenter au partenaire')).toBeVisible();
  await look(page, 'card');
  await stage.server.stop();
  await form.press('Carte perdue, volée ou abîmée');
  await look(page, 'duplicate, why');
  await refuse(form);
  await look(page, 'duplicate, why, refused');
  await form.hand.choose(page.getByRole('radio', { name: 'Je l’ai perdue' }));
  await form.press('Continuer');
  await look(page, 'duplicate, confirm');
  await form.press('Confirmer le duplicata');
  await expect(page.getByText('Duplicata en attente')).toBeVisible();
  await look(page, 'card, duplicate queued');
  await page.goto(page.url().replace(/#.*/, '#/espace'));
  await expect(page.getByRole('heading', { name: 'Ma carte' })).toBeVisible();
  await look(page, 'my space with a card');
});

test('a dossier that the Region refuses', async ({ form, page, stage }) => {
  await form.fillIn(lina);
  await form.deposit();
  await stage.server.start();
  await form.press('Envoyer maintenant');
  await form.isAt('received');
  await decide(stage.server, draftIn(page.url()), 'refuse', { reasons: 'PHOTO_FLOUE', note: 'Recommence près d’une fenêtre.' });
  await stage.sync();
  await form.isAt('refused');
  await look(page, 'dossier, refused');
});

test('the map, the deals, the questions and what the app is', async ({ form, page, context }) => {
  await context.clearPermissions();
  await form.hand.press(page.getByRole('link', { name: 'Partenaires près de moi' }));
  await form.isAt('partners');
  await expect(page.getByRole('article').first()).toBeVisible();
  await look(page, 'partners');
  await form.press('Utiliser ma position');
  await expect(page.getByRole('alert')).toBeVisible();
  await form.hand.write(page.getByRole('combobox'), 'saint');
  await expect(page.getByRole('option').first()).toBeVisible();
  await look(page, 'partners, towns found, no position');
  await form.hand.pick(page.getByRole('option').first());
  await page.getByRole('article').first().getByRole('button').click();
  await look(page, 'partners, one open');
  await form.press('Voir sur la carte');
  await expect(page.getByRole('region', { name: /^Carte de la région/ })).toBeVisible();
  await look(page, 'partners on the map, one picked');
  await form.press('Retour');
  await form.hand.press(page.getByRole('link', { name: 'Bons plans' }));
  await form.isAt('deals');
  await page.getByRole('article').first().getByRole('button').click();
  await look(page, 'deals, one open');
  await form.press('Retour');
  await form.hand.press(page.getByRole('link', { name: 'Questions fréquentes' }));
  await form.isAt('faq');
  await page.getByText(/^Puis-je faire ma demande sans réseau/).click();
  await look(page, 'questions, one open');
  await form.hand.write(form.field('Chercher dans les questions'), 'zzz');
  await look(page, 'questions, none found');
  await form.press('Retour');
  await form.hand.press(page.getByRole('link', { name: 'À propos' }));
  await form.isAt('about');
  await look(page, 'about');
});

test('an engine that does not answer', async ({ form, page, stage }) => {
  await form.isAt('landing');
  await stage.killEngine();
  await form.hand.press(page.getByRole('link', { name: 'Mon espace' }));
  await expect(form.button('Réessayer')).toBeVisible();
  await look(page, 'my space, no answer');
  await page.goBack();
  await form.hand.press(page.getByRole('link', { name: 'Partenaires près de moi' }));
  await expect(form.button('Réessayer')).toBeVisible();
  await look(page, 'partners, their code did not come');
});
