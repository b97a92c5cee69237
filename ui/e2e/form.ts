// The form as a person goes through it, screen after screen, by what stands on each of them.
import { expect, type Locator, type Page } from '@playwright/test';
import type { Hand } from './hands';
import type { Person } from './people';
import { astronaut } from './picture';

/** A narrow space, as French wants it before « ? ». */
const NARROW = '\u202f';

export const H1 = {
  landing: 'Ta carte Pass’Région',
  charter: 'La charte des droits et devoirs',
  identity: `Qui es-tu${NARROW}?`,
  guardian: `Qui est responsable de toi${NARROW}?`,
  account: 'Ton adresse mail et ton mot de passe',
  contact: `Comment te joindre${NARROW}?`,
  school: `Où étudies-tu${NARROW}?`,
  track: `Quelle est ta filière${NARROW}?`,
  photo: 'Ta photo d’identité',
  camera: 'Prends ta photo',
  fairPhoto: 'Ta photo peut aller',
  badPhoto: 'Ta photo ne va pas encore',
  adjust: 'Ajuste le cadre',
  sending: `Où envoyer ta carte${NARROW}?`,
  check: 'Vérifie tes réponses',
  ready: 'Ta demande est déposée',
  received: 'Ta demande est arrivée',
  inReview: 'Ta demande est en contrôle',
  toCorrect: 'Ta demande est à corriger',
  checkCorrection: 'Vérifie ta correction',
  accepted: 'Ta demande est acceptée',
  refused: 'Ta demande est refusée',
  card: 'Ma carte',
  space: 'Mon espace',
  partners: 'Partenaires près de moi',
  deals: 'Bons plans près de moi',
  faq: 'Questions fréquentes',
  about: 'À propos',
  signIn: 'Me connecter',
  activation: 'Ouvre ta boîte mail',
  askActivation: 'Activer mon compte',
  activated: 'Ton compte est activé',
  forgottenNumber: 'Numéro oublié',
  numberMailed: 'Regarde ta boîte mail',
  forgottenPassword: 'Mot de passe oublié',
  newPassword: 'Ton code et ton nouveau mot de passe',
  passwordChanged: 'Ton mot de passe est changé',
  myAccount: 'Mon compte',
} as const;

export type Screen = keyof typeof H1;

/** One person before the app, with one way of driving it. */
export class Form {
  readonly page: Page;
  readonly hand: Hand;

  constructor(page: Page, hand: Hand) {
    this.page = page;
    this.hand = hand;
  }

  // ── what stands on every screen ─────────────────────────────────────────────────────────────

  async isAt(screen: Screen): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(H1[screen]);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  field(label: string | RegExp): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  async press(name: string | RegExp): Promise<void> {
    await this.hand.press(this.button(name));
  }

  async next(expected: Screen): Promise<void> {
    await this.press('Continuer');
    await this.isAt(expected);
  }

  /** What was typed is on the phone, after its COMMIT. */
  async isKept(): Promise<void> {
    await expect(this.page.getByText(/^Enregistré sur ce téléphone, \d\d:\d\d$/)).toBeVisible();
  }

  /** The refusal beside a field, and its line in the summary on top, which has the focus. */
  async isRefused(label: string, sentence: string): Promise<void> {
    let summary = this.page.getByRole('alert').filter({ has: this.page.getByRole('heading', { level: 2 }) });
    await expect(summary).toBeFocused();
    await expect(summary.getByRole('link', { name: sentence })).toBeVisible();
    await expect(this.field(label).filter({ visible: true })).toHaveAccessibleDescription(new RegExp(escaped(sentence)));
  }

