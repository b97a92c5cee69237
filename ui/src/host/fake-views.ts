// Answers of an engine, for tests: each test names only what it is about.
import { HOST, type Host } from './host';
import type { AccountView, CardView, ChecksView, CodeView, ConflictView, CorrectionView, DepositView, DraftView, DuplicateView, Fault, Framing, HomeView, Level, ProofView, Report, Rule, SchoolView, SlipView, Step, SyncView, VerdictView } from './commands.gen';

/** 22 November 2026, 14:02 where the test runs. */
export const KEPT_AT = new Date(2026, 10, 22, 14, 2).getTime();

/** The way of a student of fifteen or more. */
export const STEPS_ALONE: readonly Step[] = ['charter', 'identity', 'account', 'contact', 'school', 'track', 'photo', 'sending'];

export function draftView(about: Partial<DraftView> = {}): DraftView {
  return {
    draft: 'd1',
    state: 'draft',
    steps: [...STEPS_ALONE],
    season: '2026-2027',
    values: {},
    refusals: [],
    hints: [],
    conflicts: [],
    school: null,
    track: null,
    commune: null,
    photo: null,
    password_kept: false,
    returned: false,
    kept_at_ms: KEPT_AT,
    deposit: null,
    decision: null,
    correction: null,
    timeline: [],
    has_card: false,
    damaged: false,
    ...about,
  };
}

/** The Region asks Lina for her name and her photo again. */
export function correctionView(about: Partial<CorrectionView> = {}): CorrectionView {
  return {
    dossier: 'd1',
    topics: ['family_name', 'photo'],
    open: ['family_name', 'photo', 'bare_head', 'photo_note'],
    reasons: ['PHOTO_FLOUE'],
    note: 'Ton nom de naissance, s’il te plaît.',
    asked_at_ms: KEPT_AT,
    queued_at_ms: null,
    ...about,
  };
}

export function slipView(about: Partial<SlipView> = {}): SlipView {
  return { number: '4K7Q-2MZ9-CT5', name: 'Lina Moreau', school: null, season: '2026-2027', deposited_at_ms: KEPT_AT, received_at_ms: KEPT_AT, code_svg: '<svg/>', pdf: '', ...about };
}

export function schoolView(about: Partial<SchoolView> = {}): SchoolView {
  let { uai = '0010013J', name = 'Lycée Lalande', town = 'Bourg-en-Bresse' } = about;
  return { uai, name, town, label: `${name} [${town}] [${uai}]`, distance_km: null, used_here: false, ...about };
}

/** Lina's phone wrote one name, a stand another. */
export function disputeView(about: Partial<ConflictView> = {}): ConflictView {
  let values = [
    { typed: 'Moreau', shown: 'Moreau', device: 'téléphone', here: true, at_ms: KEPT_AT },
    { typed: 'Moreaux', shown: 'Moreaux', device: 'stand', here: false, at_ms: KEPT_AT + 4_080_000 },
  ];
  return { field: 'family_name', values, ...about };
}

export function depositView(about: Partial<DepositView> = {}): DepositView {
  return { number_masked: '••••-••••-CT5', deposited_at_ms: KEPT_AT, received_at_ms: null, number_replaced: false, trouble: null, ...about };
}

export function syncView(about: Partial<SyncView> = {}): SyncView {
  return { network: 'online', pending: 0, last_ok_ms: null, trouble: null, sending: null, metered: false, held_photos: 0, ...about };
}

export function homeView(about: Partial<HomeView> = {}): HomeView {
  return { drafts: [], sync: syncView(), reference_version: '2026.11', mended: false, ...about };
}

/** An account whose mail was not opened yet. */
export function accountView(about: Partial<AccountView> = {}): AccountView {
  return { activated_at_ms: null, email_masked: 'l•••@example.fr', new_email_masked: null, has_password: true, contact: {}, ...about };
}

export function codeView(about: Partial<CodeView> = {}): CodeView {
  return { code: 'PR1:ABC', code_svg: '<svg xmlns="http://www.w3.org/2000/svg"/>', until_ms: Date.now() + 15_000, ...about };
}

export function checksView(about: Partial<ChecksView> = {}): ChecksView {
  return { green: 0, orange: 0, red: 0, grey: 0, list_age_days: 0, freshness: 'fresh', ...about };
}

export function verdictView(about: Partial<VerdictView> = {}): VerdictView {
  return {
    state: 'active',
    reason: 'good',
    colour: 'green',
    name: 'Lina Moreau',
    birth_year: 2009,
    season: '2026-2027',
    comparable: false,
    list_age_days: 0,
    list_made_at_ms: KEPT_AT,
    freshness: 'fresh',
    checks: checksView({ green: 1 }),
    ...about,
  };
}

/** Lina lost her card, and the Region has her request. */
export function duplicateView(about: Partial<DuplicateView> = {}): DuplicateView {
  return { reason: 'PERTE', state: 'requested', asked_at_ms: KEPT_AT, undo_until_ms: null, ...about };
}

export function cardView(about: Partial<CardView> = {}): CardView {
  return {
    name: 'Lina MARTIN',
    number_masked: '••••-••••-CT5',
    school: 'Lycée Lalande [Bourg-en-Bresse] [0010013J]',
    season: '2026-2027',
    expires_on: '2027-09-30',
    photo: '',
    state: 'active',
    held: 'here',
    moving: false,
    to_renew: false,
    gives_photo: false,
    live: codeView(),
    printable: true,
    list_made_at_ms: null,
    former: [],
    duplicate: null,
    ...about,
  };
}

/** A report in which every rule is kept but these. */
export function report(about: Partial<Record<Rule, readonly [Level, Fault]>> = {}): Report {
  let rules: Rule[] = ['one_face', 'face_size', 'centred', 'straight', 'exposure', 'sharp', 'bare_head', 'background'];
  let none = { least: null, most: null };
  let findings = rules.map((rule) => {
    let [level, fault] = about[rule] ?? (['pass', null] as const);
    return { rule, measure: 'faces' as const, value: 1, level, fault, warn: none, fail: none };
  });
  let levels = findings.map((it) => it.level);
  return { table: 1, verdict: levels.includes('fail') ? 'fail' : levels.includes('warn') ? 'warn' : 'pass', findings };
}

export const FRAMING: Framing = { x: 0.5, y: 0.45, height: 0.6, turn: 0 };

export function proofView(about: Partial<ProofView> = {}): ProofView {
  return { preview: 'AA==', width: 3000, height: 4000, framed: { framing: FRAMING, report: report() }, may_insist: false, ...about };
}

/** What a rendered screen finds around itself. */
export function around(host: Host): Map<symbol, unknown> {
  return new Map<symbol, unknown>([[HOST, host]]);
}
