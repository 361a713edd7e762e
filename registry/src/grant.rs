//! What a component may be given beyond the contract.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One thing that a component may ask for and a user may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grant {
    /// An enumerated set of WASI interfaces, each backed by an empty and deterministic one. For guests whose
    /// toolchain cannot leave WASI out.
    Wasi,
}

/// A grant that this version does not know.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown grant `{0}`; there is: wasi")]
pub struct ParseGrantError(String);

impl FromStr for Grant {
    type Err = ParseGrantError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "wasi" => Ok(Self::Wasi),
            _ => Err(ParseGrantError(text.to_owned())),
        }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wasi => f.pad("wasi"),
        }
    }
}

/// A set of grants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grants(BTreeSet<Grant>);

impl Grants {
    /// No grant at all: what nearly every component needs.
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether this one is among them.
    pub fn has(&self, grant: Grant) -> bool {
        self.0.contains(&grant)
    }

    /// The grants, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = Grant> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<Grant> for Grants {
    fn from_iter<T: IntoIterator<Item = Grant>>(grants: T) -> Self {
        Self(grants.into_iter().collect())
    }
}
