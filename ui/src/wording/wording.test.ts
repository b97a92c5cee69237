// Is every sentence there, in good French, and said to a student?
import { expect, test } from 'vitest';
import type { CourierTrouble, Fault, Field, Level, PhotoRefusal, Reason, Refusal, Rule, StandRefusal } from '../host/commands.gen';
import { access } from './access';
import { around } from './around';
import { atStand } from './at-stand';
import { card, duplicate } from './card';
import { check, VERDICTS } from './check';
import { codes } from './codes';
import { correction, dossier } from './dossier';
import { FIELD_LABELS, FIELD_SUBJECTS } from './fields';
import { fr } from './fr';
import { lock } from './lock';
import { dayOf } from './moments';
import { adjust, camera, FAULTS, HINTS, LEVELS, proof, RULES } from './photo';
import { remark, sentence } from './refusals';
import { saving } from './saving';
import { slip } from './slip';
import { own } from './space';
import { stand } from './stand';
import { agentSentence, phoneSentence } from './stand-troubles';
import type { AnyTrouble } from '../host/host';
import { COURIER_TROUBLES, photoSentence, REASONS, TROUBLES } from './troubles';

// Records over every code: a new code of the engine does not compile before it has its example here.
const REFUSALS: { [C in Refusal['code']]: Extract<Refusal, { code: C }> } = {
  missing: { code: 'missing' },
  not_accepted: { code: 'not_accepted' },
  unknown: { code: 'unknown' },
  has_digit: { code: 'has_digit' },
  has_symbol: { code: 'has_symbol', symbol: '#' },
  too_long: { code: 'too_long', most: 38 },
  malformed: { code: 'malformed' },
  digit_count: { code: 'digit_count', expected: 10, got: 4 },
  not_a_date: { code: 'not_a_date' },
  too_young: { code: 'too_young', least: 11 },
  too_old: { code: 'too_old', most: 30 },
  disputed: { code: 'disputed' },
  mismatch: { code: 'mismatch' },
  too_short: { code: 'too_short', least: 12 },
  guessable: { code: 'guessable' },
  personal: { code: 'personal' },
  unchanged: { code: 'unchanged' },
};
const PHOTO_REFUSALS: { [C in PhotoRefusal['code']]: Extract<PhotoRefusal, { code: C }> } = {
  not_a_picture: { code: 'not_a_picture' },
  heic: { code: 'heic' },
  too_heavy: { code: 'too_heavy', most_bytes: 2_000_000 },
  too_many_pixels: { code: 'too_many_pixels', most: 40_000_000 },
  too_small: { code: 'too_small', width: 100, height: 120, least_width: 350, least_height: 450 },
  broken: { code: 'broken' },
};

const STAND_REFUSALS: { [W in StandRefusal['why']]: Extract<StandRefusal, { why: W }> } = {
  not_a_code: { why: 'not_a_code' },
  other_server: { why: 'other_server' },
  spent_code: { why: 'spent_code' },
  not_empty: { why: 'not_empty' },
  set_up_already: { why: 'set_up_already' },
  no_stand: { why: 'no_stand' },
  not_believed: { why: 'not_believed' },
  weak_pin: { why: 'weak_pin' },
  agent_name: { why: 'agent_name' },
  wrong_pin: { why: 'wrong_pin', left: 3 },
  locked: { why: 'locked' },
  revoked: { why: 'revoked' },
  no_sealing: { why: 'no_sealing' },
  unsent: { why: 'unsent', count: 2 },
  open_drafts: { why: 'open_drafts', count: 1 },
  unknown_line: { why: 'unknown_line' },
  not_a_handover: { why: 'not_a_handover' },
  not_a_claim: { why: 'not_a_claim' },
  claim_refused: { why: 'claim_refused' },
  deposited: { why: 'deposited' },
};
/** What only a student's phone is refused. */
const OF_A_PHONE: readonly StandRefusal['why'][] = ['not_a_handover', 'not_a_claim', 'claim_refused', 'deposited'];

/** Every text of a tree of wording; those that are made are made with plain samples. */
function texts(part: unknown): string[] {
  if (typeof part === 'string') return [part];
  if (typeof part === 'function') return [(part as (...samples: unknown[]) => string)(3, 7), (part as (...samples: unknown[]) => string)(1, 1)];
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(texts) : [];
}

