//! What an application for the Pass'Région is, told in the order of its life.
//!
//! Pure: values, time and randomness come in as arguments and values go out.
//! A module uses only the modules named before it; a test holds it to that.

pub mod card;
pub mod document;
pub mod form;
pub mod hexadecimal;
pub mod number;
pub mod reference;
pub mod review;
pub mod season;
pub mod signed;
pub mod sync;
