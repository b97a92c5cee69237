//! The one place where failures become answers.

use axum::Json;
use axum::extract::rejection::{BytesRejection, FormRejection, JsonRejection, PathRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dossier::form::FieldRefusal;
use serde_json::json;

/// A failed request. Clients act on `code`; nobody matches on text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The request cannot be read.
    #[error("malformed request")]
    Malformed,
    /// The body is larger than any honest one.
    #[error("body too large")]
    TooLarge,
    /// The caller does not say who it is, or nobody knows it.
    #[error("not signed in")]
    SignedOut,
    /// Number and password do not open an account: there is none, it is not active, or they are
    /// wrong. Nobody is told which.
    #[error("sign-in refused")]
    WrongSignIn,
    /// The code is not, or no longer, the one that was sent; or nobody knows the number.
    #[error("wrong code")]
    WrongCode,
    /// Whoever is signed in did not type the present password.
    #[error("wrong password")]
    WrongPassword,
    /// This device may not read the dossier any more, until somebody signs in on it.
    #[error("session over")]
    SessionOver,
    /// Somebody deleted the draft before it was deposited.
    #[error("deleted")]
    Deleted,
    /// The student had it erased.
    #[error("erased")]
    Erased,
    /// The caller is known, and this is not theirs.
    #[error("not allowed")]
    Forbidden,
    /// There is no such thing, or none that this caller may know of.
    #[error("unknown")]
    Unknown,
    /// Another dossier holds this number: the phone draws a new one.
    #[error("number taken")]
    NumberTaken,
    /// This dossier was deposited otherwise before.
    #[error("already deposited")]
    AlreadyDeposited,
    /// Some changes of the deposited state did not arrive yet.
    #[error("changes missing")]
    ChangesMissing,
    /// The photo did not arrive yet.
    #[error("photo missing")]
    PhotoMissing,
    /// There is no good card to replace.
    #[error("no card")]
    NoCard,
    /// Another phone has the card, and nobody asked to take it from there.
    #[error("the card is on another phone")]
    CardElsewhere,
    /// A duplicate was asked for already, by another request.
    #[error("a duplicate request is open")]
    DuplicateOpen,
    /// The dossier's state does not allow this decision.
    #[error("not in this state")]
    IllegalMove,
    /// The application is not good: these fields, for these reasons.
    #[error("application refused")]
    Incomplete(Vec<FieldRefusal>),
    /// The bytes are not those that their name says, or not a picture.
    #[error("not the named photo")]
    NotThePhoto,
    /// Too many wrong passwords for this account: wait.
    #[error("too many tries")]
    TooManyTries,
    /// More work than we take at once: come back.
    #[error("busy")]
    Busy,
    /// Ours to mend. Logged here, told to nobody.
    #[error(transparent)]
    Ours(#[from] anyhow::Error),
}

impl Failure {
    /// What programs act on.
    pub(crate) fn code(&self) -> &'static str {
        self.told().1
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        self.told().0
    }

    fn told(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::SignedOut => (StatusCode::UNAUTHORIZED, "signed_out"),
            Self::WrongSignIn => (StatusCode::UNAUTHORIZED, "wrong_sign_in"),
            Self::WrongCode => (StatusCode::FORBIDDEN, "wrong_code"),
            Self::WrongPassword => (StatusCode::FORBIDDEN, "wrong_password"),
            Self::SessionOver => (StatusCode::UNAUTHORIZED, "session_over"),
            Self::Deleted => (StatusCode::GONE, "deleted"),
            Self::Erased => (StatusCode::GONE, "erased"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::Unknown => (StatusCode::NOT_FOUND, "unknown"),
            Self::NumberTaken => (StatusCode::CONFLICT, "number_taken"),
            Self::AlreadyDeposited => (StatusCode::CONFLICT, "already_deposited"),
            Self::ChangesMissing => (StatusCode::CONFLICT, "changes_missing"),
            Self::PhotoMissing => (StatusCode::CONFLICT, "photo_missing"),
            Self::NoCard => (StatusCode::CONFLICT, "no_card"),
            Self::CardElsewhere => (StatusCode::CONFLICT, "card_elsewhere"),
            Self::DuplicateOpen => (StatusCode::CONFLICT, "duplicate_open"),
            Self::IllegalMove => (StatusCode::CONFLICT, "illegal_move"),
            Self::Incomplete(_) => (StatusCode::UNPROCESSABLE_ENTITY, "incomplete"),
            Self::NotThePhoto => (StatusCode::UNPROCESSABLE_ENTITY, "not_the_photo"),
            Self::TooManyTries => (StatusCode::TOO_MANY_REQUESTS, "too_many_tries"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::Ours(_) => (StatusCode::INTERNAL_SERVER_ERROR, "ours"),
        }
    }

    /// Logs what is ours to mend, once.
    pub(crate) fn log(&self) {
        if let Self::Ours(error) = self {
            tracing::error!(error = format!("{error:#}"), "request failed");
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.log();
        let code = self.code();
        let error = match &self {
            Self::Incomplete(refusals) => json!({ "code": code, "refusals": refusals }),
            _ => json!({ "code": code }),
        };
        (self.status(), Json(json!({ "error": error }))).into_response()
    }
}

impl From<BytesRejection> for Failure {
    fn from(rejection: BytesRejection) -> Self {
        unread(rejection.status())
    }
}

impl From<FormRejection> for Failure {
    fn from(rejection: FormRejection) -> Self {
        unread(rejection.status())
    }
}

impl From<JsonRejection> for Failure {
    fn from(rejection: JsonRejection) -> Self {
        unread(rejection.status())
    }
}

impl From<PathRejection> for Failure {
    fn from(_: PathRejection) -> Self {
        Self::Malformed
    }
}

fn unread(status: StatusCode) -> Failure {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
        _ => Failure::Malformed,
    }
}
