//! The document a scan ends in. `--format json` is exactly this; every other format is rendered from it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Digest, Finding, Notice, Observation, Rule, ServerStatus, Severity, SeverityCounts, Summary, Suppressed,
    Transport,
};

/// Version of the report's shape. A member that is added does not change it; one that is removed, renamed or means something else does.
pub const REPORT_SCHEMA_VERSION: &str = "1";

/// Everything that one run found, and everything it could not look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// [`REPORT_SCHEMA_VERSION`].
    pub schema_version: String,
    /// The program that wrote it.
    pub tool: ToolInfo,
    /// The servers that were looked at, or should have been.
    pub servers: Vec<ServerSummary>,
    /// Worst first.
    pub findings: Vec<Finding>,
    /// Findings that somebody set aside, with who and why. They count nowhere else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suppressed: Vec<Suppressed>,
    /// Every rule that was asked to look, whether it found something or not.
    pub rules: Vec<Rule>,
    /// Every component that was loaded.
    pub plugins: Vec<ComponentRef>,
    /// What was asked for and not checked. Empty means: everything asked was checked.
    pub not_checked: Vec<NotChecked>,
    /// What the reader should know of the run itself: suppressions that expired or matched nothing, what was not enforced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// The findings in numbers.
    #[serde(default)]
    pub summary: Summary,
    /// Counts and times.
    pub stats: Stats,
}

impl Report {
    /// A report of this program, of this version, with nothing in it.
    pub fn empty(version: &str) -> Self {
        Self {
            schema_version: REPORT_SCHEMA_VERSION.to_owned(),
            tool: ToolInfo { name: "bartizan".to_owned(), version: version.to_owned() },
            servers: Vec::new(),
            findings: Vec::new(),
            suppressed: Vec::new(),
            rules: Vec::new(),
            plugins: Vec::new(),
            not_checked: Vec::new(),
            notices: Vec::new(),
            summary: Summary::default(),
            stats: Stats::default(),
        }
    }

    /// The worst severity among the findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    /// Whether everything that was asked was checked.
    pub fn is_complete(&self) -> bool {
        self.not_checked.is_empty()
    }
}

/// A program, by name and version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ToolInfo {
    /// "bartizan".
    pub name: String,
    /// Semantic version.
    pub version: String,
}

/// A component, by name, version and content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct ComponentRef {
    /// "publisher/name".
    pub name: String,
    /// Semantic version.
    pub version: String,
    /// SHA-256 of the component's bytes.
    pub digest: Digest,
}

/// A server, in the few facts a reader needs to know which one it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServerSummary {
    /// What findings call it: the name it has in a configuration, or else its own; no two servers of a report have the same.
    #[serde(default)]
    pub id: String,
    /// Whether it was heard.
    #[serde(default)]
    pub status: ServerStatus,
    /// Its findings, those in which only its neighbours take part left out.
    #[serde(default)]
    pub severities: SeverityCounts,
    /// As it calls itself; the target if it never answered.
    pub name: String,
    /// As it says; may be empty.
    pub version: String,
    /// The revision that was agreed on; empty if it never said.
    pub protocol_version: String,
    /// What the user asked for: a command line, a URL, a path.
    pub target: String,
    /// How it was reached.
    pub transport: Transport,
    /// SHA-256 of what it presented (RFC 8785 form); absent if it never answered.
    pub digest: Option<Digest>,
    /// How many tools it listed.
    pub tools: usize,
    /// How many prompts it listed.
    pub prompts: usize,
    /// How many resources and resource templates it listed.
    pub resources: usize,
    /// What was learnt by looking.
    pub observations: Vec<Observation>,
}

/// Something that was asked for and not checked. Never to be shown as "clean".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct NotChecked {
    /// What was not checked: a server, a listing of it, a list of rules.
    pub what: String,
    /// The component that failed, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// Why: an open code such as "fuel", "deadline", "memory", "trap", "malformed-answer", "refused", "no-answer", "interrupted".
    pub code: String,
    /// Why, as a sentence for a person.
    pub why: String,
}

/// Counts and times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stats {
    /// Milliseconds from start to finished findings. Times are absent where many servers are looked at, so that
    /// the same servers make the same report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed_ms: Option<u64>,
    /// Of those, milliseconds spent reaching the server and listing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listing_ms: Option<u64>,
    /// Of those, milliseconds spent in rule components (wall time; they run in parallel).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_ms: Option<u64>,
    /// Calls into components. What was asked of the same content before is not asked again; absent where times are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component_calls: Option<u64>,
}

/// The JSON Schema (2020-12) of [`Report`].
pub fn report_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Report).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("$id".into(), "urn:bartizan:report:1".into());
        object.insert("title".into(), "Bartizan report".into());
    }
    schema
}
