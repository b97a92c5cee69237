//! Pictures for tests and examples, drawn here, and the damages and tricks tried on them.

use image::codecs::png::PngEncoder;
use image::{DynamicImage, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder};

/// A sky above, a meadow below, and some structure that compresses like a picture.
pub(crate) fn landscape(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = u8::try_from((x * 7 + y * 3) % 31).unwrap();
        if y < height / 2 { Rgb([20 + wave, 60, 200]) } else { Rgb([20, 160 + wave, 40]) }
    })
}

/// Whether a picture is [`landscape`] the right way up.
pub(crate) fn is_upright(picture: &RgbImage) -> bool {
    let (width, height) = picture.dimensions();
    let blue = |x, y| picture.get_pixel(x, y).0[2] > 120;
    let sky = [width / 10, width / 2, width * 9 / 10].map(|x| blue(x, height / 10));
    let meadow = [width / 10, width / 2, width * 9 / 10].map(|x| blue(x, height * 9 / 10));
    sky == [true; 3] && meadow == [false; 3]
}

pub(crate) fn jpeg(picture: &RgbImage, progressive: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 80);
    encoder.set_progressive(progressive);
    let size = |side| u16::try_from(side).unwrap();
    let (width, height) = (size(picture.width()), size(picture.height()));
    encoder.encode(picture.as_raw(), width, height, ColorType::Rgb).unwrap();
    bytes
}

pub(crate) fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.into().write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
    bytes
}

/// Puts a segment right after the start of a JPEG.
pub(crate) fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, body, &jpeg[2..]].concat()
}

/// EXIF with an orientation, a sentence about the place, and a GPS directory.
pub(crate) fn with_exif(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    with_segment(jpeg, 0xE1, &[b"Exif\0\0", &exif(orientation)[..]].concat())
}

/// The same without the name that JPEG puts before it.
pub(crate) fn exif(orientation: u16) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let [tag, kind] = [tag, kind].map(u16::to_le_bytes);
        let [count, value] = [count, value].map(u32::to_le_bytes);
        [&tag[..], &kind, &count, &value].concat()
    };
    let place = b"GPS 45.7772N 3.0870E\0";
    let described = u32::try_from(place.len()).unwrap();
    let after_first = 8 + 2 + 3 * 12 + 4;
    let mut body = b"II*\0\x08\0\0\0\x03\0".to_vec();
    body.extend(entry(0x010E, 2, described, after_first));
    body.extend(entry(0x0112, 3, 1, orientation.into()));
    body.extend(entry(0x8825, 4, 1, after_first + described));
    body.extend([0; 4]);
    body.extend(place);
    body.extend(b"\x01\0");
    body.extend(entry(0x0001, 2, 2, u32::from(b'N')));
    body.extend([0; 4]);
    body
}

/// A JPEG whose header claims another size than its pixels have.
pub(crate) fn claiming(jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg.to_vec();
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// The head of a PNG of one bit per pixel, which a few kilobytes can fill.
pub(crate) fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    png_of(&[header(width, height, (1, 0), false), chunk(b"IEND", b"")])
}

/// A chunk of a PNG, with its checksum.
pub(crate) fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut checksum = u32::MAX;
    for byte in kind.iter().chain(body) {
        checksum ^= u32::from(*byte);
        for _ in 0..8 {
            checksum = checksum >> 1 ^ if checksum & 1 == 1 { 0xEDB8_8320 } else { 0 };
        }
    }
    let length = u32::try_from(body.len()).unwrap();
    [&length.to_be_bytes(), &kind[..], body, &(!checksum).to_be_bytes()].concat()
}

/// The first chunk: size, bits of each part, kind of colour, and whether it is interlaced.
pub(crate) fn header(
    width: u32,
    height: u32,
    (bits, colour): (u8, u8),
    interlaced: bool,
) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    chunk(b"IHDR", &[&size[..], &[bits, colour, 0, 0, u8::from(interlaced)]].concat())
}

/// A PNG of these chunks.
pub(crate) fn png_of(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}

/// A PNG of these unpacked rows, each with its filter before it.
pub(crate) fn png_packed(header: Vec<u8>, rows: &[u8]) -> Vec<u8> {
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(rows, 6);
    png_of(&[header, chunk(b"IDAT", &packed), chunk(b"IEND", b"")])
}

/// Puts a chunk right after the header of a PNG.
pub(crate) fn with_chunk(png: &[u8], chunk: &[u8]) -> Vec<u8> {
    [&png[..33], chunk, &png[33..]].concat()
}

/// A PNG that sharpens while it loads.
pub(crate) fn interlaced(picture: &RgbImage) -> Vec<u8> {
    const PASSES: [(u32, u32, usize, usize); 7] = [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ];
    let (width, height) = picture.dimensions();
    let mut rows = Vec::new();
    for (left, top, across, down) in PASSES {
        for y in (top..height).step_by(down).filter(|_| left < width) {
            rows.push(0);
            let pixels = (left..width).step_by(across).flat_map(|x| picture.get_pixel(x, y).0);
            rows.extend(pixels);
        }
    }
    png_packed(header(width, height, (8, 2), true), &rows)
}

/// A JPEG with a colour profile, in one piece.
pub(crate) fn with_profile(jpeg: &[u8], profile: &[u8]) -> Vec<u8> {
    with_segment(jpeg, 0xE2, &[b"ICC_PROFILE\0\x01\x01", profile].concat())
}

/// A PNG with a colour profile.
pub(crate) fn png_with_profile(png: &[u8], profile: &[u8]) -> Vec<u8> {
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(profile, 6);
    with_chunk(png, &chunk(b"iCCP", &[b"camera\0\0", &packed[..]].concat()))
}

/// The first bytes of a picture in a container of Apple's kind.
pub(crate) fn container(brands: &[&[u8; 4]]) -> Vec<u8> {
    let length = u32::try_from(12 + 4 * brands.len()).unwrap().to_be_bytes();
    let (main, others) = brands.split_first().unwrap();
    let others: Vec<u8> = others.iter().flat_map(|brand| brand.iter().copied()).collect();
    [&length[..], b"ftyp", &main[..], b"\0\0\0\0", &others, &[0; 64]].concat()
}
