// The sentences of the account: to sign in, to activate it, to get back what was forgotten.

export const access = {
  name: 'Mon compte',
  number: 'Numéro de dossier',
  numberHint: 'Onze lettres et chiffres, par exemple : 4K7Q-2MZ9-CT5',
  password: 'Mot de passe',
  newPassword: 'Nouveau mot de passe',
  confirmation: 'Confirmation du mot de passe',
  show: 'Afficher ce que j’écris',
  hide: 'Masquer ce que j’écris',
  code: 'Code reçu par mail',
  codeHint: 'Huit lettres et chiffres. Le code marche 10 minutes, et une seule fois.',
  email: 'Adresse mail',
  refused: 'Cela n’a pas marché',
  later: 'Je le ferai plus tard',
  sendMail: 'Recevoir le mail',
  resend: 'Renvoyer le mail',
  resendIn: (seconds: number) => `Renvoyer le mail dans ${seconds} s`,
  resent: 'Un nouveau mail part. Le code d’avant ne marchera plus.',
  spam: 'Rien reçu ? Regarde aussi dans les indésirables.',
  busy: 'Un instant…',

  missing: {
    number: 'Écris ton numéro de dossier.',
    password: 'Écris ton mot de passe.',
    newPassword: 'Choisis un mot de passe.',
    code: 'Écris le code reçu par mail.',
    email: 'Écris ton adresse mail.',
  },

  troubles: {
    offline: 'Pas de réseau : il en faut pour cette page. Réessaie dès que tu en as.',
    server: 'Le serveur de la Région ne répond pas. Rien n’a changé : réessaie un peu plus tard.',
    refused: 'Le serveur de la Région a refusé. Rien n’a changé : réessaie un peu plus tard.',
  },

  signIn: {
    h1: 'Me connecter',
    lead: 'Ta demande et ta carte s’afficheront aussi sur ce téléphone.',
    act: 'Me connecter',
    forgotNumber: 'J’ai oublié mon numéro',
    forgotPassword: 'J’ai oublié mon mot de passe',
    notActive: 'Je n’ai pas encore activé mon compte',
  },

  activation: {
    h1: 'Ouvre ta boîte mail',
    sentTo: (email: string) => `La Région t’envoie un mail à ${email}. Ouvre son lien, ou recopie son code ici.`,
    maybeSent: 'Si un dossier attend son activation sous ce numéro, un mail part. Ouvre son lien, ou recopie son code ici.',
    act: 'Activer mon compte',
    askH1: 'Activer mon compte',
    askLead: 'Donne ton numéro de dossier : on te renvoie le mail d’activation.',
    doneH1: 'Ton compte est activé',
    done: 'Tu pourras te connecter sur un autre téléphone, avec ton numéro et ton mot de passe.',
    onward: 'Continuer',
  },

  link: {
    h1: 'Le lien de ton mail',
    dossier: (number: string) => `Dossier ${number}.`,
    overH1: 'Ce lien ne sert plus',
    over: 'Il a déjà servi, ou il est trop ancien. Tu peux demander un nouveau mail depuis la page de connexion.',
    seeDossier: 'Voir ma demande',
    activation: {
      h1: 'Active ton compte',
      lead: 'Plus qu’un geste, et ton compte est prêt.',
      act: 'Activer mon compte',
      doneH1: 'Ton compte est activé',
      done: 'Tu pourras te connecter sur un autre téléphone, avec ton numéro et ton mot de passe.',
    },
    reset: {
      h1: 'Choisis un nouveau mot de passe',
      lead: 'Tes autres appareils seront déconnectés.',
      act: 'Changer mon mot de passe',
      doneH1: 'Ton mot de passe est changé',
      done: 'Tes autres appareils sont déconnectés. Connecte-toi avec le nouveau.',
    },
    address: {
      h1: 'Confirme ta nouvelle adresse',
      lead: 'C’est à cette adresse que la Région t’écrira désormais.',
      act: 'Confirmer cette adresse',
      doneH1: 'Ton adresse mail est changée',
      done: 'La Région te l’écrit aussi à l’ancienne adresse, au cas où ce ne serait pas toi.',
    },
  },

  forgottenNumber: {
    h1: 'Numéro oublié',
    lead: 'Donne l’adresse mail de ta demande : on t’y envoie ton numéro de dossier.',
    doneH1: 'Regarde ta boîte mail',
    done: 'Si un dossier existe avec cette adresse, un mail part tout de suite. Ton numéro est dedans.',
    other: 'Essayer une autre adresse',
  },

  forgottenPassword: {
    h1: 'Mot de passe oublié',
    lead: 'Donne ton numéro de dossier : on t’envoie un code par mail.',
    codeH1: 'Ton code et ton nouveau mot de passe',
    maybeSent: 'Si un dossier existe sous ce numéro, un mail part. Recopie son code ici.',
    act: 'Changer mon mot de passe',
    doneH1: 'Ton mot de passe est changé',
    done: 'Tous tes appareils sont déconnectés. Connecte-toi avec le nouveau.',
  },

  account: {
    h1: 'Mon compte',
    state: 'Compte',
    active: (day: string) => `Activé le ${day}`,
    inactive: 'Pas encore activé',
    email: 'Adresse mail',
    newEmail: (email: string) => `${email} attend son code.`,
    changePassword: 'Changer mon mot de passe',
    changeAddress: 'Changer mon adresse mail',
    changeContact: 'Changer mon téléphone ou mon adresse',
    devices: 'Mes appareils',
    export: 'Recevoir une copie de mes données',
    erase: 'Effacer ma demande et mon compte',
    signOut: 'Me déconnecter de ce téléphone',
  },

  changePassword: {
    current: 'Mot de passe actuel',
    wrong: 'Ce n’est pas ton mot de passe actuel.',
    lead: 'Tes autres appareils seront déconnectés.',
    done: 'Tes autres appareils sont déconnectés. Celui-ci reste connecté.',
  },

  changeAddress: {
    lead: 'On envoie un code à la nouvelle adresse. L’ancienne compte jusqu’à ce que tu le recopies ici.',
    address: 'Nouvelle adresse mail',
    codeH1: 'Confirme ta nouvelle adresse',
    sentTo: (email: string) => `La Région t’envoie un code à ${email}.`,
    act: 'Confirmer cette adresse',
    doneH1: 'Ton adresse mail est changée',
    done: (email: string) => `Tes mails arrivent maintenant à ${email}.`,
  },

  changeContact: {
    lead: 'Tes avantages et ta carte ne changent pas. La Région t’écrira et t’appellera là.',
    act: 'Enregistrer à la Région',
    doneH1: 'Tes coordonnées sont changées',
    done: 'La Région a tes nouvelles coordonnées.',
  },

  devices: {
    lead: 'Les appareils qui peuvent lire cette demande.',
    here: 'Cet appareil',
    depositor: 'Appareil du dépôt',
    unnamed: 'Appareil sans nom',
    since: (day: string) => `Depuis le ${day}`,
    seen: (when: string) => `Vu pour la dernière fois : ${when}`,
    signOut: 'Déconnecter',
    signedOut: (name: string) => `Déconnecté : ${name}`,
    alone: 'Aucun autre appareil n’est connecté.',
  },

  export: {
    lead: 'Tout ce que la Région garde de toi, en trois fichiers.',
    prepare: 'Préparer mes fichiers',
    ready: 'Tes fichiers sont prêts. Ne les laisse pas sur un appareil partagé.',
    pdf: 'Enregistrer le document à lire (PDF)',
    json: 'Enregistrer les données (JSON)',
    photo: 'Enregistrer ma photo (JPEG)',
  },

  erase: {
    consequences: [
      'Ta demande, ta photo et ton compte sont effacés à la Région et sur ce téléphone.',
      'Ta carte ne marche plus, même en plastique.',
      'Personne ne peut revenir en arrière.',
    ],
    act: 'Tout effacer, pour toujours',
  },

  signOut: {
    h1: 'Me déconnecter',
    lead: 'Ta demande et ta carte ne seront plus sur ce téléphone. La Région garde tout.',
    needs: 'Pour revenir, il te faudra ton numéro et ton mot de passe.',
    inactive: 'Ton compte n’est pas activé : sans lui, tu ne pourras pas te reconnecter.',
    act: 'Me déconnecter',
  },
} as const;
