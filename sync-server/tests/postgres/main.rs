//! The very tests of `tests/server`, on PostgreSQL; then what only several servers can show.
//! Where it is not installed they say so and end, none of them failed.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected stops there"
)]

mod cluster;
mod database;
mod servers;

#[path = "../server/access.rs"]
mod access;
#[path = "../server/account.rs"]
mod account;
#[path = "../server/benefits.rs"]
mod benefits;
#[path = "../server/cards.rs"]
mod cards;
#[path = "../server/corrections.rs"]
mod corrections;
#[path = "../server/deposits.rs"]
mod deposits;
#[path = "../server/desk.rs"]
mod desk;
#[path = "../server/duplicates.rs"]
mod duplicates;
#[path = "../server/envelopes.rs"]
mod envelopes;
#[path = "../server/erasure.rs"]
mod erasure;
#[path = "../server/health.rs"]
mod health;
#[path = "../server/interop.rs"]
mod interop;
#[path = "../server/links.rs"]
mod links;
#[path = "../server/marks.rs"]
mod marks;
#[path = "../server/phone.rs"]
mod phone;
#[path = "../server/photos.rs"]
mod photos;
#[path = "../server/post.rs"]
mod post;
#[path = "../server/postman.rs"]
mod postman;
#[path = "../server/recovery.rs"]
mod recovery;
#[path = "../server/stands.rs"]
mod stands;
#[path = "../server/sync.rs"]
mod sync;
#[path = "../server/tablet.rs"]
mod tablet;
#[path = "../server/world.rs"]
mod world;
