// What did not work, and what the person can do about it.
import type { CourierTrouble, PhotoRefusal, Reason, Trouble } from '../host/commands.gen';
import type { AnyTrouble } from '../host/host';
import { megabytes } from './moments';

type Plain = Exclude<Trouble['code'], 'photo' | 'courier' | 'stand'> | 'no_answer';

export const TROUBLES: Record<Plain, string> = {
  disk_full: 'Plus de place sur ce téléphone : rien de nouveau n’est gardé. Libère un peu de place, puis réessaie.',
  storage: 'Ce téléphone n’arrive pas à garder ta réponse. Réessaie ; ce qui était gardé avant reste.',
  no_keyring: 'Le coffre de ce téléphone ne répond pas : rien ne peut être gardé sans lui. Déverrouille ton téléphone, puis réessaie.',
  newer_database: 'Tes demandes ont été gardées par une version plus récente de l’application. Rien n’est perdu : mets l’application à jour, puis rouvre-la.',
  migration: 'Cette version de l’application ne sait pas reprendre ce que l’ancienne a gardé. Rien n’est effacé, et une copie reste sur ce téléphone. Mets l’application à jour.',
  key_lost: 'Le coffre de ce téléphone a perdu la clé de tes brouillons : ils ne peuvent plus être lus ici. Ce que la Région a reçu n’est pas perdu.',
  damaged: 'Cette demande est abîmée et ne s’ouvre pas. Elle reste sur ce téléphone, et les autres marchent. Si elle était déjà partie, l’application la redemande à la Région. Sinon, commence une nouvelle demande.',
  unknown_draft: 'Cette demande n’est pas sur ce téléphone.',
  already_deposited: 'Cette demande est déjà déposée : ses réponses ne changent plus.',
  awaits_receipt: 'Cette demande attend le récépissé de la Région : elle ne peut pas être supprimée.',
  incomplete: 'Il reste des réponses à revoir avant de déposer ta demande.',
  no_picture: 'Cette photo n’est plus ouverte. Reviens en arrière, et reprends ta photo.',
  photo_fails: 'Cette photo ne passe pas encore. Recommence, ou dis en une phrase pourquoi la garder.',
  no_card: 'Ta carte n’est pas encore arrivée sur ce téléphone.',
  too_late: 'C’est trop tard pour annuler : ta nouvelle carte est lancée, ou la journée est passée.',
  unknown_command: 'Cette version de l’application ne sait pas faire cela. Mets-la à jour.',
  malformed_args: 'L’application s’est mal comprise elle-même. Ferme-la, puis rouvre-la.',
  wrong_number: 'Ce numéro comporte une erreur de frappe.',
  wrong_sign_in: 'Numéro ou mot de passe incorrect, ou compte pas encore activé. Vérifie-les, ou demande un nouveau mail d’activation.',
  wrong_code: 'Ce code n’est pas le bon, ou il est trop ancien. Recopie celui du dernier mail, ou demandes-en un autre.',
  wrong_password: 'Ce n’est pas ton mot de passe actuel.',
  too_many_tries: 'Trop d’essais. Attends quelques minutes, puis réessaie.',
  session_over: 'Tu n’es plus connecté à cette demande sur ce téléphone. Reconnecte-toi avec ton numéro et ton mot de passe.',
  erased: 'Cette demande a été effacée.',
  closed: 'Appelle un agent.',
  no_answer: 'L’application ne répond pas. Ferme-la, puis rouvre-la : ce qui était gardé reste.',
};

/** What stands above the sentence, where nothing of the app can go on before it is mended. */
export const TROUBLE_TITLES: Partial<Record<AnyTrouble['code'], string>> = {
  disk_full: 'Téléphone plein',
  no_keyring: 'Coffre fermé',
  newer_database: 'Mise à jour nécessaire',
  migration: 'Mise à jour nécessaire',
  key_lost: 'Clé perdue',
  damaged: 'Demande abîmée',
};

