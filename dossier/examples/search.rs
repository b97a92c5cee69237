//! Searches a list of schools for every line of a file and says how long each search took:
//! `cargo run --release -p dossier --example search -- LIST.csv QUERIES.txt`
//!
//! LIST.csv: our own `reference/schools.csv`, or any list with the columns of the national open
//! data (`uai;nom;commune;…`). Per query line it prints, with tabs between: the query, the codes
//! of the first eight schools with spaces between, and the microseconds. A summary of the times
//! goes to the error stream.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what this is for")]

use dossier::reference::{Likely, List, Pack, Texts};
use std::error::Error;
use std::io::{BufWriter, Write, stdout};
use std::time::Instant;

/// What a phone shows at once.
const SHOWN: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(list), Some(queries), None) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("usage: search LIST.csv QUERIES.txt".into());
    };
    let schools = std::fs::read_to_string(&list)?;
    let queries = std::fs::read_to_string(&queries)?;
    let pack = Pack::read(&Texts::shipped().with(List::Schools, schools))?;

    let mut out = BufWriter::new(stdout().lock());
    let (mut count, mut sum, mut worst) = (0_u128, 0, 0);
    for query in queries.lines() {
        let start = Instant::now();
        let found = pack.find_schools(query, Likely::default(), SHOWN);
        let spent = start.elapsed().as_micros();
        let codes: Vec<&str> = found.iter().map(|school| school.uai.as_str()).collect();
        writeln!(out, "{query}\t{}\t{spent}", codes.join(" "))?;
        (count, sum, worst) = (count + 1, sum + spent, spent.max(worst));
    }
    out.flush()?;
    eprintln!("mean {} µs, worst {worst} µs over {count} queries", sum / count.max(1));
    Ok(())
}
