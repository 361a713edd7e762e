//! Rules and the two scales that findings are measured on.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How bad it is if the finding is true. Ordered: `Info < Critical`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing to do.
    Info,
    /// Hardening.
    Low,
    /// Should be looked at by a person.
    Medium,
    /// An attack, or an open door.
    High,
    /// An attack that needs nothing else to succeed.
    Critical,
}

impl Severity {
    /// All severities, least first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The lower-case word used in reports and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|v| v.as_str() == s).ok_or_else(|| format!("unknown severity `{s}`"))
    }
}

/// How sure the rule is that the finding is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// One signal; a person should read it.
    Low,
    /// Several signals that agree.
    Medium,
    /// No honest explanation is known.
    High,
}

impl Confidence {
    /// The lower-case word used in reports and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A rule as the outside knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rule {
    /// Upper case, unique over all installed components: "MCP-INJ-001".
    pub id: String,
    /// One line.
    pub title: String,
    /// Markdown: what it is, why it matters, how to fix it.
    pub help: String,
    /// Severity of a finding that does not say otherwise.
    pub severity: Severity,
    /// Confidence of a finding that does not say otherwise.
    pub confidence: Confidence,
    /// "cwe:78", "owasp-mcp:MCP05" and the like.
    pub tags: Vec<String>,
    /// "publisher/name" of the component that declares it.
    pub component: String,
}
