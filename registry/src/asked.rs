//! Limits that a component asks to be raised.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Limits beyond the usual that a component asks for, under its publisher's signature. Big language runtimes need them. Asking
/// raises nothing: a user grants each at install.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskedLimits {
    /// Linear memory, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
    /// Fuel for one call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuel: Option<u64>,
}

impl AskedLimits {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether each of these limits is no higher than what `other` has.
    pub fn fits(&self, other: &Self) -> bool {
        let fits = |asked: Option<u64>, given: Option<u64>| asked.is_none() || asked <= given;
        fits(self.memory, other.memory) && fits(self.fuel, other.fuel)
    }
}

impl AskedLimits {
    /// Each limit as it is granted on the command line: "memory=64MiB".
    pub fn words(&self) -> Vec<String> {
        let memory = self.memory.map(|bytes| format!("memory={}MiB", bytes.div_ceil(1 << 20)));
        let fuel = self.fuel.map(|fuel| format!("fuel={fuel}"));
        memory.into_iter().chain(fuel).collect()
    }
}

impl fmt::Display for AskedLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.words().join(", "))
    }
}
