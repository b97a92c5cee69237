//! A disk as the kernel may have left it: what a sync made sure of, and what is still on its way.
//!
//! The model is stricter than ext4 or APFS, which order what they do to folders. A write is on its
//! way until its own file is synced; a name (made, changed or taken away) until its folder is.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::trace::Event;

/// Which file a name leads to.
pub(super) type FileId = usize;

/// What a name leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    File(FileId),
    Folder,
}

/// Something on its way to the content of a file.
#[derive(Debug)]
pub(super) enum Change {
    Write { at: usize, data: Vec<u8> },
    Resize(usize),
}

/// A file: what is sure, and what is on its way, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct File {
    pub(super) sure: Arc<Vec<u8>>,
    pub(super) pending: Vec<(usize, Arc<Change>)>,
    live: Vec<u8>,
}

/// Names that changed together: `None` is a name that was taken away.
#[derive(Debug, Clone)]
pub(super) struct Naming {
    event: usize,
    pub(super) names: Vec<(PathBuf, Option<Node>)>,
}

/// A disk, at one moment.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    root: PathBuf,
    pub(super) files: Vec<File>,
    pub(super) sure: BTreeMap<PathBuf, Node>,
    pub(super) pending: Vec<Naming>,
    live: BTreeMap<PathBuf, Node>,
    open: HashMap<i64, Opened>,
    events: usize,
}

#[derive(Debug, Clone)]
struct Opened {
    path: PathBuf,
    node: Node,
    at: usize,
    append: bool,
}

/// What stands in a folder: each path with its bytes, `None` for a folder.
pub type Content = BTreeMap<PathBuf, Option<Arc<Vec<u8>>>>;

impl Change {
    /// Makes this change to some bytes.
    pub(super) fn make(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Resize(size) => bytes.resize(*size, 0),
            Self::Write { at, data } => {
                let end = at + data.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*at..end].copy_from_slice(data);
            }
        }
    }
}

impl Disk {
    /// A disk that surely holds this, under `root`.
    pub(super) fn holding(root: &Path, content: &Content) -> Self {
        let mut disk = Self {
            root: root.to_owned(),
            files: Vec::new(),
            sure: BTreeMap::new(),
            pending: Vec::new(),
            live: BTreeMap::new(),
            open: HashMap::new(),
            events: 0,
        };
        for (path, bytes) in content {
            let node = match bytes {
                None => Node::Folder,
                Some(bytes) => {
                    let live = bytes.as_ref().clone();
                    disk.files.push(File { sure: Arc::clone(bytes), pending: Vec::new(), live });
                    Node::File(disk.files.len() - 1)
                }
            };
            disk.sure.insert(path.clone(), node);
        }
        disk.live = disk.sure.clone();
        disk
    }

    /// Takes one more event into account.
    pub(super) fn apply(&mut self, event: &Event) {
        self.events += 1;
        match event {
            Event::Open { fd, path, create, truncate, append } => {
                self.open.remove(fd);
                if let Some(path) = self.inside(path) {
                    self.opened(*fd, path, *create, *truncate, *append);
                }
            }
            Event::Copy { fd, to } => match self.open.get(fd).cloned() {
                Some(opened) => drop(self.open.insert(*to, opened)),
                None => drop(self.open.remove(to)),
            },
            Event::Close { fd } => drop(self.open.remove(fd)),
            Event::Seek { fd, at } => {
                if let Some(opened) = self.open.get_mut(fd) {
                    opened.at = *at as usize;
                }
            }
            Event::Write { fd, at, data } => self.write(*fd, at.map(|at| at as usize), data),
            Event::Transfer { from, to, bytes } => self.transfer(*from, *to, *bytes as usize),
            Event::Resize { fd, size } => self.change(*fd, Change::Resize(*size as usize)),
            Event::Sync { fd, covers } => self.sync(*fd, *covers),
            Event::Rename { from, to } => self.rename(from, to, true),
            Event::Link { from, to } => self.rename(from, to, false),
            Event::Remove { path } => {
                if let Some(path) = self.inside(path) {
                    self.name(vec![(path, None)]);
                }
            }
            Event::MakeFolder { path } => {
                if let Some(path) = self.inside(path) {
                    self.name(vec![(path, Some(Node::Folder))]);
                }
            }
            Event::Said(_) => {}
        }
    }

