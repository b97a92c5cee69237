// The sentences of the landing and of my space, beside those that every screen shares.

export const own = {
  entries: {
    nav: 'Dans l’application',
    space: 'Mon espace',
    partners: 'Partenaires près de moi',
    deals: 'Bons plans',
    faq: 'Questions fréquentes',
    verify: 'Vérifier une carte',
    about: 'À propos',
    account: 'Mon compte',
    signIn: 'J’ai déjà un dossier',
    stand: 'Au stand',
  },

  slip: 'Document à rendre',

  mine: {
    all: (count: number) => `Tout voir (${count})`,
    remove: (name: string) => `Supprimer la demande de ${name}`,
    removeUntitled: 'Supprimer la demande sans nom',
    removed: 'Demande supprimée.',
    undo: 'Annuler',
    restored: 'La demande est de retour.',
    damaged: 'abîmée',
    damagedTitle: 'Une demande est abîmée',
    damagedLead: 'Elle reste sur ce téléphone, et les autres marchent. Si elle était déjà partie, l’application la redemande à la Région dès qu’il y a du réseau. Sinon, ouvre-la et complète ce qui manque.',
    mendedTitle: 'Ce téléphone a perdu des données',
    mended: 'Ce qui pouvait être relu a été remis en ordre. Relis tes demandes : ce que la Région a reçu revient avec le réseau.',
    understood: 'J’ai compris',
  },

  account: {
    title: 'Ouvre ta boîte mail',
    activate: (email: string) => `La Région t’envoie un mail à ${email}, pour activer ton compte.`,
    act: 'Activer mon compte',
    again: 'Me reconnecter',
  },

  benefits: {
    h1: 'Mes avantages',
    on: (day: string) => `Ce qu’il te reste, au ${day}, d’après la Région.`,
    left: (left: string) => `Il te reste ${left}`,
    of: (granted: string, spent: string) => `Montant : ${granted}, utilisé : ${spent}`,
    unsaid: 'Montant : la Région te le confirmera.',
    spent: (spent: string) => `Utilisé : ${spent}`,
    hint: 'Ces montants se mettent à jour avec le réseau.',
    none: {
      yet: 'La Région n’a pas encore envoyé tes montants. Ils arrivent avec ta carte, dès qu’il y a du réseau.',
      offline: 'Tes montants ne sont pas encore sur ce téléphone. Ils arriveront dès qu’il y aura du réseau.',
      published: 'La Région n’a pas encore publié d’avantages pour ton année scolaire.',
    },
  },

  held: {
    waiting: 'Données mobiles : ta photo attend le Wi-Fi.',
    send: 'Envoyer maintenant',
  },

  /** Beside the card, in my space and on its dossier. */
  card: 'Voir ma carte',

  space: {
    h1: 'Mon espace',
    lead: 'Tout ce qui est gardé sur ce téléphone.',
    empty: 'Rien ici pour l’instant.',
    emptyHint: 'Dépose ta demande : elle s’affichera ici, puis ta carte.',
  },
} as const;
