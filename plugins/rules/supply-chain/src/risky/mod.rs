//! MCP-SEC-053: how the server is started gives more away than a server needs.
//!
//! Each module below looks at one side of it and says what it sees; here it is weighed and put together. Things that
//! nearly every honest server does are told as info.

mod container;
mod download;
mod environment;
mod file;
mod pinning;

use bartizan_sdk::prelude::*;

use crate::{
    launch::Launch,
    rules,
    text::{clipped, harmless},
};

/// Findings of one server.
const MAX_FINDINGS: usize = 12;
/// Pieces of evidence in one.
const MAX_EVIDENCE: usize = 8;

/// One thing that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// What side of the launch it is about; what is of one side is one finding.
    side: Side,
    severity: Severity,
    /// A sentence.
    what: String,
    /// Words of the command line that show it.
    shows: String,
    /// What to do.
    fix: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Download,
    Container,
    Rights,
    File,
    Environment,
    Pinning,
    Approval,
}

pub(crate) fn check(server: &Server, launches: &[Launch]) -> Vec<Finding> {
    let mut seen: Vec<Seen> = Vec::new();
    for launch in launches {
        for mut one in of(launch) {
            // An entry that is switched off starts nothing until somebody switches it on.
            if launch.around.disabled {
                one.severity = one.severity.min(Severity::Low);
            }
            if !seen.contains(&one) {
                seen.push(one);
            }
        }
    }
    seen.sort_by_key(|one| (one.side, std::cmp::Reverse(one.severity)));
    let mut findings: Vec<Finding> = Vec::new();
    for group in seen.chunk_by(|a, b| a.side == b.side).take(MAX_FINDINGS) {
        findings.extend(finding(server, group));
    }
    findings
}

fn of(launch: &Launch) -> Vec<Seen> {
    let mut seen = download::look(launch);
    seen.extend(container::look(launch));
    seen.extend(launch.raised.iter().map(|word| Seen {
        side: Side::Rights,
        severity: Severity::Medium,
        what: format!(
            "The server is started with `{word}`: whatever makes it misbehave does so as the administrator."
        ),
        shows: word.clone(),
        fix: "Start it as an ordinary user, and give that user what it needs.",
    }));
    seen.extend(file::look(launch));
    seen.extend(environment::look(launch));
    seen.extend(pinning::look(launch));
    if launch.around.approves_all {
        let grave = seen.iter().any(|one| one.severity >= Severity::Medium);
        let also = if grave { ", of a server that is started in a dangerous way besides" } else { "" };
        seen.push(Seen {
            side: Side::Approval,
            severity: if grave { Severity::Medium } else { Severity::Low },
            what: format!("Every call is approved beforehand{also}: nobody sees what a model that was talked into something calls."),
            shows: "*".to_owned(),
            fix: "Approve single tools that only read, and leave the others to ask.",
        });
    }
    seen
}

fn finding(server: &Server, group: &[Seen]) -> Option<Finding> {
    let worst = group.first()?;
    let graver = |seen: &&Seen| seen.severity >= Severity::Medium;
    // Two ways out of a container are one: several that are grave make it graver.
    let severity = if worst.side == Side::Container && group.iter().filter(graver).count() > 1 {
        Severity::High
    } else {
        worst.severity
    };
    let mut message = worst.what.clone();
    if let Some(more) = group.len().checked_sub(1).filter(|more| *more > 0) {
        let and: Vec<&str> = group.iter().skip(1).take(3).map(|seen| seen.what.as_str()).collect();
        message = format!("{message} And {more} more: {}", and.join(" "));
    }
    let mut finding = Finding::new(rules::RISKY, server, message).severity(severity).remediation(worst.fix);
    for seen in group.iter().take(MAX_EVIDENCE) {
        finding = finding.evidence("command line", &clipped(&seen.shows), "");
    }
    Some(finding)
}

/// The words as they may be shown.
fn shown(words: &[String]) -> String {
    words.iter().take(12).map(|word| harmless(word)).collect::<Vec<_>>().join(" ")
}
