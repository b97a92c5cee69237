// The sentences of the lock: its setting, its cover, and what the phone itself says.
export const lock = {
  title: 'Verrouillage',
  label: 'Demander mon empreinte ou mon visage à l’ouverture',
  why: 'Quand tu ouvres l’application, et quand tu y reviens après plus d’une minute. Le code de ton téléphone marche aussi.',
  unchanged: 'Ton téléphone n’a pas dit oui : rien n’est changé.',
  noLock: 'Ton téléphone n’a ni empreinte, ni visage, ni code : l’application ne peut pas se verrouiller.',
  cover: {
    h1: 'Application verrouillée',
    lead: 'Tout est là. Ouvre avec ton empreinte, ton visage ou le code de ton téléphone.',
    unlock: 'Déverrouiller',
    busy: 'Ton téléphone te le demande…',
    no: 'Ton téléphone n’a pas dit oui. Réessaie.',
    absent: 'Ton téléphone n’a plus ni empreinte, ni visage, ni code : l’application ne se verrouille plus. Quand il sera de nouveau protégé, le réglage sera dans « À propos ».',
    go: 'Continuer',
  },
  /** What the system's own question says. */
  system: { title: 'Pass’Région', reason: 'Pour ouvrir l’application', cancelTitle: 'Annuler' },
} as const;
