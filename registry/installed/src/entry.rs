//! One installed component, and all of them.

use bartizan_model::Digest;
use bartizan_registry::{AskedLimits, ComponentName, Granted, Grants, KeyId};
use jiff::Timestamp;
use semver::Version;
use serde::{Deserialize, Serialize};

/// An installed component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// "publisher/name".
    pub name: ComponentName,
    /// Its version, as signed.
    pub version: Version,
    /// Of its bytes.
    pub sha256: Digest,
    /// The key that signed it.
    pub signer: KeyId,
    /// Its sequence, as signed.
    pub sequence: u64,
    /// Where it came from, as the user named it.
    pub source: String,
    /// What was let pass at install, and why: an expired bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What it was given beyond the contract.
    #[serde(default)]
    pub grants: Grants,
    /// Limits that were raised for it.
    #[serde(default, skip_serializing_if = "AskedLimits::is_empty")]
    pub limits: AskedLimits,
    /// Whether it is loaded.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// When.
    pub installed: Timestamp,
}

fn yes() -> bool {
    true
}

impl Entry {
    /// What the user gave to it.
    pub fn granted(&self) -> Granted {
        Granted { grants: self.grants.clone(), limits: self.limits }
    }
}

/// Everything that is installed, by name; a name once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installed(pub(crate) Vec<Entry>);

impl Installed {
    /// The entries, by name.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The entry of this name.
    pub fn get(&self, name: &ComponentName) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.name == *name)
    }
}
