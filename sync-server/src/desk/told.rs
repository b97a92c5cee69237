//! Failures, told to a reviewer in a page.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::page;
use crate::failure::Failure;

/// A failure that ends in a page: whoever is not signed in gets to sign in.
pub(crate) struct Told(Failure);

impl From<Failure> for Told {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<PathRejection> for Told {
    fn from(_: PathRejection) -> Self {
        Self(Failure::Unknown)
    }
}

/// The dossier that the address names.
#[derive(FromRequestParts)]
#[from_request(via(Path), rejection(Told))]
pub(super) struct Named<T>(pub(super) T);

impl IntoResponse for Told {
    fn into_response(self) -> Response {
        if let Failure::SignedOut = self.0 {
            return Redirect::to("/desk/sign-in").into_response();
        }
        self.0.log();
        let page = page::bare(
            "Impossible",
            html! {
                h1 { (title(self.0.status())) }
                p { (sentence(&self.0)) }
                p { a href="/desk" { "Revenir à la file d’attente" } }
            },
        );
        (self.0.status(), page).into_response()
    }
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "Page introuvable",
        StatusCode::FORBIDDEN => "Demande refusée",
        status if status.is_server_error() => "Le service a un problème",
        _ => "Cette action n’est pas possible",
    }
}

/// The sentence for the failures that a reviewer can meet.
fn sentence(failure: &Failure) -> &'static str {
    match failure {
        Failure::Unknown => "Ce que vous cherchez n’existe pas, ou n’existe plus.",
        Failure::Forbidden => {
            "Le formulaire n’a pas été reconnu. Rouvrez la page, puis recommencez."
        }
        Failure::NotAdministrator => {
            "Cette page est réservée aux administrateurs. Demandez à la personne qui gère les stands."
        }
        Failure::IllegalMove => "Ce dossier a déjà été traité. Rouvrez-le pour voir où il en est.",
        Failure::TooLarge => "Le texte envoyé est trop long.",
        Failure::Busy => "Le service est très occupé. Réessayez dans un instant.",
        _ => "Rien n’a été modifié. Réessayez dans un instant.",
    }
}
