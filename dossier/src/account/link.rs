//! The link of a mail, for whoever reads it where the app is, or in a browser.

use serde::{Deserialize, Serialize};

use crate::hexadecimal;

/// 128 random bits at the end of an address of the Region's server. Who has them reads that mail, so
/// they are never shown, logged or stored.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9a-f]{32}$"))]
#[serde(try_from = "String", into = "String")]
pub struct Link([u8; 16]);

/// Why a text is no link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a link")]
pub struct LinkRefusal;

impl Link {
    /// Where the addresses of links begin on the server; the bits follow, in hexadecimal. The two
    /// projects of the phones say the same.
    pub const PATH: &str = "/compte/";

    /// A link of these random bits.
    pub fn new(bits: [u8; 16]) -> Self {
        Self(bits)
    }

    /// Reads what stands behind [`Link::PATH`].
    pub fn parse(text: &str) -> Result<Self, LinkRefusal> {
        hexadecimal::array(text).map(Self).ok_or(LinkRefusal)
    }

    /// The path of its address.
    pub fn path(&self) -> String {
        format!("{}{}", Self::PATH, hexadecimal::text(&self.0))
    }

    /// The bits themselves.
    pub fn bits(&self) -> [u8; 16] {
        self.0
    }
}

unprinted!(Link);

impl TryFrom<String> for Link {
    type Error = LinkRefusal;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Link> for String {
    fn from(link: Link) -> Self {
        hexadecimal::text(&link.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_back_from_its_path_and_never_shown() {
        let link = Link::new([0xA7; 16]);
        assert_eq!(Link::parse(link.path().strip_prefix(Link::PATH).unwrap()), Ok(link));
        assert_eq!(format!("{link:?}"), "Link(…)");
        assert_eq!(Link::parse("a7a7"), Err(LinkRefusal));
    }
}