const PHOTO_REFUSALS: { [C in PhotoRefusal['code']]: (refusal: Extract<PhotoRefusal, { code: C }>) => string } = {
  not_a_picture: () => 'JPEG ou PNG uniquement. Choisis un autre fichier.',
  heic: () => 'Ton téléphone a enregistré cette photo au format HEIC. Choisis-la en JPEG, ou prends-la ici avec l’appareil photo.',
  too_heavy: ({ most_bytes }) => `${megabytes(most_bytes)} maximum. Choisis une autre photo, ou prends-la ici avec l’appareil photo.`,
  too_many_pixels: ({ most }) => `Ta photo est trop grande : ${Math.floor(most / 1_000_000)} millions de pixels maximum. Choisis-en une autre, ou prends-la ici.`,
  too_small: ({ width, height, least_width, least_height }) =>
    `Ta photo est trop petite : ${width} × ${height} pixels. Il faut au moins ${least_width} × ${least_height}.`,
  broken: () => 'Ce fichier est abîmé. Choisis une autre photo.',
};

/** Why a chosen file is not taken as a photo. */
export function photoSentence(refusal: PhotoRefusal): string {
  // TypeScript cannot see that a refusal's code picks the sentence of that very refusal.
  let say = PHOTO_REFUSALS[refusal.code] as (refusal: PhotoRefusal) => string;
  return say(refusal);
}

/** The sentence of any trouble, but for what a stand refuses: its screens say that. A newer engine's unknown one stays honest. */
export function troubleSentence(trouble: AnyTrouble): string {
  if (trouble.code === 'courier') return COURIER_TROUBLES[trouble.trouble];
  return trouble.code === 'photo' ? photoSentence(trouble.refusal) : (TROUBLES[trouble.code as Plain] ?? TROUBLES.no_answer);
}

export const COURIER_TROUBLES: Record<CourierTrouble, string> = {
  offline: 'Pas de réseau pour l’instant. Ta demande reste gardée sur ce téléphone.',
  server: 'Le serveur de la Région ne répond pas. Ta demande reste gardée sur ce téléphone et partira plus tard.',
  wrong_server_key: 'Ce n’est pas le serveur de la Région qui a répondu : sa clé est refusée. Rien ne lui a été envoyé. Essaie un autre réseau.',
  tampered_receipt: 'Le récépissé n’est pas signé par la Région : il est refusé. Ta demande reste gardée sur ce téléphone.',
  tampered_card: 'La carte qui est arrivée n’est pas signée par la Région : elle est refusée.',
  refused_by_server: 'Le serveur de la Région a refusé cet envoi. Ta demande reste gardée sur ce téléphone.',
  signed_out: 'Tu n’es plus connecté à cette demande sur ce téléphone. Reconnecte-toi avec ton numéro et ton mot de passe.',
};

export const REASONS: Record<Reason, string> = {
  PHOTO_FLOUE: 'La photo n’est pas nette.',
  CADRE_BLANC: 'La photo a un cadre ou une bordure blanche.',
  TETE_PENCHEE: 'La tête est penchée.',
  PAS_DE_FACE: 'Regarde l’objectif.',
  VISAGE_TROP_PETIT: 'Le visage est trop petit : il doit prendre au moins 60 % de l’image.',
  VISAGE_TROP_GRAND: 'Le visage est trop grand : il doit prendre 80 % de l’image au plus.',
  VISAGE_DECENTRE: 'Le visage n’est pas au milieu.',
  TETE_COUVERTE: 'La tête est couverte.',
  VISAGE_MASQUE: 'Le visage est masqué.',
  AUCUN_VISAGE: 'On ne voit pas de visage.',
  PLUSIEURS_VISAGES: 'Il y a plusieurs visages.',
  TROP_SOMBRE: 'La photo est trop sombre. Tourne-toi vers la fenêtre.',
  TROP_CLAIR: 'La photo est trop claire.',
  REFLET_LUNETTES: 'Tes lunettes font un reflet.',
  PHOTO_D_ECRAN: 'C’est la photo d’un écran.',
  AUTRE: 'Autre raison.',
};
