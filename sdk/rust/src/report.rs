//! The JSON report as a reporter reads it.
//!
//! [`Report::from_json`] takes the text that [`crate::Reporter::render`] is given. Members that this version does
//! not know are ignored, so a reporter keeps working when the report gains some. The members that say what was
//! *not* checked are never optional: a report without them is refused rather than shown as complete.

mod groups;
pub mod markdown;
mod names;
mod scale;
mod verdict;
mod visible;

use serde::Deserialize;

use crate::types::Failure;

pub use groups::{Group, groups};
pub use scale::{Confidence, Severity};
pub use verdict::{Verdict, counted, shorten};
pub use visible::{is_hidden, visible};

/// The shape of report that these types read.
pub const SCHEMA_VERSION: &str = "1";

/// Everything that one run found, and everything it could not look at.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Report {
    /// Version of the report's shape.
    pub schema_version: String,
    /// The program that wrote it.
    pub tool: ToolInfo,
    /// The servers that were looked at, or should have been.
    pub servers: Vec<ServerSummary>,
    /// Worst first.
    pub findings: Vec<Finding>,
    /// Findings that somebody set aside.
    #[serde(default)]
    pub suppressed: Vec<Suppressed>,
    /// Every rule that was asked to look, whether it found something or not.
    pub rules: Vec<Rule>,
    /// Every component that was loaded.
    pub plugins: Vec<ComponentRef>,
    /// What was asked for and not checked.
    pub not_checked: Vec<NotChecked>,
    /// What the reader should know of the run itself.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// Counts and times.
    #[serde(default)]
    pub stats: Stats,
}

impl Report {
    /// Reads the report; the failure is what [`crate::Reporter::render`] gives back.
    pub fn from_json(json: &str) -> Result<Self, Failure> {
        let mut report: Self = serde_json::from_str(json)
            .map_err(|error| Failure::Other(format!("this is not a report: {error}")))?;
        if report.schema_version != SCHEMA_VERSION {
            return Err(Failure::Unsupported(format!(
                "this reporter reads reports of schema version {SCHEMA_VERSION}, not {}",
                visible(&report.schema_version)
            )));
        }
        for server in &mut report.servers {
            server.calls_itself.clone_from(&server.name);
            if !server.id.is_empty() {
                server.name.clone_from(&server.id);
            }
            // Asked for so, and no failure: but whoever reads the report must not take it for looked at.
            if server.is_not_started() {
                report.not_checked.push(NotChecked {
                    what: format!("what server `{}` presents", visible(&server.name)),
                    component: None,
                    code: "not-started".to_owned(),
                    why: "it was not to be started: only how it is configured was judged".to_owned(),
                });
            }
        }
        Ok(report)
    }

    /// The rule with this id, if it was among those asked to look.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}

/// A program, by name and version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ToolInfo {
    /// "bartizan".
    pub name: String,
    /// Semantic version.
    pub version: String,
}

/// A component, by name, version and content.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ComponentRef {
    /// "publisher/name".
    pub name: String,
    /// Semantic version.
    pub version: String,
    /// SHA-256 of the component's bytes, in hexadecimal.
    pub digest: String,
}

/// A server, in the few facts a reader needs to know which one it was.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ServerSummary {
    /// As it stands in the report; [`Report::from_json`] puts it in `name`.
    #[serde(default)]
    id: String,
    /// As it calls itself.
    #[serde(skip)]
    pub calls_itself: String,
    /// "answered", "silent" or "not-started"; empty in reports of versions that did not say.
    #[serde(default)]
    pub status: String,
    /// What findings call it: the name it has in a configuration, or else its own; no two servers of a report have the same.
    pub name: String,
    /// As it says; may be empty.
    #[serde(default)]
    pub version: String,
    /// The protocol revision that was agreed on; may be empty.
    #[serde(default)]
    pub protocol_version: String,
    /// What the user asked for: a command line, a URL, a path.
    #[serde(default)]
    pub target: String,
    /// How it was reached.
    #[serde(default)]
    pub transport: Transport,
    /// SHA-256 of what it presented; absent if it never answered.
    #[serde(default)]
    pub digest: Option<String>,
    /// How many tools it listed.
    #[serde(default)]
    pub tools: u64,
    /// How many prompts it listed.
    #[serde(default)]
    pub prompts: u64,
    /// How many resources and resource templates it listed.
    #[serde(default)]
    pub resources: u64,
    /// What was learnt by looking.
    #[serde(default)]
    pub observations: Vec<Observation>,
}

/// How a server was reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Transport {
    /// "stdio", "streamable-http", "sse" or "file".
    pub kind: String,
    /// URL, or path for "file"; empty for stdio.
    #[serde(default)]
    pub address: String,
    /// Program and arguments for stdio.
    #[serde(default)]
    pub command: Vec<String>,
}

/// Something learnt by looking. Its particulars are left unread here: they are any JSON at all.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Observation {
    /// An open code.
    pub kind: String,
    /// What it is about. May be empty.
    #[serde(default)]
    pub about: String,
}