  #radio(group: string, name: string): Locator {
    return this.page.getByRole('group', { name: group }).getByRole('radio', { name, exact: true });
  }

  // ── screen after screen ─────────────────────────────────────────────────────────────────────

  async start(): Promise<void> {
    await this.isAt('landing');
    await this.press('Déposer une demande');
    await this.isAt('charter');
  }

  async charter(): Promise<void> {
    await this.hand.choose(this.page.getByRole('checkbox', { name: 'J’ai lu et j’accepte la charte des droits et devoirs' }));
    await this.next('identity');
  }

  async identity(person: Person): Promise<void> {
    let [day, month, year] = person.birth;
    if (person.filer) await this.#filer(person.filer);
    await this.hand.choose(this.#radio('Civilité', person.civility));
    await this.hand.write(this.field('Nom'), person.familyName);
    await this.hand.write(this.field('Prénom'), person.givenName);
    await this.hand.writes([
      [this.field('Jour'), day],
      [this.field('Mois'), month],
      [this.field('Année'), year],
    ]);
  }

  async #filer({ familyName, givenName, link }: NonNullable<Person['filer']>): Promise<void> {
    await this.press('Je dépose pour quelqu’un');
    await this.hand.write(this.field('Ton nom'), familyName);
    await this.hand.write(this.field('Ton prénom'), givenName);
    await this.hand.choose(this.#radio('Ton lien avec l’élève', link));
  }

  async guardian({ familyName, givenName, link, contact }: NonNullable<Person['guardian']>): Promise<void> {
    await this.hand.write(this.field('Nom du responsable'), familyName);
    await this.hand.write(this.field('Prénom du responsable'), givenName);
    await this.hand.choose(this.#radio('Son lien avec toi', link));
    await this.hand.write(this.field('Son mail ou son téléphone'), contact);
    await this.hand.choose(this.page.getByRole('checkbox', { name: /^Cette personne est d’accord/ }));
  }

  async account({ email, password }: Person): Promise<void> {
    await this.hand.write(this.field('Adresse mail'), email);
    await this.hand.write(this.field('Confirmation de l’adresse mail'), email);
    await this.hand.write(this.field('Mot de passe'), password);
    await this.hand.write(this.field('Confirmation du mot de passe'), password);
  }

  async contact(person: Person): Promise<void> {
    await this.hand.write(this.field('Téléphone'), person.phone);
    await this.hand.write(this.field('Adresse'), person.address);
    await this.hand.write(this.field('Code postal'), person.postalCode);
    await expect(this.field('Commune').getByRole('option', { selected: true })).toHaveText(person.town);
  }

  async school({ school }: Person): Promise<void> {
    if ('name' in school) {
      await this.press('Mon établissement n’est pas dans la liste');
      await this.hand.write(this.field('Nom de l’établissement'), school.name);
      await this.hand.write(this.field('Ville de l’établissement'), school.town);
    } else {
      await this.hand.write(this.page.getByRole('combobox', { name: 'Établissement' }), school.typed);
      await this.hand.pick(this.page.getByRole('option', { name: school.chosen }));
    }
  }

  async track({ track }: Person): Promise<void> {
    if ('name' in track) {
      await this.press('Ma filière n’est pas dans la liste');
      await this.hand.write(this.field('Nom de la filière'), track.name);
    } else {
      await this.press(track.group);
      let training = this.page.getByRole('radio', { name: track.chosen });
      // A group with one training has chosen it already.
      if (!(await training.isChecked())) await this.hand.choose(training);
    }
  }

  /** Imports a picture, and reads what is said of it. */
  async pick(buffer = astronaut()): Promise<void> {
    let chooser = await this.hand.browse(this.field('Importer une photo'));
    await chooser.setFiles({ name: 'moi.jpg', mimeType: 'image/jpeg', buffer });
  }

  async photo(): Promise<void> {
    await this.pick();
    await this.press('Je garde');
    await this.hasPhoto();
  }

  async hasPhoto(): Promise<void> {
    await expect(this.page.getByAltText('Ta photo, comme elle sera sur la carte')).toBeVisible();
  }

  async sending({ sending }: Person): Promise<void> {
    await this.hand.choose(this.page.getByRole('radio', { name: sending }));
  }

  /** From the landing to the screen where all answers are checked; `before` is told each screen. */
  async fillIn(person: Person, before: (screen: Screen) => Promise<void> = async () => {}): Promise<void> {
    await this.start();
    await before('charter');
    await this.charter();
    await before('identity');
    await this.identity(person);
    if (person.guardian) {
      await this.next('guardian');
      await before('guardian');
      await this.guardian(person.guardian);
    }
    await this.next('account');
    await before('account');
    await this.account(person);
    await this.next('contact');
    await before('contact');
    await this.contact(person);
    await this.next('school');
    await before('school');
    await this.school(person);
    await this.next('track');
    await before('track');
    await this.track(person);
    await this.next('photo');
    await before('photo');
    await this.photo();
    await this.next('sending');
    await before('sending');
    await this.sending(person);
    await this.next('check');
    await before('check');
  }

  async deposit(): Promise<void> {
    await this.press('Déposer ma demande');
    await this.isAt('ready');
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
