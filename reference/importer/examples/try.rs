//! try
#![allow(clippy::all, clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing)]
use std::collections::BTreeMap;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (out, names) = args.split_first().unwrap();
    let bytes: Vec<Vec<u8>> = names.iter().map(|n| std::fs::read(n).unwrap()).collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().map(String::as_str).zip(bytes.iter().map(Vec::as_slice)).collect();
    let t = std::time::Instant::now();
    let o =
        importer::import(&dossier::reference::Texts::shipped(), &files, "2026-11-22", &mut |_| {});
    println!("{:?}", t.elapsed());
    for f in &o.report.files {
        let mut r: BTreeMap<String, usize> = BTreeMap::new();
        for x in &f.refused {
            *r.entry(format!("{:?}/{}", x.reason, x.column)).or_default() += 1;
        }
        for x in &f.repaired {
            *r.entry(format!("repaired {:?}", x.reason)).or_default() += 1;
        }
        println!(
            "{} kind={:?} {:?} {} rows={} kept={} out={} repaired={} refused={} {:?} dropped={:?}",
            f.file,
            f.kind,
            f.encoding,
            f.separator,
            f.rows,
            f.kept,
            f.out_of_scope,
            f.repaired_rows,
            f.refused_rows,
            r,
            f.dropped_columns
        );
        for x in f.refused.iter().take(12) {
            println!("   {x:?}");
        }
        for x in f.repaired.iter().take(5) {
            println!("   {x:?}");
        }
        if f.kind.is_none() {
            println!("  columns {:?}", f.columns);
        }
    }
    for (l, c) in &o.report.lists {
        println!("{l}: {c:?}");
    }
    println!("{:?} {:?}", o.report.verdict, o.report.why);
    std::fs::create_dir_all(out).unwrap();
    for (l, t) in &o.texts.lists {
        std::fs::write(format!("{out}/{}.csv", l.as_str()), t).unwrap();
    }
}
