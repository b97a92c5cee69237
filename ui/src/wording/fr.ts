// Every sentence of the screens, in French, said to a student.
import type { CardState, DossierState } from '../host/commands.gen';
import { form } from './form';

export const fr = {
  app: 'Pass’Région',
  back: 'Retour',
  next: 'Continuer',
  retry: 'Réessayer',
  loading: 'Un instant…',
  errorPrefix: 'Erreur : ',
  optional: 'facultatif',

  summary: (count: number) => (count > 1 ? 'Il reste des réponses à revoir' : 'Il reste une réponse à revoir'),

  line: {
    saving: 'Enregistrement…',
    kept: (time: string) => `Enregistré sur ce téléphone, ${time}`,
    offline: 'Hors ligne : tout est gardé',
    received: (time: string) => `Reçu par la Région, ${time}`,
    sending: (done: number, total: number) => `Envoi ${done} sur ${total}`,
  },

  landing: {
    h1: 'Ta carte Pass’Région',
    lead: '4 minutes, une photo, ton lycée',
    need: 'Prépare simplement :',
    needs: ['ton adresse mail, que tu lis vraiment', 'une photo d’identité, en JPEG ou PNG', 'le nom de ton lycée et ta filière'],
    offline: 'Pas de réseau ? Continue quand même : tout est gardé sur ce téléphone.',
    start: 'Déposer une demande',
    mine: 'Mes demandes',
    untitled: 'Demande sans nom',
    changed: (when: string) => `Modifiée le ${when}`,
  },

  states: {
    draft: 'brouillon',
    ready: 'à envoyer',
    received: 'reçue',
    in_review: 'en contrôle',
    to_correct: 'à corriger',
    accepted: 'acceptée',
    refused: 'refusée',
    correction: 'correction',
  } satisfies Record<DossierState, string>,

  ...form,

  number: {
    label: 'Ton numéro de dossier',
    show: 'Afficher le numéro',
    hide: 'Masquer le numéro',
    copy: 'Copier le numéro',
    copied: 'Numéro copié',
    notCopied: 'Copie impossible ici : note-le.',
    keep: 'Garde-le bien : il te servira pour ton espace, et si tu perds ta carte.',
    replaced: 'Ton numéro de dossier a changé : le premier était déjà pris, ou ta demande était déjà déposée depuis un autre appareil. C’est celui-ci qui compte.',
  },

  card: {
    h1: 'Ma carte',
    until: (day: string) => `Valable jusqu’au ${day}`,
    states: {
      active: 'Active',
      provisional: 'Provisoire',
      blocked: 'Bloquée',
      suspended: 'Suspendue',
      replaced: 'Remplacée',
      expired: 'Expirée',
      untrusted: 'Non vérifiée',
      unknown: 'Inconnue',
    } satisfies Record<CardState, string>,
  },

  duplicate: { h1: 'Qu’est-il arrivé à ta carte ?' },
} as const;
