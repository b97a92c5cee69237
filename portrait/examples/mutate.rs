//! Damaged files in great numbers: none may make the intake panic, or keep it busy for a second.
//!
//! `cargo run --release -p portrait --example mutate -- 100000`: so many files, made from those
//! of `fuzz/corpus` by a fixed sequence of damages, each tried with both guards. `-- --corpus`
//! writes that corpus anew.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

#[path = "../src/drawn.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "drawn for the tests, which may do so"
)]
mod drawn;

use drawn::{jpeg, landscape, with_exif, with_profile};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use portrait::{Guard, intake};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const MOST_TIME: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/photo_intake");
    let asked = std::env::args().nth(1);
    if asked.as_deref() == Some("--corpus") {
        return if draw(&corpus).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let count: u64 = asked.and_then(|asked| asked.parse().ok()).unwrap_or(10_000);
    let files = files(&corpus);
    if files.is_empty() {
        println!("no files in {}", corpus.display());
        return ExitCode::FAILURE;
    }
    let outcome = damage(&files, count);
    println!(
        "{count} damaged files from {} whole ones, with both guards: {} opened, {} refused, \
         {} panics, slowest {:?}",
        files.len(),
        outcome.opened,
        outcome.refused,
        outcome.panics,
        outcome.slowest
    );
    if outcome.panics == 0 && outcome.slowest < MOST_TIME {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[derive(Default)]
struct Outcome {
    opened: u64,
    refused: u64,
    panics: u64,
    slowest: Duration,
}

fn damage(files: &[Vec<u8>], count: u64) -> Outcome {
    let mut outcome = Outcome::default();
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for number in 0..count {
        let bytes = chance.damaged(files);
        for guard in [Guard::phone(), Guard::server()] {
            let start = Instant::now();
            match catch_unwind(AssertUnwindSafe(|| intake(&bytes, &guard))) {
                Ok(Ok(_)) => outcome.opened += 1,
                Ok(Err(_)) => outcome.refused += 1,
                Err(_) => {
                    outcome.panics += 1;
                    let kept = std::env::temp_dir().join(format!("portrait-panic-{number}"));
                    println!("panic: {} {:?}", kept.display(), std::fs::write(&kept, &bytes));
                }
            }
            outcome.slowest = outcome.slowest.max(start.elapsed());
        }
    }
    outcome
}

/// A sequence of numbers that is the same each time (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }

    fn damaged(&mut self, files: &[Vec<u8>]) -> Vec<u8> {
        let Some(mut bytes) = files.get(self.below(files.len())).cloned() else {
            return Vec::new();
        };
        for _ in 0..=self.below(3) {
            let other = files.get(self.below(files.len())).cloned().unwrap_or_default();
            match self.below(6) {
                0 => self.flip(&mut bytes),
                1 => self.overwrite(&mut bytes),
                2 => bytes.truncate(self.below(bytes.len())),
                3 => self.splice(&mut bytes, &other),
                4 => self.swap_segments(&mut bytes),
                _ => self.repeat(&mut bytes),
            }
        }
        // Most truncated files are refused for it; with an end, their decoders must cope.
        if self.below(2) == 0 && bytes.starts_with(&[0xFF, 0xD8]) {
            bytes.extend([0xFF, 0xD9]);
        }
        bytes
    }

    /// A place, every second time among the headers, where most can go wrong.
    fn place(&mut self, bytes: &[u8]) -> usize {
        let reach = if self.below(2) == 0 { bytes.len().min(700) } else { bytes.len() };
        self.below(reach)
    }

    fn flip(&mut self, bytes: &mut [u8]) {
        for _ in 0..=self.below(8) {
            let (at, bit) = (self.place(bytes), self.below(8));
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << bit;
            }
        }
    }

    fn overwrite(&mut self, bytes: &mut [u8]) {
        const TELLING: [u8; 8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF, 0xD9, 0xDA];
        for _ in 0..=self.below(8) {
            let (at, which, any) = (self.place(bytes), self.below(16), self.below(256));
            if let Some(byte) = bytes.get_mut(at) {
                *byte = TELLING.get(which).copied().unwrap_or(any as u8);
            }
        }
    }

    fn splice(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let (at, from) = (self.place(bytes), self.place(other));
        let length = self.below(other.len() - from.min(other.len()));
        let piece = other.get(from..from + length).unwrap_or_default().to_vec();
        bytes.truncate(at);
        bytes.extend(piece);
        let rest = self.below(other.len());
        bytes.extend(other.get(rest..).unwrap_or_default());
    }

    /// Changes the places of two stretches that begin where segments of a JPEG do.
    fn swap_segments(&mut self, bytes: &mut [u8]) {
        let starts: Vec<usize> = bytes
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| matches!(pair, [0xFF, 0xC0..=0xFE]))
            .map(|(at, _)| at)
            .collect();
        let mut cut =
            [0; 3].map(|_: u8| starts.get(self.below(starts.len())).copied().unwrap_or(0));
        cut.sort_unstable();
        let [first, middle, last] = cut;
        if let Some(stretch) = bytes.get_mut(first..last) {
            stretch.rotate_left(middle - first);
        }
    }

    fn repeat(&mut self, bytes: &mut Vec<u8>) {
        let from = self.place(bytes);
        let length = self.below((bytes.len() - from.min(bytes.len())).min(2000));
        let piece = bytes.get(from..from + length).unwrap_or_default().repeat(self.below(8));
        let at = self.place(bytes);
        bytes.splice(at..at, piece);
    }
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read(path).ok()).collect()
}

