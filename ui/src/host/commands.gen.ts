// The commands that a screen can call, and their types. Generated from Rust: do not edit.
export type Field = 'charter' | 'civility' | 'family_name' | 'given_name' | 'birth_date' | 'email' | 'email_confirmation' | 'password' | 'phone_number' | 'care_of' | 'address_line' | 'building' | 'floor' | 'residence' | 'locality' | 'postal_code' | 'commune' | 'school' | 'track' | 'photo' | 'sending';
export type Step = 'charter' | 'identity' | 'contact' | 'school' | 'photo' | 'sending';
export type Refusal = { code: 'missing' } | { code: 'not_accepted' } | { code: 'unknown' } | { code: 'has_digit' } | { code: 'has_symbol'; symbol: string } | { code: 'too_long'; most: number } | { code: 'malformed' } | { code: 'digit_count'; expected: number; got: number } | { code: 'not_a_date' } | { code: 'too_young'; least: number } | { code: 'too_old'; most: number } | { code: 'mismatch' } | { code: 'too_short'; least: number } | { code: 'guessable' } | { code: 'personal' };
export type Hint = { code: 'mail_domain'; suggestion: string } | { code: 'unusual_age' };
export interface FieldRefusal { field: Field; step: Step; refusal: Refusal }
export interface FieldHint { field: Field; hint: Hint }
export type DossierState = 'draft' | 'ready' | 'received' | 'accepted' | 'refused';
export interface HomeView { drafts: DraftSummary[]; sync: SyncView; reference_version: string }
export interface DraftSummary { draft: string; title: string | null; state: DossierState; changed_at_ms: number; next_step: Step | 'check' }
export interface DraftView { draft: string; state: DossierState; values: Partial<Record<Field, string>>; refusals: FieldRefusal[]; hints: FieldHint[]; school: SchoolView | null; track: TrackView | null; commune: CommuneView | null; photo: PhotoView | null; password_kept: boolean; kept_at_ms: number; deposit: DepositView | null; decision: DecisionView | null; has_card: boolean }
export interface SchoolView { uai: string; name: string; town: string; label: string }
export interface TrackView { code: string; group: string; label: string }
export interface CommuneView { insee: string; name: string }
export interface PhotoView { sha256: string; bytes: number; width: number; height: number }
export interface PhotoData { jpeg: string }
export interface NumberView { number: string }
export interface DepositView { number_masked: string; deposited_at_ms: number; received_at_ms: number | null; number_replaced: boolean; trouble: CourierTrouble | null }
export interface DecisionView { reasons: Reason[]; note: string | null }
export type Reason = 'PHOTO_FLOUE' | 'CADRE_BLANC' | 'TETE_PENCHEE' | 'PAS_DE_FACE' | 'VISAGE_TROP_PETIT' | 'VISAGE_TROP_GRAND' | 'VISAGE_DECENTRE' | 'TETE_COUVERTE' | 'VISAGE_MASQUE' | 'AUCUN_VISAGE' | 'PLUSIEURS_VISAGES' | 'TROP_SOMBRE' | 'TROP_CLAIR' | 'REFLET_LUNETTES' | 'PHOTO_D_ECRAN' | 'AUTRE';
export interface CharterView { version: string; title: string; text: string; hash: string }
export type CardState = 'active' | 'blocked' | 'expired' | 'untrusted';
export interface CardView { name: string; number_masked: string; school: string; season: string; expires_on: string; photo: string; state: CardState; code: string; code_svg: string; list_made_at_ms: number | null; duplicate: DuplicateView | null }
export type DuplicateReason = 'PERTE' | 'VOL' | 'DETERIORATION';
export interface DuplicateView { reason: DuplicateReason; state: 'queued' | 'requested'; asked_at_ms: number }
export interface SyncView { network: 'unknown' | 'online' | 'offline' | 'untrusted'; pending: number; last_ok_ms: number | null; trouble: CourierTrouble | null }
export type CourierTrouble = 'offline' | 'server' | 'wrong_server_key' | 'tampered_receipt' | 'tampered_card' | 'refused_by_server';
export type Trouble = { code: 'unknown_command' } | { code: 'malformed_args' } | { code: 'unknown_draft' } | { code: 'already_deposited' } | { code: 'incomplete'; refusals: FieldRefusal[] } | { code: 'photo'; refusal: PhotoRefusal } | { code: 'disk_full' } | { code: 'storage' } | { code: 'no_keyring' } | { code: 'newer_database' } | { code: 'no_card' } | { code: 'damaged' };
export type PhotoRefusal = { code: 'not_a_picture' } | { code: 'too_heavy'; most_bytes: number } | { code: 'too_many_pixels'; most: number } | { code: 'too_small'; width: number; height: number; least_width: number; least_height: number } | { code: 'broken' };
export interface Commands {
  home: { args: Record<string, never>; answer: HomeView };
  charter: { args: Record<string, never>; answer: CharterView };
  start_draft: { args: Record<string, never>; answer: DraftView };
  draft: { args: { draft: string }; answer: DraftView };
  accept_charter: { args: { draft: string; version: string }; answer: DraftView };
  set_field: { args: { draft: string; field: Field; typed: string }; answer: DraftView };
  set_password: { args: { draft: string; typed: string; confirmation: string }; answer: DraftView };
  find_schools: { args: { typed: string }; answer: SchoolView[] };
  tracks: { args: Record<string, never>; answer: TrackView[] };
  communes: { args: { postal_code: string }; answer: CommuneView[] };
  attach_photo: { args: { draft: string; picture: string }; answer: DraftView };
  photo: { args: { draft: string }; answer: PhotoData };
  deposit: { args: { draft: string }; answer: DraftView };
  reveal_number: { args: { draft: string }; answer: NumberView };
  card: { args: { draft: string }; answer: CardView };
  ask_duplicate: { args: { draft: string; reason: DuplicateReason }; answer: CardView };
  sync: { args: Record<string, never>; answer: SyncView };
}
