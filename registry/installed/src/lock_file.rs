//! `bartizan.lock`: exactly what a project runs.

use std::{fmt, fs, io, path::Path};

use bartizan_model::Digest;
use bartizan_registry::{AskedLimits, Audience, ComponentName, Grants, KeyId, StateError, write_atomically};
use semver::Version;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use toml::{Table, Value};

use crate::{Entry, Installed};

/// What stands above the tables.
const HEADER: &str = "# Written by `bartizan`. Commit it; `--locked` runs with nothing else.\n";

/// A component that a project pins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// "publisher/name".
    pub name: ComponentName,
    /// Its version, for people.
    pub version: Version,
    /// Exactly these bytes.
    pub sha256: Digest,
    /// The key that signed it.
    pub signer: KeyId,
    /// Where it came from.
    pub source: String,
    /// What it was given.
    #[serde(default)]
    pub grants: Grants,
    /// Limits that were raised for it.
    #[serde(default, skip_serializing_if = "AskedLimits::is_empty")]
    pub limits: AskedLimits,
}

impl From<&Entry> for Pin {
    fn from(entry: &Entry) -> Self {
        Self {
            name: entry.name.clone(),
            version: entry.version.clone(),
            sha256: entry.sha256,
            signer: entry.signer,
            source: entry.source.clone(),
            grants: entry.grants.clone(),
            limits: entry.limits,
        }
    }
}

/// A lock file. What it holds beside the components is kept as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LockFile {
    pins: Vec<Pin>,
    rest: Table,
}

/// Where what is installed is not what is pinned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// Pinned and not installed (or not enabled).
    Missing(Pin),
    /// Installed with other bytes.
    Other {
        /// What is pinned.
        pin: Pin,
        /// What is there.
        version: Version,
        /// Its digest.
        sha256: Digest,
    },
    /// Given more than the pin allows.
    Granted {
        /// What is pinned.
        pin: Pin,
    },
    /// Installed and not pinned.
    Unpinned(ComponentName),
}

impl Mismatch {
    /// The component it is about.
    pub fn name(&self) -> &ComponentName {
        match self {
            Self::Missing(pin) | Self::Other { pin, .. } | Self::Granted { pin } => &pin.name,
            Self::Unpinned(name) => name,
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(pin) => {
                write!(f, "{} {} is pinned, and not there or disabled", pin.name, pin.version)
            }
            Self::Other { pin, version, sha256 } => write!(
                f,
                "{} {} (sha256:{}) is pinned, but {version} (sha256:{}) is there",
                pin.name,
                pin.version,
                pin.sha256.short(),
                sha256.short()
            ),
            Self::Granted { pin } => {
                write!(f, "{} {} was given other grants or limits than are pinned", pin.name, pin.version)
            }
            Self::Unpinned(name) => write!(f, "{name} is there and not pinned"),
        }
    }
}

impl LockFile {
    /// Reads it; `None` if there is none.
    pub fn read(path: &Path) -> Result<Option<Self>, StateError> {
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text)
                .map(Some)
                .map_err(|why| StateError::Malformed { path: path.to_owned(), why }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StateError::Io { doing: "read", path: path.to_owned(), source }),
        }
    }

    /// Reads one from its text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rest: Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        match rest.remove("version") {
            Some(Value::Integer(1)) => {}
            _ => return Err("it must start with `version = 1`".to_owned()),
        }
        let mut pins: Vec<Pin> = match rest.remove("plugin") {
            Some(value) => value.try_into().map_err(|error: toml::de::Error| error.to_string())?,
            None => Vec::new(),
        };
        pins.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some([one, _]) = pins.array_windows::<2>().find(|[one, other]| one.name == other.name) {
            return Err(format!("`{}` is pinned twice", one.name));
        }
        Ok(Self { pins, rest })
    }

    /// Its text, always the same for the same content.
    pub fn to_text(&self) -> Result<String, String> {
        let mut table = Table::new();
        table.insert("version".to_owned(), Value::Integer(1));
        if !self.pins.is_empty() {
            let pins = Value::try_from(&self.pins).map_err(|error| error.to_string())?;
            table.insert("plugin".to_owned(), pins);
        }
        table.extend(self.rest.clone());
        toml::to_string_pretty(&table)
            .map(|text| format!("{HEADER}{text}"))
            .map_err(|error| error.to_string())
    }

    /// Writes it in one step.
    pub fn write(&self, path: &Path) -> Result<(), StateError> {
        let text = self.to_text().map_err(|why| StateError::Malformed { path: path.to_owned(), why })?;
        write_atomically(path, text.as_bytes(), Audience::Everyone)
    }

    /// What is pinned, by name.
    pub fn pins(&self) -> &[Pin] {
        &self.pins
    }

    /// The pin of this name.
    pub fn get(&self, name: &ComponentName) -> Option<&Pin> {
        self.pins.iter().find(|pin| pin.name == *name)
    }

    /// Pins a component, in place of an earlier pin of the same name.
    pub fn pin(&mut self, pin: Pin) {
        self.unpin(&pin.name.clone());
        self.pins.push(pin);
        self.pins.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Takes a pin out. Says whether it was there.
    pub fn unpin(&mut self, name: &ComponentName) -> bool {
        let before = self.pins.len();
        self.pins.retain(|pin| pin.name != *name);
        self.pins.len() != before
    }

    /// The tables of another part of the project that are kept here, e.g. `[[server]]`.
    pub fn tables<T: DeserializeOwned>(&self, key: &str) -> Result<Vec<T>, String> {
        let Some(value) = self.rest.get(key) else { return Ok(Vec::new()) };
        value.clone().try_into().map_err(|error: toml::de::Error| error.to_string())
    }

    /// Sets the tables of another part of the project.
    pub fn set_tables<T: Serialize>(&mut self, key: &str, tables: &[T]) -> Result<(), String> {
        if tables.is_empty() {
            self.rest.remove(key);
        } else {
            let value = Value::try_from(tables).map_err(|error| error.to_string())?;
            self.rest.insert(key.to_owned(), value);
        }
        Ok(())
    }

    /// Where what is installed and enabled is not exactly what is pinned.
    pub fn mismatches(&self, installed: &Installed) -> Vec<Mismatch> {
        let mut found = Vec::new();
        for pin in &self.pins {
            match installed.get(&pin.name).filter(|entry| entry.enabled) {
                None => found.push(Mismatch::Missing(pin.clone())),
                Some(entry) if entry.sha256 != pin.sha256 => found.push(Mismatch::Other {
                    pin: pin.clone(),
                    version: entry.version.clone(),
                    sha256: entry.sha256,
                }),
                Some(entry) if (&entry.grants, entry.limits) != (&pin.grants, pin.limits) => {
                    found.push(Mismatch::Granted { pin: pin.clone() });
                }
                Some(_) => {}
            }
        }
        let unpinned =
            installed.entries().iter().filter(|entry| entry.enabled && self.get(&entry.name).is_none());
        found.extend(unpinned.map(|entry| Mismatch::Unpinned(entry.name.clone())));
        found
    }
}

