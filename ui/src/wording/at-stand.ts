// The sentences of a stand for a student, in *tu*: in front of the tablet, and on their own phone.
import { many } from './many';

/** What a student reads, in front of the tablet or on their own phone. */
export const atStand = {
  call: 'Appelle un agent',
  still: 'Tu es toujours là ?',
  stillLead: (seconds: number) => `Sans réponse, l’écran se masque dans ${many(seconds, 'seconde', 'secondes')}. Rien n’est perdu.`,
  here: 'Oui, je continue',
  turn: 'Tourne la tablette vers toi. Tes réponses ne sont vues que par toi, et par l’agent qui t’aide à la fin.',
  ready: 'C’est parti',
  done: 'J’ai fini',
  doneHint: 'Ensuite, rends la tablette : un agent relit avec toi, et ta demande est déposée.',

  shield: {
    idle: 'Écran masqué',
    called: 'Un agent arrive',
    done: 'Merci ! Rends la tablette à un agent',
    lead: 'Rien n’est perdu. Un agent ouvre la tablette avec son code.',
  },

  finished: {
    h1: 'Ta demande est déposée',
    number: 'Ton numéro de dossier',
    keep: (isPrinted: boolean) => `Garde-le bien : prends-le en photo, ou ${isPrinted ? 'demande le papier' : 'note-le'}.`,
    claim: 'Pour ton téléphone',
    claimText: 'Dans l’application Pass’Région : « Au stand », puis « J’ai un ticket du stand ». Ta demande arrive sur ton téléphone ce soir ou demain.',
    claimCode: 'Code pour reprendre ta demande sur ton téléphone',
    card: 'Carte provisoire',
    cardText: 'Demande déposée, non validée.',
    cardUntil: (day: string) => `Jusqu’au ${day}`,
    cardCode: 'Code de ta carte provisoire',
    noCard: 'Pas de carte provisoire ici : ta carte viendra de la Région.',
    mail: 'Ouvre bientôt ta boîte mail : la Région t’écrit pour activer ton compte et choisir ton mot de passe.',
    print: 'Imprimer',
    next: 'Élève suivant',
    slip: 'Pass’Région : ta demande, faite au stand',
    finishedOn: 'Enregistrée au stand le',
    gone: 'Le numéro a déjà été montré : il est dans la liste des dossiers terminés.',
  },

  phone: {
    h1: 'Au stand',
    lead: 'Ton téléphone et la tablette d’un stand se passent ta demande par des codes, sans réseau.',
    claim: 'J’ai un ticket du stand',
    claimText: 'Ta demande faite au stand arrive sur ce téléphone.',
    take: 'Reprendre depuis un stand',
    takeText: 'Tu as commencé sur la tablette, tu continues ici.',
    give: 'Continuer à un stand',
    giveText: 'Tu as commencé ici, tu finis sur la tablette.',
    none: 'Aucun brouillon sur ce téléphone.',
    waiting: (count: number) => `${many(count, 'demande attendue', 'demandes attendues')} d’un stand`,
  },

  give: {
    h1: 'Continuer à un stand',
    lead: 'Montre ces codes à la tablette du stand. Ta photo sera reprise là-bas.',
    image: 'Code du brouillon',
    deposited: 'Cette demande est déjà déposée : il n’y a plus rien à continuer.',
  },

  take: {
    h1: 'Reprendre depuis un stand',
    lead: 'Sur la tablette, l’agent affiche les codes de ton brouillon. Scanne-les, dans n’importe quel ordre.',
    why: 'Ton brouillon arrive sur ce téléphone, sans réseau.',
    code: 'Code collé',
    codeHint: 'Il commence par PRH1:',
    missing: 'Scanne un code, ou colle-le.',
    act: 'Ajouter ce code',
    scan: 'Scanner les codes',
    progress: (have: number, of: number) => `${many(have, 'code', 'codes')} sur ${of}`,
  },

  claim: {
    h1: 'J’ai un ticket du stand',
    lead: 'Scanne le code « Pour ton téléphone » du papier, ou de la tablette.',
    why: 'Ta demande arrive sur ce téléphone.',
    code: 'Code du ticket',
    codeHint: 'Il commence par PRC1:',
    missing: 'Scanne le code du ticket, ou colle-le.',
    scan: 'Scanner le ticket',
    act: 'Reprendre ma demande',
    waits: 'Ta demande arrive',
    waitsLead: 'Ton dossier est encore sur la tablette du stand, ou ton téléphone n’a pas de réseau. Ta demande arrivera ici toute seule : tu n’as rien à faire.',
    home: 'Revenir à l’accueil',
  },
} as const;
