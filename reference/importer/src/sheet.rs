//! A file as rows, their cells found by the name of the column and never by its position.

use std::collections::BTreeMap;
use std::fmt;

use csv::{ReaderBuilder, StringRecord};
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::decode::{Encoding, decode};
use crate::plain;

/// What stands between two cells of a header, by preference when there are as many of each.
const SEPARATORS: [char; 3] = [';', '\t', ','];

/// The names of the columns, folded, and where they stand.
#[derive(Debug, Default)]
pub(crate) struct Header {
    /// As the file writes them.
    pub(crate) titles: Vec<String>,
    places: BTreeMap<String, usize>,
}

impl Header {
    fn of<'a>(titles: impl Iterator<Item = &'a str>) -> Self {
        let titles: Vec<String> = titles.map(|title| title.trim().to_owned()).collect();
        let mut places = BTreeMap::new();
        for (place, title) in titles.iter().enumerate() {
            places.entry(plain::key(title)).or_insert(place);
        }
        Self { titles, places }
    }

    /// Whether a column has one of these names.
    pub(crate) fn has(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.places.contains_key(*name))
    }
}

/// One row of a file.
pub(crate) struct Row<'a> {
    header: &'a Header,
    record: &'a StringRecord,
    /// Its line in the file, the header being 1; its number in a JSON list.
    pub(crate) line: u32,
}

impl Row<'_> {
    /// The first of these columns that says something, trimmed; empty when none does.
    pub(crate) fn text(&self, names: &[&str]) -> &str {
        let place = |name: &&str| self.header.places.get(*name);
        let cell = |place: &usize| self.record.get(*place).map(str::trim);
        let cells = names.iter().filter_map(place).filter_map(cell);
        cells.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default()
    }

    /// Whether it has a cell for each column, and nothing but emptiness beyond.
    pub(crate) fn is_whole(&self) -> bool {
        let columns = self.header.titles.len();
        self.record.len() >= columns && self.record.iter().skip(columns).all(str::is_empty)
    }

    /// Whether nothing stands in it, as below the last row of a spreadsheet.
    fn is_blank(&self) -> bool {
        self.record.iter().all(|cell| cell.trim().is_empty())
    }
}

/// A file that was opened as rows.
pub(crate) struct Sheet {
    pub(crate) header: Header,
    pub(crate) encoding: Encoding,
    /// `;`, `,`, a tab, or `json`.
    pub(crate) separator: &'static str,
    body: Body,
}

enum Body {
    /// The text from its header line on, and how many lines stand before that.
    Csv {
        text: String,
        before: u32,
        separator: u8,
    },
    Json(Vec<StringRecord>),
}

impl Sheet {
    /// Opens a file; one that is no list has no column.
    pub(crate) fn open(bytes: &[u8]) -> Self {
        let (text, encoding) = decode(bytes);
        if text.trim_start().starts_with('[') {
            let (header, records) = json(&text);
            return Self { header, encoding, separator: "json", body: Body::Json(records) };
        }
        let text = with_line_ends(text);
        let (text, before) = from_header(&text);
        let first = text.lines().next().unwrap_or_default();
        let (byte, separator) = match sniff(first) {
            ',' => (b',', ","),
            '\t' => (b'\t', "tab"),
            _ => (b';', ";"),
        };
        let mut reader = ReaderBuilder::new().delimiter(byte).from_reader(text.as_bytes());
        let header = reader.headers().map(|titles| Header::of(titles.iter())).unwrap_or_default();
        let body = Body::Csv { text: text.to_owned(), before, separator: byte };
        Self { header, encoding, separator, body }
    }

    /// Visits every row that is not blank, in order.
    pub(crate) fn each(&self, mut visit: impl FnMut(&Row)) {
        let mut show = |record: &StringRecord, line: u64| {
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            let row = Row { header: &self.header, record, line };
            if !row.is_blank() {
                visit(&row);
            }
        };
        match &self.body {
            Body::Json(records) => {
                records.iter().zip(1..).for_each(|(record, line)| show(record, line));
            }
            Body::Csv { text, before, separator } => {
                let mut reader = ReaderBuilder::new()
                    .delimiter(*separator)
                    .comment(Some(b'#'))
                    .flexible(true)
                    .from_reader(text.as_bytes());
                let mut record = StringRecord::new();
                while reader.read_record(&mut record).is_ok_and(|more| more) {
                    // A record's own position counts from the end of the one before, remarks and
                    // empty lines included: its end is sure, and so is its height.
                    let height = 1 + record.iter().flat_map(|cell| cell.matches('\n')).count();
                    let end = reader.position().line() + u64::from(*before);
                    show(&record, end.saturating_sub(height as u64));
                }
            }
        }
    }
}

