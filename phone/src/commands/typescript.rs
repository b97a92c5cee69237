//! The TypeScript side of every command, written from the Rust types.

use std::any::TypeId;
use std::collections::HashSet;

use ts_rs::{Config, TS, TypeVisitor};

use crate::trouble::Trouble;

const HEAD: &str = "\
// Written by `./test types` from the Rust types in phone/src/commands.rs: do not edit.
";

/// Sees every command.
pub(super) trait Visit {
    fn command<Asked: TS + 'static, Answer: TS + 'static>(&mut self, name: &str);
}

/// The text of `ui/src/host/commands.gen.ts`.
pub fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let mut page =
        Page { config: &config, seen: HashSet::new(), types: Vec::new(), commands: Vec::new() };
    super::each(&mut page);
    page.add::<Trouble>();
    page.types.sort();
    let commands: String = page.commands.concat();
    format!(
        "{HEAD}\n{}\n/** Every command a screen can call. */\nexport interface Commands {{\n{commands}}}\n",
        page.types.concat()
    )
}

struct Page<'a> {
    config: &'a Config,
    seen: HashSet<TypeId>,
    types: Vec<String>,
    commands: Vec<String>,
}

impl Visit for Page<'_> {
    fn command<Asked: TS + 'static, Answer: TS + 'static>(&mut self, name: &str) {
        let asked = Asked::inline(self.config);
        Asked::visit_dependencies(self);
        self.add::<Answer>();
        let answer = Answer::name(self.config);
        self.commands.push(format!("  {name}: {{ args: {asked}; answer: {answer} }};\n"));
    }
}

impl Page<'_> {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Only our own types have a place of their own; the rest (lists, strings) is written inline.
        if T::output_path().is_some() {
            self.types.push(format!("export {}\n", one_line(&T::decl(self.config))));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// A declaration without its sentences: they stand in the Rust.
fn one_line(declaration: &str) -> String {
    let lines = declaration.lines().map(str::trim);
    let kept: Vec<&str> =
        lines.filter(|line| !line.starts_with("/*") && !line.starts_with('*')).collect();
    kept.join(" ")
}

impl TypeVisitor for Page<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `UPDATE_TYPES=1` writes the file instead of comparing it.
    #[test]
    fn the_generated_types_are_fresh() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/host/commands.gen.ts");
        let written = typescript();
        if std::env::var_os("UPDATE_TYPES").is_some() {
            std::fs::write(file, &written).unwrap();
        }
        let kept = std::fs::read_to_string(file).unwrap_or_default();
        assert!(kept == written, "commands.gen.ts is stale: run ./test types");
    }
}
