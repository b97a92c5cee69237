//! Where the card is sent.

use crate::form::Refusal;

/// Where the card is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// To the school, which hands it over.
    Etablissement,
    /// To the student's home.
    Domicile,
}

impl Sending {
    /// Reads one of the two codes.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        match typed {
            "" => Err(Refusal::Missing),
            "ETABLISSEMENT" => Ok(Self::Etablissement),
            "DOMICILE" => Ok(Self::Domicile),
            _ => Err(Refusal::Unknown),
        }
    }

    /// The code, as it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Etablissement => "ETABLISSEMENT",
            Self::Domicile => "DOMICILE",
        }
    }
}
