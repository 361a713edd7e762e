//! What components said before, by content: (component, configuration, rules, server) -> answer.
//!
//! Components are pure functions, so an answer holds for as long as nothing it was made of changes. Failures are not
//! kept: a limit may be set otherwise the next time. One file a server holds what all components said of it, so
//! that a scan of a thousand servers reads a thousand files and not ten thousand.
//!
//! The folder must belong to the user and be writable to nobody else, as that of compiled code: who can write there can
//! say that a server is clean.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use bartizan_kernel::Fact;
use bartizan_model::{Digest, Finding};
use bartizan_registry::{check_private, make_private_folder};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::Part;

/// Raised when what is kept would be read otherwise.
const VERSION: &str = "1";
/// A file that is longer is no answer of ours.
const MAX_FILE: u64 = 64 << 20;
/// How many files are kept before the oldest go.
const MAX_SERVERS: usize = 60_000;

/// A folder of answers.
#[derive(Clone, Debug)]
pub struct ResultCache {
    folder: PathBuf,
}

/// What was said of one server.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Answers(BTreeMap<Digest, Answer>);

/// What one component said of one server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// To `server-rules.check`.
    Findings(Vec<Finding>),
    /// To `fleet-rules.note`.
    Facts(Vec<Fact>),
}

impl Answers {
    pub(crate) fn get(&self, question: &Digest) -> Option<&Answer> {
        self.0.get(question)
    }

    pub(crate) fn set(&mut self, question: Digest, answer: Answer) {
        self.0.insert(question, answer);
    }
}

impl ResultCache {
    /// The cache in this folder, which is made if it is not there. An error means that it is not to be trusted, or cannot be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let folder = folder.join(VERSION);
        make_private_folder(&folder)?;
        let metadata = fs::symlink_metadata(&folder)?;
        check_private(&metadata).map_err(|why| io::Error::new(io::ErrorKind::PermissionDenied, why))?;
        Ok(Self { folder })
    }

    fn path(&self, server: &Digest) -> PathBuf {
        self.folder.join(format!("{server}.json"))
    }

    /// What is known of a server. What cannot be read is not known.
    pub(crate) fn answers(&self, server: &Digest) -> Answers {
        Self::read(&self.path(server)).unwrap_or_default()
    }

    /// What a saved listing came to.
    pub(crate) fn part(&self, key: &Digest) -> Option<Part> {
        Self::read(&self.path(key))
    }

    /// Keeps what a saved listing came to.
    pub(crate) fn keep_part(&self, key: &Digest, part: &Part) {
        self.write(key, part);
    }

    fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
        let mut file = fs::File::open(path).ok()?;
        let metadata = file.metadata().ok()?;
        if !metadata.is_file() || metadata.len() > MAX_FILE || check_private(&metadata).is_err() {
            return None;
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Keeps what is known of a server. That it could not be kept costs time and nothing else.
    pub(crate) fn keep(&self, server: &Digest, answers: &Answers) {
        self.write(server, answers);
    }

    fn write(&self, key: &Digest, value: &impl Serialize) {
        let write = || -> io::Result<()> {
            // Not synchronised: what a crash tears is not known, and asked anew.
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            file.write_all(&serde_json::to_vec(value)?)?;
            file.persist(self.path(key))?;
            Ok(())
        };
        let _ = write();
    }

    /// Removes the oldest answers if there are too many.
    pub fn prune(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let mut files: Vec<_> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((entry.metadata().ok()?.modified().ok()?, entry.path()))
            })
            .collect();
        if files.len() <= MAX_SERVERS {
            return;
        }
        files.sort();
        for (_, path) in files.iter().take(files.len() - MAX_SERVERS * 9 / 10) {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_known_and_what_was_damaged_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let cache = ResultCache::open(folder.path()).unwrap();
        let (server, question) = (Digest::of(b"server"), Digest::of(b"question"));
        assert!(cache.answers(&server).get(&question).is_none());
        let mut answers = Answers::default();
        answers.set(question, Answer::Facts(Vec::new()));
        cache.keep(&server, &answers);
        assert!(
            matches!(cache.answers(&server).get(&question), Some(Answer::Facts(facts)) if facts.is_empty())
        );
        fs::write(cache.path(&server), b"{\"cut").unwrap();
        assert!(cache.answers(&server).get(&question).is_none());
    }

    #[cfg(unix)]
    #[test]
    fn what_others_may_write_is_not_believed() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let cache = ResultCache::open(folder.path()).unwrap();
        let (server, question) = (Digest::of(b"server"), Digest::of(b"question"));
        let mut answers = Answers::default();
        answers.set(question, Answer::Findings(Vec::new()));
        cache.keep(&server, &answers);
        fs::set_permissions(cache.path(&server), fs::Permissions::from_mode(0o666)).unwrap();
        assert!(cache.answers(&server).get(&question).is_none());
        fs::set_permissions(folder.path().join(VERSION), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(ResultCache::open(folder.path()).is_err());
    }
}
