//! Whose signature counts for which names.

use std::{collections::BTreeMap, fs, io, path::Path};

use serde::{Deserialize, Serialize};

use crate::{Audience, ComponentName, PublicKey, StateError, write_atomically};

/// A key and the one publisher it may sign for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    /// First half of the names it may sign.
    pub publisher: String,
    /// Its public half.
    pub key: PublicKey,
    /// Whether it came with the program itself. Never written to a file: a file could be edited to say so.
    pub first_party: bool,
}

/// The keys that are trusted. A publisher may have several, so that a key can be replaced without a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustStore {
    keys: Vec<TrustedKey>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrustFile {
    /// Publisher to public keys in SPKI PEM.
    #[serde(default)]
    publishers: BTreeMap<String, PublisherEntry>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PublisherEntry {
    keys: Vec<String>,
}

impl TrustStore {
    /// Trusts nobody.
    pub fn empty() -> Self {
        Self::default()
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
        let mut store = Self::empty();
        for (publisher, entry) in file.publishers {
            if !ComponentName::is_valid_half(&publisher) {
                return Err(malformed(format!("`{publisher}` is not a publisher's name")));
            }
            for pem in entry.keys {
                let key = PublicKey::from_pem(&pem)
                    .map_err(|error| malformed(format!("publisher `{publisher}`: {error}")))?;
                store.add(publisher.clone(), key);
            }
        }
        Ok(store)
    }

    /// Writes the store to this file.
    pub fn write(&self, path: &Path) -> Result<(), StateError> {
        let malformed = |why: String| StateError::Malformed { path: path.to_owned(), why };
        let mut file = TrustFile::default();
        for trusted in self.keys.iter().filter(|trusted| !trusted.first_party) {
            let pem = trusted.key.to_pem().map_err(|error| malformed(error.to_string()))?;
            file.publishers.entry(trusted.publisher.clone()).or_default().keys.push(pem);
        }
        let text = toml::to_string_pretty(&file).map_err(|error| malformed(error.to_string()))?;
        write_atomically(path, text.as_bytes(), Audience::Owner)
    }

    /// Trusts this key for this publisher. Says whether that was news.
    pub fn add(&mut self, publisher: String, key: PublicKey) -> bool {
        self.insert(TrustedKey { publisher, key, first_party: false })
    }

    /// Trusts the key that came with the program itself.
    pub fn add_first_party(&mut self, publisher: String, key: PublicKey) {
        self.insert(TrustedKey { publisher, key, first_party: true });
    }

    fn insert(&mut self, trusted: TrustedKey) -> bool {
        let is_new = !self.keys.contains(&trusted);
        if is_new {
            self.keys.push(trusted);
        }
        is_new
    }

    /// Every key of every publisher.
    pub fn keys(&self) -> &[TrustedKey] {
        &self.keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Signer;

    #[test]
    fn a_store_survives_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trust.toml");
        let mut store = TrustStore::read(&path).unwrap();
        assert!(store.keys().is_empty());
        let key = Signer::generate().unwrap().public();
        assert!(store.add("acme".into(), key.clone()));
        assert!(!store.add("acme".into(), key));
        store.add("acme".into(), Signer::generate().unwrap().public());
        store.write(&path).unwrap();
        assert_eq!(TrustStore::read(&path).unwrap(), store);
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
        ] {
            fs::write(&path, text).unwrap();
            assert!(matches!(TrustStore::read(&path), Err(StateError::Malformed { .. })), "{text}");
        }
    }
}
