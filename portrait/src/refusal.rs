//! Why a picture is not taken. The sentences stand on the screens, by code.

use crate::crop::{LEAST_HEIGHT, LEAST_WIDTH};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A picture that cannot become a portrait. What was there before stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PhotoRefusal {
    /// Neither JPEG nor PNG, whatever its name says.
    #[error("neither JPEG nor PNG")]
    NotAPicture,
    /// A picture as an iPhone keeps it, which only some systems can read.
    #[error("a HEIC picture")]
    Heic,
    /// The file has too many bytes.
    #[error("heavier than {most_bytes} bytes")]
    TooHeavy {
        /// The most it may have.
        most_bytes: u32,
    },
    /// Decoding it would fill the memory.
    #[error("more than {most} pixels")]
    TooManyPixels {
        /// The most it may have.
        most: u32,
    },
    /// Too few pixels to print a face from, once upright.
    #[error("{width}×{height} is smaller than {least_width}×{least_height}")]
    TooSmall {
        /// What it has across.
        width: u32,
        /// What it has down.
        height: u32,
        /// What it needs across.
        least_width: u32,
        /// What it needs down.
        least_height: u32,
    },
    /// It begins like a picture and cannot be read to its end, or is not what a phone makes.
    #[error("cannot be read")]
    Broken,
}

impl PhotoRefusal {
    /// Refuses an upright picture that is smaller than a portrait may be.
    pub(crate) fn if_small(width: u32, height: u32) -> Result<(), Self> {
        if width >= LEAST_WIDTH && height >= LEAST_HEIGHT {
            return Ok(());
        }
        let (least_width, least_height) = (LEAST_WIDTH, LEAST_HEIGHT);
        Err(Self::TooSmall { width, height, least_width, least_height })
    }
}
