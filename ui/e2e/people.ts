// Who applies in the journeys. All of them are fictitious.

export type Link = 'Père' | 'Mère' | 'Tuteur ou tutrice' | 'Autre personne';

/** Who answers for a student under fifteen. */
export interface Guardian {
  familyName: string;
  givenName: string;
  link: Link;
  contact: string;
}

/** Who fills in the form for somebody else. */
export interface Filer {
  familyName: string;
  givenName: string;
  link: 'Son père' | 'Sa mère' | 'Son tuteur ou sa tutrice' | 'Autre personne';
}

/** What a person types, and chooses by what stands on the screen. */
export interface Person {
  filer?: Filer;
  civility: 'Madame' | 'Monsieur' | 'Je préfère ne pas préciser';
  familyName: string;
  givenName: string;
  birth: readonly [day: string, month: string, year: string];
  guardian?: Guardian;
  email: string;
  password: string;
  phone: string;
  address: string;
  postalCode: string;
  town: string;
  /** What is typed to find the school and the label chosen then; or its name and town, in words. */
  school: { typed: string; chosen: string } | { name: string; town: string };
  /** The group of the track, then the track; or its name, in words. */
  track: { group: string; chosen: string } | { name: string };
  sending: 'Je préfère le recevoir à la maison' | 'Je souhaite que mon Pass’Région soit envoyé directement dans mon établissement';
}

/** The year in which somebody of this age was born who has not yet, or just, had a birthday this year. */
function bornAt(age: number): string {
  return String(new Date().getFullYear() - age);
}

/** Goes to a lycée at Clermont-Ferrand, and has no network in its hall. */
export const lina: Person = {
  civility: 'Madame',
  familyName: 'Moreau',
  givenName: 'Lina',
  birth: ['07', '03', bornAt(17)],
  email: 'lina.moreau@example.fr',
  password: 'neige en aout volcan',
  phone: '0612345678',
  address: '12 rue Blatin',
  postalCode: '63000',
  town: 'Clermont-Ferrand',
  school: { typed: 'sidoine', chosen: 'LOT Sidoine Apollinaire' },
  track: { group: 'Bac technologique', chosen: 'STL' },
  sending: 'Je souhaite que mon Pass’Région soit envoyé directement dans mon établissement',
};

/** Is thirteen or twelve: his mother answers for him. */
export const noe: Person = {
  ...lina,
  civility: 'Monsieur',
  familyName: 'Faure',
  givenName: 'Noé',
  birth: ['07', '03', bornAt(13)],
  email: 'noe.faure@example.fr',
  guardian: { familyName: 'Faure', givenName: 'Claire', link: 'Mère', contact: '06 98 76 54 32' },
  track: { group: 'Troisième', chosen: '3e prépa-métiers' },
  sending: 'Je préfère le recevoir à la maison',
};

/** Broke her wrist: her father fills in the form for her. */
export const ines: Person = {
  ...lina,
  filer: { familyName: 'Benali', givenName: 'Karim', link: 'Son père' },
  familyName: 'Benali',
  givenName: 'Inès',
  email: 'ines.benali@example.fr',
};

/** Goes to a school so new that no list has it, to learn a trade that no list has. */
export const hugo: Person = {
  ...lina,
  civility: 'Je préfère ne pas préciser',
  familyName: 'Perrin',
  givenName: 'Hugo',
  email: 'hugo.perrin@example.fr',
  school: { name: 'Lycée des Quatre Vents', town: 'Thiers' },
  track: { name: 'CAP Coutellerie d’art' },
};
