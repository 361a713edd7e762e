//! What the rules say of one server. The one place to change when another pipeline is to be measured.

use bartizan_sdk::{
    RulePack, check_natively,
    testing::{server_from_value, severity_name},
    types::{Failure, Server, Severity},
};
use serde::Serialize;
use serde_json::Value;

/// A finding, as far as counting goes.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// Id of the rule.
    pub rule: String,
    /// The lower-case word.
    pub severity: &'static str,
    /// Whether it counts as flagged: medium or above.
    pub flagged: bool,
    /// Whether it is high or above.
    pub high: bool,
    /// "tool", "prompt", "resource", "resource-template", "server".
    pub kind: String,
    /// Name of the tool or prompt, URI of the resource; empty for the server.
    pub name: String,
    /// What it says.
    pub message: String,
    /// What it shows, one line a piece.
    pub evidence: Vec<String>,
}

/// Everything the rules find in a snapshot. An error is a pack that could not judge: never "nothing found".
pub fn judge(snapshot: &Value) -> Result<Vec<Judged>, String> {
    let server = server_from_value(snapshot);
    let mut judged = Vec::new();
    run::<bartizan_tool_poisoning::Pack>(&server, &mut judged)?;
    Ok(judged)
}

fn run<P: RulePack>(server: &Server, judged: &mut Vec<Judged>) -> Result<(), String> {
    let rules = P::rules();
    let found = check_natively::<P>(server, None).map_err(|failure| match failure {
        Failure::InvalidConfig(why) | Failure::Unsupported(why) | Failure::Other(why) => why,
    })?;
    judged.extend(found.into_iter().map(|finding| {
        let own =
            rules.iter().find(|rule| rule.id == finding.rule).map_or(Severity::Info, |rule| rule.severity);
        let severity = finding.severity.unwrap_or(own);
        Judged {
            rule: finding.rule,
            severity: severity_name(severity),
            flagged: severity >= Severity::Medium,
            high: severity >= Severity::High,
            kind: finding.subject.kind,
            name: finding.subject.name,
            message: finding.message,
            evidence: finding
                .evidence
                .iter()
                .map(|piece| format!("{} [{}] {}", piece.pointer, piece.label, piece.text))
                .collect(),
        }
    }));
    Ok(())
}
