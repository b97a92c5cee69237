// The sentences of a deposited dossier: where it stands, what is to be mended in it.
import type { DossierState, Milestone, Topic } from '../host/commands.gen';

/** What a screen of a deposited dossier may show. */
export type DepositedState = Exclude<DossierState, 'draft' | 'correction'>;

export const dossier = {
  h1: {
    ready: 'Ta demande est déposée',
    received: 'Ta demande est arrivée',
    in_review: 'Ta demande est en contrôle',
    to_correct: 'Ta demande est à corriger',
    accepted: 'Ta demande est acceptée',
    refused: 'Ta demande est refusée',
  } satisfies Record<DepositedState, string>,
  ready: 'Gardé sur ce téléphone. Ta demande partira dès que tu auras du réseau.',
  deposited: 'Déposée sur ce téléphone',
  waiting: 'Envoi à la Région',
  waitingHint: 'En attente de réseau',
  reached: {
    received: 'Reçu par la Région',
    in_review: 'En contrôle',
    to_correct: 'À corriger',
    corrected: 'Corrigée',
    accepted: 'Acceptée',
    refused: 'Refusée',
    in_production: 'Carte en fabrication',
    handed_over: 'Carte remise à ton établissement',
  } satisfies Record<Milestone, string>,
  sentHome: 'Carte envoyée chez toi',
  deciding: 'Contrôle de ta demande',
  decidingHint: 'Reviens voir ici : la réponse s’affichera.',
  at: (day: string, time: string) => `le ${day}, à ${time}`,
  sendNow: 'Envoyer maintenant',
  sending: 'Envoi…',
  provisional: 'Voir ma carte provisoire',
  reasons: 'Pourquoi',
  again: 'Déposer une nouvelle demande',
} as const;

export const correction = {
  title: 'La Région te demande de corriger',
  topics: {
    civility: 'ta civilité',
    family_name: 'ton nom',
    given_name: 'ton prénom',
    birth_date: 'ta date de naissance',
    guardian: 'ton responsable',
    phone_number: 'ton téléphone',
    address: 'ton adresse',
    school: 'ton établissement',
    track: 'ta filière',
    photo: 'ta photo',
    sending: 'l’envoi de ta carte',
  } satisfies Record<Topic, string>,
  act: 'Corriger ma demande',
  rest: 'Tout le reste est gardé tel quel.',
  queued: 'Ta correction est gardée sur ce téléphone. Elle partira dès que tu auras du réseau.',
  check: {
    h1: 'Vérifie ta correction',
    before: 'Avant',
    after: 'Maintenant',
    same: '(inchangé)',
    returned: 'La Région n’a pas pu prendre cette correction. Relis tes réponses, puis renvoie-la.',
    hint: 'La Région remplacera tes anciennes réponses par celles-ci, puis reprendra le contrôle.',
    send: 'Envoyer ma correction',
  },
} as const;
