//! One version of one component, as a repository lists it.

use std::collections::BTreeMap;

use bartizan_model::Digest;
use bartizan_registry::ComponentName;
use semver::Version;

use crate::{
    listing::Listing,
    metadata::{TargetFile, Targets},
};

/// One version of one component, under its publisher's signature. Nothing of it was downloaded yet. Its texts are short and
/// printable, whatever its publisher wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// "publisher/name".
    pub id: ComponentName,
    /// Its version.
    pub version: Version,
    /// What it is for, in its publisher's words.
    pub summary: Option<String>,
    /// SPDX expression.
    pub license: Option<String>,
    /// The contract it was built for.
    pub contract: String,
    /// Grows with every release.
    pub sequence: u64,
    /// What it asks for beyond the contract.
    pub grants: Vec<String>,
    /// Which limits it asks to be raised, and to what.
    pub limits: BTreeMap<String, u64>,
    /// Why it should not be installed any more, if its publisher withdrew it.
    pub yanked: Option<String>,
    /// The component itself.
    pub component: Listed,
    /// Its signed statement.
    pub statement: Listed,
    pub(crate) listing: Listing,
}

/// A file in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// Its TUF target path.
    pub path: String,
    /// In bytes.
    pub length: u64,
    /// SHA-256.
    pub digest: Digest,
}

impl Entry {
    /// The entry of a component's target; `None` for another target.
    pub(crate) fn of(path: &str, target: &TargetFile, role: &Targets) -> Option<Self> {
        let listing = target.custom.clone()?;
        let statement = role.files.get(&listing.statement)?;
        let listed = |path: &str, target: &TargetFile| Listed {
            path: path.to_owned(),
            length: target.length,
            digest: target.hashes.sha256,
        };
        Some(Self {
            id: listing.id.clone(),
            version: listing.version.clone(),
            summary: listing.summary.as_deref().map(text),
            license: listing.license.as_deref().map(text),
            contract: text(&listing.contract),
            sequence: listing.sequence,
            grants: listing.grants.iter().map(|grant| text(grant)).collect(),
            limits: listing.limits.iter().map(|(name, limit)| (text(name), *limit)).collect(),
            yanked: listing.yanked.as_deref().map(text),
            component: listed(path, target),
            statement: listed(&listing.statement, statement),
            listing,
        })
    }

    /// Whether each of these words, in lower case, is in its name or summary.
    pub(crate) fn has_words(&self, words: &[String]) -> bool {
        let text = format!("{} {}", self.id, self.summary.as_deref().unwrap_or_default()).to_lowercase();
        words.iter().all(|word| text.contains(word))
    }
}

fn text(text: &str) -> String {
    bartizan_model::truncate_chars(&bartizan_model::printable(text), 200)
}
