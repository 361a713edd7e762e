//! Whose signature counts for which names.

use std::{collections::BTreeMap, fs, io, path::Path};

use serde::{Deserialize, Serialize};

use crate::{
    Audience, ComponentName, KeyId, PublicKey, Revocation, Revoked, StateError, state_file::lock_beside,
    write_atomically,
};

/// What a trusted key's signature is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    /// Came with the program itself. Never written to a file: a file could be edited to say so.
    FirstParty,
    /// In use.
    Current,
    /// Replaced by its publisher: what was installed under it stays, nothing new comes in.
    Retired,
}

/// A key and the one publisher it may sign for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    /// First half of the names it may sign.
    pub publisher: String,
    /// Its public half.
    pub key: PublicKey,
    /// What it is good for.
    pub standing: KeyStanding,
}

/// The keys that are trusted, and what was withdrawn. A publisher may have several keys, so that one can be replaced without
/// a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustStore {
    keys: Vec<TrustedKey>,
    revocations: Vec<Revocation>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrustFile {
    /// Publisher to public keys in SPKI PEM.
    #[serde(default)]
    publishers: BTreeMap<String, PublisherEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    revoked: Vec<Revocation>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PublisherEntry {
    keys: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    retired: Vec<String>,
}

impl TrustStore {
    /// Trusts nobody.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Holds this file against other processes until the value is dropped.
    pub fn lock(path: &Path) -> Result<fs::File, StateError> {
        lock_beside(path)
    }

    /// Trusts what this file says; nobody if it does not exist.
    pub fn read(path: &Path) -> Result<Self, StateError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::empty()),
            Err(source) => return Err(StateError::Io { doing: "read", path: path.to_owned(), source }),
        };
        let malformed = |why: String| StateError::Malformed { path: path.to_owned(), why };
        let file: TrustFile = toml::from_str(&text).map_err(|error| malformed(error.to_string()))?;
        let mut store = Self { keys: Vec::new(), revocations: file.revoked };
        for (publisher, entry) in file.publishers {
            if !ComponentName::is_valid_half(&publisher) {
                return Err(malformed(format!("`{publisher}` is not a publisher's name")));
            }
            let current = entry.keys.iter().map(|pem| (pem, KeyStanding::Current));
            let retired = entry.retired.iter().map(|pem| (pem, KeyStanding::Retired));
            for (pem, standing) in current.chain(retired) {
                let key = PublicKey::from_pem(pem)
                    .map_err(|error| malformed(format!("publisher `{publisher}`: {error}")))?;
                store.insert(TrustedKey { publisher: publisher.clone(), key, standing });
            }
        }
        Ok(store)
    }

    /// Writes the store to this file.
    pub fn write(&self, path: &Path) -> Result<(), StateError> {
        let malformed = |why: String| StateError::Malformed { path: path.to_owned(), why };
        let mut file = TrustFile { revoked: self.revocations.clone(), ..TrustFile::default() };
        for trusted in &self.keys {
            let pem = trusted.key.to_pem().map_err(|error| malformed(error.to_string()))?;
            if trusted.standing == KeyStanding::FirstParty {
                continue;
            }
            let entry = file.publishers.entry(trusted.publisher.clone()).or_default();
            let keys =
                if trusted.standing == KeyStanding::Current { &mut entry.keys } else { &mut entry.retired };
            keys.push(pem);
        }
        let text = toml::to_string_pretty(&file).map_err(|error| malformed(error.to_string()))?;
        write_atomically(path, text.as_bytes(), Audience::Owner)
    }

    /// Trusts this key for this publisher. Says whether that was news.
    pub fn add(&mut self, publisher: String, key: PublicKey) -> bool {
        self.insert(TrustedKey { publisher, key, standing: KeyStanding::Current })
    }

    /// Trusts the key that came with the program itself.
    pub fn add_first_party(&mut self, publisher: String, key: PublicKey) {
        self.insert(TrustedKey { publisher, key, standing: KeyStanding::FirstParty });
    }

    fn insert(&mut self, trusted: TrustedKey) -> bool {
        let is_new = !self.keys.contains(&trusted);
        if is_new {
            self.keys.push(trusted);
        }
        is_new
    }

    /// Puts a new key in the place of an old one of the same publisher, which is then [`KeyStanding::Retired`].
    /// Says whether the old one was there to be replaced.
    pub fn rotate(&mut self, publisher: &str, old: KeyId, new: PublicKey) -> bool {
        let Some(entry) = self.keys.iter_mut().find(|trusted| {
            trusted.publisher == publisher
                && trusted.key.id() == old
                && trusted.standing == KeyStanding::Current
        }) else {
            return false;
        };
        entry.standing = KeyStanding::Retired;
        self.add(publisher.to_owned(), new);
        true
    }

    /// Takes a revocation in. Says whether it was news.
    pub fn revoke(&mut self, revocation: Revocation) -> bool {
        let is_new = !self.revocations.iter().any(|known| known.what == revocation.what);
        if is_new {
            self.revocations.push(revocation);
        }
        is_new
    }

    /// Every key of every publisher.
    pub fn keys(&self) -> &[TrustedKey] {
        &self.keys
    }

    /// The keys that something new may come in by: in use and not revoked.
    pub fn current_keys(&self) -> impl Iterator<Item = &TrustedKey> {
        self.keys.iter().filter(|trusted| {
            trusted.standing != KeyStanding::Retired && self.revoked_key(trusted.key.id()).is_none()
        })
    }

    /// Everything that was withdrawn.
    pub fn revocations(&self) -> &[Revocation] {
        &self.revocations
    }

    /// Why this key was revoked, if it was.
    pub(crate) fn revoked_key(&self, id: KeyId) -> Option<&Revocation> {
        self.revocations.iter().find(|revocation| revocation.what == Revoked::Key(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Release, Signer};

    #[test]
    fn a_store_survives_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trust.toml");
        let mut store = TrustStore::read(&path).unwrap();
        assert!(store.keys().is_empty());
        let key = Signer::generate().unwrap().public();
        assert!(store.add("acme".into(), key.clone()));
        assert!(!store.add("acme".into(), key));
        let (old, new) = (Signer::generate().unwrap().public(), Signer::generate().unwrap().public());
        store.add("acme".into(), old.clone());
        assert!(store.rotate("acme", old.id(), new.clone()));
        assert!(!store.rotate("acme", old.id(), new), "it is retired already");
        for what in [
            Revoked::Key(old.id()),
            Revoked::Release(Release::try_from("acme/x@1.0.0".to_owned()).unwrap()),
            Revoked::Sha256(bartizan_model::Digest::of(b"evil")),
        ] {
            let revocation = Revocation { what, reason: "stolen".into(), since: None };
            assert!(store.revoke(revocation.clone()) && !store.revoke(revocation));
        }
        store.write(&path).unwrap();
        let mut read = TrustStore::read(&path).unwrap();
        for keys in [&mut read.keys, &mut store.keys] {
            keys.sort_by_key(|trusted| trusted.key.id());
        }
        assert_eq!(read, store);
    }

    #[test]
    fn a_damaged_store_is_an_error_and_not_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trust.toml");
        for text in [
            "[",
            "[publisher.acme]\nkeys = []",
            "[publishers.acme]\nkeys = ['x']",
            "[publishers.\"../x\"]\nkeys = []",
            "[[revoked]]\nkey = 'x'\nreason = ''",
            "[[revoked]]\nreason = 'nothing'",
            "[[revoked]]\nrelease = 'acme/x'\nreason = ''",
        ] {
            fs::write(&path, text).unwrap();
            assert!(matches!(TrustStore::read(&path), Err(StateError::Malformed { .. })), "{text}");
        }
    }
}
