// The sentences of « Vérifier une carte », for anyone: no « tu », no « vous ».
import type { Colour, Freshness, VerdictReason } from '../host/commands.gen';

export const check = {
  h1: 'Vérifier une carte',
  lead: 'Sans compte et sans réseau. Rien n’est gardé, sauf le nombre de cartes du jour.',
  scan: 'Lire le code',
  why: 'La caméra lit le code affiché sur l’autre écran, ou imprimé.',
  place: 'Placer le code dans le cadre',
  video: 'Ce que voit la caméra',
  starting: 'La caméra démarre…',
  troubles: {
    refused: 'La caméra est refusée dans les réglages.',
    none: 'Aucune caméra ici.',
    busy: 'La caméra ne démarre pas : une autre application l’utilise peut-être.',
    lost: 'La caméra s’est arrêtée.',
  },
  openSettings: 'Ouvrir les réglages',
  typed: 'Code écrit ou collé',
  typedHint: 'Il commence par PR1:',
  typedMissing: 'Écrire ou coller un code.',
  verify: 'Vérifier',
  again: 'Vérifier une autre carte',
  born: (year: number) => `Naissance : ${year}`,
  season: (season: string) => `Année scolaire ${season}`,
  compare: {
    screen: 'Comparer soi-même le visage à la photo que montre l’autre écran : le code ne contient pas la photo.',
    page: 'Comparer soi-même le visage à la photo de la feuille : le code ne contient pas la photo.',
  },
  noList: 'Aucune liste de la Région sur ce téléphone.',
  list: (days: number) => (days === 0 ? 'Liste de la Région d’aujourd’hui' : `Liste de la Région d’il y a ${days} jour${days > 1 ? 's' : ''}`),
  freshness: {
    fresh: null,
    old: 'Mise à jour conseillée : se connecter un instant.',
    stale: 'Demande de mise à jour : se connecter un instant.',
  } satisfies Record<Freshness, string | null>,
  today: 'Aujourd’hui sur ce téléphone',
  counts: { green: 'valables', orange: 'à regarder', red: 'refusées', grey: 'sans réponse' } satisfies Record<Colour, string>,
} as const;

/** What a verdict is called, and what to do. */
export const VERDICTS: Record<VerdictReason, { title: string; text: string }> = {
  good: { title: 'Carte valable', text: 'Signée par la Région, montrée par son téléphone.' },
  printed: { title: 'Carte imprimée', text: 'Authentique, mais une feuille se copie : vérifier la photo.' },
  not_decided: { title: 'Carte provisoire', text: 'Demande déposée, non validée.' },
  not_a_card: { title: 'Ce n’est pas une carte', text: 'Ce code n’est pas celui d’une carte Pass’Région.' },
  unknown_key: { title: 'Carte non authentique', text: 'Aucune clé connue de la Région ne l’a signée.' },
  key_out_of_force: { title: 'Carte non authentique', text: 'La clé qui l’a signée n’est plus en vigueur.' },
  tampered: { title: 'Carte falsifiée', text: 'Le code a été modifié après la signature.' },
  not_live: { title: 'Copie d’une carte', text: 'Ce code ne vient pas du téléphone de la carte.' },
  other_phone: { title: 'Copie d’une carte', text: 'Un autre téléphone montre cette carte.' },
  not_now: { title: 'Code périmé', text: 'Photo d’un code, ou heure fausse : faire ouvrir la carte dans l’application.' },
  seen_before: { title: 'Code déjà lu', text: 'Attendre le code suivant : il change toutes les 15 secondes.' },
  blocked: { title: 'Carte bloquée', text: 'Perdue, volée ou retirée : elle ne sert plus.' },
  suspended: { title: 'Carte suspendue', text: 'Elle ne peut pas servir pour l’instant.' },
  replaced: { title: 'Carte remplacée', text: 'Une autre carte a pris sa place.' },
  expired: { title: 'Carte expirée', text: 'Sa date est passée.' },
  no_keys: { title: 'Vérification impossible', text: 'Ce téléphone n’a encore rien reçu de la Région : se connecter une première fois.' },
  no_list: { title: 'Vérification impossible', text: 'La liste de la Région manque : se connecter une première fois.' },
  stale_list: { title: 'Liste trop ancienne', text: 'Demande de mise à jour : se connecter un instant, puis recommencer.' },
  wrong_clock: { title: 'Heure fausse', text: 'L’heure de ce téléphone est en retard : la régler, puis recommencer.' },
};
