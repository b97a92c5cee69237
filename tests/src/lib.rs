//! A small world for journeys: named phones, one real server, a network that can be cut.

pub mod calendar;
pub mod cut;
pub mod desk;
pub mod lina;
pub mod mailbox;
pub mod network;
pub mod picture;
pub mod port;
pub mod power;
pub mod scene;
pub mod stage;
pub mod stand;
pub mod storm;
pub mod unplugged;
pub mod window;
pub mod world;

pub use world::{Person, World};
