//! The tables of a JPEG, and its scans: pixels read straight through, or gathered part by part.

use super::bits::Bits;
use super::block::{EMPTY, Numbers, Places, flat, tones};
use super::frame::Layout;
use super::huffman::{Huffman, TO_THE_END};
use super::paint::Painter;
use super::part::Part;
use super::store::Store;
use crate::segments::Segment;

/// What the segments before a scan define.
#[derive(Default)]
pub(super) struct Tables {
    divisors: [Option<Box<[u16; 64]>>; 4],
    brightness: [Option<Huffman>; 4],
    detail: [Option<Huffman>; 4],
    /// Units between two restart markers; 0: none.
    interval: usize,
    adobe: Option<u8>,
}

/// What the header of a scan says.
pub(super) struct Scan<'a> {
    /// Which components, with their tables for brightness and for detail.
    pub(super) components: Vec<(usize, usize, usize)>,
    /// The first and the last number of each block that it holds.
    first: usize,
    last: usize,
    /// Bits that earlier scans gave, and that later ones give; (0, 0) when it gives all.
    high: u32,
    low: u32,
    data: &'a [u8],
}

impl<'a> Scan<'a> {
    pub(super) fn read(segment: &Segment<'a>, layout: &Layout) -> Option<Self> {
        let (count, rest) = segment.body.split_first()?;
        let (described, rest) = rest.split_at_checked(usize::from(*count) * 2)?;
        let [first, last, bits] = *rest else { return None };
        let mut components = Vec::with_capacity(described.len() / 2);
        for [id, tables] in described.as_chunks::<2>().0 {
            let at = layout.components.iter().position(|component| component.id == *id)?;
            let (brightness, detail) = (usize::from(tables >> 4), usize::from(tables & 15));
            if components.iter().any(|(other, _, _)| *other == at) {
                return None;
            }
            components.push((at, brightness, detail));
        }
        let (first, last) = (usize::from(first), usize::from(last));
        let (high, low) = (u32::from(bits >> 4), u32::from(bits & 15));
        let plain = (first, last, high, low) == (0, 63, 0, 0);
        let part = match first {
            0 => last == 0,
            _ => (first..64).contains(&last) && components.len() == 1,
        };
        let known = if layout.progressive { part && low <= 13 } else { plain };
        let data = segment.rest;
        (known && !components.is_empty()).then_some(Self {
            components,
            first,
            last,
            high,
            low,
            data,
        })
    }

    /// Whether this one scan holds the whole picture.
    pub(super) fn is_all_of(&self, layout: &Layout) -> bool {
        !layout.progressive && self.components.len() == layout.components.len()
    }
}

impl Tables {
    /// Takes in what a segment defines, if it does.
    pub(super) fn learn(&mut self, segment: &Segment) -> Option<()> {
        match segment.marker {
            0xC4 => self.learn_codes(segment.body),
            0xDB => self.learn_divisors(segment.body),
            0xDD => {
                self.interval = usize::from(u16::from_be_bytes(*segment.body.first_chunk()?));
                Some(())
            }
            0xEE => {
                let note = segment.body.strip_prefix(b"Adobe");
                self.adobe = note.and_then(|note| note.get(6).copied()).or(self.adobe);
                Some(())
            }
            _ => Some(()),
        }
    }

    /// Whether Adobe's note says that colours are written as red, green and blue.
    pub(super) fn is_plain_rgb(&self) -> bool {
        self.adobe == Some(0)
    }

    fn learn_codes(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((kind, rest)) = body.split_first() {
            let (table, rest) = Huffman::read(rest)?;
            let class = match kind >> 4 {
                0 => &mut self.brightness,
                1 => &mut self.detail,
                _ => return None,
            };
            *class.get_mut(usize::from(kind & 15))? = Some(table);
            body = rest;
        }
        Some(())
    }

    fn learn_divisors(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((kind, rest)) = body.split_first() {
            let size = if kind >> 4 == 0 { 1 } else { 2 };
            let (values, rest) = rest.split_at_checked(64 * size)?;
            let mut divisors = Box::new([0; 64]);
            for (divisor, value) in divisors.iter_mut().zip(values.chunks(size)) {
                *divisor = value.iter().fold(0, |high, low| high << 8 | u16::from(*low));
            }
            *self.divisors.get_mut(usize::from(kind & 15))? = Some(divisors);
            body = rest;
        }
        Some(())
    }

    fn places(&self, layout: &Layout, component: usize) -> Option<Places> {
        let component = layout.components.get(component)?;
        let divisors = self.divisors.get(usize::from(component.table))?.as_ref()?;
        Some(Places::of(divisors, component.side))
    }

