//! The most memory that opening a picture of 48 megapixels takes, and the time.
//!
//! `cargo run --release -p portrait --example memory`: one line for each kind of file, drawn here
//! by each child process's parent, so that drawing does not count; fails above 160 MB.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

use jpeg_encoder::{Encoder, JpegColorType, SamplingFactor};
use portrait::{Guard, open_at};
use std::io::{Read, Write};
use std::process::{Command, ExitCode, Stdio};

const WIDTH: u16 = 6_000;
const HEIGHT: u16 = 8_000;
const MOST_KILOBYTES: u64 = 160_000;

/// As much of the long side as the app asks for, and as much as there is.
const LEASTS: [u32; 3] = [1_000, 1_920, u32::MAX];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--child") {
        let least = arguments.next().and_then(|least| least.parse().ok()).unwrap_or(u32::MAX);
        return open_one(least);
    }
    let mut within = true;
    println!("{:<26} {:>10} {:>11}  read as", "48 megapixels", "bytes", "least");
    for (name, make) in kinds() {
        let bytes = make();
        for least in LEASTS {
            let (line, kilobytes) = in_a_child(&bytes, least).unwrap_or_default();
            within &= (1..=MOST_KILOBYTES).contains(&kilobytes);
            println!("{name:<26} {:>10} {least:>11}  {line}", bytes.len());
        }
    }
    if within { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

type Kind = (&'static str, fn() -> Vec<u8>);

fn kinds() -> [Kind; 6] {
    [
        ("JPEG, 4:2:0", || jpeg(SamplingFactor::R_4_2_0, false)),
        ("JPEG, 4:2:0, turned", || turned(&jpeg(SamplingFactor::R_4_2_0, false))),
        ("JPEG, 4:4:4", || jpeg(SamplingFactor::R_4_4_4, false)),
        ("JPEG, 4:2:0, progressive", || jpeg(SamplingFactor::R_4_2_0, true)),
        ("JPEG, 4:4:4, progressive", || jpeg(SamplingFactor::R_4_4_4, true)),
        ("PNG", png),
    ]
}

fn in_a_child(bytes: &[u8], least: u32) -> Option<(String, u64)> {
    let mut child = Command::new(std::env::current_exe().ok()?)
        .args(["--child", &least.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut entrance = child.stdin.take()?;
    entrance.write_all(bytes).ok()?;
    drop(entrance);
    let output = child.wait_with_output().ok()?;
    let line = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    let kilobytes = line.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(0);
    Some((line, kilobytes))
}

fn open_one(least: u32) -> ExitCode {
    let mut bytes = Vec::with_capacity(40_000_000);
    if std::io::stdin().read_to_end(&mut bytes).is_err() {
        return ExitCode::FAILURE;
    }
    let start = processor_nanoseconds();
    let opened = open_at(&bytes, &Guard::phone(), least);
    let milliseconds = (processor_nanoseconds() - start) / 1_000_000;
    let read = match opened {
        Ok(picture) => format!("{}×{}", picture.width(), picture.height()),
        Err(refusal) => refusal.to_string(),
    };
    println!("{} kB at the most, file included; {milliseconds} ms; {read}", highest_kilobytes());
    ExitCode::SUCCESS
}

fn processor_nanoseconds() -> u64 {
    let taken = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    taken.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0)
}

fn highest_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Slow waves with a grain, as heavy as a camera's picture.
fn pixel(x: u32, y: u32) -> [u8; 3] {
    let grain = (x.wrapping_mul(73_856_093) ^ y.wrapping_mul(19_349_663)) >> 13 & 15;
    waves(x, y).map(|part| u8::try_from(part + grain).unwrap_or(u8::MAX))
}

fn waves(x: u32, y: u32) -> [u32; 3] {
    let wave = |at: u32, length: u32| {
        let at = at % (2 * length);
        at.min(2 * length - at) * 200 / length
    };
    [wave(x, 900), wave(y, 700), wave(x + y, 1100)]
}

/// Rows are drawn when the encoder asks for them.
struct Drawn;

impl jpeg_encoder::ImageBuffer for Drawn {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }
    fn width(&self) -> u16 {
        WIDTH
    }
    fn height(&self) -> u16 {
        HEIGHT
    }
    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        for x in 0..u32::from(WIDTH) {
            let [red, green, blue] = pixel(x, y.into());
            let (bright, cold, warm) = jpeg_encoder::rgb_to_ycbcr(red, green, blue);
            for (buffer, part) in buffers.iter_mut().zip([bright, cold, warm]) {
                buffer.push(part);
            }
        }
    }
}

fn jpeg(sampling: SamplingFactor, progressive: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 80);
    encoder.set_sampling_factor(sampling);
    encoder.set_progressive(progressive);
    let _ = encoder.encode_image(Drawn);
    bytes
}

fn turned(jpeg: &[u8]) -> Vec<u8> {
    let exif =
        b"\xFF\xE1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let (start, rest) = jpeg.split_at(2);
    [start, exif, rest].concat()
}

/// Without grain: with it, the file would be heavier than a picture may be.
fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH.into(), HEIGHT.into());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    if let Ok(mut writer) = encoder.write_header()
        && let Ok(mut stream) = writer.stream_writer()
    {
        for y in 0..u32::from(HEIGHT) {
            let row: Vec<u8> =
                (0..u32::from(WIDTH)).flat_map(|x| waves(x, y)).map(|part| part as u8).collect();
            let _ = stream.write_all(&row);
        }
        let _ = stream.finish();
    }
    bytes
}
