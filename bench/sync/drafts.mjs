// The drafts that everybody gets: invented people, the same at each run, under our field names, with
// schools, tracks and towns of the Region's own lists, as the form offers them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FAMILY = 'Moreau Martin Bernard Petit Durand Leroy Fontanarosa Chastagnol Delarbre Vidal Roussel Garnier Faure Blanchet Guérin Boyer Lemaître Ferreira Benali Nguyen'.split(' ');
const GIVEN = 'Lina Éléonore Hugo Chloé Inès Louis Jade Noé Anaïs Mathéo Zoé Raphaël Léa Yanis Maëlys Gaspard Salomé Théo Célia Ibrahim'.split(' ');
const STREETS = ['rue des Lilas', 'avenue du Général de Gaulle', 'chemin de la Fontaine', 'place Jean Jaurès', 'impasse du Moulin', 'route de Clermont', 'boulevard Gambetta'];
const RESIDENCES = ['Résidence Les Volcans', 'Les Hauts de Chamalières', 'Le Clos Saint-Jacques', 'Foyer des Jeunes'];
const LOCALITIES = ['Le Bourg', 'Les Granges', 'La Croix Blanche', 'Puy Long'];
const MAILS = ['exemple.fr', 'mail.exemple.fr', 'lycee-exemple.fr'];
const LETTERS = 'ABCDEF';
const HEX = '0123456789abcdef';

const published = (file) => readFileSync(join(import.meta.dirname, '../../reference', file), 'utf8');
/** The accepted charter: its version, and what exactly was accepted. */
const [, VERSION, CHARTER] = /^version: (\S+)\n([^]*)$/.exec(published('charter.md'));
const CHARTER_HASH = createHash('sha256').update(CHARTER.trim()).digest('hex');

/** A list of the Region: its columns by name. */
function list(name) {
  let [header, ...rows] = published(`${name}.csv`).split('\n').filter((it) => it && !it.startsWith('#'));
  let names = header.split(';');
  return rows.map((row) => Object.fromEntries(row.split(';').map((cell, at) => [names[at], cell])));
}
const [SCHOOLS, TRACKS, COMMUNES] = ['schools', 'tracks', 'communes'].map(list);

/** The same numbers at each run (xorshift), so that two runs can be compared. */
function dice(seed) {
  return (sides) => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>> 0) % sides;
  };
}

function plain(text) {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** One filled form: what the document of a phone holds once every question is answered. */
function draft(roll) {
  let one = (list) => list[roll(list.length)];
  let digits = (count) => Array.from({ length: count }, () => roll(10)).join('');
  let two = (most) => String(1 + roll(most)).padStart(2, '0');
  let sometimes = (key, value) => (roll(4) ? {} : { [key]: value });
  let [family, given, commune] = [one(FAMILY) + (roll(6) ? '' : `-${one(FAMILY)}`), one(GIVEN), one(COMMUNES)];
  let email = `${plain(given)}.${plain(family)}${roll(100)}@${one(MAILS)}`;
  return {
    charter_version: VERSION,
    charter_hash: CHARTER_HASH,
    charter_accepted_at_ms: 1_795_000_000_000 + roll(2 ** 31),
    civility: one(['MADAME', 'MONSIEUR']),
    family_name: family,
    given_name: given,
    birth_date: `${two(28)}/${two(12)}/${2006 + roll(5)}`,
    email,
    email_confirmation: email,
    phone_number: `0${6 + roll(2)}${digits(8)}`,
    address_line: `${1 + roll(180)} ${one(STREETS)}`,
    ...sometimes('care_of', `chez ${one(GIVEN)} ${one(FAMILY)}`),
    ...sometimes('building', `Bâtiment ${one(LETTERS)}`),
    ...sometimes('floor', `${1 + roll(9)}e étage`),
    ...sometimes('residence', one(RESIDENCES)),
    ...sometimes('locality', one(LOCALITIES)),
    postal_code: commune.postal_codes.split(/[^0-9]/)[0],
    commune: commune.insee,
    school: one(SCHOOLS).uai,
    track: one(TRACKS).code,
    photo: Array.from({ length: 64 }, () => HEX[roll(16)]).join(''),
    bare_head: 'OUI',
    sending: one(['DOMICILE', 'ETABLISSEMENT']),
  };
}

/** The first `count` drafts of the one list. */
export function drafts(count) {
  let roll = dice(2026);
  return Array.from({ length: count }, () => draft(roll));
}
