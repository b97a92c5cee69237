//! Rows of pixels laid down the way the camera was held.

use image::RgbImage;
use image::metadata::Orientation;

/// A picture that is being painted, upright from the first row on: turning it afterwards would
/// take its memory twice.
pub(crate) struct Canvas {
    pixels: Vec<u8>,
    /// Size upright.
    width: usize,
    height: usize,
    /// Rows and columns change places.
    swapped: bool,
    /// The first column of the file, or row when they change places, comes last.
    mirrored_across: bool,
    mirrored_down: bool,
    /// Rows of the file that were painted.
    painted: usize,
}

impl Canvas {
    /// For a picture of this size in the file.
    pub(crate) fn new(width: u32, height: u32, orientation: Orientation) -> Self {
        let (swapped, mirrored_across, mirrored_down) = match orientation {
            Orientation::NoTransforms => (false, false, false),
            Orientation::FlipHorizontal => (false, true, false),
            Orientation::FlipVertical => (false, false, true),
            Orientation::Rotate180 => (false, true, true),
            Orientation::Rotate90 => (true, true, false),
            Orientation::Rotate270 => (true, false, true),
            Orientation::Rotate90FlipH => (true, false, false),
            Orientation::Rotate270FlipH => (true, true, true),
        };
        let (width, height) = if swapped { (height, width) } else { (width, height) };
        let (width, height) = (width as usize, height as usize);
        let pixels = vec![0; width * height * 3];
        Self { pixels, width, height, swapped, mirrored_across, mirrored_down, painted: 0 }
    }

    /// Paints the next rows of the file: pixels with red in the lowest byte, `stride` in each row.
    /// What lies beyond the picture is left out.
    pub(crate) fn strip(&mut self, pixels: &[u32], stride: usize, rows: usize) {
        if self.swapped {
            self.columns(pixels, stride, rows);
        } else {
            self.rows(pixels, stride, rows);
        }
        self.painted += rows;
    }

    /// The picture, when every row of it was painted.
    pub(crate) fn finish(self) -> Option<RgbImage> {
        let rows = if self.swapped { self.width } else { self.height };
        if self.painted < rows {
            return None;
        }
        let (width, height) = (u32::try_from(self.width).ok()?, u32::try_from(self.height).ok()?);
        RgbImage::from_raw(width, height, self.pixels)
    }

    fn rows(&mut self, pixels: &[u32], stride: usize, rows: usize) {
        let left = self.height.saturating_sub(self.painted).min(rows);
        for (down, row) in (self.painted..).zip(pixels.chunks_exact(stride)).take(left) {
            let down = if self.mirrored_down { self.height - 1 - down } else { down };
            let start = down * self.width * 3;
            let Some(place) = self.pixels.get_mut(start..start + self.width * 3) else { return };
            let Some(row) = row.get(..self.width) else { return };
            if self.mirrored_across {
                for (place, pixel) in place.as_chunks_mut::<3>().0.iter_mut().rev().zip(row) {
                    *place = parts(*pixel);
                }
            } else {
                pack(place, row);
            }
        }
    }

    fn columns(&mut self, pixels: &[u32], stride: usize, rows: usize) {
        let left = self.width.saturating_sub(self.painted).min(rows);
        let start = match self.mirrored_across {
            true => self.width.saturating_sub(self.painted + left),
            false => self.painted,
        };
        let (height, mirrored) = (self.height, self.mirrored_down);
        let lines = self.pixels.chunks_exact_mut(self.width.max(1) * 3).enumerate();
        for (down, line) in lines {
            let column = if mirrored { height - 1 - down } else { down };
            let Some(place) = line.get_mut(start * 3..(start + left) * 3) else { return };
            let place = place.as_chunks_mut::<3>().0.iter_mut();
            let column = pixels.iter().skip(column).step_by(stride.max(1));
            if self.mirrored_across {
                place.rev().zip(column).for_each(|(place, pixel)| *place = parts(*pixel));
            } else {
                place.zip(column).for_each(|(place, pixel)| *place = parts(*pixel));
            }
        }
    }
}

#[inline(always)]
fn parts(pixel: u32) -> [u8; 3] {
    let [red, green, blue, _] = pixel.to_le_bytes();
    [red, green, blue]
}

/// Four pixels become three words: faster than twelve bytes.
fn pack(place: &mut [u8], row: &[u32]) {
    let (places, last_places) = place.as_chunks_mut::<12>();
    let (pixels, last_pixels) = row.as_chunks::<4>();
    for (place, [a, b, c, d]) in places.iter_mut().zip(pixels) {
        let low = u64::from(*a) | u64::from(*b) << 24 | u64::from(*c) << 48;
        let high = c >> 16 | d << 8;
        let (first, last) = place.split_at_mut(8);
        first.copy_from_slice(&low.to_le_bytes());
        last.copy_from_slice(&high.to_le_bytes());
    }
    for (place, pixel) in last_places.as_chunks_mut::<3>().0.iter_mut().zip(last_pixels) {
        *place = parts(*pixel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, Rgb};

    #[test]
    fn every_way_of_holding_a_camera_is_turned_as_the_reference_does() {
        for (width, height, strip) in [(13, 22, 4), (22, 13, 5), (8, 8, 8), (5, 3, 16)] {
            let picture =
                RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, (x * y) as u8]));
            for exif in 1..=8 {
                let orientation = Orientation::from_exif(exif).unwrap();
                let mut canvas = Canvas::new(width, height, orientation);
                // Rows are wider than the picture, and there are more of them.
                let stride = width as usize + 3;
                for first in (0..height).step_by(strip) {
                    let pixels: Vec<u32> = (first..first + strip as u32)
                        .flat_map(|y| (0..stride as u32).map(move |x| (x, y)))
                        .map(|(x, y)| {
                            let pixel = picture.get_pixel_checked(x, y).map_or([9; 3], |it| it.0);
                            u32::from_le_bytes([pixel[0], pixel[1], pixel[2], 0])
                        })
                        .collect();
                    canvas.strip(&pixels, stride, strip);
                }
                let mut expected = DynamicImage::ImageRgb8(picture.clone());
                expected.apply_orientation(orientation);
                assert!(canvas.finish().unwrap() == expected.into_rgb8(), "{exif} {width}");
            }
        }
    }

    #[test]
    fn a_picture_with_rows_missing_is_none() {
        let mut canvas = Canvas::new(4, 4, Orientation::Rotate90);
        canvas.strip(&[0; 12], 4, 3);
        assert!(canvas.finish().is_none());
    }
}
