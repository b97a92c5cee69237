//! How requests are read: axum's extractors, with failures told in our own way.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};

use crate::failure::Failure;

/// A JSON body.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(Failure))]
pub(crate) struct Json<T>(pub(crate) T);

/// A body of bytes, within the limit of its route.
pub(crate) struct Body(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        Ok(Self(Bytes::from_request(request, state).await?))
    }
}

/// The parameters of the path.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Failure))]
pub(crate) struct Path<T>(pub(crate) T);

/// The parameters after the path.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Failure))]
pub(crate) struct Query<T>(pub(crate) T);

/// A SHA-256 in a path or a message: 64 hexadecimal digits.
pub(crate) fn hash(text: &str) -> Result<[u8; 32], Failure> {
    dossier::hexadecimal::array(text).ok_or(Failure::Malformed)
}
