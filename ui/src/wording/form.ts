// The sentences of the form, step after step.
import type { FormStep } from '../state/router.svelte';

export const form = {
  steps: {
    charter: 'Charte',
    identity: 'Identité',
    guardian: 'Responsable',
    account: 'Compte',
    contact: 'Coordonnées',
    school: 'Établissement',
    track: 'Filière',
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
    forOther: 'Je dépose pour quelqu’un',
    forMe: 'Je dépose pour moi',
    filer: 'Toi, qui déposes',
    student: 'L’élève',
    asOnPapers: 'Ton nom et ton prénom, exactement comme sur ta pièce d’identité.',
    asOnPapersOfOther: 'Son nom et son prénom, exactement comme sur sa pièce d’identité.',
    filerLinks: { PERE: 'Son père', MERE: 'Sa mère', TUTEUR: 'Son tuteur ou sa tutrice', AUTRE: 'Autre personne' },
    birthDate: 'Date de naissance',
    birthHint: 'Par exemple : 21 11 2009',
    day: 'Jour',
    month: 'Mois',
    year: 'Année',
    civilities: { MADAME: 'Madame', MONSIEUR: 'Monsieur', NON_PRECISEE: 'Je préfère ne pas préciser' },
  },
  answerFor: (name: string) => `Réponds pour ${name || 'l’élève'}.`,

  guardian: {
    h1: 'Qui est responsable de toi ?',
    why: 'Tu as moins de 15 ans : la loi demande l’accord d’un parent ou d’un tuteur.',
    whyOfOther: 'L’élève a moins de 15 ans : la loi demande l’accord d’un parent ou d’un tuteur.',
    itIsMe: 'C’est moi',
    itIsMeHint: 'Reprend ton nom, ton prénom et ton lien.',
    links: { PERE: 'Père', MERE: 'Mère', TUTEUR: 'Tuteur ou tutrice', AUTRE: 'Autre personne' },
    contactHint: 'La Région peut lui écrire ou l’appeler pour vérifier.',
    consent: 'Cette personne est d’accord pour ma demande, et pour ma photo sur la carte',
    consentOfOther: 'Cette personne est d’accord pour la demande, et pour la photo sur la carte',
  },

  account: {
    h1: 'Ton adresse mail et ton mot de passe',
    emailHint: 'Une adresse que tu lis vraiment : le lien d’activation y arrivera.',
    emailHintOfOther: 'L’adresse de l’élève, ou la tienne : le lien d’activation y arrivera.',
    useSuggestion: (mail: string) => `Utiliser ${mail}`,
    passwordHint: '12 caractères minimum (ou 8 s’il est difficile à deviner).',
    confirmation: 'Confirmation du mot de passe',
    showBoth: 'Afficher les mots de passe',
    hideBoth: 'Masquer les mots de passe',
    passwordKept: 'Mot de passe gardé. Laisse ces deux cases vides pour ne pas le changer.',
  },

  contact: {
    h1: 'Comment te joindre ?',
    required: 'Tout est obligatoire, sauf ce qui est marqué facultatif.',
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
      count === 0 ? 'Aucun établissement trouvé. Essaie la ville.' : count === 1 ? '1 établissement trouvé' : `${count} établissements trouvés`,
    proposed: (count: number) => (count > 1 ? `${count} établissements proposés` : '1 établissement proposé'),
    usedHere: 'Déjà choisi ici',
    near: 'Près de chez toi',
    away: (km: number) => (km < 1 ? 'à moins de 1 km' : `à ${Math.round(km)} km`),
    searching: 'Recherche…',
    notListed: 'Mon établissement n’est pas dans la liste',
    notListedLead: 'Pas grave : écris son nom et sa ville. La Région le retrouvera.',
    search: 'Chercher dans la liste',
  },

  track: {
    h1: 'Quelle est ta filière ?',
    groups: 'Choisis d’abord le type de formation',
    groupsAtSchool: 'Les filières de ton établissement',
    group: 'Type de formation',
    training: 'Ta formation',
    filter: 'Chercher dans les formations',
    noneFound: 'Aucune formation ne porte ce nom. Essaie un mot plus court.',
    change: 'Changer',
    all: 'Voir toutes les filières',
    notListed: 'Ma filière n’est pas dans la liste',
    notListedLead: 'Pas grave : recopie son nom, comme sur ton certificat de scolarité.',
    list: 'Choisir dans la liste',
    help: 'Besoin d’aide pour trouver ta filière ?',
    helpLead: 'Elle est écrite :',
    helpPlaces: [
      'sur ton certificat de scolarité, à côté de ta classe ;',
      'en haut de ton bulletin ou de ton carnet ;',
      'dans Pronote ou ton ENT, sur ta fiche d’élève.',
    ],
    helpAsk: 'Sinon, le secrétariat de ton lycée te la dira.',
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
    take: 'Prendre une photo',
    takeHint: 'Demande à quelqu’un de la prendre, devant un mur clair.',
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
      guardian: 'mon responsable',
      account: 'mon mail et mon mot de passe',
      contact: 'mes coordonnées',
      school: 'mon établissement',
      track: 'ma filière',
      photo: 'ma photo',
      sending: 'l’envoi',
    },
    passwordKept: 'Gardé, jamais affiché',
    consent: 'Donné',
    person: 'Nom et lien',
    none: 'Sans réponse',
    sendingShort: { ETABLISSEMENT: 'Dans mon établissement', DOMICILE: 'À la maison' },
    deposit: 'Déposer ma demande',
    ready: 'Prêt à partir. Ta demande partira dès que tu auras du réseau.',
    depositHint: 'Après, tu ne pourras plus changer tes réponses. Ton numéro de dossier s’affichera tout de suite, même sans réseau.',
  },

  preview: {
    name: 'Prénom NOM',
    school: 'Ton établissement',
    caption: 'Ta carte se remplit pendant que tu écris.',
  },
} as const;
