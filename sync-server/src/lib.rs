//! What the Region's server does: sync, deposits, receipts, cards, and the reviewers' desk.

mod app;
mod aside;
mod backup;
mod clock;
mod config;
mod console;
mod desk;
mod export;
mod failure;
mod gate;
mod heavy;
mod import;
mod interop;
mod keys;
mod link;
mod mail;
mod passwords;
mod proving;
mod reference;
mod request;
mod router;
mod routes;
mod serve;
mod store;
mod throttle;
mod well_known;

pub use app::{App, DeskAccount, FirstStart, Setup};
pub use backup::{backup, begin_epoch, restore};
pub use clock::{Clock, SystemClock};
pub use config::{
    CardOf, CardTask, Command, Config, Database, Import, KeysTask, PhotoPlace, ReferenceTask, Task,
    Ticket,
};
pub use console::{tend_card, tend_keys};
pub use import::import;
pub use interop::ticket::{address, reached_at};
pub use mail::MailServer;
pub use router::router;
pub use serve::{serve, serve_until};
pub use well_known::{AndroidApp, Apps, IosApp};
