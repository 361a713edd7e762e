//! The four kinds of metadata, as section 4 of the TUF specification writes them.
//!
//! Members that we do not know are passed over when read, as the specification asks: signatures are checked over the whole
//! document as it came, not over these types.

use std::collections::BTreeMap;

use bartizan_model::Digest;
use jiff::Timestamp as Time;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::listing::Listing;

/// Which specification we write after.
pub(crate) const SPEC_VERSION: &str = "1.0.31";

/// One kind of metadata.
pub(crate) trait Role: Serialize + DeserializeOwned {
    /// Its `_type`.
    const KIND: &'static str;

    /// What every kind has.
    fn header(&self) -> Header<'_>;
}

/// What every kind of metadata has.
#[derive(Clone, Copy)]
pub(crate) struct Header<'a> {
    pub(crate) kind: &'a str,
    pub(crate) spec_version: &'a str,
    pub(crate) version: u64,
    pub(crate) expires: Time,
}

macro_rules! role {
    ($name:ident, $kind:literal) => {
        impl Role for $name {
            const KIND: &'static str = $kind;

            fn header(&self) -> Header<'_> {
                Header {
                    kind: &self.kind,
                    spec_version: &self.spec_version,
                    version: self.version,
                    expires: self.expires,
                }
            }
        }
    };
}

/// Whose keys count for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Root {
    #[serde(rename = "_type")]
    pub(crate) kind: String,
    pub(crate) spec_version: String,
    pub(crate) version: u64,
    pub(crate) expires: Time,
    pub(crate) consistent_snapshot: bool,
    pub(crate) keys: BTreeMap<String, Key>,
    pub(crate) roles: Roles,
}
role!(Root, "root");

/// The keys of the four top-level roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Roles {
    pub(crate) root: RoleKeys,
    pub(crate) targets: RoleKeys,
    pub(crate) snapshot: RoleKeys,
    pub(crate) timestamp: RoleKeys,
}

/// Which keys, and how many of them, make a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RoleKeys {
    pub(crate) keyids: Vec<String>,
    pub(crate) threshold: u32,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Key {
    pub(crate) keytype: String,
    pub(crate) scheme: String,
    pub(crate) keyval: KeyValue,
}

/// Its bytes in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyValue {
    pub(crate) public: String,
}

/// Which snapshot is the present one. The only file that is ever overwritten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Timestamp {
    #[serde(rename = "_type")]
    pub(crate) kind: String,
    pub(crate) spec_version: String,
    pub(crate) version: u64,
    pub(crate) expires: Time,
    pub(crate) meta: BTreeMap<String, Listed>,
}
role!(Timestamp, "timestamp");

/// Which versions of all other metadata belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    #[serde(rename = "_type")]
    pub(crate) kind: String,
    pub(crate) spec_version: String,
    pub(crate) version: u64,
    pub(crate) expires: Time,
    pub(crate) meta: BTreeMap<String, Listed>,
}
role!(Snapshot, "snapshot");

/// One metadata file. The specification lets length and hashes be left out; we ask for both, so that a source that mixes
/// states is caught before anything of a file is read as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    pub(crate) version: u64,
    pub(crate) length: u64,
    pub(crate) hashes: Hashes,
}

/// Digests of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hashes {
    pub(crate) sha256: Digest,
}

/// Which files there are, and who may list more of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Targets {
    #[serde(rename = "_type")]
    pub(crate) kind: String,
    pub(crate) spec_version: String,
    pub(crate) version: u64,
    pub(crate) expires: Time,
    #[serde(rename = "targets")]
    pub(crate) files: BTreeMap<String, TargetFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) delegations: Option<Delegations>,
}
role!(Targets, "targets");

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TargetFile {
    pub(crate) length: u64,
    pub(crate) hashes: Hashes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) custom: Option<Listing>,
}

/// Who else may list files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Delegations {
    pub(crate) keys: BTreeMap<String, Key>,
    pub(crate) roles: Vec<Delegation>,
}

/// A role and the paths it may list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Delegation {
    pub(crate) name: String,
    pub(crate) keyids: Vec<String>,
    pub(crate) threshold: u32,
    #[serde(default)]
    pub(crate) paths: Vec<String>,
    pub(crate) terminating: bool,
}

impl Listed {
    /// The entry for these bytes.
    pub(crate) fn of(version: u64, bytes: &[u8]) -> Self {
        Self { version, length: bytes.len() as u64, hashes: Hashes { sha256: Digest::of(bytes) } }
    }
}

impl TargetFile {
    /// The entry for these bytes.
    pub(crate) fn of(bytes: &[u8], custom: Option<Listing>) -> Self {
        Self { length: bytes.len() as u64, hashes: Hashes { sha256: Digest::of(bytes) }, custom }
    }
}
