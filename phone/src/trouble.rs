//! What can go wrong on the phone, in words for programs. The sentences are written with the screens.

use dossier::form::FieldRefusal;
use portrait::PhotoRefusal;
use rusqlite::ErrorCode;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::vault::NoKeyring;
use crate::view::{CourierTrouble, StandRefusal};

/// Why a command did nothing. Nothing personal stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Trouble {
    /// No such command.
    #[error("unknown command")]
    UnknownCommand,
    /// The arguments are not those of the command.
    #[error("malformed arguments")]
    MalformedArgs,
    /// No such draft on this phone.
    #[error("unknown draft")]
    UnknownDraft,
    /// A deposited draft is not edited.
    #[error("already deposited")]
    AlreadyDeposited,
    /// What waits for the server's receipt is not deleted.
    #[error("awaits its receipt")]
    AwaitsReceipt,
    /// Some answers are missing or refused.
    #[error("incomplete")]
    Incomplete {
        /// All of them, in the order of the form.
        refusals: Vec<FieldRefusal>,
    },
    /// The chosen picture cannot be used.
    #[error("photo refused")]
    Photo {
        /// Why.
        refusal: PhotoRefusal,
    },
    /// No picture is open for this draft.
    #[error("no open picture")]
    NoPicture,
    /// The picture breaks a rule, and nothing says why it should be kept, or it is too early to.
    #[error("photo fails")]
    PhotoFails,
    /// There is no card yet.
    #[error("no card")]
    NoCard,
    /// The Region does not take the request back any more.
    #[error("too late")]
    TooLate,
    /// What was typed is no dossier number: a slip of the finger.
    #[error("not a number")]
    WrongNumber,
    /// Number and password open no account: wrong, or not active, or none. Nobody is told which.
    #[error("sign-in refused")]
    WrongSignIn,
    /// The code is not the one of the last mail, or too old.
    #[error("wrong code")]
    WrongCode,
    /// It is not the present password.
    #[error("wrong password")]
    WrongPassword,
    /// Too many tries: wait some minutes.
    #[error("too many tries")]
    TooManyTries,
    /// This phone was signed out of the dossier.
    #[error("session over")]
    SessionOver,
    /// The dossier was erased at the Region.
    #[error("erased")]
    Erased,
    /// The stand does not answer this now: an agent must sign in, or a student is before it.
    #[error("closed")]
    Closed,
    /// The stand does not do this.
    #[error("{refusal}")]
    Stand {
        /// Why.
        refusal: StandRefusal,
    },
    /// It needs the server, and that did not go well.
    #[error("{trouble}")]
    Courier {
        /// Why.
        trouble: CourierTrouble,
    },
    /// No room left on this phone.
    #[error("disk full")]
    DiskFull,
    /// The phone's storage does not work.
    #[error("storage failed")]
    Storage,
    /// The system's keyring does not answer.
    #[error("no keyring")]
    NoKeyring,
    /// The keyring lost the key of the drafts on this phone.
    #[error("the data key is lost")]
    KeyLost,
    /// A newer version of the app wrote this database.
    #[error("written by a newer version")]
    NewerDatabase,
    /// This version cannot take over what a former one wrote. It stands as it was.
    #[error("the former data cannot be taken over")]
    Migration {
        /// A copy of it, on this phone.
        copy: String,
    },
    /// Stored data does not open or does not make sense.
    #[error("damaged data")]
    Damaged,
}

impl From<NoKeyring> for Trouble {
    fn from(_: NoKeyring) -> Self {
        Self::NoKeyring
    }
}

impl From<CourierTrouble> for Trouble {
    fn from(trouble: CourierTrouble) -> Self {
        Self::Courier { trouble }
    }
}

impl From<StandRefusal> for Trouble {
    fn from(refusal: StandRefusal) -> Self {
        Self::Stand { refusal }
    }
}

impl From<PhotoRefusal> for Trouble {
    fn from(refusal: PhotoRefusal) -> Self {
        Self::Photo { refusal }
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{
            FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, SqlInputError,
            Utf8Error,
        };
        // A value that its column never takes, or a schema that is not as our statements know it:
        // SQLite does not notice every damaged byte itself.
        if let FromSqlConversionFailure(..)
        | IntegralValueOutOfRange(..)
        | InvalidColumnType(..)
        | SqlInputError { .. }
        | Utf8Error(..) = error
        {
            return Self::Damaged;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            // `SQLITE_ERROR` is the schema again, where it is met while a statement runs.
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown) => {
                Self::Damaged
            }
            _ => Self::Storage,
        }
    }
}
