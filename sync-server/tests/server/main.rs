//! The server asked as phones and reviewers ask it, in one process.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected stops there"
)]

mod access;
mod account;
mod benefits;
mod cards;
mod corrections;
mod database;
mod deposits;
mod desk;
mod duplicates;
mod envelopes;
mod erasure;
mod health;
mod interop;
mod links;
mod marks;
mod phone;
mod photos;
mod post;
mod postman;
mod recovery;
mod stands;
mod sync;
mod tablet;
mod world;