/// A finding that somebody set aside.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Suppressed {
    /// What was found.
    pub finding: Finding,
    /// "config", "inline" or "baseline".
    pub by: String,
    /// Why, in the words of whoever did it.
    #[serde(default)]
    pub reason: String,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<String>,
    /// The last day on which it counts.
    #[serde(default)]
    pub expires: Option<String>,
}

/// Something that the reader should know of the run itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Notice {
    /// An open code: "suppression-expired", "not-enforced", "not-started" …
    pub code: String,
    /// What it is about.
    #[serde(default)]
    pub what: String,
    /// As a sentence.
    #[serde(default)]
    pub why: String,
}

/// Something that was asked for and not checked. Never to be shown as "clean".
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NotChecked {
    /// What was not checked.
    pub what: String,
    /// The component that failed, if one did.
    #[serde(default)]
    pub component: Option<String>,
    /// An open code: "fuel", "deadline", "no-answer" …
    #[serde(default)]
    pub code: String,
    /// Why, as a sentence.
    #[serde(default)]
    pub why: String,
}

/// Counts and times; absent where many servers are looked at, so that the same servers make the same report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Stats {
    /// Milliseconds from start to finished findings.
    pub elapsed_ms: Option<u64>,
    /// Of those, milliseconds spent reaching the server and listing.
    pub listing_ms: Option<u64>,
    /// Of those, milliseconds spent in rule components.
    pub rules_ms: Option<u64>,
    /// Calls into components.
    pub component_calls: Option<u64>,
}

/// A rule as the outside knows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Rule {
    /// "MCP-INJ-001".
    pub id: String,
    /// One line.
    pub title: String,
    /// Markdown.
    #[serde(default)]
    pub help: String,
    /// Severity of a finding that does not say otherwise.
    pub severity: Severity,
    /// Confidence of a finding that does not say otherwise.
    pub confidence: Confidence,
    /// "cwe:78", "owasp-mcp:MCP05" and the like.
    #[serde(default)]
    pub tags: Vec<String>,
    /// "publisher/name" of the component that declares it.
    #[serde(default)]
    pub component: String,
}

/// One thing that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Finding {
    /// Id of the rule.
    pub rule: String,
    /// Of this finding.
    pub severity: Severity,
    /// Of this finding.
    pub confidence: Confidence,
    /// One or two sentences of plain text.
    pub message: String,
    /// What it is about.
    pub subject: Subject,
    /// Other things that take part.
    #[serde(default)]
    pub related: Vec<Subject>,
    /// The reasons. Hostile text.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// What to do about it.
    #[serde(default)]
    pub remediation: Option<String>,
    /// Stays the same as long as the same rule finds the same thing in the same place.
    pub fingerprint: String,
    /// The component that found it.
    pub plugin: ComponentRef,
    /// What the component held it for, where the user holds it for something else.
    #[serde(default)]
    pub declared_severity: Option<Severity>,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Subject {
    /// "server", "tool", "prompt", "resource" or "resource-template".
    pub kind: String,
    /// Name of the server it belongs to.
    pub server: String,
    /// Name of the tool or prompt, URI of the resource; empty for the server itself.
    #[serde(default)]
    pub name: String,
    /// The file it was read from, if it was.
    #[serde(default)]
    pub path: Option<String>,
    /// Where it stands in that file.
    #[serde(default)]
    pub position: Option<Position>,
}

/// Where an item starts in the file it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 0, in UTF-8 bytes.
    pub column: u32,
}

/// A piece of what was judged, shown as a reason.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Evidence {
    /// What it is, in a few words.
    pub label: String,
    /// The text. Hostile.
    pub text: String,
    /// JSON Pointer into the item as it was sent; empty for the whole item.
    #[serde(default)]
    pub pointer: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALLEST: &str = r#"{"schema_version":"1","tool":{"name":"bartizan","version":"0.1.0"},"servers":[],
        "findings":[],"rules":[],"plugins":[],"not_checked":[]}"#;

    #[test]
    fn a_member_from_a_newer_report_is_ignored() {
        let newer = SMALLEST.replacen('{', r#"{"new_member":{"deep":[1,{"er":null}]},"#, 1);
        assert_eq!(Report::from_json(&newer), Report::from_json(SMALLEST));
        assert!(Report::from_json(&newer).is_ok());
    }

    #[test]
    fn a_report_that_does_not_say_what_was_not_checked_is_refused() {
        let silent = SMALLEST.replace(r#","not_checked":[]"#, "");
        assert!(matches!(Report::from_json(&silent), Err(Failure::Other(_))));
    }

    #[test]
    fn another_shape_of_report_is_refused() {
        let newer = SMALLEST.replace(r#""schema_version":"1""#, r#""schema_version":"2""#);
        assert!(matches!(Report::from_json(&newer), Err(Failure::Unsupported(_))));
    }

    #[test]
    fn deeply_nested_particulars_of_an_observation_do_not_stop_the_reader() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let server =
            format!(r#"[{{"name":"s","observations":[{{"kind":"k","about":"","detail":{deep}}}]}}]"#);
        let report = SMALLEST.replace(r#""servers":[]"#, &format!(r#""servers":{server}"#));
        let read = Report::from_json(&report).expect("details are not read");
        assert_eq!(read.servers[0].observations[0].kind, "k");
    }
}
