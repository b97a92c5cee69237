//! What the Region's server does: sync, deposits, receipts, cards, and the reviewers' desk.

mod app;
mod aside;
mod backup;
mod clock;
mod config;
mod console;
mod desk;
mod doctor;
mod export;
mod failure;
mod gate;
mod health;
mod heavy;
mod import;
mod intake;
mod interop;
mod keys;
mod link;
mod log;
mod mail;
mod metrics;
mod openapi;
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
    CardOf, CardTask, Command, Config, Database, Erase, Import, KeysTask, PhotoPlace, Place,
    ReferenceTask, Task, Ticket, User, UserTask,
};
pub use console::{erase, init, migrate, tend_card, tend_keys, tend_users};
pub use doctor::doctor;
pub use import::import;
pub use interop::ticket::{address, reached_at};
pub use log::log_to;
pub use mail::MailServer;
pub use openapi::openapi;
pub use router::router;
pub use serve::{serve, serve_metrics, serve_until};
pub use well_known::{AndroidApp, Apps, IosApp};
