// The sentences of the document for the school.
export const slip = {
  lead: 'Donne-le à ton établissement, imprimé ou sur ton écran : il a besoin de ton numéro de dossier.',
  notReceived: 'La Région n’a pas encore reçu ta demande. Tu peux déjà donner ton numéro : ta demande partira dès que tu auras du réseau.',
  code: 'Code de ton numéro de dossier',
  name: 'Élève',
  school: 'Établissement',
  season: 'Année scolaire',
  received: 'Reçu par la Région le',
  deposited: 'Déposé le',
  pdf: 'Enregistrer en PDF',
  print: 'Imprimer',
} as const;
