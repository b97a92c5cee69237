// Why a field is refused, in words that say what to do.
import type { Field, Hint, Refusal } from '../host/commands.gen';
import { FIELD_LABELS, FIELD_SUBJECTS } from './fields';

type Code = Refusal['code'];
type Of<C extends Code> = Extract<Refusal, { code: C }>;
type Sentences = { [C in Code]: (field: Field, refusal: Of<C>) => string };

const CHOOSE = 'Choisis une réponse.';
const CHARTER = 'Tu dois lire et accepter la charte des droits et devoirs pour continuer.';
const PASSWORD = '12 caractères minimum (ou 8 s’il est difficile à deviner).';
const CONSENT = 'Il faut l’accord de ton responsable : tu as moins de 15 ans.';
const YEAR = 'Vérifie l’année de naissance.';
const POSTAL_LINES: readonly Field[] = ['care_of', 'address_line', 'building', 'floor', 'residence', 'locality'];

/** What is asked for, where a field has its own words for it. */
const MISSING: Partial<Record<Field, string>> = {
  charter: CHARTER,
  filer: CHOOSE,
  filer_link: CHOOSE,
  civility: CHOOSE,
  family_name: 'Le nom est obligatoire.',
  guardian_link: CHOOSE,
  guardian_contact: 'Écris un mail ou un téléphone où le joindre.',
  guardian_consent: CONSENT,
  email_confirmation: 'Écris ton adresse mail une deuxième fois.',
  commune: 'Choisis ta commune dans la liste.',
  school: 'Choisis ton établissement dans la liste.',
  track: 'Choisis ta filière.',
  photo: 'Ajoute ta photo.',
  sending: CHOOSE,
};

const MALFORMED: Partial<Record<Field, string>> = {
  email: 'Cette adresse mail n’est pas complète. Elle ressemble à prenom.nom@exemple.fr.',
  phone_number: 'Numéro de téléphone invalide.',
  guardian_contact: 'Écris une adresse mail complète ou un numéro de téléphone.',
  postal_code: 'Le code postal a 5 chiffres.',
  birth_date: 'Écris le jour, le mois et l’année, par exemple 21 11 2009.',
};

const SENTENCES: Sentences = {
  missing: (field) => MISSING[field] ?? `${FIELD_SUBJECTS[field]} est obligatoire.`,
  not_accepted: (field) => (field === 'guardian_consent' ? CONSENT : CHARTER),
  unknown: (field) => MISSING[field] ?? CHOOSE,
  has_digit: (field) => `${FIELD_SUBJECTS[field]} ne peut pas contenir de chiffres.`,
  has_symbol: (field, { symbol }) => `${FIELD_SUBJECTS[field]} ne peut pas contenir « ${symbol} ».`,
  too_long: (field, { most }) =>
    POSTAL_LINES.includes(field)
      ? `${most} caractères maximum par ligne (norme postale).`
      : `Trop de caractères : ${most} maximum.`,
  malformed: (field) => MALFORMED[field] ?? `Vérifie cette réponse : ${FIELD_SUBJECTS[field].toLowerCase()}.`,
  digit_count: (field, { expected, got }) =>
    field === 'phone_number' || field === 'guardian_contact'
      ? `Numéro de téléphone invalide. Il faut ${expected} chiffres, tu en as écrit ${got}.`
      : `Il faut ${expected} chiffres, tu en as écrit ${got}.`,
  not_a_date: () => 'Cette date n’existe pas. Vérifie le jour et le mois.',
  too_young: () => YEAR,
  too_old: () => YEAR,
  disputed: (field) => `${FIELD_LABELS[field]} : deux appareils ont donné des réponses différentes. Choisis la bonne.`,
  mismatch: (field) =>
    field === 'password' ? 'Les deux mots de passe ne sont pas identiques.' : 'Les deux adresses ne sont pas identiques.',
  too_short: () => PASSWORD,
  guessable: () => PASSWORD,
  unchanged: (field) => (field === 'photo' ? 'La Région demande une autre photo que celle-ci.' : `${FIELD_SUBJECTS[field]} est comme avant.`),
  personal: () => 'Ce mot de passe contient ton nom, ta date de naissance ou un mot trop connu. Choisis-en un autre.',
};

/** The sentence beside a refused field. */
export function sentence(field: Field, refusal: Refusal): string {
  // TypeScript cannot see that a refusal's code picks the sentence of that very refusal.
  let say = SENTENCES[refusal.code] as (field: Field, refusal: Refusal) => string;
  return say(field, refusal);
}

/** A polite remark: nothing is refused. */
export function remark(hint: Hint): string {
  switch (hint.code) {
    case 'mail_domain':
      return `Voulais-tu dire ${hint.suggestion} ?`;
    case 'unusual_age':
      return 'Ton âge est rare pour cette demande. Vérifie l’année de naissance.';
  }
}
