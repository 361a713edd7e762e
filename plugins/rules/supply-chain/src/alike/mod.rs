//! MCP-SEC-047: a name that is nearly that of something well known.
//!
//! Registries are full of honest names that are like each other. So a name is judged by what makes it imitate: a
//! scope written nearly as a publisher's, a known name with a slip of the finger in its own part, letters of another
//! alphabet. Words added to a known name, other orders of its words and other people's scopes are not told.

mod known;
mod package;
mod slip;
mod tool;

use bartizan_sdk::prelude::*;

use crate::{launch::Launch, rules, text::clipped};

/// A name and what it is nearly.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Likeness {
    of: String,
    how: String,
    severity: Severity,
    confidence: Confidence,
}

pub(crate) fn check(server: &Server, launches: &[Launch]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut judged: Vec<&str> = Vec::new();
    for package in launches.iter().flat_map(Launch::packages) {
        if judged.contains(&package.name.as_str()) {
            continue;
        }
        judged.push(&package.name);
        if let Some(likeness) = package::judge(package.ecosystem, &package.name) {
            let message = format!(
                "The server is fetched as `{}`, {} the well-known `{}`: a slip of the hand, or a package that waits for one.",
                clipped(&package.name),
                likeness.how,
                clipped(&likeness.of)
            );
            let fix = format!(
                "If `{}` was meant, write it so. If not, look who publishes this one.",
                clipped(&likeness.of)
            );
            findings.push(finding(server, &message, &likeness, "package", &package.name).remediation(fix));
        }
    }
    if let Some(likeness) = package::judge_said(&server.name) {
        let message = format!(
            "The server calls itself `{}`, {} the well-known `{}`.",
            clipped(&server.name),
            likeness.how,
            clipped(&likeness.of)
        );
        findings.push(finding(server, &message, &likeness, "server's name", &server.name));
    }
    findings.extend(tool::check(server));
    findings
}

fn finding(
    about: &impl bartizan_sdk::IntoSubject,
    message: &str,
    likeness: &Likeness,
    label: &str,
    name: &str,
) -> Finding {
    Finding::new(rules::ALIKE, about, message)
        .severity(likeness.severity)
        .confidence(likeness.confidence)
        .evidence(label, &clipped(name), "")
        .evidence("nearly", &clipped(&likeness.of), "")
}