/// Every line ends with one sign, the last one too, so that lines can be counted.
fn with_line_ends(text: String) -> String {
    let mut text =
        if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// The text from its header line on. Before it may stand remarks and a spreadsheet's `sep=;`;
/// La Poste writes a `#` before the first column.
fn from_header(text: &str) -> (&str, u32) {
    let (mut rest, mut before) = (text, 0);
    while let Some((line, below)) = rest.split_once('\n') {
        let remark = line.strip_prefix('#').is_some_and(|it| !it.starts_with(char::is_alphabetic));
        if !remark && !line.trim().is_empty() && !line.starts_with("sep=") {
            break;
        }
        (rest, before) = (below, before + 1);
    }
    (rest.strip_prefix('#').unwrap_or(rest), before)
}

fn sniff(header: &str) -> char {
    let mut quoted = false;
    let outside = header.chars().filter(|sign| {
        quoted ^= *sign == '"';
        !quoted
    });
    let outside: String = outside.collect();
    let count = |separator: &char| outside.matches(*separator).count();
    // `max_by_key` takes the last of equals, hence the turn.
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(';')
}

/// The objects of a JSON list as rows; the first one names the columns.
fn json(text: &str) -> (Header, Vec<StringRecord>) {
    struct Objects;
    impl<'de> Visitor<'de> for Objects {
        type Value = (Header, Vec<StringRecord>);

        fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
            formatter.write_str("a list of objects")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut objects: A) -> Result<Self::Value, A::Error> {
            let (mut header, mut records) = (Header::default(), Vec::new());
            while let Some(object) = objects.next_element::<Map<String, Value>>()? {
                if records.is_empty() {
                    header = Header::of(object.keys().map(String::as_str));
                }
                let cells = header.titles.iter().map(|title| cell(object.get(title)));
                records.push(cells.collect());
            }
            Ok((header, records))
        }
    }
    serde_json::Deserializer::from_str(text).deserialize_seq(Objects).unwrap_or_default()
}

fn cell(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
        Some(Value::Array(values)) => {
            values.iter().map(|value| cell(Some(value))).collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, column: &str) -> Vec<(u32, String)> {
        let mut found = Vec::new();
        Sheet::open(text.as_bytes()).each(|row| found.push((row.line, row.text(&[column]).into())));
        found
    }

    #[test]
    fn the_separator_is_the_one_of_the_header() {
        for (text, separator) in
            [("a;b,c;d\n", ";"), ("a,b,c\n", ","), ("a\tb\n", "tab"), ("\"a;b\",c\n", ",")]
        {
            assert_eq!(Sheet::open(text.as_bytes()).separator, separator, "{text}");
        }
    }

    #[test]
    fn lines_are_counted_in_the_file_remarks_and_quoted_line_ends_included() {
        let text = "# une remarque \"\r\nsep=;\r\nNom;Code postal\r\n\"un\ndeux\";01000\r\n\
            # encore\r\n;\r\ntrois;02000\r\n";
        let expected = [(4, "01000".to_owned()), (8, "02000".to_owned())];
        assert_eq!(rows(text, "code_postal"), expected);
        assert_eq!(rows(&text.replace('\r', ""), "code_postal"), expected);
        assert_eq!(rows(text.trim_end(), "code_postal"), expected);
    }

    #[test]
    fn a_number_sign_before_the_first_column_is_none_of_its_name() {
        assert_eq!(rows("#Code_commune_INSEE;Ligne_5\n01001;\n", "code_commune_insee").len(), 1);
        assert_eq!(rows("\"#Code_commune_INSEE\";L\n01001;\n", "code_commune_insee").len(), 1);
    }

    #[test]
    fn a_row_is_whole_with_its_cells_and_empty_ones_beyond() {
        let mut whole = Vec::new();
        Sheet::open(b"a;b\n1;2\n1;2;;\n1\n1;2;3\n").each(|row| whole.push(row.is_whole()));
        assert_eq!(whole, [true, true, false, false]);
    }

    #[test]
    fn a_list_of_json_objects_is_a_sheet() {
        let text = r#" [{"Nom":"Été","cp":1500,"x":null,"l":["a","b"]},{"cp":"01500"}]"#;
        assert_eq!(rows(text, "cp"), [(1, "1500".into()), (2, "01500".into())]);
        assert_eq!(rows(text, "l"), [(1, "a b".into()), (2, String::new())]);
        assert!(rows("[1, 2]", "cp").is_empty());
    }
}
