//! The answers of an application, each by itself.

use time::Date;

use super::charter::{self, Acceptance};
use super::contact::{self, Address, PhoneNumber};
use super::guardian::{self, Filer, Guardian};
use super::identity::{self, BirthDate, Civility, Email, Name};
use super::photo_choice::{self, PhotoHash, PhotoNote};
use super::school::{self, SchoolChoice, TrackChoice};
use super::sending::Sending;
use super::{Application, Field, Reading};
use crate::reference::Pack;
use crate::season::Season;

/// Each answer as it was read; `None` where it is refused.
pub(super) struct Parts {
    pub(super) charter: Option<Acceptance>,
    pub(super) filer: Option<Option<Filer>>,
    pub(super) civility: Option<Civility>,
    pub(super) family_name: Option<Name>,
    pub(super) given_name: Option<Name>,
    pub(super) birth_date: Option<BirthDate>,
    pub(super) guardian: Option<Option<Guardian>>,
    pub(super) email: Option<Email>,
    confirmed: Option<()>,
    pub(super) phone_number: Option<PhoneNumber>,
    pub(super) address: Option<Address>,
    pub(super) school: Option<SchoolChoice>,
    pub(super) track: Option<TrackChoice>,
    pub(super) photo: Option<PhotoHash>,
    pub(super) bare_head: Option<bool>,
    pub(super) photo_note: Option<Option<PhotoNote>>,
    pub(super) sending: Option<Sending>,
}

impl Parts {
    /// Reads every answer; the reading collects what is refused.
    pub(super) fn read(reading: &mut Reading<'_>, pack: &Pack, today: Date) -> Self {
        let season = Season::of(today);
        Self {
            charter: reading.note(Field::Charter, charter::accepted(reading.answers, pack)),
            filer: guardian::filer(reading),
            civility: reading.parse(Field::Civility, Civility::parse),
            family_name: reading.parse(Field::FamilyName, Name::parse),
            given_name: reading.parse(Field::GivenName, Name::parse),
            birth_date: reading.parse(Field::BirthDate, |typed| BirthDate::parse(typed, season)),
            guardian: guardian::guardian(reading, today),
            email: reading.parse(Field::Email, Email::parse),
            confirmed: {
                let confirmed = identity::confirmed(reading.answers);
                reading.note(Field::EmailConfirmation, confirmed)
            },
            phone_number: reading.parse(Field::PhoneNumber, PhoneNumber::parse),
            address: contact::address(reading, pack),
            school: school::school(reading, pack),
            track: school::track(reading, pack),
            photo: reading.parse(Field::Photo, PhotoHash::parse),
            bare_head: photo_choice::bare_head(reading),
            photo_note: reading.parse_optional(Field::PhotoNote, PhotoNote::parse),
            sending: reading.parse(Field::Sending, Sending::parse),
        }
    }

    /// The application, when none is refused.
    pub(super) fn whole(self) -> Option<Application> {
        self.confirmed?;
        Some(Application {
            charter: self.charter?,
            filer: self.filer?,
            civility: self.civility?,
            family_name: self.family_name?,
            given_name: self.given_name?,
            birth_date: self.birth_date?,
            guardian: self.guardian?,
            email: self.email?,
            phone_number: self.phone_number?,
            address: self.address?,
            school: self.school?,
            track: self.track?,
            photo: self.photo?,
            bare_head: self.bare_head?,
            photo_note: self.photo_note?,
            sending: self.sending?,
        })
    }
}
