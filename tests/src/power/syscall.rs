//! One line of strace, read: which call, its arguments, what it answered.

use std::collections::HashMap;

/// A call of a thread, as far as its line tells.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) thread: u32,
    pub(super) name: String,
    args: String,
    /// What the kernel answered; `None` while it has not.
    pub(super) answer: Option<i64>,
    /// The other half of a call that was told before, unfinished.
    pub(super) resumed: bool,
}

/// Reads lines, and joins the halves of calls during which another thread was at work.
#[derive(Default)]
pub(super) struct Lines {
    unfinished: HashMap<u32, Call>,
}

impl Lines {
    /// The call of a line; `None` for lines that tell of something else.
    pub(super) fn read(&mut self, line: &str) -> Option<Call> {
        let (thread, rest) = line.trim_start().split_once(' ')?;
        let (thread, rest) = (thread.parse().ok()?, rest.trim_start());
        if let Some(rest) = rest.strip_prefix("<... ") {
            let mut call = self.unfinished.remove(&thread)?;
            call.args += rest.split_once("resumed>")?.1;
            call.answer = answer(&mut call.args);
            call.resumed = true;
            return Some(call);
        }
        let (name, args) = rest.split_once('(')?;
        let mut call = Call {
            thread,
            name: name.to_owned(),
            args: args.to_owned(),
            answer: None,
            resumed: false,
        };
        match args.trim_end().strip_suffix("<unfinished ...>") {
            Some(args) => {
                call.args = args.to_owned();
                self.unfinished.insert(thread, call.clone());
            }
            None => call.answer = answer(&mut call.args),
        }
        Some(call)
    }
}

/// Takes ` = 12` off the end of a line.
fn answer(args: &mut String) -> Option<i64> {
    let at = args.rfind(" = ")?;
    let answer = args[at + 3..].split_whitespace().next()?.parse().ok();
    args.truncate(at);
    answer
}

impl Call {
    /// The texts among the arguments, in their order.
    pub(super) fn texts(&self) -> Vec<Vec<u8>> {
        let parts: Vec<&str> = self.args.split('"').collect();
        // A longer text would end in dots: then the record is worth nothing.
        let whole = parts.iter().skip(2).step_by(2).all(|after| !after.starts_with("..."));
        assert!(whole, "strace cut a text of {}", self.name);
        parts.iter().skip(1).step_by(2).map(|hex| unescaped(hex)).collect()
    }

    /// A text that is a path.
    pub(super) fn path(&self, at: usize) -> String {
        let texts = self.texts();
        String::from_utf8(texts[at].clone()).expect("paths are UTF-8 here")
    }

    /// The arguments, texts aside.
    pub(super) fn words(&self) -> Vec<String> {
        let mut plain = String::new();
        for (at, part) in self.args.split('"').enumerate() {
            plain += if at % 2 == 0 { part } else { "text" };
        }
        plain
            .trim_end()
            .trim_end_matches(')')
            .split(", ")
            .map(|word| word.trim().to_owned())
            .collect()
    }

    /// An argument that is a number.
    pub(super) fn number(&self, at: usize) -> i64 {
        let words = self.words();
        words[at].parse().unwrap_or_else(|_| panic!("no number {at} in {}: {words:?}", self.name))
    }
}

/// `\x6c\x69` as bytes: with `-xx`, strace writes every byte like this.
fn unescaped(hex: &str) -> Vec<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16).unwrap_or_default() as u8;
    hex.as_bytes().chunks_exact(4).map(|byte| digit(byte[2]) << 4 | digit(byte[3])).collect()
}
