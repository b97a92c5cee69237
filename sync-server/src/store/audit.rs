//! Who saw or did what at the desk, and what students did that matters as much.

use uuid::Uuid;

use super::db::Db;
use crate::failure::Failure;

/// Who acted, when it was the student of the dossier.
pub(crate) const STUDENT: &str = "student";

/// What was seen or done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Action {
    SignedIn,
    SignInRefused,
    SignedOut,
    QueueSeen,
    DuplicatesSeen,
    DossierSeen,
    PhotoSeen,
    Taken,
    CorrectionAsked,
    Accepted,
    Refused,
    CardInProduction,
    CardHandedOver,
    CardSuspended,
    CardRestored,
    CardBlocked,
    DuplicateTakenBack,
    MovementNoted,
    ReviewerAdded,
    ReviewerRenewed,
    ReviewerClosed,
    Erased,
    AdministratorAdded,
    StandsSeen,
    EventMade,
    TabletAdded,
    TabletSetUp,
    TabletRevoked,
    EnvelopeSeen,
    EnvelopeTriedAgain,
    EnvelopeDiscarded,
}

impl Action {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignInRefused => "sign_in_refused",
            Self::SignedOut => "signed_out",
            Self::QueueSeen => "queue_seen",
            Self::DuplicatesSeen => "duplicates_seen",
            Self::DossierSeen => "dossier_seen",
            Self::PhotoSeen => "photo_seen",
            Self::Taken => "taken",
            Self::CorrectionAsked => "correction_asked",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::CardInProduction => "card_in_production",
            Self::CardHandedOver => "card_handed_over",
            Self::CardSuspended => "card_suspended",
            Self::CardRestored => "card_restored",
            Self::CardBlocked => "card_blocked",
            Self::DuplicateTakenBack => "duplicate_taken_back",
            Self::MovementNoted => "movement_noted",
            Self::ReviewerAdded => "reviewer_added",
            Self::ReviewerRenewed => "reviewer_renewed",
            Self::ReviewerClosed => "reviewer_closed",
            Self::Erased => "erased",
            Self::AdministratorAdded => "administrator_added",
            Self::StandsSeen => "stands_seen",
            Self::EventMade => "event_made",
            Self::TabletAdded => "tablet_added",
            Self::TabletSetUp => "tablet_set_up",
            Self::TabletRevoked => "tablet_revoked",
            Self::EnvelopeSeen => "envelope_seen",
            Self::EnvelopeTriedAgain => "envelope_tried_again",
            Self::EnvelopeDiscarded => "envelope_discarded",
        }
    }
}

/// When the newest row was added; 0 when there is none.
pub(crate) fn newest_ms(db: &mut dyn Db) -> Result<i64, Failure> {
    db.one("SELECT coalesce(max(at_ms), 0) FROM audit", &[], |row| row.int(0))
}

/// Adds a row; in the same transaction as what it tells, so that neither exists without the other.
pub(crate) fn note(
    db: &mut dyn Db,
    actor: &str,
    action: Action,
    dossier: Option<Uuid>,
    now_ms: i64,
) -> Result<(), Failure> {
    let dossier: &[u8] = dossier.as_ref().map_or(&[], |id| id.as_bytes());
    db.insert(
        "audit",
        &[
            ("at_ms", now_ms.into()),
            ("actor", actor.into()),
            ("action", action.as_str().into()),
            ("dossier", dossier.into()),
        ],
    )
}
