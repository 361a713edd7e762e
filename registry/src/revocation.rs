//! What was trusted and is not any more.

use std::fmt;

use bartizan_model::Digest;
use jiff::Timestamp;
use semver::Version;
use serde::{Deserialize, Serialize};

use crate::{Claims, ComponentName, KeyId};

/// Withdraws a key, a release or certain bytes. Once known it holds at every later start, also for what is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Revocation {
    /// What is withdrawn.
    pub what: Revoked,
    /// Why, for the person who meets it.
    pub reason: String,
    /// When it was decided. For people: it holds from when it is known.
    pub since: Option<Timestamp>,
}

/// What a revocation withdraws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// Everything that this key signed.
    Key(KeyId),
    /// One release of a component, whoever signed it.
    Release(Release),
    /// These very bytes, under whatever name.
    Sha256(Digest),
}

/// A revocation as it stands in a file: one of the three, a reason, and perhaps a time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<KeyId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    release: Option<Release>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<Digest>,
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
}

impl TryFrom<Written> for Revocation {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { key, release, sha256, reason, since } = written;
        let what = match (key, release, sha256) {
            (Some(key), None, None) => Revoked::Key(key),
            (None, Some(release), None) => Revoked::Release(release),
            (None, None, Some(digest)) => Revoked::Sha256(digest),
            _ => return Err("a revocation is of one thing: `key`, `release` or `sha256`"),
        };
        Ok(Self { what, reason, since })
    }
}

impl From<Revocation> for Written {
    fn from(revocation: Revocation) -> Self {
        let Revocation { what, reason, since } = revocation;
        let rest = Self { reason, since, ..Self::default() };
        match what {
            Revoked::Key(key) => Self { key: Some(key), ..rest },
            Revoked::Release(release) => Self { release: Some(release), ..rest },
            Revoked::Sha256(digest) => Self { sha256: Some(digest), ..rest },
        }
    }
}

/// A component's name and version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Release {
    /// "publisher/name".
    pub name: ComponentName,
    /// Exactly this version.
    pub version: Version,
}

impl TryFrom<String> for Release {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (name, version) = text.split_once('@').ok_or("a release is written publisher/name@1.2.3")?;
        Ok(Self {
            name: name.parse().map_err(|error: crate::ParseNameError| error.to_string())?,
            version: version.parse().map_err(|error: semver::Error| error.to_string())?,
        })
    }
}

impl From<Release> for String {
    fn from(release: Release) -> Self {
        release.to_string()
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

impl fmt::Display for Revoked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, "key {key}"),
            Self::Release(release) => release.fmt(f),
            Self::Sha256(digest) => write!(f, "sha256:{digest}"),
        }
    }
}

impl Revocation {
    /// Whether it withdraws this release or these bytes.
    pub(crate) fn withdraws(&self, claims: &Claims, digest: Digest) -> bool {
        match &self.what {
            Revoked::Key(_) => false,
            Revoked::Release(release) => release.name == claims.id && release.version == claims.version,
            Revoked::Sha256(revoked) => *revoked == digest,
        }
    }
}
