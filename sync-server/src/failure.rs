//! The one place where failures become answers.

use axum::Json;
use axum::extract::rejection::{
    BytesRejection, FormRejection, JsonRejection, PathRejection, QueryRejection,
};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use dossier::form::FieldRefusal;
use serde::Serialize;
use utoipa::ToSchema;

/// The type of every body that tells a failure (RFC 9457),
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";
/// and what stands before its code.
const PROBLEM_TYPES: &str = "urn:problem-type:passregion:";

/// A failed request. Clients act on `code`; nobody matches on text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The request cannot be read.
    #[error("malformed request")]
    Malformed,
    /// The body is larger than any honest one.
    #[error("body too large")]
    TooLarge,
    /// The request did not arrive, or was not answered, in time.
    #[error("too slow")]
    TooSlow,
    /// The route has other methods.
    #[error("wrong method")]
    WrongMethod,
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
    /// Whoever is signed in at the desk is a reviewer, and this is for administrators.
    #[error("for administrators")]
    NotAdministrator,
    /// The code of a tablet was used by another, or its day is over; or nobody knows it.
    #[error("the code of the tablet is spent")]
    SetupCodeSpent,
    /// An administrator took the tablet's delegation back.
    #[error("the tablet was revoked")]
    Revoked,
    /// The envelope is not the one that its name says, or its tablet did not sign it.
    #[error("not the named envelope")]
    NotTheEnvelope,
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
    /// The request cannot be taken back any more.
    #[error("too late")]
    TooLate,
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

