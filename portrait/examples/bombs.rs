//! Files that are made to fill a memory or to keep a processor busy: each must be refused at once.
//!
//! `cargo run --release -p portrait --example bombs`: one line each, with what it is refused as,
//! the time and the memory that took; fails when one takes more than 5 ms or 5 MB. Each is
//! tried in a process of its own, since the memory of a process is only known at its highest.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

#[path = "../src/drawn.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "drawn for the tests, which may do so"
)]
mod drawn;

use drawn::{chunk, claiming, header, jpeg, landscape, png_of, with_exif, with_segment};
use portrait::{Guard, intake};
use std::io::{Read, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

const MOST_MILLISECONDS: f64 = 5.0;
const MOST_KILOBYTES: u64 = 5_000;

/// The fastest counts: others may be at work on the same processor.
const TRIES: u32 = 5;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("--child") {
        return try_one();
    }
    let mut all_held = true;
    println!("{:<34} {:>10}  {:>8}  {:>8}  refused as", "bomb", "bytes", "ms", "kB");
    for (name, bytes) in bombs() {
        for guard in ["phone", "server"] {
            let line = in_a_child(&bytes, guard);
            let held = line.as_ref().is_some_and(|line| !line.ends_with("NOT REFUSED"));
            all_held &= held && line.as_ref().is_some_and(|line| is_within(line));
            let line = line.unwrap_or_else(|| "THE PROCESS ENDED".into());
            println!("{:<34} {:>10} {line}", format!("{name}, {guard}"), bytes.len());
        }
    }
    if all_held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether a line's milliseconds and kilobytes are within the limits.
fn is_within(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let milliseconds: f64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(f64::MAX);
    let kilobytes: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(u64::MAX);
    milliseconds <= MOST_MILLISECONDS && kilobytes <= MOST_KILOBYTES
}

fn in_a_child(bytes: &[u8], guard: &str) -> Option<String> {
    let this = std::env::current_exe().ok()?;
    let mut child = Command::new(this)
        .args(["--child", guard])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut entrance = child.stdin.take()?;
    entrance.write_all(bytes).ok()?;
    drop(entrance);
    let output = child.wait_with_output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

fn try_one() -> ExitCode {
    let mut bytes = Vec::new();
    if std::io::stdin().read_to_end(&mut bytes).is_err() {
        return ExitCode::FAILURE;
    }
    let guard = match std::env::args().nth(2).as_deref() {
        Some("server") => Guard::server(),
        _ => Guard::phone(),
    };
    // Once with a tiny file: the code itself takes memory when it first runs.
    let _ = intake(b"\xFF\xD8\xFF\xD9", &guard);
    let before = highest_kilobytes();
    let mut refusal = String::new();
    let mut milliseconds = f64::MAX;
    for _ in 0..TRIES {
        let start = Instant::now();
        let answer = intake(&bytes, &guard);
        milliseconds = milliseconds.min(start.elapsed().as_secs_f64() * 1000.0);
        refusal = answer.map_or_else(|refusal| refusal.to_string(), |_| "NOT REFUSED".to_owned());
    }
    let kilobytes = highest_kilobytes() - before;
    println!("{milliseconds:>9.3} {kilobytes:>9}  {refusal}");
    ExitCode::SUCCESS
}

/// The most memory that this process ever had.
fn highest_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let small = jpeg(&landscape(64, 64), false);
    let photo = jpeg(&landscape(700, 900), false);
    let slow = jpeg(&landscape(700, 900), true);
    let mut bombs = vec![
        ("JPEG claiming 65500×65500", claiming(&small, 65_500, 65_500)),
        ("JPEG claiming 16000×16000", claiming(&small, 16_000, 16_000)),
        ("JPEG claiming 8000×8000", claiming(&small, 8_000, 8_000)),
        ("JPEG of 16000×16000, grey", flat_jpeg(16_000, 16_000)),
        ("JPEG in 5000 scans", scans(&slow, 5_000)),
        ("JPEG in 3 million scans", scans(&slow, 3_000_000)),
        ("JPEG of restart markers", before_the_end(&photo, &[0xFF, 0xD0].repeat(15_000_000))),
        ("JPEG of empty segments", {
            [&[0xFF, 0xD8][..], &[0xFF, 0xFE, 0, 2].repeat(9_000_000), &[0xFF, 0xD9]].concat()
        }),
        ("JPEG of fill bytes", before_the_end(&small, &[0xFF; 38_000_000])),
        ("JPEG without an end, 20 MB", without_end(&photo, 20_000_000)),
        ("JPEG cut in the middle", photo.get(..photo.len() / 2).unwrap_or_default().to_vec()),
        ("JPEG with two frames", two_frames(&photo)),
        ("600 APP segments of 64 kB, no frame", app_segments(600)),
        ("EXIF that points at itself", with_exif(&claiming(&small, 9_000, 9_000), 9)),
        ("41 MB", vec![0xFF; 41_000_000]),
    ];
    bombs.extend(png_bombs());
    bombs.extend(polyglots());
    bombs
}

fn png_bombs() -> Vec<(&'static str, Vec<u8>)> {
    let bits = |width: u32, height: u32| {
        let row_bytes = width as usize / 8 + 1;
        zeros(header(width, height, (1, 0), false), (row_bytes * height as usize).min(150_000_000))
    };
    let mut many = vec![header(700, 900, (8, 2), false)];
    many.extend(vec![chunk(b"IDAT", b""); 1_000_000]);
    many.push(chunk(b"IEND", b""));
    vec![
        ("PNG of 30000×30000, 1 bit", bits(30_000, 30_000)),
        ("PNG of 60000×60000, 1 bit", bits(60_000, 60_000)),
        ("PNG of 8000×8000, 1 bit", bits(8_000, 8_000)),
        ("PNG claiming 4 billion×4 billion", drawn::png_claiming(u32::MAX, u32::MAX)),
        (
            "PNG of 8000×8000, 64 bits each",
            zeros(header(8_000, 8_000, (16, 6), false), 100_000_000),
        ),
        ("PNG of a million empty chunks", png_of(&many)),
        ("PNG cut in the middle", bits(8_000, 8_000).get(..4_000).unwrap_or_default().to_vec()),
        ("PNG with a chunk of 2 GB", {
            let mut png = png_of(&[header(700, 900, (8, 2), false)]);
            png.extend(b"\x7F\xFF\xFF\xFFIDAT");
            png
        }),
        ("PNG without pixels, packed profile", {
            let png = drawn::png_claiming(700, 900);
            drawn::png_with_profile(&png, &vec![0; 200_000_000])
        }),
        ("PNG of 20000×3, 16 bits", zeros(header(20_000, 3, (16, 2), false), 400_000)),
    ]
}

fn polyglots() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("HEIC", drawn::container(&[b"heic", b"mif1"])),
        ("AVIF", drawn::container(&[b"avif", b"mif1"])),
        ("GIF of 65535×65535", b"GIF89a\xFF\xFF\xFF\xFF\xF7\0\0".to_vec()),
        ("TIFF", b"II*\0\x08\0\0\0\xFF\xFF".to_vec()),
        (
            "BMP of 2 billion rows",
            b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xFF\xFF\xFF\x7F".to_vec(),
        ),
        (
            "SVG with entities",
            b"<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY a \"aaaa\">]>".to_vec(),
        ),
        ("ZIP that begins like a JPEG", b"\xFF\xD8\xFFPK\x03\x04".repeat(1000)),
        ("HTML that begins like a PNG", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>".to_vec()),
        ("PDF", b"%PDF-1.7".to_vec()),
    ]
}

