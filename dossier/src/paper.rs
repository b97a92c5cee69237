//! What is printed of a dossier: lines, a photo or a code, on pages of A4, in a font that every
//! reader has.

use pdf_writer::{Content, Filter, Name, Pdf, Rect, Ref, Str};
use time::Date;
use unicode_normalization::UnicodeNormalization;

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 56.0;
/// From one line to the next; a title takes two.
const STEP: f32 = 18.0;
/// Where values begin.
const VALUES: f32 = 210.0;
/// Characters of a value that fit beside its label, in capitals too.
const FITS: usize = 50;
/// The same between the label and what stands beside the lines.
const FITS_BESIDE: usize = 32;
/// Width of what stands beside the lines, on the first page only.
const BESIDE: f32 = 100.0;

const REGULAR: Name<'_> = Name(b"F1");
const BOLD: Name<'_> = Name(b"F2");
const PICTURE: Name<'_> = Name(b"P1");

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// A line of a page: a title when it has no value.
pub struct Line {
    /// What the value is.
    pub label: String,
    /// The value.
    pub value: String,
}

/// What stands beside the lines.
pub enum Beside<'a> {
    /// Nothing.
    Nothing,
    /// A JPEG, and its size in pixels.
    Photo(&'a [u8], (u32, u32)),
    /// A QR code, row by row from the top: modules of a side, and which of all are dark.
    Code(usize, &'a [bool]),
}

/// The pages, as a PDF.
pub fn drawn(lines: &[Line], beside: &Beside<'_>) -> Vec<u8> {
    let pages = pages(lines, beside);
    let photo = match beside {
        Beside::Photo(jpeg, size) => Some((*jpeg, *size)),
        Beside::Nothing | Beside::Code(..) => None,
    };
    let (mut pdf, mut next) = (Pdf::new(), 0);
    let mut id = || {
        next += 1;
        Ref::new(next)
    };
    let (catalog, tree, regular, bold, picture) = (id(), id(), id(), id(), id());
    pdf.catalog(catalog).pages(tree).lang(pdf_writer::TextStr("fr"));
    for (font, base) in [(regular, &b"Helvetica"[..]), (bold, b"Helvetica-Bold")] {
        let mut font = pdf.type1_font(font);
        font.base_font(Name(base)).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    let mut kids = Vec::new();
    for content in pages {
        let (page, stream) = (id(), id());
        kids.push(page);
        let mut page = pdf.page(page);
        page.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(tree).contents(stream);
        let mut resources = page.resources();
        resources.fonts().pair(REGULAR, regular).pair(BOLD, bold);
        if photo.is_some() {
            resources.x_objects().pair(PICTURE, picture);
        }
        drop(resources);
        drop(page);
        pdf.stream(stream, &content);
    }
    let count = i32::try_from(kids.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(kids).count(count);
    if let Some((jpeg, (width, height))) = photo {
        let mut image = pdf.image_xobject(picture, jpeg);
        let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
        image.filter(Filter::DctDecode);
        image.width(side(width)).height(side(height));
        if is_grey(jpeg) {
            image.color_space().device_gray();
        } else {
            image.color_space().device_rgb();
        }
        image.bits_per_component(8);
    }
    pdf.finish()
}

/// A day as it is written: `22 novembre 2026`.
pub fn written_day(date: Date) -> String {
    let month = MONTHS.get(usize::from(date.month() as u8) - 1).copied().unwrap_or_default();
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{day} {month} {}", date.year())
}

/// The content of each page.
fn pages(lines: &[Line], beside: &Beside<'_>) -> Vec<Vec<u8>> {
    let mut pages = Vec::new();
    let (mut content, mut y) = (Content::new(), HEIGHT - MARGIN);
    let left = WIDTH - MARGIN - BESIDE;
    let tall = match *beside {
        Beside::Nothing => 0.0,
        Beside::Photo(_, (width, height)) => BESIDE * height as f32 / width.max(1) as f32,
        Beside::Code(..) => BESIDE,
    };
    match *beside {
        Beside::Nothing => {}
        Beside::Photo(..) => {
            let place = [BESIDE, 0.0, 0.0, tall, left, HEIGHT - MARGIN - tall];
            content.save_state().transform(place).x_object(PICTURE).restore_state();
        }
        Beside::Code(side, dark) => {
            let module = BESIDE / side.max(1) as f32;
            for at in dark.iter().enumerate().filter(|(_, dark)| **dark).map(|(at, _)| at) {
                let (row, column) = (at / side.max(1), at % side.max(1));
                let x = left + column as f32 * module;
                let y = HEIGHT - MARGIN - (row + 1) as f32 * module;
                content.rect(x, y, module, module);
            }
            content.fill_nonzero();
        }
    }
    for line in lines {
        let is_title = line.value.is_empty();
        y -= if is_title { 2.0 * STEP } else { STEP };
        let is_beside = pages.is_empty() && y > HEIGHT - MARGIN - tall - STEP;
        let rows = wrapped(&line.value, if is_beside { FITS_BESIDE } else { FITS });
        if y - STEP * rows.len() as f32 <= MARGIN {
            pages.push(std::mem::replace(&mut content, Content::new()).finish().to_vec());
            y = HEIGHT - MARGIN;
        }
        let (font, size) = if is_title { (BOLD, 14.0) } else { (REGULAR, 10.0) };
        write(&mut content, font, size, MARGIN, y, &line.label);
        for (at, row) in rows.iter().enumerate() {
            y -= if at == 0 { 0.0 } else { STEP };
            write(&mut content, BOLD, 10.0, VALUES, y, row);
        }
    }
    pages.push(content.finish().to_vec());
    pages
}

/// A value in rows: broken between words, and inside of one that is longer than a row.
fn wrapped(value: &str, fits: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for word in value.split(' ') {
        for (at, part) in word.chars().collect::<Vec<_>>().chunks(fits).enumerate() {
            let part: String = part.iter().collect();
            match rows.last_mut() {
                Some(row) if at == 0 && row.chars().count() + 1 + part.chars().count() <= fits => {
                    row.push(' ');
                    row.push_str(&part);
                }
                _ => rows.push(part),
            }
        }
    }
    rows
}

fn write(content: &mut Content, font: Name<'_>, size: f32, x: f32, y: f32, text: &str) {
    let bytes: Vec<u8> = text.nfc().map(in_windows).collect();
    content.begin_text().set_font(font, size).next_line(x, y).show(Str(&bytes)).end_text();
}

/// A character in the encoding of the font; a letter that it lacks without its accent.
fn in_windows(c: char) -> u8 {
    match c {
        '’' => 0x92,
        '‘' => 0x91,
        'œ' => 0x9C,
        'Œ' => 0x8C,
        'Ÿ' => 0x9F,
        'š' => 0x9A,
        'Š' => 0x8A,
        'ž' => 0x9E,
        'Ž' => 0x8E,
        '€' => 0x80,
        '–' => 0x96,
        '•' => 0x95,
        '\u{202f}' => 0xA0,
        c => match u8::try_from(u32::from(c)) {
            Ok(byte) if !(0x80..0xA0).contains(&byte) => byte,
            _ => std::iter::once(c).nfd().next().filter(char::is_ascii).map_or(b'?', |c| c as u8),
        },
    }
}

/// Whether a JPEG has one component: the frame's header says how many.
fn is_grey(jpeg: &[u8]) -> bool {
    let frame = jpeg.windows(10).find(|at| matches!(at, [0xFF, 0xC0..=0xC2, 0, 11 | 17, 8, ..]));
    matches!(frame, Some([.., 1]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn french_and_other_letters_are_written_and_none_is_lost_but_its_accent() {
        let written: Vec<u8> = "L’œuvre d’Élodie Ćosić".nfc().map(in_windows).collect();
        assert_eq!(written, b"L\x92\x9Cuvre d\x92\xC9lodie Cosic");
    }

    #[test]
    fn many_lines_take_many_pages() {
        let line = |n: usize| Line { label: format!("Ligne {n}"), value: "x".repeat(n) };
        let lines: Vec<Line> = (0..100).map(line).collect();
        let pdf = drawn(&lines, &Beside::Nothing);
        assert!(pdf.starts_with(b"%PDF-1.7"));
        let pages = pdf.windows(11).filter(|at| at == b"/Type /Page").count();
        assert_eq!(pages, 4 + 1, "148 rows, forty on a page; and the tree");
    }

    #[test]
    fn a_long_value_is_broken_between_its_words_and_leaves_room_for_the_code() {
        let school = "LYC GRIGNARD [CLERMONT-FERRAND] [TLP0678]";
        assert_eq!(wrapped(school, 32), ["LYC GRIGNARD [CLERMONT-FERRAND]", "[TLP0678]"]);
        assert_eq!(wrapped(&"x".repeat(40), 32), ["x".repeat(32), "x".repeat(8)]);
        assert_eq!(wrapped("", 32), Vec::<String>::new());
        let line =
            || Line { label: "École".into(), value: "L’école du bout du village".repeat(9) };
        let beside = pages(&[line()], &Beside::Code(1, &[true]));
        let alone = pages(&[line()], &Beside::Nothing);
        assert!(beside[0].len() > alone[0].len() + 100, "more rows, each shorter");
    }

    #[test]
    fn a_code_has_a_square_for_each_dark_module_and_none_for_a_light_one() {
        let content = pages(&[], &Beside::Code(2, &[true, false, false, true]));
        let text = String::from_utf8_lossy(&content[0]);
        assert_eq!(text.lines().filter(|line| line.ends_with(" re")).count(), 2, "{text}");
        assert!(text.contains("439 736 50 50 re") && text.contains("489 686 50 50 re"), "{text}");
    }

    #[test]
    fn dates_are_written_as_in_french() {
        assert_eq!(written_day(date!(2026 - 11 - 22)), "22 novembre 2026");
        assert_eq!(written_day(date!(2026 - 08 - 01)), "1er août 2026");
    }
}
