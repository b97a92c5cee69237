//! What a real process did to one folder, and what it said meanwhile.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::syscall::{Call, Lines};

/// Calls that change a disk, or what is known of it.
const CALLS: &str = "openat,open,creat,close,write,pwrite64,writev,pwritev,pwritev2,lseek,\
    ftruncate,truncate,fallocate,copy_file_range,sendfile,fsync,fdatasync,sync_file_range,\
    rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,dup,dup2,dup3";
/// Longer than any single write: a photo is 200 kB at most, a wire dictionary 128.
const LONGEST_TEXT: &str = "4000000";

/// Something that matters to a disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A file of the folder was opened.
    Open { fd: i64, path: PathBuf, create: bool, truncate: bool, append: bool },
    /// A descriptor was copied.
    Copy { fd: i64, to: i64 },
    /// A descriptor was closed.
    Close { fd: i64 },
    /// The place of the next write was chosen.
    Seek { fd: i64, at: u64 },
    /// Bytes were written, at a place or where the last write ended.
    Write { fd: i64, at: Option<u64>, data: Vec<u8> },
    /// Bytes went from one file to another inside the kernel.
    Transfer { from: i64, to: i64, bytes: u64 },
    /// A file got another length.
    Resize { fd: i64, size: u64 },
    /// A file or folder reached the disk, with all that happened before event number `covers`.
    Sync { fd: i64, covers: usize },
    /// A name was given to a file that had another.
    Rename { from: PathBuf, to: PathBuf },
    /// A second name was given to a file.
    Link { from: PathBuf, to: PathBuf },
    /// A name was taken away.
    Remove { path: PathBuf },
    /// A folder was made.
    MakeFolder { path: PathBuf },
    /// A line was said on standard output: somebody may rely on it from now on.
    Said(String),
}

/// The record of one process.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The folder that is watched.
    pub folder: PathBuf,
    /// Everything that happened, in order.
    pub(crate) events: Vec<Event>,
}

impl Trace {
    /// Runs a command under strace to its end, and records what it did to `folder`.
    pub fn record(folder: &Path, command: &mut Command) -> anyhow::Result<Self> {
        let told = tempfile::NamedTempFile::new()?;
        let mut strace = Command::new("strace");
        strace.args(["-f", "--seccomp-bpf", "-qq", "-xx", "-e", "signal=none", "-s", LONGEST_TEXT]);
        strace.args(["-e", &format!("trace={CALLS}"), "-o"]).arg(told.path()).arg("--");
        strace.arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            strace.env(name, value.unwrap_or_default());
        }
        let ended = strace.stdout(Stdio::piped()).stderr(Stdio::piped()).output()?;
        let said = String::from_utf8_lossy(&ended.stderr);
        anyhow::ensure!(ended.status.success(), "the recorded process failed: {said}");
        let text = std::fs::read_to_string(told.path())?;
        Ok(Self { folder: folder.to_owned(), events: read(&text) })
    }

    /// Why nothing can be recorded here, if so.
    pub fn hindrance() -> Option<String> {
        let tried = Command::new("strace").args(["-f", "-qq", "-o", "/dev/null", "true"]).output();
        match tried {
            Err(_) => Some("strace is not installed".to_owned()),
            Ok(ended) if ended.status.success() => None,
            Ok(ended) => Some(String::from_utf8_lossy(&ended.stderr).trim().to_owned()),
        }
    }
}

fn read(text: &str) -> Vec<Event> {
    let mut reader = Reader::default();
    let mut lines = Lines::default();
    for line in text.lines() {
        if let Some(call) = lines.read(line) {
            reader.take(&call);
        }
    }
    reader.events
}

#[derive(Default)]
struct Reader {
    events: Vec<Event>,
    /// Where each thread's unfinished sync began.
    begun: Vec<(u32, usize)>,
    said: String,
}

impl Reader {
    fn take(&mut self, call: &Call) {
        match call.name.as_str() {
            "write" | "pwrite64" | "writev" | "pwritev" | "pwritev2" => self.write(call),
            "fsync" | "fdatasync" => self.sync(call),
            // The others count from their end on.
            _ => {
                if let Some(answer) = call.answer.filter(|answer| *answer >= 0) {
                    self.done(call, answer);
                }
            }
        }
    }

    /// A write counts from its beginning on: from then, any part of it may be on the disk.
    fn write(&mut self, call: &Call) {
        if call.resumed || call.answer.is_some_and(|answer| answer < 0) {
            return;
        }
        let fd = call.number(0);
        let mut data: Vec<u8> = call.texts().concat();
        data.truncate(call.answer.map_or(data.len(), |written| written as usize));
        if fd == 1 {
            self.say(&data);
            return;
        }
        let at = match call.name.as_str() {
            "pwrite64" | "pwritev" => Some(call.words().len() - 1),
            "pwritev2" => Some(call.words().len() - 2),
            _ => None,
        };
        let at = at.map(|at| call.number(at) as u64);
        self.events.push(Event::Write { fd, at, data });
    }

    fn say(&mut self, data: &[u8]) {
        self.said += &String::from_utf8_lossy(data);
        while let Some((line, rest)) = self.said.split_once('\n') {
            self.events.push(Event::Said(line.to_owned()));
            self.said = rest.to_owned();
        }
    }

    /// A sync counts from its end on, and only for what came before its beginning.
    fn sync(&mut self, call: &Call) {
        if call.answer.is_none() {
            self.begun.push((call.thread, self.events.len()));
            return;
        }
        let mut covers = self.events.len();
        if call.resumed
            && let Some(at) = self.begun.iter().position(|(thread, _)| *thread == call.thread)
        {
            covers = self.begun.swap_remove(at).1;
        }
        if call.answer == Some(0) {
            self.events.push(Event::Sync { fd: call.number(0), covers });
        }
    }

    fn done(&mut self, call: &Call, answer: i64) {
        let path = |at| PathBuf::from(call.path(at));
        let event = match call.name.as_str() {
            "openat" | "open" | "creat" => {
                let flags = call.words().join("|");
                Event::Open {
                    fd: answer,
                    path: path(0),
                    create: flags.contains("O_CREAT") || call.name == "creat",
                    truncate: flags.contains("O_TRUNC") || call.name == "creat",
                    append: flags.contains("O_APPEND"),
                }
            }
            "dup" | "dup2" | "dup3" => Event::Copy { fd: call.number(0), to: answer },
            "close" => Event::Close { fd: call.number(0) },
            "lseek" => Event::Seek { fd: call.number(0), at: answer as u64 },
            "ftruncate" => Event::Resize { fd: call.number(0), size: call.number(1) as u64 },
            "copy_file_range" => {
                Event::Transfer { from: call.number(0), to: call.number(2), bytes: answer as u64 }
            }
            "sendfile" => {
                Event::Transfer { from: call.number(1), to: call.number(0), bytes: answer as u64 }
            }
            "rename" | "renameat" | "renameat2" => Event::Rename { from: path(0), to: path(1) },
            "link" | "linkat" => Event::Link { from: path(0), to: path(1) },
            "unlink" | "unlinkat" | "rmdir" => Event::Remove { path: path(0) },
            "mkdir" | "mkdirat" => Event::MakeFolder { path: path(0) },
            // A promise about room or speed, not about what is on the disk.
            "sync_file_range" => return,
            other => panic!("the model of the disk does not know {other}"),
        };
        self.events.push(event);
    }
}
