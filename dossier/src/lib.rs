//! What an application for the Pass'Région is, told in the order of its life.
//!
//! Pure: values, time and randomness come in as arguments and values go out.
//! A module uses only the modules named before it; a test holds it to that. The blank lines keep
//! rustfmt from putting them in another order.

/// Debug text that is the name of the type alone, so that no log or panic tells of a person, or
/// carries a secret, by accident.
macro_rules! unprinted {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

pub mod hexadecimal;

pub mod parts;

pub mod number;

pub mod season;

pub mod signed;

pub mod reference;

pub mod form;

pub mod document;

pub mod sync;

pub mod review;

pub mod benefit;
pub mod card;

pub mod account;

pub mod paper;

pub mod stand;
