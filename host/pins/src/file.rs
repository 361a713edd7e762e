//! The pins of a project, in its lock file.

use std::path::{Path, PathBuf};

use bartizan_installed::LockFile;
use bartizan_registry::StateError;
use thiserror::Error;

use crate::ServerPin;

/// The tables that hold pins.
const TABLES: &str = "server";

/// The servers that a lock file pins.
#[derive(Debug)]
pub struct PinFile {
    path: PathBuf,
    lock: LockFile,
    pins: Vec<ServerPin>,
}

/// Pins that cannot be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PinError {
    /// The file.
    #[error(transparent)]
    File(#[from] StateError),
    /// What it holds.
    #[error("`{}` is damaged: {why}", path.display())]
    Malformed {
        /// The lock file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
}

impl PinFile {
    /// Reads the lock file; one that is not there pins nothing.
    pub fn read(path: &Path) -> Result<Self, PinError> {
        let lock = LockFile::read(path)?.unwrap_or_default();
        let malformed = |why: String| PinError::Malformed { path: path.to_owned(), why };
        let pins: Vec<ServerPin> = lock.tables(TABLES).map_err(malformed)?;
        for (index, pin) in pins.iter().enumerate() {
            let name = bartizan_model::printable(&pin.name);
            if pin.digest != pin.content_digest() {
                return Err(malformed(format!(
                    "what is pinned for server `{name}` was edited: its digest is another"
                )));
            }
            if pins.iter().skip(index + 1).any(|other| other.name == pin.name) {
                return Err(malformed(format!("server `{name}` is pinned twice")));
            }
        }
        Ok(Self { path: path.to_owned(), lock, pins })
    }

    /// All of them, by name.
    pub fn pins(&self) -> &[ServerPin] {
        &self.pins
    }

    /// The pin of a server that is reached so, or else called so. How it is reached counts first: a server that wants to be
    /// forgotten would only have to change the name that it gives itself.
    pub fn get(&self, name: &str, target: &str) -> Option<&ServerPin> {
        self.pins
            .iter()
            .find(|pin| pin.target == target)
            .or_else(|| self.pins.iter().find(|pin| pin.name == name))
    }

    /// Sets a pin, in place of the one of the same name.
    pub fn set(&mut self, pin: ServerPin) {
        self.pins.retain(|old| old.name != pin.name);
        self.pins.push(pin);
        self.pins.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Takes a pin out. Says whether it was there.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.pins.len();
        self.pins.retain(|pin| pin.name != name);
        self.pins.len() != before
    }

    /// Writes it in one step, with what else the lock file holds.
    pub fn write(&mut self) -> Result<(), PinError> {
        let malformed = |why: String| PinError::Malformed { path: self.path.clone(), why };
        self.lock.set_tables(TABLES, &self.pins).map_err(malformed)?;
        Ok(self.lock.write(&self.path)?)
    }
}
