//! What was accepted before, so that an older component cannot come back.
//!
//! One ratchet a key: a stolen key that signs sequence 2⁶⁴-1 locks out itself, not the key that replaces it
//! (the fast-forward attack of the TUF specification, section 1.5.2).

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use bartizan_model::Digest;
use serde::{Deserialize, Serialize};

use crate::{
    Audience, ComponentName, KeyId, Refusal, StateError, Verified, state_file::lock_beside, write_atomically,
};

/// The highest sequence that was accepted, for each key and component. Kept in a file, or only in memory.
#[derive(Debug, Default)]
pub struct Ratchet {
    path: Option<PathBuf>,
    seen: BTreeMap<String, Seen>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    sequence: u64,
    digest: Digest,
}

impl Ratchet {
    /// One that forgets: for components that cannot be rolled back on their own, such as those inside the binary.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// The one in this file; empty if the file does not exist yet.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        Ok(Self { path: Some(path.to_owned()), seen: read(path)? })
    }

    /// Whether a component with this sequence may come after what was seen.
    pub(crate) fn check(
        &self,
        key: KeyId,
        id: &ComponentName,
        sequence: u64,
        digest: Digest,
    ) -> Result<(), Refusal> {
        self.check_entry(&entry(key, id), sequence, digest)
    }

    /// Whether a bundle with this sequence may come after those that this maker's key signed before.
    pub fn check_bundle(
        &self,
        key: KeyId,
        maker: &str,
        sequence: u64,
        digest: Digest,
    ) -> Result<(), Refusal> {
        self.check_entry(&bundle_entry(key, maker), sequence, digest)
    }

    /// Remembers an installed bundle, an older one too: whoever asked for that by name means it.
    pub fn remember_bundle(
        &mut self,
        key: KeyId,
        maker: &str,
        sequence: u64,
        digest: Digest,
    ) -> Result<(), StateError> {
        self.write(bundle_entry(key, maker), Seen { sequence, digest }, |_| true)
    }

    fn check_entry(&self, entry: &str, sequence: u64, digest: Digest) -> Result<(), Refusal> {
        match self.seen.get(entry) {
            Some(seen) if sequence < seen.sequence => {
                Err(Refusal::RolledBack { offered: sequence, seen: seen.sequence })
            }
            Some(seen) if sequence == seen.sequence && digest != seen.digest => {
                Err(Refusal::SequenceReused { sequence, seen: seen.digest })
            }
            _ => Ok(()),
        }
    }

    /// Remembers that this component was accepted: from now on nothing older of the same name and key is.
    pub fn remember(&mut self, verified: &Verified) -> Result<(), StateError> {
        let claims = verified.claims();
        self.accept(verified.key(), &claims.id, claims.sequence, verified.digest())
    }

    /// Remembers an accepted component. Two processes at once keep the higher of what each saw.
    pub(crate) fn accept(
        &mut self,
        key: KeyId,
        id: &ComponentName,
        sequence: u64,
        digest: Digest,
    ) -> Result<(), StateError> {
        let entry = entry(key, id);
        let seen = Seen { sequence, digest };
        if self.seen.get(&entry) == Some(&seen) {
            return Ok(());
        }
        self.write(entry, seen, |kept| kept.sequence < seen.sequence)
    }

    /// Remembers this component although something newer was accepted: its user asked for it by name.
    pub fn lower(&mut self, verified: &Verified) -> Result<(), StateError> {
        let claims = verified.claims();
        let seen = Seen { sequence: claims.sequence, digest: verified.digest() };
        self.write(entry(verified.key(), &claims.id), seen, |_| true)
    }

    /// Remembers it, in the file in place of what `replaces` says.
    fn write(
        &mut self,
        entry: String,
        seen: Seen,
        replaces: impl FnOnce(&Seen) -> bool,
    ) -> Result<(), StateError> {
        self.seen.insert(entry.clone(), seen);
        let Some(path) = self.path.clone() else { return Ok(()) };

        let _lock = lock_beside(&path)?;
        let mut on_disk = read(&path)?;
        let kept = on_disk.entry(entry).or_insert(seen);
        if replaces(kept) {
            *kept = seen;
        }
        let text = serde_json::json!({ "version": 1, "seen": on_disk }).to_string();
        write_atomically(&path, text.as_bytes(), Audience::Owner)
    }
}

/// No component's name is without a slash.
fn bundle_entry(key: KeyId, maker: &str) -> String {
    format!("{key} bundle:{maker}")
}

fn entry(key: KeyId, id: &ComponentName) -> String {
    format!("{key} {id}")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RatchetFile {
    version: u32,
    seen: BTreeMap<String, Seen>,
}

fn read(path: &Path) -> Result<BTreeMap<String, Seen>, StateError> {
    let mut text = String::new();
    match fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text)) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(source) => return Err(StateError::Io { doing: "read", path: path.to_owned(), source }),
    }
    let malformed = |why: String| StateError::Malformed { path: path.to_owned(), why };
    let file: RatchetFile = serde_json::from_str(&text).map_err(|error| malformed(error.to_string()))?;
    if file.version != 1 {
        return Err(malformed(format!("version {} is not known", file.version)));
    }
    Ok(file.seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Signer;

    fn id() -> ComponentName {
        "acme/x".parse().unwrap()
    }

    #[test]
    fn an_older_sequence_is_refused_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ratchet.json");
        let key = Signer::generate().unwrap().public().id();
        Ratchet::open(&path).unwrap().accept(key, &id(), 7, Digest::of(b"7")).unwrap();
        let ratchet = Ratchet::open(&path).unwrap();
        assert_eq!(
            ratchet.check(key, &id(), 6, Digest::of(b"6")),
            Err(Refusal::RolledBack { offered: 6, seen: 7 })
        );
        assert!(matches!(
            ratchet.check(key, &id(), 7, Digest::of(b"x")),
            Err(Refusal::SequenceReused { .. })
        ));
        assert_eq!(ratchet.check(key, &id(), 7, Digest::of(b"7")), Ok(()));
        assert_eq!(ratchet.check(key, &id(), 8, Digest::of(b"8")), Ok(()));
    }

    #[test]
    fn one_keys_fast_forward_does_not_bind_another_key() {
        let (stolen, new) =
            (Signer::generate().unwrap().public().id(), Signer::generate().unwrap().public().id());
        let mut ratchet = Ratchet::in_memory();
        ratchet.accept(stolen, &id(), u64::MAX, Digest::of(b"evil")).unwrap();
        assert_eq!(ratchet.check(new, &id(), 1, Digest::of(b"good")), Ok(()));
    }

    #[test]
    fn a_damaged_file_is_an_error_and_not_an_empty_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ratchet.json");
        for content in ["", "{", r#"{"version":2,"seen":{}}"#, r#"{"seen":{}}"#] {
            fs::write(&path, content).unwrap();
            assert!(matches!(Ratchet::open(&path), Err(StateError::Malformed { .. })), "{content}");
        }
    }

    #[test]
    fn two_processes_keep_the_higher_sequence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ratchet.json");
        let key = Signer::generate().unwrap().public().id();
        let (mut one, mut other) = (Ratchet::open(&path).unwrap(), Ratchet::open(&path).unwrap());
        one.accept(key, &id(), 9, Digest::of(b"9")).unwrap();
        other.accept(key, &id(), 3, Digest::of(b"3")).unwrap();
        assert!(Ratchet::open(&path).unwrap().check(key, &id(), 8, Digest::of(b"8")).is_err());
    }
}