const FIELDS = Object.keys(FIELD_LABELS) as Field[];
const REFUSED = Object.values(STAND_REFUSALS).map((refusal): AnyTrouble => ({ code: 'stand', refusal }));
const TROUBLED: AnyTrouble[] = [
  ...(Object.keys(TROUBLES) as (keyof typeof TROUBLES)[]).map((code) => ({ code, refusals: [] }) as AnyTrouble),
  ...(Object.keys(COURIER_TROUBLES) as CourierTrouble[]).map((trouble): AnyTrouble => ({ code: 'courier', trouble })),
];
const OF_A_STAND = ['disk_full', 'storage', 'no_keyring', 'key_lost', 'damaged', 'closed', 'unknown_draft', 'no_answer'];
const TO_AGENTS = [
  ...texts([stand, codes]),
  ...REFUSED.filter((it) => it.code === 'stand' && !['not_a_claim', 'claim_refused'].includes(it.refusal.why)).map(agentSentence),
  ...TROUBLED.filter((it) => it.code === 'courier' ? it.trouble !== 'signed_out' && it.trouble !== 'tampered_card' : OF_A_STAND.includes(it.code)).map(agentSentence),
];
const TO_STUDENTS = [
  ...texts([atStand]),
  ...OF_A_PHONE.map((why) => phoneSentence({ code: 'stand', refusal: STAND_REFUSALS[why] })),
  ...TROUBLED.map(phoneSentence),
  ...texts([fr, dossier, correction, access, around, own, slip, lock, saving, card, duplicate, check, VERDICTS, codes, camera, proof, adjust, HINTS, FAULTS, RULES, LEVELS, FIELD_LABELS, FIELD_SUBJECTS, TROUBLES, COURIER_TROUBLES, REASONS]),
  ...FIELDS.flatMap((field) => Object.values(REFUSALS).map((refusal) => sentence(field, refusal))),
  ...Object.values(PHOTO_REFUSALS).map(photoSentence),
  remark({ code: 'mail_domain', suggestion: 'lina@gmail.com' }),
  remark({ code: 'unusual_age' }),
];
const ALL = [...TO_AGENTS, ...TO_STUDENTS];

test('a narrow no-break space stands before ; ! and ?', () => {
  expect(ALL.filter((text) => /[^\u202f][;!?]/.test(text))).toEqual([]);
});

test('a no-break space stands before a colon and inside quotation marks', () => {
  expect(ALL.filter((text) => /[^\u00a0\d]:/.test(text) || /«[^\u00a0]/.test(text) || /[^\u00a0]»/.test(text))).toEqual([]);
});

