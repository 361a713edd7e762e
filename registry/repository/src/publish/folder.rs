//! A repository's folder, opened to be changed.

use std::path::{Path, PathBuf};

use bartizan_registry::{Audience, StateError, write_atomically};
use jiff::Timestamp as Time;

use crate::{
    Entry, FolderSource, RepositoryError,
    client::entries,
    lock::Lock,
    metadata::{Role as _, Roles, Root, SPEC_VERSION, Targets},
    publish::{
        Lifetimes, PublishError, Signers, TopLevel,
        draft::{Draft, empty_snapshot, empty_targets, empty_timestamp, expiry, signed_by},
    },
    publishers,
    reader::Reader,
    state::State,
    update::{Trusted, check_root, root_keys, update, versioned},
};

/// A repository in a folder, held against other publishers for as long as this lives.
#[derive(Debug)]
pub struct RepositoryFolder {
    folder: PathBuf,
    _lock: Lock,
    memory: Option<PathBuf>,
    pub(super) trusted: Trusted,
    pub(super) now: Time,
    pub(super) lifetimes: Lifetimes,
}

/// A change that was prepared: signed and verified, not written yet.
#[derive(Clone, Debug)]
pub struct Change {
    pub(super) files: Vec<(String, Vec<u8>)>,
    pub(super) next: Trusted,
    pub(super) based_on: Basis,
    pub(super) gapless: bool,
}

/// The state that a change was prepared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Basis {
    root: u64,
    timestamp: u64,
}

impl Basis {
    pub(super) fn of(trusted: &Trusted) -> Self {
        Self { root: trusted.root.version, timestamp: trusted.timestamp.version }
    }
}

impl Change {
    /// The files, by their path in the repository, in the order in which they must be written.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// Whether clients can read the repository after every single one of the files. It is not so only where keys are replaced and
    /// too few of the old ones signed: then they cannot between the new root and the new timestamp.
    pub fn is_gapless(&self) -> bool {
        self.gapless
    }
}

impl RepositoryFolder {
    /// Makes a new repository. What `root()` then gives is what clients need to have as their trusted root.
    pub fn init(
        folder: &Path,
        top_level: &TopLevel,
        signers: &Signers<'_>,
        lifetimes: Lifetimes,
        now: Time,
    ) -> Result<Self, PublishError> {
        let metadata = folder.join("metadata");
        let root = first_root(top_level, lifetimes, now)?;
        let file = versioned(1, "root.json");
        let keys = root_keys(&file, &root)?;
        let root_bytes = signed_by(&file, &root, signers.root, &[&keys], &[&keys])?;
        check_root(&file, &root)?;

        let trusted = Trusted {
            root,
            root_bytes: root_bytes.clone(),
            timestamp: empty_timestamp(now),
            snapshot: empty_snapshot(now),
            targets: empty_targets(now),
            expired: Vec::new(),
        };
        let mut draft = Draft::new(&trusted, signers, lifetimes, now);
        draft.add_file(file, root_bytes);
        draft.targets()?;
        draft.snapshot()?;
        let change = draft.finish()?;

        let lock = lock(folder)?;
        if metadata.join("timestamp.json").exists() || metadata.join("2.root.json").exists() {
            return Err(PublishError::Exists(folder.to_owned()));
        }
        let mut this = Self { folder: folder.to_owned(), _lock: lock, memory: None, trusted, now, lifetimes };
        this.apply(change)?;
        Ok(this)
    }

    /// Opens a repository. Its metadata is verified from `trusted_root` on, as a client would, save that it may be expired:
    /// whoever signs on top of it vouches for it. The root must come from elsewhere than the folder.
    ///
    /// In `memory`, a folder as a client has it, is kept what was seen, so that nobody who can write to the repository's folder can
    /// have an old state of it signed as the present one. Without it, that must be ruled out in another way.
    pub fn open(
        folder: &Path,
        trusted_root: &[u8],
        memory: Option<&Path>,
        now: Time,
    ) -> Result<Self, PublishError> {
        let lock = lock(folder)?;
        let memory = memory.map(Path::to_owned);
        let trusted = verified(folder, trusted_root, memory.as_deref(), now)?;
        let (folder, lifetimes) = (folder.to_owned(), Lifetimes::default());
        Ok(Self { folder, _lock: lock, memory, trusted, now, lifetimes })
    }

    /// Sets how long what is signed from now on holds.
    #[must_use]
    pub fn with_lifetimes(mut self, lifetimes: Lifetimes) -> Self {
        self.lifetimes = lifetimes;
        self
    }

    /// The newest root's file.
    pub fn root(&self) -> &[u8] {
        &self.trusted.root_bytes
    }

