//! What a repository tells of a component without its download: TUF's `custom` member of a target.

use std::collections::BTreeMap;

use bartizan_registry::{Claims, ComponentName};
use semver::Version;
use serde::{Deserialize, Serialize};

/// A component as its publisher lists it. To look for components by, never to decide by: that is what the statement is for.
/// Grants and limits are therefore text, so that one that this program does not know yet hides nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listing {
    pub(crate) id: ComponentName,
    pub(crate) version: Version,
    pub(crate) sequence: u64,
    pub(crate) contract: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) summary: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) license: Option<String>,
    #[serde(default)]
    pub(crate) grants: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) limits: BTreeMap<String, u64>,
    /// Path of the statement's target.
    pub(crate) statement: String,
    /// Why it should not be installed any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) yanked: Option<String>,
}

impl Listing {
    /// The listing of a component with these claims.
    pub(crate) fn of(claims: &Claims, summary: Option<String>) -> Self {
        let limits = [("memory", claims.limits.memory), ("fuel", claims.limits.fuel)];
        Self {
            id: claims.id.clone(),
            version: claims.version.clone(),
            sequence: claims.sequence,
            contract: claims.contract.clone(),
            summary,
            license: claims.license.clone(),
            grants: claims.grants.iter().map(|grant| grant.to_string()).collect(),
            limits: limits
                .into_iter()
                .filter_map(|(name, limit)| limit.map(|limit| (name.to_owned(), limit)))
                .collect(),
            statement: statement_path(&claims.id, &claims.version),
            yanked: None,
        }
    }

    /// Whether it says of the component what the component's signed statement says.
    pub(crate) fn agrees_with(&self, claims: &Claims) -> bool {
        let claimed = Self::of(claims, self.summary.clone());
        *self == Self { yanked: self.yanked.clone(), ..claimed }
    }
}

/// Path of a component's target.
pub(crate) fn component_path(id: &ComponentName, version: &Version) -> String {
    format!("{id}/{}-{version}.wasm", id.name())
}

/// Path of the target of its statement.
pub(crate) fn statement_path(id: &ComponentName, version: &Version) -> String {
    format!("{id}/{}-{version}.{}", id.name(), bartizan_registry::STATEMENT_EXTENSION)
}