    /// Reads a scan that holds everything, and paints it row by row.
    pub(super) fn paint(&self, layout: &Layout, scan: &Scan, painter: &mut Painter) -> Option<()> {
        let mut parts = Vec::with_capacity(scan.components.len());
        for (at, brightness, detail) in &scan.components {
            let component = *layout.components.get(*at)?;
            parts.push(Plain {
                at: *at,
                across: component.across,
                down: component.down,
                side: component.side,
                places: self.places(layout, *at)?,
                brightness: self.brightness.get(*brightness)?.as_ref()?,
                detail: self.detail.get(*detail)?.as_ref()?,
                last: 0,
            });
        }
        let mut bits = Bits::of(scan.data);
        let mut until_restart = self.interval;
        for _ in 0..layout.units.1 {
            for unit in 0..layout.units.0 {
                if self.interval > 0 {
                    if until_restart == 0 {
                        bits.restart()?;
                        parts.iter_mut().for_each(|part| part.last = 0);
                        until_restart = self.interval;
                    }
                    until_restart -= 1;
                }
                for part in &mut parts {
                    part.unit(&mut bits, unit, painter)?;
                }
            }
            if bits.ran_out() {
                return None;
            }
            painter.paint();
        }
        Some(())
    }

    /// Reads a scan that holds a part, into the store.
    pub(super) fn gather(&self, layout: &Layout, scan: &Scan, store: &mut Store) -> Option<()> {
        for (at, _, _) in &scan.components {
            let component = layout.components.get(*at)?;
            let divisors = self.divisors.get(usize::from(component.table)).and_then(Option::as_ref);
            store.divide(*at, divisors?);
        }
        let Scan { first, last, high, low, .. } = *scan;
        let mut part = Part::new(layout.progressive, first, last, high, low);
        let mut bits = Bits::of(scan.data);
        let mut until_restart = self.interval;
        let mut turn = |part: &mut Part, bits: &mut Bits| {
            if self.interval > 0 {
                if until_restart == 0 {
                    bits.restart()?;
                    part.restart();
                    until_restart = self.interval;
                }
                until_restart -= 1;
            }
            Some(())
        };
        if let [(at, brightness, detail)] = scan.components.as_slice() {
            let codes = self.codes(*brightness, *detail);
            let blocks = layout.components.get(*at)?.blocks;
            for down in 0..blocks.1 {
                for across in 0..blocks.0 {
                    turn(&mut part, &mut bits)?;
                    store.read(*at, across, down, &mut part, codes, &mut bits)?;
                }
                if bits.ran_out() {
                    return None;
                }
            }
            return Some(());
        }
        for down in 0..layout.units.1 {
            for across in 0..layout.units.0 {
                turn(&mut part, &mut bits)?;
                for (at, brightness, detail) in &scan.components {
                    let codes = self.codes(*brightness, *detail);
                    let of = *layout.components.get(*at)?;
                    for (y, x) in pairs(of.down, of.across) {
                        let (x, y) = (across * of.across + x, down * of.down + y);
                        store.read(*at, x, y, &mut part, codes, &mut bits)?;
                    }
                }
            }
            if bits.ran_out() {
                return None;
            }
        }
        Some(())
    }

    fn codes(&self, brightness: usize, detail: usize) -> (Option<&Huffman>, Option<&Huffman>) {
        (
            self.brightness.get(brightness).and_then(Option::as_ref),
            self.detail.get(detail).and_then(Option::as_ref),
        )
    }
}

/// Each pair of numbers below these, row by row.
fn pairs(down: usize, across: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..down).flat_map(move |y| (0..across).map(move |x| (y, x)))
}

/// A component of a scan that holds everything.
struct Plain<'a> {
    at: usize,
    across: usize,
    down: usize,
    side: usize,
    places: Places,
    brightness: &'a Huffman,
    detail: &'a Huffman,
    last: i32,
}

impl Plain<'_> {
    /// Reads its blocks of one unit.
    #[inline(always)]
    fn unit(&mut self, bits: &mut Bits, unit: usize, painter: &mut Painter) -> Option<()> {
        for down in 0..self.down {
            for across in 0..self.across {
                let mut numbers = EMPTY;
                let is_flat = self.block(bits, &mut numbers)?;
                let tones = if is_flat { flat(&numbers) } else { tones(&numbers, self.side) };
                painter.set(self.at, unit * self.across + across, down, &tones);
            }
        }
        Some(())
    }

    /// Reads a block; whether it is all one tone.
    #[inline(always)]
    fn block(&mut self, bits: &mut Bits, numbers: &mut Numbers) -> Option<bool> {
        // A damaged file may add up differences without end.
        self.last = self.last.wrapping_add(self.brightness.difference(bits)?);
        self.places.put(numbers, 0, self.last);
        let mut at = 0;
        loop {
            let (advance, value) = self.detail.step(bits)?;
            let is_flat = at == 0;
            at += advance;
            if at < 63 {
                self.places.put(numbers, at, value);
                continue;
            }
            if at == 63 {
                self.places.put(numbers, at, value);
                return Some(false);
            }
            return (at >= TO_THE_END).then_some(is_flat);
        }
    }
}