    /// What a publisher lists, whoever signed it: to look at before it is signed anew.
    pub fn listed(&self, publisher: &str) -> Result<Vec<Entry>, PublishError> {
        let source = FolderSource::new(&self.folder);
        let list = publishers::read_unsigned(&self.reader(&source), &self.trusted.snapshot, publisher)?;
        Ok(entries(&list))
    }

    /// What a publisher lists, as its present keys signed it; nothing if it has no list yet. An error where clients would have one.
    pub fn signed(&self, publisher: &str) -> Result<Vec<Entry>, PublishError> {
        Ok(entries(&self.list(publisher)?))
    }

    /// Writes a change. If it stops half-way, clients go on seeing the old state, or already see the new one.
    pub fn apply(&mut self, change: Change) -> Result<(), PublishError> {
        if change.based_on != Basis::of(&self.trusted) {
            return Err(PublishError::Stale);
        }
        for (path, bytes) in change.files() {
            let path = path.split('/').fold(self.folder.clone(), |folder, part| folder.join(part));
            write_atomically(&path, bytes, Audience::Everyone).map_err(PublishError::Write)?;
        }
        self.trusted = change.next;
        // Read again as it now lies there: also to remember it.
        verified(&self.folder, &self.trusted.root_bytes, self.memory.as_deref(), self.now)?;
        Ok(())
    }

    pub(super) fn draft<'a>(&self, signers: &Signers<'a>) -> Draft<'a> {
        Draft::new(&self.trusted, signers, self.lifetimes, self.now)
    }

    /// A publisher's list as its present keys signed it; empty if there is none yet.
    pub(super) fn list(&self, publisher: &str) -> Result<Targets, PublishError> {
        let source = FolderSource::new(&self.folder);
        let Trusted { targets, snapshot, .. } = &self.trusted;
        let name = publishers::role_file(publisher);
        publishers::keys_of(&name, targets, publisher)?;
        if !snapshot.meta.contains_key(&name) {
            return Ok(empty_targets(self.now));
        }
        Ok(publishers::read(&self.reader(&source), targets, snapshot, publisher, &mut Vec::new())?)
    }

    /// A publisher's list as it lies there, whoever signed it; empty if there is none yet.
    pub(super) fn unsigned_list(&self, publisher: &str) -> Result<Targets, PublishError> {
        let source = FolderSource::new(&self.folder);
        match publishers::read_unsigned(&self.reader(&source), &self.trusted.snapshot, publisher) {
            Err(RepositoryError::NoSuchPublisher { .. }) => Ok(empty_targets(self.now)),
            other => Ok(other?),
        }
    }

    pub(super) fn reader<'a>(&self, source: &'a FolderSource) -> Reader<'a> {
        Reader { source, now: self.now, allow_expired: true }
    }

    pub(super) fn source(&self) -> FolderSource {
        FolderSource::new(&self.folder)
    }
}

/// The repository as it lies in its folder.
fn verified(
    folder: &Path,
    trusted_root: &[u8],
    memory: Option<&Path>,
    now: Time,
) -> Result<Trusted, RepositoryError> {
    let source = FolderSource::new(folder);
    let reader = Reader { source: &source, now, allow_expired: true };
    let mut state = memory.map_or_else(|| Ok(State::in_memory()), State::open)?;
    update(&reader, trusted_root, &mut state)
}

fn first_root(top_level: &TopLevel, lifetimes: Lifetimes, now: Time) -> Result<Root, PublishError> {
    let TopLevel { root, targets, snapshot, timestamp } = top_level;
    let (root, mut keys) = root.role_keys("root")?;
    let mut take = |role: &str, setup: &super::RoleSetup| {
        let (role_keys, more) = setup.role_keys(role)?;
        keys.extend(more);
        Ok::<_, PublishError>(role_keys)
    };
    let targets = take("targets", targets)?;
    let snapshot = take("snapshot", snapshot)?;
    let timestamp = take("timestamp", timestamp)?;
    Ok(Root {
        kind: Root::KIND.to_owned(),
        spec_version: SPEC_VERSION.to_owned(),
        version: 1,
        expires: expiry(now, lifetimes.root),
        consistent_snapshot: true,
        keys,
        roles: Roles { root, targets, snapshot, timestamp },
    })
}

fn lock(folder: &Path) -> Result<Lock, PublishError> {
    let path = folder.join("repository.lock");
    match Lock::try_now(&path) {
        Ok(Some(lock)) => Ok(lock),
        Ok(None) => Err(PublishError::Busy(folder.to_owned())),
        Err(source) => Err(PublishError::Write(StateError::Io { doing: "lock", path, source })),
    }
}
