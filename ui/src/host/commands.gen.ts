// Written by `./test types` from the Rust types in phone/src/commands.rs: do not edit.

export type CardState = "active" | "blocked" | "expired" | "untrusted";
export type CardView = { name: string, number_masked: string, school: string, season: string, expires_on: string, photo: string, state: CardState, code: string, code_svg: string, list_made_at_ms: number | null, duplicate: DuplicateView | null, };
export type CharterView = { version: string, title: string, text: string, hash: string, };
export type Check = "check";
export type CommuneView = { insee: string, name: string, };
export type CourierTrouble = "offline" | "server" | "wrong_server_key" | "tampered_receipt" | "tampered_card" | "refused_by_server";
export type DecisionView = { reasons: Array<Reason>, note: string | null, };
export type DepositView = { number_masked: string, deposited_at_ms: number, received_at_ms: number | null, number_replaced: boolean, trouble: CourierTrouble | null, };
export type DossierState = "draft" | "ready" | "received" | "accepted" | "refused";
export type DraftSummary = { draft: string, title: string | null, state: DossierState, changed_at_ms: number, next_step: NextStep, };
export type DraftView = { draft: string, state: DossierState, values: { [key in Field]?: string }, refusals: Array<FieldRefusal>, hints: Array<FieldHint>, school: SchoolView | null, track: TrackView | null, commune: CommuneView | null, photo: PhotoView | null, password_kept: boolean, kept_at_ms: number, returned: boolean, deposit: DepositView | null, decision: DecisionView | null, has_card: boolean, };
export type DuplicateReason = "PERTE" | "VOL" | "DETERIORATION";
export type DuplicateState = "queued" | "requested";
export type DuplicateView = { reason: DuplicateReason, state: DuplicateState, asked_at_ms: number, };
export type Field = "charter" | "civility" | "family_name" | "given_name" | "birth_date" | "email" | "email_confirmation" | "password" | "phone_number" | "care_of" | "address_line" | "building" | "floor" | "residence" | "locality" | "postal_code" | "commune" | "school" | "track" | "photo" | "sending";
export type FieldHint = { field: Field, hint: Hint, };
export type FieldRefusal = { field: Field, step: Step, refusal: Refusal, };
export type Hint = { "code": "mail_domain", suggestion: string, } | { "code": "unusual_age" };
export type HomeView = { drafts: Array<DraftSummary>, sync: SyncView, reference_version: string, };
export type NetworkState = "unknown" | "online" | "offline" | "untrusted";
export type NextStep = Step | Check;
export type NumberView = { number: string, };
export type PhotoData = { jpeg: string, };
export type PhotoRefusal = { "code": "not_a_picture" } | { "code": "too_heavy", most_bytes: number, } | { "code": "too_many_pixels", most: number, } | { "code": "too_small", width: number, height: number, least_width: number, least_height: number, } | { "code": "broken" };
export type PhotoView = { sha256: string, bytes: number, width: number, height: number, };
export type Reason = "PHOTO_FLOUE" | "CADRE_BLANC" | "TETE_PENCHEE" | "PAS_DE_FACE" | "VISAGE_TROP_PETIT" | "VISAGE_TROP_GRAND" | "VISAGE_DECENTRE" | "TETE_COUVERTE" | "VISAGE_MASQUE" | "AUCUN_VISAGE" | "PLUSIEURS_VISAGES" | "TROP_SOMBRE" | "TROP_CLAIR" | "REFLET_LUNETTES" | "PHOTO_D_ECRAN" | "AUTRE";
export type Refusal = { "code": "missing" } | { "code": "not_accepted" } | { "code": "unknown" } | { "code": "has_digit" } | { "code": "has_symbol", symbol: string, } | { "code": "too_long", most: number, } | { "code": "malformed" } | { "code": "digit_count", expected: number, got: number, } | { "code": "not_a_date" } | { "code": "too_young", least: number, } | { "code": "too_old", most: number, } | { "code": "mismatch" } | { "code": "too_short", least: number, } | { "code": "guessable" } | { "code": "personal" };
export type SchoolView = { uai: string, name: string, town: string, label: string, };
export type Step = "charter" | "identity" | "contact" | "school" | "photo" | "sending";
export type SyncView = { network: NetworkState, pending: number, last_ok_ms: number | null, trouble: CourierTrouble | null, };
export type TrackView = { code: string, group: string, label: string, };
export type Trouble = { "code": "unknown_command" } | { "code": "malformed_args" } | { "code": "unknown_draft" } | { "code": "already_deposited" } | { "code": "incomplete", refusals: Array<FieldRefusal>, } | { "code": "photo", refusal: PhotoRefusal, } | { "code": "no_card" } | { "code": "disk_full" } | { "code": "storage" } | { "code": "no_keyring" } | { "code": "key_lost" } | { "code": "newer_database" } | { "code": "damaged" };

/** Every command a screen can call. */
export interface Commands {
  home: { args: Record<string, never>; answer: HomeView };
  charter: { args: Record<string, never>; answer: CharterView };
  start_draft: { args: Record<string, never>; answer: DraftView };
  draft: { args: { draft: string, }; answer: DraftView };
  accept_charter: { args: { draft: string, version: string, }; answer: DraftView };
  set_field: { args: { draft: string, field: Field, typed: string, }; answer: DraftView };
  set_password: { args: { draft: string, typed: string, confirmation: string, }; answer: DraftView };
  find_schools: { args: { typed: string, }; answer: Array<SchoolView> };
  tracks: { args: Record<string, never>; answer: Array<TrackView> };
  communes: { args: { postal_code: string, }; answer: Array<CommuneView> };
  attach_photo: { args: { draft: string, picture: string, }; answer: DraftView };
  photo: { args: { draft: string, }; answer: PhotoData };
  deposit: { args: { draft: string, }; answer: DraftView };
  reveal_number: { args: { draft: string, }; answer: NumberView };
  card: { args: { draft: string, }; answer: CardView };
  ask_duplicate: { args: { draft: string, reason: DuplicateReason, }; answer: CardView };
  sync: { args: Record<string, never>; answer: SyncView };
}
