//! What was seen of a repository before, so that nothing older comes back.

use std::{
    collections::BTreeMap,
    fs, io,
    io::Read as _,
    path::{Path, PathBuf},
};

use bartizan_model::Digest;
use bartizan_registry::{Audience, StateError, write_atomically};
use serde::{Deserialize, Serialize};

use crate::{
    limits::{MAX_ROOT_BYTES, MAX_SNAPSHOT_BYTES},
    lock::Lock,
};

/// One file, written in one step: a kill between a new root and the forgetting that a rotated key calls for (5.3.11) cannot part
/// the two. Only its owner writes it, so it holds what was verified and no signatures but the root's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    version: u32,
    /// The trusted root's file, as it came.
    pub(crate) root: Option<String>,
    pub(crate) timestamp: Option<SeenFile>,
    pub(crate) snapshot: Option<SeenFile>,
    /// The snapshot's list: targets and all publishers.
    pub(crate) roles: BTreeMap<String, SeenFile>,
}

/// The highest version of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeenFile {
    pub(crate) version: u64,
    pub(crate) sha256: Digest,
}

/// Where [`Seen`] is kept.
#[derive(Debug)]
pub(crate) struct State {
    path: Option<PathBuf>,
    /// Held as long as the state is: two clients at once must not undo each other's memory.
    _lock: Option<Lock>,
    pub(crate) seen: Seen,
}

impl State {
    /// One that forgets: for publishing, where the folder itself is the memory.
    pub(crate) fn in_memory() -> Self {
        Self { path: None, _lock: None, seen: Seen { version: 1, ..Seen::default() } }
    }

    /// The one in this folder; empty if there is none yet. A damaged one is an error, not an empty one.
    pub(crate) fn open(folder: &Path) -> Result<Self, StateError> {
        let lock_path = folder.join("seen.lock");
        let lock_error = |source| StateError::Io { doing: "lock", path: lock_path.clone(), source };
        let lock = Lock::wait(&lock_path).map_err(lock_error)?;
        let path = folder.join("seen.json");
        let seen = read(&path)?.unwrap_or(Seen { version: 1, ..Seen::default() });
        Ok(Self { path: Some(path), _lock: Some(lock), seen })
    }

    /// Keeps what was seen.
    pub(crate) fn save(&self) -> Result<(), StateError> {
        let Some(path) = &self.path else { return Ok(()) };
        write_atomically(path, serde_json::json!(self.seen).to_string().as_bytes(), Audience::Owner)
    }
}

fn read(path: &Path) -> Result<Option<Seen>, StateError> {
    let io_error = |source| StateError::Io { doing: "read", path: path.to_owned(), source };
    let malformed = |why: String| StateError::Malformed { path: path.to_owned(), why };
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io_error(error)),
    };
    // The root is text within text, and so at most twice as long.
    let limit = 2 * MAX_ROOT_BYTES + MAX_SNAPSHOT_BYTES;
    let mut text = String::new();
    file.take(limit + 1).read_to_string(&mut text).map_err(io_error)?;
    if text.len() as u64 > limit {
        return Err(malformed(format!("it is longer than {limit} bytes")));
    }
    let seen: Seen = serde_json::from_str(&text).map_err(|error| malformed(error.to_string()))?;
    if seen.version != 1 {
        return Err(malformed(format!("version {} is not known", seen.version)));
    }
    Ok(Some(seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_survives_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let mut state = State::open(folder.path()).unwrap();
        state.seen.timestamp = Some(SeenFile { version: 7, sha256: Digest::of(b"7") });
        state.save().unwrap();
        let seen = state.seen.clone();
        drop(state);
        assert_eq!(State::open(folder.path()).unwrap().seen, seen);
    }

    #[test]
    fn a_damaged_memory_is_an_error_and_not_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        for content in
            ["", "{", "{}", r#"{"version":2,"root":null,"timestamp":null,"snapshot":null,"roles":{}}"#]
        {
            fs::write(folder.path().join("seen.json"), content).unwrap();
            assert!(matches!(State::open(folder.path()), Err(StateError::Malformed { .. })), "{content}");
        }
    }
}