/// Draws one file of each kind that is read, all small.
fn draw(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let scene = landscape(352, 452);
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap_or_default();
    let grey: Vec<u8> = scene.pixels().map(|pixel| pixel.0[1]).collect();
    let mut grey_jpeg = Vec::new();
    let drawn = Encoder::new(&mut grey_jpeg, 40).encode(&grey, 352, 452, ColorType::Luma);
    drawn.map_err(std::io::Error::other)?;
    for (name, bytes) in [
        ("plain.jpg", with_exif(&written(&scene, SamplingFactor::R_4_4_4, 0, false), 6)),
        ("slow.jpg", jpeg(&scene, true)),
        ("halved.jpg", written(&scene, SamplingFactor::R_4_2_0, 0, false)),
        ("wide.jpg", written(&scene, SamplingFactor::R_4_2_2, 7, false)),
        ("in_pieces.jpg", written(&scene, SamplingFactor::R_4_2_0, 0, true)),
        ("grey.jpg", grey_jpeg),
        ("phone.jpg", with_profile(&written(&scene, SamplingFactor::R_4_2_0, 0, false), &profile)),
        ("plain.png", drawn::png_with_profile(&packed(&scene, 2), &profile)),
        ("clear.png", packed(&scene, 6)),
        ("woven.png", drawn::interlaced(&scene)),
        ("heic", drawn::container(&[b"heic", b"mif1"])),
    ] {
        println!("{name}: {} bytes", bytes.len());
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

/// A PNG of kind 2 (colours) or 6 (with alpha).
fn packed(scene: &image::RgbImage, kind: u8) -> Vec<u8> {
    let mut rows = Vec::new();
    for row in scene.rows() {
        rows.push(0);
        for (x, pixel) in row.enumerate() {
            let coarse = pixel.0.map(|part| if kind == 6 { part & 0xE0 } else { part });
            rows.extend(coarse);
            rows.extend((kind == 6).then_some((x / 32 * 23) as u8));
        }
    }
    let header = drawn::header(scene.width(), scene.height(), (8, kind), false);
    drawn::png_packed(header, &rows)
}

fn written(
    scene: &image::RgbImage,
    sampling: SamplingFactor,
    restart: u16,
    in_pieces: bool,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 40);
    encoder.set_sampling_factor(sampling);
    encoder.set_restart_interval(restart);
    encoder.set_optimized_huffman_tables(in_pieces);
    let _ = encoder.encode(scene.as_raw(), 352, 452, ColorType::Rgb);
    bytes
}
