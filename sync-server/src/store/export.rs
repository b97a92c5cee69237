//! All that is kept of a student, for the student.

use std::sync::Arc;

use ::dossier::account::{AccountStanding, DeviceSeen, KeptAnswers, SignedIn, masked_email};
use ::dossier::benefit::{Movement, MovementKind};
use ::dossier::card::status_list::Withdrawal;
use ::dossier::card::{CardState, Standing};
use ::dossier::form::Step;
use ::dossier::hexadecimal;
use ::dossier::number::DossierNumber;
use ::dossier::reference::Pack;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use portrait::Report;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::correction::CorrectionKept;
use super::db::{Db, values};
use super::dossier::Dossier;
use super::{account, benefit, card, correction, duplicate, photo_report, proof, review, session};
use crate::failure::Failure;
use crate::gate::Device;
use crate::keys::Keys;

/// What is needed to tell where a dossier stands: who signs, and what is published.
#[derive(Clone)]
pub(crate) struct Telling {
    pub(crate) keys: Keys,
    pub(crate) pack: Arc<Pack>,
}

/// One dossier, whole, but for the picture itself.
#[derive(Serialize, ToSchema)]
pub(crate) struct Export {
    pub(crate) dossier: Uuid,
    pub(crate) number: String,
    pub(crate) season: String,
    pub(crate) received_at_ms: i64,
    pub(crate) answers: KeptAnswers,
    pub(crate) standing: Standing,
    pub(crate) account: AccountStanding,
    pub(crate) devices: Vec<DeviceSeen>,
    /// What was measured on the photo.
    #[schema(value_type = Option<Object>)]
    pub(crate) photo_report: Option<Report>,
    pub(crate) cards: Vec<CardKept>,
    /// What was asked to be mended, and was.
    pub(crate) corrections: Vec<CorrectionKept>,
    pub(crate) movements: Vec<MovementKept>,
}

/// A card that was issued.
#[derive(Serialize, ToSchema)]
pub(crate) struct CardKept {
    pub(crate) status_index: i64,
    pub(crate) issued_at_ms: i64,
    pub(crate) blocked_at_ms: Option<i64>,
    /// What it is now, unless it is good.
    pub(crate) withdrawn: Option<CardState>,
}

/// What was granted, spent or refunded.
#[derive(Serialize, ToSchema)]
pub(crate) struct MovementKept {
    pub(crate) benefit: String,
    pub(crate) kind: MovementKind,
    pub(crate) cents: u32,
    pub(crate) at_ms: i64,
}

impl From<benefit::Kept> for MovementKept {
    fn from(kept: benefit::Kept) -> Self {
        let Movement { benefit, kind, cents } = kept.movement;
        Self { benefit, kind, cents, at_ms: kept.at_ms }
    }
}

/// A dossier with its receipt, as another phone needs it to show it like one of its own.
pub(crate) fn signed_in(
    db: &mut dyn Db,
    by: &Telling,
    dossier: &Dossier,
    now_ms: i64,
) -> Result<SignedIn, Failure> {
    let told = account::told(db, dossier.id)?;
    Ok(SignedIn {
        dossier: dossier.id,
        number: DossierNumber::parse(&dossier.number).map_err(anyhow::Error::from)?,
        receipt: BASE64_STANDARD.encode(told.receipt),
        answers: told.answers,
        standing: standing(db, by, dossier, now_ms)?,
    })
}

/// Everything of a dossier that this device may read.
pub(crate) fn of(
    db: &mut dyn Db,
    by: &Telling,
    device: Device,
    dossier: &Dossier,
    now_ms: i64,
) -> Result<Export, Failure> {
    let id = dossier.id;
    let cards = "SELECT status_index, issued_ms, blocked_ms, status FROM card WHERE dossier = ?1
         ORDER BY issued_ms, status_index";
    let cards = db.all(cards, values![&id], |row| {
        Ok(CardKept {
            status_index: row.int(0)?,
            issued_at_ms: row.int(1)?,
            blocked_at_ms: Some(row.int(2)?).filter(|blocked_ms| *blocked_ms != 0),
            withdrawn: Withdrawal::parse(row.text(3)?).map(CardState::from),
        })
    })?;
    Ok(Export {
        dossier: id,
        number: dossier.number.clone(),
        season: dossier.season.clone(),
        received_at_ms: dossier.received_ms,
        answers: account::answers(db, id)?,
        standing: standing(db, by, dossier, now_ms)?,
        account: account(db, id, now_ms)?,
        devices: session::all(db, device, dossier, now_ms)?,
        photo_report: photo_report::of(db, id)?,
        cards,
        corrections: correction::all(db, id)?,
        movements: benefit::all(db, id)?.into_iter().map(MovementKept::from).collect(),
    })
}

/// Where a dossier stands.
pub(crate) fn standing(
    db: &mut dyn Db,
    by: &Telling,
    dossier: &Dossier,
    now_ms: i64,
) -> Result<Standing, Failure> {
    let card = card::good(db, dossier.id)?;
    let renewal_due =
        card.as_ref().map(|card| card.is_due(&by.keys, dossier, now_ms)).transpose()?;
    let paper = card.as_ref().map(|card| card.on_paper(&by.keys, dossier, now_ms)).transpose()?;
    Ok(Standing {
        state: dossier.state,
        decision: review::refusal(db, dossier.id)?,
        card: card.map(|card| BASE64_STANDARD.encode(card.credential)),
        paper: paper.flatten().map(|signed| BASE64_STANDARD.encode(signed)),
        renewal_due: renewal_due.unwrap_or_default(),
        former_cards: card::former(db, dossier.id)?,
        duplicate: duplicate::open(db, dossier.id)?,
        correction: correction::requested(db, dossier.id)?,
        corrected: correction::answered(db, dossier.id)?
            .and_then(|answered| answered.digest)
            .map(|digest| hexadecimal::text(&digest)),
        timeline: review::timeline(db, dossier)?,
        balances: benefit::left(db, &by.pack, dossier, now_ms)?,
    })
}

/// How an account stands.
pub(crate) fn account(db: &mut dyn Db, id: Uuid, now_ms: i64) -> Result<AccountStanding, Failure> {
    let account = account::of(db, id)?;
    let new_email = proof::new_email(db, id, now_ms)?;
    let mut contact = account::answers(db, id)?.typed;
    contact.retain(|field, _| field.step() == Step::Contact);
    Ok(AccountStanding {
        activated_at_ms: account.is_active().then_some(account.activated_ms),
        email_masked: masked_email(&account.email),
        new_email_masked: new_email.as_deref().map(masked_email),
        has_password: account.password_hash.is_some(),
        contact,
    })
}