    /// The path below the root. What SQLite shares between processes is rebuilt at every start, so
    /// it is no part of the disk.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        let below = path.strip_prefix(&self.root).ok()?;
        (!below.to_string_lossy().ends_with("-shm")).then(|| below.to_owned())
    }

    fn opened(&mut self, fd: i64, path: PathBuf, create: bool, truncate: bool, append: bool) {
        let root = path.as_os_str().is_empty();
        let node = match self.live.get(&path) {
            Some(node) => *node,
            None if root => Node::Folder,
            None if create => {
                self.files.push(File::default());
                let node = Node::File(self.files.len() - 1);
                self.name(vec![(path.clone(), Some(node))]);
                node
            }
            None => return,
        };
        self.open.insert(fd, Opened { path, node, at: 0, append });
        if truncate {
            self.change(fd, Change::Resize(0));
        }
    }

    fn name(&mut self, names: Vec<(PathBuf, Option<Node>)>) {
        settle(&mut self.live, &names);
        self.pending.push(Naming { event: self.events, names });
    }

    fn rename(&mut self, from: &Path, to: &Path, away: bool) {
        let (Some(from), Some(to)) = (self.inside(from), self.inside(to)) else { return };
        let Some(node) = self.live.get(&from).copied() else { return };
        let mut names = vec![(to, Some(node))];
        if away {
            names.push((from, None));
        }
        self.name(names);
    }

    fn file(&self, fd: i64) -> Option<FileId> {
        match self.open.get(&fd)?.node {
            Node::File(id) => Some(id),
            Node::Folder => None,
        }
    }

    fn change(&mut self, fd: i64, change: Change) {
        if let Some(id) = self.file(fd) {
            let file = &mut self.files[id];
            change.make(&mut file.live);
            file.pending.push((self.events, Arc::new(change)));
        }
    }

    fn write(&mut self, fd: i64, at: Option<usize>, data: &[u8]) {
        let Some(id) = self.file(fd) else { return };
        let size = self.files[id].live.len();
        let Some(opened) = self.open.get_mut(&fd) else { return };
        let place = at.unwrap_or(if opened.append { size } else { opened.at });
        if at.is_none() {
            opened.at = place + data.len();
        }
        self.change(fd, Change::Write { at: place, data: data.to_vec() });
    }

    fn transfer(&mut self, from: i64, to: i64, bytes: usize) {
        let Some(id) = self.file(from) else { return };
        let Some(opened) = self.open.get_mut(&from) else { return };
        let at = opened.at;
        opened.at += bytes;
        let data = self.files[id].live[at..at + bytes].to_vec();
        self.write(to, None, &data);
    }

    fn sync(&mut self, fd: i64, covers: usize) {
        let Some(opened) = self.open.get(&fd) else { return };
        let (path, node) = (opened.path.clone(), opened.node);
        match node {
            Node::File(id) => {
                let file = &mut self.files[id];
                let done = file.pending.iter().take_while(|(event, _)| *event <= covers).count();
                let sure = Arc::make_mut(&mut file.sure);
                for (_, change) in file.pending.drain(..done) {
                    change.make(sure);
                }
            }
            Node::Folder => {
                let (done, left) =
                    std::mem::take(&mut self.pending).into_iter().partition(|naming| {
                        let here = |(name, _): &(PathBuf, _)| name.parent() == Some(&path);
                        naming.event <= covers && naming.names.iter().any(here)
                    });
                self.pending = left;
                let done: Vec<Naming> = done;
                done.iter().for_each(|naming| settle(&mut self.sure, &naming.names));
            }
        }
    }
}

/// Makes a change of names.
pub(super) fn settle(all: &mut BTreeMap<PathBuf, Node>, names: &[(PathBuf, Option<Node>)]) {
    for (path, node) in names {
        match node {
            Some(node) => drop(all.insert(path.clone(), *node)),
            None => drop(all.remove(path)),
        }
    }
}

/// What stands in a real folder.
pub fn content(folder: &Path) -> std::io::Result<Content> {
    let mut content = Content::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next)? {
            let path = entry?.path();
            let below = path.strip_prefix(folder).unwrap_or(&path).to_owned();
            if path.is_dir() {
                content.insert(below, None);
                folders.push(path);
            } else if !below.to_string_lossy().ends_with("-shm") {
                content.insert(below, Some(Arc::new(std::fs::read(path)?)));
            }
        }
    }
    Ok(content)
}
