// The sentences of the landing and of my space, beside those that every screen shares.

export const own = {
  entries: {
    nav: 'Dans l’application',
    space: 'Mon espace',
    partners: 'Partenaires près de moi',
    deals: 'Bons plans',
    faq: 'Questions fréquentes',
    about: 'À propos',
  },

  mine: {
    all: (count: number) => `Tout voir (${count})`,
    remove: (name: string) => `Supprimer la demande de ${name}`,
    removeUntitled: 'Supprimer la demande sans nom',
    removed: 'Demande supprimée.',
    undo: 'Annuler',
    restored: 'La demande est de retour.',
  },

  space: {
    h1: 'Mon espace',
    lead: 'Tout ce qui est gardé sur ce téléphone.',
    empty: 'Rien ici pour l’instant.',
    emptyHint: 'Dépose ta demande : elle s’affichera ici, puis ta carte.',
  },
} as const;