#[cfg(test)]
mod tests {
    use bartizan_registry::Signer;

    use super::*;

    fn pin(name: &str, bytes: &[u8]) -> Pin {
        Pin {
            name: name.parse().unwrap(),
            version: "1.0.0".parse().unwrap(),
            sha256: Digest::of(bytes),
            signer: Signer::generate().unwrap().public().id(),
            source: "oci://example.com/x".into(),
            grants: Grants::none(),
            limits: AskedLimits::default(),
        }
    }

    fn installed(pin: &Pin) -> Entry {
        Entry {
            name: pin.name.clone(),
            version: pin.version.clone(),
            sha256: pin.sha256,
            signer: pin.signer,
            sequence: 1,
            source: pin.source.clone(),
            note: None,
            grants: pin.grants.clone(),
            limits: pin.limits,
            enabled: true,
            installed: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_lock_file_survives_its_text_and_keeps_what_it_does_not_know() {
        let mut lock = LockFile::parse("version = 1\n[[server]]\nname = 'mine'").unwrap();
        for name in ["acme/b", "acme/a", "acme/b"] {
            lock.pin(pin(name, name.as_bytes()));
        }
        let text = lock.to_text().unwrap();
        assert!(text.starts_with('#') && text.contains("[[server]]"), "{text}");
        let read = LockFile::parse(&text).unwrap();
        assert_eq!(read, lock);
        assert_eq!(read.pins().iter().map(|pin| pin.name.as_str()).collect::<Vec<_>>(), ["acme/a", "acme/b"]);
    }

    #[test]
    fn every_difference_is_named() {
        let (same, other, missing) =
            (pin("acme/same", b"1"), pin("acme/other", b"2"), pin("acme/gone", b"3"));
        let mut lock = LockFile::default();
        for pin in [&same, &other, &missing] {
            lock.pin(pin.clone());
        }
        let mut wider = installed(&same);
        wider.limits.memory = Some(1 << 30);
        let there = |same: Entry| {
            Installed(vec![
                same,
                Entry { sha256: Digest::of(b"changed"), ..installed(&other) },
                Entry { enabled: false, ..installed(&missing) },
                installed(&pin("acme/new", b"4")),
            ])
        };
        let found = lock.mismatches(&there(installed(&same)));
        assert_eq!(found.len(), 3);
        assert!(matches!(&found[..], [Mismatch::Missing(_), Mismatch::Other { .. }, Mismatch::Unpinned(_)]));
        assert!(lock.mismatches(&there(wider)).iter().any(|one| matches!(one, Mismatch::Granted { .. })));
    }

    #[test]
    fn a_damaged_lock_file_is_an_error() {
        for text in ["", "version = 2", "version = 1\nplugin = 3", "version = 1\n[[plugin]]\nname = 'acme/x'"]
        {
            assert!(LockFile::parse(text).is_err(), "{text}");
        }
    }
}
