//! The messages of automerge-repo's websocket protocol: CBOR maps with text keys.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use uuid::Uuid;

use crate::failure::Failure;

/// The one version there is.
const VERSION: &str = "1";
/// Names of peers are random and some forty letters long.
const MOST_NAME_BYTES: usize = 128;
/// Sixteen bytes and a checksum take 28 letters.
const MOST_DOCUMENT_BYTES: usize = 64;
/// Fields of a message; the longest has seven.
const MOST_FIELDS: u64 = 32;
/// Versions that a client names.
const MOST_VERSIONS: u64 = 16;

/// What a client says.
#[derive(Debug)]
pub(super) enum Frame<'a> {
    /// Who it is, and that it speaks our version.
    Join(&'a str),
    /// A message of automerge's sync protocol about a draft.
    Sync {
        draft: Uuid,
        /// Whether the client looks for the draft and has nothing of it.
        requested: bool,
        message: &'a [u8],
    },
    /// It goes.
    Leave,
    /// What concerns other clients, or nobody.
    Other,
}

/// The fields of a message that mean something here.
#[derive(Default)]
struct Fields<'a> {
    kind: &'a str,
    sender: &'a str,
    document: &'a str,
    message: &'a [u8],
    /// Whether it speaks our version; clients of old do not say.
    speaks: Option<bool>,
}

impl<'a> Frame<'a> {
    /// Reads a message.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Failure> {
        let fields = Fields::read(bytes).map_err(|_| Failure::Malformed)?;
        match fields.kind {
            "join" => {
                let speaks = fields.speaks.unwrap_or(true);
                let named = (1..=MOST_NAME_BYTES).contains(&fields.sender.len());
                if speaks && named {
                    Ok(Self::Join(fields.sender))
                } else {
                    Err(Failure::Malformed)
                }
            }
            "sync" | "request" => Ok(Self::Sync {
                draft: draft(fields.document).ok_or(Failure::Malformed)?,
                requested: fields.kind == "request",
                message: fields.message,
            }),
            "leave" => Ok(Self::Leave),
            _ => Ok(Self::Other),
        }
    }
}

impl<'a> Fields<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, minicbor::decode::Error> {
        let mut decoder = Decoder::new(bytes);
        let mut fields = Self::default();
        let count = counted(decoder.map()?, MOST_FIELDS)?;
        for _ in 0..count {
            match decoder.str()? {
                "type" => fields.kind = decoder.str()?,
                "senderId" => fields.sender = decoder.str()?,
                "documentId" => fields.document = decoder.str()?,
                "data" if decoder.datatype()? == Type::Bytes => fields.message = decoder.bytes()?,
                "supportedProtocolVersions" if decoder.datatype()? == Type::Array => {
                    let count = counted(decoder.array()?, MOST_VERSIONS)?;
                    let mut speaks = false;
                    for _ in 0..count {
                        speaks |= decoder.str()? == VERSION;
                    }
                    fields.speaks = Some(speaks);
                }
                _ => decoder.skip()?,
            }
        }
        Ok(fields)
    }
}

/// Lengths are told, never left open.
fn counted(count: Option<u64>, most: u64) -> Result<u64, minicbor::decode::Error> {
    let fits = count.filter(|count| *count <= most);
    fits.ok_or_else(|| minicbor::decode::Error::message("no honest number of items"))
}

/// The draft that a document's name stands for: its bytes, with a checksum, in base 58.
fn draft(document: &str) -> Option<Uuid> {
    if document.len() > MOST_DOCUMENT_BYTES {
        return None;
    }
    let bytes = bs58::decode(document).with_check(None).into_vec().ok()?;
    Uuid::from_slice(&bytes).ok()
}

/// Both ends of a connection, as they call themselves.
pub(super) struct Names {
    pub(super) ours: String,
    pub(super) theirs: String,
}

impl Names {
    /// The answer to a join.
    pub(super) fn peer(&self) -> Result<Vec<u8>, Failure> {
        self.message("peer", 2, |encoder| {
            encoder.str("peerMetadata")?.map(0)?;
            encoder.str("selectedProtocolVersion")?.str(VERSION)?;
            Ok(())
        })
    }

    /// A message of automerge's sync protocol about a draft.
    pub(super) fn sync(&self, draft: Uuid, message: &[u8]) -> Result<Vec<u8>, Failure> {
        self.message("sync", 2, |encoder| {
            encoder.str("documentId")?.str(&document(draft))?;
            encoder.str("data")?.bytes(message)?;
            Ok(())
        })
    }

    /// There is no such draft, or none for this client.
    pub(super) fn unavailable(&self, draft: Uuid) -> Result<Vec<u8>, Failure> {
        self.message("doc-unavailable", 1, |encoder| {
            encoder.str("documentId")?.str(&document(draft))?;
            Ok(())
        })
    }

    /// The connection ends, for this reason.
    pub(super) fn error(&self, code: &str) -> Result<Vec<u8>, Failure> {
        self.message("error", 1, |encoder| {
            encoder.str("message")?.str(code)?;
            Ok(())
        })
    }

    fn message(
        &self,
        kind: &str,
        more: u64,
        write: impl FnOnce(&mut Encoder<Vec<u8>>) -> Result<(), Unwritten>,
    ) -> Result<Vec<u8>, Failure> {
        let mut encoder = Encoder::new(Vec::new());
        let all = || {
            encoder.map(3 + more)?.str("type")?.str(kind)?;
            encoder.str("senderId")?.str(&self.ours)?.str("targetId")?.str(&self.theirs)?;
            write(&mut encoder)
        };
        all().map_err(anyhow::Error::from)?;
        Ok(encoder.into_writer())
    }
}

type Unwritten = minicbor::encode::Error<std::convert::Infallible>;

/// A draft's name in automerge-repo.
fn document(draft: Uuid) -> String {
    bs58::encode(draft.as_bytes()).with_check().into_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn join() -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new());
        encoder.map(4).unwrap().str("type").unwrap().str("join").unwrap();
        encoder.str("senderId").unwrap().str("peer-1").unwrap();
        encoder.str("peerMetadata").unwrap().map(1).unwrap().str("isEphemeral").unwrap();
        encoder.bool(true).unwrap();
        encoder.str("supportedProtocolVersions").unwrap().array(1).unwrap().str("1").unwrap();
        encoder.into_writer()
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_frame_or_refused(bytes: Vec<u8>, at in 0usize..64, to: u8) {
            let _ = Frame::read(&bytes);
            let mut damaged = join();
            if let Some(byte) = damaged.get_mut(at) {
                *byte = to;
            }
            let _ = Frame::read(&damaged);
            damaged.splice(at.min(damaged.len()).., bytes);
            let _ = Frame::read(&damaged);
        }
    }

    #[test]
    fn a_draft_is_named_as_automerge_repo_names_it_and_read_back() {
        let id = Uuid::from_bytes([7; 16]);
        assert_eq!(draft(&document(id)), Some(id));
        let mut misspelt = document(id);
        misspelt.pop();
        assert_eq!(draft(&misspelt), None, "the checksum does not fit");
        assert_eq!(draft(&"2".repeat(65)), None);
    }

    #[test]
    fn what_is_unknown_is_skipped_and_what_is_malformed_refused() {
        let bytes = join();
        assert!(matches!(Frame::read(&bytes), Ok(Frame::Join("peer-1"))));
        for cut in 0..bytes.len() {
            assert!(Frame::read(&bytes[..cut]).is_err(), "{cut}");
        }
        assert!(Frame::read(&[0xbf, 0xff]).is_err(), "no length");
        assert!(Frame::read(&[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).is_err());
    }
}