test('apostrophes, quotation marks, dashes and points of suspension are typographic', () => {
  expect(ALL.filter((text) => /['"]|\.\.\.| - |--/.test(text))).toEqual([]);
});

test('spaces stand alone, and never at an end', () => {
  expect(ALL.filter((text) => /^\s|\s$|\s\s/.test(text) && text !== fr.errorPrefix)).toEqual([]);
});

test('a number keeps its unit and its groups on one line', () => {
  expect(ALL.filter((text) => /\d (%|Mo|km|ans|chiffres|caractères|minutes|pixels|millions)(?!\p{L})/u.test(text) || /\d\d \d\d/.test(text))).toEqual([]);
});

test('capitals keep their accents', () => {
  expect(ALL.filter((text) => /\b(Etablissement|Etage|Etape|Ecris|Eleve|Etat|Ecole|Etudi|Echec|Evite)|^A (la|l’|qui|quoi)/.test(text))).toEqual([]);
});

/** Whole sentences only: labels and buttons are short anyway. */
function sentences(text: string): string[] {
  return text.split(/(?<=[.!?…])\s+/).filter((it) => /[.!?…]$/.test(it));
}

function words(sentence: string): number {
  return sentence.split(/\s+/).filter((it) => /[\p{L}\d]/u.test(it)).length;
}

test('sentences are short: 15 words on average, 25 at most', () => {
  let lengths = ALL.flatMap(sentences).map(words);
  expect(lengths.length).toBeGreaterThan(100);
  expect(lengths.reduce((sum, it) => sum + it, 0) / lengths.length).toBeLessThanOrEqual(15);
  expect(ALL.flatMap(sentences).filter((it) => words(it) > 25)).toEqual([]);
});

test('a student is never addressed as vous', () => {
  expect(TO_STUDENTS.filter((text) => /\b(vous|votre|vos|veuillez)\b|\p{L}+ez\b(?<!chez)/iu.test(text))).toEqual([]);
});

test('an agent is never addressed as tu', () => {
  expect(TO_AGENTS.filter((text) => /(?<!\p{L})(tu|te|ta|ton|tes|toi)(?!\p{L})/iu.test(text) && text !== stand.hand.h1)).toEqual([]);
});

test('whoever verifies a card is addressed neither as tu nor as vous', () => {
  expect(texts([check, VERDICTS]).filter((text) => /\b(tu|te|ta|ton|tes|toi|vous|votre|vos)\b/i.test(text))).toEqual([]);
});

test('the student deposits an application and never submits one', () => {
  expect(ALL.filter((text) => /soumettre|synchronis/i.test(text))).toEqual([]);
});

test('each refusal of each field has its sentence', () => {
  for (let field of FIELDS) {
    for (let refusal of Object.values(REFUSALS)) expect(sentence(field, refusal), `${field} ${refusal.code}`).toMatch(/^\p{Lu}?.{10,}[.…]$/u);
  }
});

test('each trouble, courier trouble and reason has its sentence', () => {
  for (let text of texts([TROUBLES, COURIER_TROUBLES, REASONS])) expect(text).toMatch(/\.$/);
  expect(Object.keys(COURIER_TROUBLES satisfies Record<CourierTrouble, string>)).toHaveLength(7);
  expect(Object.keys(REASONS satisfies Record<Reason, string>)).toHaveLength(16);
});

test('each fault has its hint, short enough to be read at arm’s length, and its reason', () => {
  for (let [fault, hint] of Object.entries(HINTS satisfies Record<Fault, string>)) {
    expect(hint.length, hint).toBeLessThanOrEqual(40);
    expect(hint, fault).toMatch(/^\p{Lu}.*[^.]$/u);
  }
  for (let [fault, reason] of Object.entries(FAULTS satisfies Record<Fault, string>)) expect(reason, fault).toMatch(/^\p{Lu}.{15,}\.$/u);
  expect(Object.keys(HINTS)).toEqual(Object.keys(FAULTS));
  expect(Object.keys(HINTS)).toHaveLength(25);
  expect(Object.keys(RULES satisfies Record<Rule, string>)).toHaveLength(16);
  expect(new Set(Object.values(LEVELS satisfies Record<Level, string>)).size).toBe(4);
});

test('the sentences of the glossary are word for word, in tu', () => {
  expect(sentence('charter', { code: 'not_accepted' })).toBe('Tu dois lire et accepter la charte des droits et devoirs pour continuer.');
  expect(sentence('civility', { code: 'missing' })).toBe('Choisis une réponse.');
  expect(sentence('family_name', { code: 'missing' })).toBe('Le nom est obligatoire.');
  expect(sentence('family_name', { code: 'has_digit' })).toBe('Le nom ne peut pas contenir de chiffres.');
  expect(sentence('birth_date', { code: 'too_young', least: 11 })).toBe('Vérifie l’année de naissance.');
  expect(sentence('email_confirmation', { code: 'mismatch' })).toBe('Les deux adresses ne sont pas identiques.');
  expect(sentence('password', { code: 'guessable' }).replaceAll('\u00a0', ' ')).toBe('12 caractères minimum (ou 8 s’il est difficile à deviner).');
  expect(sentence('phone_number', { code: 'malformed' })).toBe('Numéro de téléphone invalide.');
  expect(sentence('address_line', { code: 'too_long', most: 38 }).replaceAll('\u00a0', ' ')).toBe('38 caractères maximum par ligne (norme postale).');
  expect(sentence('school', { code: 'missing' })).toBe('Choisis ton établissement dans la liste.');
  expect(sentence('track', { code: 'missing' })).toBe('Choisis ta filière.');
  expect(TROUBLES.awaits_receipt.replaceAll('\u00a0', ' ')).toBe('Cette demande attend le récépissé de la Région : elle ne peut pas être supprimée.');
  expect(photoSentence(PHOTO_REFUSALS.too_heavy)).toMatch(/^2\u00a0Mo maximum\./);
  expect(photoSentence(PHOTO_REFUSALS.not_a_picture)).toMatch(/^JPEG ou PNG uniquement\./);
});

test('the first of a month is « 1er », and a day stays with its month', () => {
  expect([dayOf('2026-12-01'), dayOf('2026-12-11')]).toEqual(['1er\u00a0décembre 2026', '11\u00a0décembre 2026']);
});