/// A failure as a caller hears it: a problem in the words of RFC 9457.
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem {
    /// `urn:problem-type:passregion:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// What is wrong, for people.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What programs act on. A code never changes its meaning.
    code: &'static str,
    /// Which answers are not good, and why; only with the code `incomplete`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refusals: Vec<FieldRefusal>,
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

    /// The one table: status, code, and what people read.
    #[allow(clippy::too_many_lines, reason = "a table with a row for each failure")]
    fn told(&self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as Is;
        match self {
            Self::Malformed => (Is::BAD_REQUEST, "malformed", "La demande est illisible."),
            Self::TooLarge => {
                (Is::PAYLOAD_TOO_LARGE, "too_large", "La demande est trop volumineuse.")
            }
            Self::TooSlow => (
                Is::REQUEST_TIMEOUT,
                "too_slow",
                "La demande a mis trop de temps\u{a0}: recommencer.",
            ),
            Self::WrongMethod => (
                Is::METHOD_NOT_ALLOWED,
                "wrong_method",
                "Cette adresse ne connaît pas cette méthode.",
            ),
            Self::SignedOut => (
                Is::UNAUTHORIZED,
                "signed_out",
                "Cet appareil n’est pas connu\u{a0}: il doit d’abord annoncer son espace.",
            ),
            Self::WrongSignIn => (
                Is::UNAUTHORIZED,
                "wrong_sign_in",
                "Numéro ou mot de passe incorrect, ou compte pas encore activé.",
            ),
            Self::WrongCode => (
                Is::FORBIDDEN,
                "wrong_code",
                "Ce code n’est pas le bon, ou ne sert plus\u{a0}: demander un nouveau mail.",
            ),
            Self::WrongPassword => {
                (Is::FORBIDDEN, "wrong_password", "Le mot de passe actuel est incorrect.")
            }
            Self::SessionOver => (
                Is::UNAUTHORIZED,
                "session_over",
                "Cet appareil ne peut plus lire ce dossier\u{a0}: s’y connecter à nouveau.",
            ),
            Self::Deleted => {
                (Is::GONE, "deleted", "Ce brouillon a été supprimé sur un autre appareil.")
            }
            Self::Erased => (Is::GONE, "erased", "Ce dossier a été effacé par son titulaire."),
            Self::Forbidden => (Is::FORBIDDEN, "forbidden", "Cette action n’est pas permise ici."),
            Self::NotAdministrator => {
                (Is::FORBIDDEN, "not_administrator", "Cette page est réservée aux administrateurs.")
            }
            Self::SetupCodeSpent => (
                Is::FORBIDDEN,
                "setup_code_spent",
                "Ce code a déjà servi ou n’est plus valable\u{a0}: en demander un autre.",
            ),
            Self::Revoked => (Is::FORBIDDEN, "revoked", "Cette tablette a été révoquée."),
            Self::NotTheEnvelope => (
                Is::UNPROCESSABLE_ENTITY,
                "not_the_envelope",
                "Cette enveloppe n’est pas celle de cette tablette.",
            ),
            Self::Unknown => (Is::NOT_FOUND, "unknown", "Il n’y a rien à cette adresse."),
            Self::NumberTaken => {
                (Is::CONFLICT, "number_taken", "Ce numéro est déjà pris\u{a0}: en tirer un autre.")
            }
            Self::AlreadyDeposited => (
                Is::CONFLICT,
                "already_deposited",
                "Ce dossier est déjà déposé, avec d’autres réponses.",
            ),
            Self::ChangesMissing => (
                Is::CONFLICT,
                "changes_missing",
                "Des modifications manquent\u{a0}: les envoyer, puis recommencer.",
            ),
            Self::PhotoMissing => (
                Is::CONFLICT,
                "photo_missing",
                "La photo manque\u{a0}: l’envoyer, puis recommencer.",
            ),
            Self::NoCard => (Is::CONFLICT, "no_card", "Ce dossier n’a pas de carte valable."),
            Self::CardElsewhere => {
                (Is::CONFLICT, "card_elsewhere", "La carte est sur un autre téléphone.")
            }
            Self::DuplicateOpen => {
                (Is::CONFLICT, "duplicate_open", "Un duplicata est déjà demandé.")
            }
            Self::TooLate => (
                Is::CONFLICT,
                "too_late",
                "Cette demande ne peut plus être annulée\u{a0}: la carte est faite ou va l’être.",
            ),
            Self::IllegalMove => (Is::CONFLICT, "illegal_move", "Ce dossier a déjà été traité."),
            Self::Incomplete(_) => {
                (Is::UNPROCESSABLE_ENTITY, "incomplete", "Des réponses sont à corriger.")
            }
            Self::NotThePhoto => (
                Is::UNPROCESSABLE_ENTITY,
                "not_the_photo",
                "Ce fichier n’est pas la photo annoncée.",
            ),
            Self::TooManyTries => (
                Is::TOO_MANY_REQUESTS,
                "too_many_tries",
                "Trop d’essais\u{a0}: attendre quelques minutes.",
            ),
            Self::Busy => (
                Is::SERVICE_UNAVAILABLE,
                "busy",
                "Le service est très occupé\u{a0}: réessayer dans un instant.",
            ),
            Self::Ours(_) => (
                Is::INTERNAL_SERVER_ERROR,
                "ours",
                "Le service a un problème\u{a0}: réessayer plus tard.",
            ),
        }
    }

    /// One of each, for whoever describes them.
    pub(crate) fn every() -> Vec<Self> {
        vec![
            Self::Malformed,
            Self::TooLarge,
            Self::TooSlow,
            Self::WrongMethod,
            Self::SignedOut,
            Self::WrongSignIn,
            Self::WrongCode,
            Self::WrongPassword,
            Self::SessionOver,
            Self::Deleted,
            Self::Erased,
            Self::Forbidden,
            Self::NotAdministrator,
            Self::SetupCodeSpent,
            Self::Revoked,
            Self::NotTheEnvelope,
            Self::Unknown,
            Self::NumberTaken,
            Self::AlreadyDeposited,
            Self::ChangesMissing,
            Self::PhotoMissing,
            Self::NoCard,
            Self::CardElsewhere,
            Self::DuplicateOpen,
            Self::TooLate,
            Self::IllegalMove,
            Self::Incomplete(Vec::new()),
            Self::NotThePhoto,
            Self::TooManyTries,
            Self::Busy,
            Self::Ours(anyhow::anyhow!("")),
        ]
    }

    /// Its code, and what it says to people.
    pub(crate) fn described(&self) -> String {
        let (_, code, title) = self.told();
        format!("`{code}`\u{a0}: {title}")
    }

    /// Logs what is ours to mend, once.
    pub(crate) fn log(&self) {
        if let Self::Ours(error) = self {
            tracing::error!(error = format!("{error:#}"), "request failed");
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let (status, code, title) = failure.told();
        let refusals = match failure {
            Failure::Incomplete(refusals) => refusals,
            _ => Vec::new(),
        };
        let kind = format!("{PROBLEM_TYPES}{code}");
        Self { kind, title, status: status.as_u16(), code, refusals }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.log();
        let headers = [(header::CONTENT_TYPE, PROBLEM_JSON), (header::CONTENT_LANGUAGE, "fr")];
        (self.status(), headers, Json(Problem::from(self))).into_response()
    }
}

/// What axum itself answers (a method that a route has not, a request that takes too long) is told
/// as every other failure is.
pub(crate) async fn told_by_us(answered: Response) -> Response {
    let failure = match answered.status() {
        _ if answered.headers().contains_key(header::CONTENT_TYPE) => return answered,
        StatusCode::METHOD_NOT_ALLOWED => Failure::WrongMethod,
        StatusCode::REQUEST_TIMEOUT => Failure::TooSlow,
        _ => return answered,
    };
    let mut told = failure.into_response();
    // Which methods the route has.
    told.headers_mut().extend(
        answered.headers().get(header::ALLOW).cloned().map(|methods| (header::ALLOW, methods)),
    );
    told
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

impl From<QueryRejection> for Failure {
    fn from(_: QueryRejection) -> Self {
        Self::Malformed
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