/// A PNG whose pixels are so many zeros.
fn zeros(header: Vec<u8>, count: usize) -> Vec<u8> {
    drawn::png_packed(header, &vec![0; count])
}

/// A true JPEG of one grey: each block is two codes of one bit, « as before » and « no detail ».
fn flat_jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = vec![0xFF, 0xD8];
    let mut segment = |marker: u8, body: &[u8]| {
        let length = u16::try_from(body.len() + 2).unwrap_or(0).to_be_bytes();
        jpeg.extend([&[0xFF, marker], &length[..], body].concat());
    };
    segment(0xDB, &[&[0][..], &[16; 64]].concat());
    let ([h1, h2], [w1, w2]) = (height.to_be_bytes(), width.to_be_bytes());
    segment(0xC0, &[8, h1, h2, w1, w2, 1, 1, 0x11, 0]);
    let one_code = [&[1][..], &[0; 15], &[0]].concat();
    segment(0xC4, &[&[0x00][..], &one_code].concat());
    segment(0xC4, &[&[0x10][..], &one_code].concat());
    segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    let blocks = usize::from(width).div_ceil(8) * usize::from(height).div_ceil(8);
    jpeg.extend(vec![0; blocks / 4]);
    jpeg.extend([0xFF, 0xD9]);
    jpeg
}

fn before_the_end(jpeg: &[u8], more: &[u8]) -> Vec<u8> {
    let (start, end) = jpeg.split_at(jpeg.len() - 2);
    [start, more, end].concat()
}

fn scans(jpeg: &[u8], count: usize) -> Vec<u8> {
    let (start, end) = jpeg.split_at(jpeg.len() - 2);
    [start, &[0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 1, 0, 0].repeat(count), end].concat()
}

fn without_end(jpeg: &[u8], bytes: usize) -> Vec<u8> {
    let mut seed = 1_u32;
    let noise = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [byte, ..] = seed.to_be_bytes();
        if byte == 0xFF { [0xFF, 0] } else { [byte, 7] }
    });
    let noise: Vec<u8> = noise.take(bytes / 2).flatten().collect();
    [jpeg.get(..jpeg.len() - 2).unwrap_or_default(), &noise].concat()
}

fn two_frames(jpeg: &[u8]) -> Vec<u8> {
    with_segment(jpeg, 0xC0, &[8, 2, 0, 2, 0, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0])
}

fn app_segments(count: usize) -> Vec<u8> {
    let segment = [&[0xFF, 0xE1, 0xFF, 0xFF][..], &[b'x'; 65_533]].concat();
    [&[0xFF, 0xD8][..], &segment.repeat(count), &[0xFF, 0xD9]].concat()
}
