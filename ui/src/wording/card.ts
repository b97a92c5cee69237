// The sentences of the card and of its duplicate, said to who holds it.
import type { CardState, DuplicateReason } from '../host/commands.gen';
import { euros } from './moments';

export const card = {
  season: 'Année scolaire',
  number: 'Numéro de dossier',
  photo: (name: string) => `Photo de ${name}`,
  code: 'Code à présenter au partenaire',
  codeHint: 'Le partenaire lit ce code, même sans réseau. Il change toutes les 15 secondes.',
  now: 'Heure de ce téléphone',
  meaning: {
    active: null,
    provisional: 'Demande déposée, non validée : la Région ne l’a pas encore contrôlée.',
    blocked: 'Cette carte est bloquée : elle ne peut plus servir.',
    suspended: 'Cette carte est suspendue : elle ne peut pas servir pour l’instant.',
    replaced: 'Cette carte a été remplacée : elle ne peut plus servir.',
    expired: 'Cette carte n’est plus valable.',
    untrusted: 'Cette carte n’est pas signée par la Région : elle est refusée.',
    unknown: null,
  } satisfies Record<CardState, string | null>,
  renew: 'Connecte-toi une fois pour renouveler ta carte numérique.',
  nowhere: 'Ton code arrive dès qu’il y a du réseau : la Région le signe pour ce téléphone.',
  elsewhere: 'Ta carte est sur un autre téléphone. Un seul à la fois peut la montrer.',
  move: 'L’utiliser sur ce téléphone',
  moving: 'Ta carte arrive ici dès qu’il y a du réseau. Elle ne marchera plus sur l’autre téléphone.',
  list: (day: string, time: string) => `Vérifiée avec la liste de la Région du ${day}, ${time}.`,
  former: {
    title: 'Mes anciennes cartes',
    one: (from: string, state: string, on: string) => `Carte du ${from} : ${state} le ${on}`,
  },
  give: {
    h1: 'Montrer ma photo',
    lead: 'Le partenaire lit ces codes pour voir ta photo, celle que la Région a signée. Même sans réseau.',
    image: 'Code de ta photo',
  },
  lost: 'Carte perdue, volée ou abîmée',
  print: 'Imprimer ma carte',
  way: 'Où en est ma demande',
  paper: {
    h1: 'Ma carte à imprimer',
    lead: 'Cette feuille marche sans téléphone. Le partenaire comparera la photo et toi.',
    print: 'Imprimer',
  },
} as const;

export const duplicate = {
  step: 'Duplicata',
  lead: 'Tu vas demander un duplicata : une nouvelle carte en plastique.',
  reasons: {
    PERTE: 'Je l’ai perdue',
    VOL: 'On me l’a volée',
    DETERIORATION: 'Elle est abîmée ou illisible',
  } satisfies Record<DuplicateReason, string>,
  refusal: 'Choisis une réponse.',
  confirmH1: 'Demander un duplicata ?',
  because: 'Tu as répondu :',
  consequences: [
    'Ton ancienne carte sera bloquée tout de suite : plus personne ne pourra s’en servir.',
    'Ta carte sur ce téléphone, elle, reste.',
  ],
  price: 'Prix',
  delay: 'Délai',
  cost: (cents: number) => (cents === 0 ? 'Gratuit' : euros(cents)),
  days: (days: number) => (days <= 1 ? 'Un jour environ' : `${days} jours environ`),
  unsaid: 'La Région te le confirmera.',
  mayUndo: 'Tu auras 24 heures pour annuler.',
  confirm: 'Confirmer le duplicata',
  queuedTitle: 'Duplicata en attente',
  queued: 'Ta demande de duplicata est gardée sur ce téléphone. Elle partira dès que tu auras du réseau.',
  requestedTitle: 'Duplicata demandé',
  undoUntil: (moment: string) => `Carte retrouvée ? Tu peux annuler jusqu’au ${moment}.`,
  undoLate: 'C’est trop tard pour l’annuler : ta nouvelle carte est lancée.',
  undo: {
    PERTE: 'Je l’ai retrouvée',
    VOL: 'Je l’ai retrouvée',
    DETERIORATION: 'Annuler le duplicata',
  } satisfies Record<DuplicateReason, string>,
  undoOffline: 'Il faut du réseau pour annuler : ta demande est peut-être déjà à la Région. Réessaie quand tu en auras.',
  undoneTitle: 'Duplicata annulé',
  undone: 'Aucune nouvelle carte ne sera faite. Ton ancienne carte marche de nouveau.',
  requested: (day: string) => `Demandé à la Région le ${day}. Ton ancienne carte est bloquée.`,
} as const;
