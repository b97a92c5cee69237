// What a stand refuses and what did not work there: *vous* to agents, *tu* to students.
import type { CourierTrouble, StandRefusal } from '../host/commands.gen';
import type { AnyTrouble } from '../host/host';
import { troubleSentence } from './troubles';

const STAND_REFUSALS: { [W in StandRefusal['why']]: (refusal: Extract<StandRefusal, { why: W }>) => string } = {
  not_a_code: () => 'Ce n’est pas un code d’installation. Scannez celui que l’administrateur affiche au bureau.',
  other_server: () => 'Ce code vient d’un autre serveur : il est refusé. Demandez-en un au bureau de la Région.',
  spent_code: () => 'Ce code a déjà servi, ou il a plus de 24 heures. Demandez-en un autre à l’administrateur.',
  not_empty: () => 'Il y a des demandes sur cet appareil : c’est le téléphone de quelqu’un. Prenez une tablette vide.',
  set_up_already: () => 'Cette tablette est déjà installée pour un événement. Terminez-le d’abord.',
  no_stand: () => 'Cette tablette n’est installée pour aucun événement.',
  not_believed: () => 'La réponse du serveur n’est pas signée par la Région pour cette tablette : elle est refusée.',
  weak_pin: () => 'Choisissez six chiffres, ni tous pareils ni à la suite.',
  agent_name: () => 'Donnez un nom de 40 caractères au plus, qu’aucun autre agent n’a ici.',
  wrong_pin: ({ left }) => (left > 1 ? `Code incorrect. Il reste ${left} essais.` : 'Code incorrect. Il reste un seul essai.'),
  locked: () => 'Trop de codes incorrects : cet agent ne peut plus se connecter ici. Un collègue peut ouvrir la tablette ; rien n’est perdu.',
  revoked: () => 'La Région a retiré cette tablette. Ce qui est terminé part quand même ; n’inscrivez plus personne.',
  no_sealing: () => 'Il manque une clé récente de la Région pour sceller. Connectez la tablette au réseau, puis réessayez : le brouillon reste.',
  unsent: ({ count }) => `${count} dossier${count > 1 ? 's' : ''} sans récépissé de la Région : connectez la tablette, et attendez. Rien n’est effacé avant.`,
  open_drafts: ({ count }) => `${count} brouillon${count > 1 ? 's' : ''} en cours : terminez-les ou supprimez-les d’abord.`,
  unknown_line: () => 'Cette ligne n’est plus celle qui compte. Revenez à la liste.',
  not_a_handover: () => 'Ce n’est pas le code d’un brouillon. Scanne ceux que l’autre appareil affiche, l’un après l’autre.',
  not_a_claim: () => 'Ce n’est pas le code d’une demande. Scanne celui du papier que le stand t’a donné.',
  claim_refused: () => 'Ce code a déjà servi, ou ce n’est pas le bon. Connecte-toi avec ton numéro et ton mot de passe.',
  deposited: () => 'Cette demande est déjà déposée : ce brouillon n’est plus à reprendre.',
};

/** What an agent reads where the sentence for a student would not fit. */
const AGENT_TROUBLES: Partial<Record<AnyTrouble['code'], string>> = {
  disk_full: 'Plus de place sur cette tablette : rien de nouveau n’est gardé. Libérez de la place, puis réessayez.',
  storage: 'La tablette n’arrive pas à garder ce qui est fait. Réessayez ; ce qui était gardé avant reste.',
  no_keyring: 'Le coffre de la tablette ne répond pas. Déverrouillez-la, puis réessayez.',
  key_lost: 'Le coffre de la tablette a perdu sa clé : elle ne peut plus lire ce qui est ouvert ici. Les dossiers déjà reçus par la Région ne sont pas perdus. Prévenez l’administrateur.',
  damaged: 'Une donnée abîmée ne s’ouvre pas. Le reste marche. Prévenez l’administrateur.',
  incomplete: 'Il reste des réponses à revoir avec l’élève avant de terminer.',
  closed: 'La tablette ne fait pas cela maintenant. Un agent doit se connecter.',
  unknown_draft: 'Ce brouillon n’est plus sur cette tablette.',
  no_answer: 'L’application ne répond pas. Fermez-la, puis rouvrez-la : ce qui était gardé reste.',
};

const AGENT_COURIER: Partial<Record<CourierTrouble, string>> = {
  offline: 'Pas de réseau pour l’instant. Connectez la tablette, puis réessayez.',
  server: 'Le serveur de la Région ne répond pas. Réessayez un peu plus tard : rien n’est perdu.',
  wrong_server_key: 'Ce n’est pas le serveur de la Région qui a répondu : sa clé est refusée. Essayez un autre réseau, et vérifiez l’heure de la tablette.',
  tampered_receipt: 'Un récépissé n’est pas signé par la Région : il est refusé. Le dossier reste sur la tablette.',
  refused_by_server: 'Le serveur de la Région a refusé cet envoi. Rien n’est effacé ; prévenez l’administrateur.',
};

/** Why a stand does not do what was asked. */
function standSentence(refusal: StandRefusal): string {
  // TypeScript cannot see that a refusal's word picks the sentence of that very refusal.
  let say = STAND_REFUSALS[refusal.why] as (refusal: StandRefusal) => string;
  return say(refusal);
}

/** What a student on a phone reads otherwise. */
const AGENT_REFUSALS: Partial<Record<StandRefusal['why'], string>> = {
  not_a_handover: 'Ce n’est pas le code d’un brouillon. Scannez ceux que le téléphone affiche, l’un après l’autre.',
  deposited: 'Cette demande est déjà terminée : ce brouillon n’est plus à reprendre.',
};

/** Any trouble, said to an agent. */
export function agentSentence(trouble: AnyTrouble): string {
  if (trouble.code === 'stand') return AGENT_REFUSALS[trouble.refusal.why] ?? standSentence(trouble.refusal);
  if (trouble.code === 'courier') return AGENT_COURIER[trouble.trouble] ?? troubleSentence(trouble);
  return AGENT_TROUBLES[trouble.code] ?? troubleSentence(trouble);
}

/** Any trouble, said to a student on their own phone. */
export function phoneSentence(trouble: AnyTrouble): string {
  if (trouble.code === 'stand') return standSentence(trouble.refusal);
  if (trouble.code === 'courier' && trouble.trouble === 'offline') return 'Pas de réseau pour l’instant. Réessaie plus tard : rien n’est perdu.';
  return troubleSentence(trouble);
}
