//! Runs a component on its author's test vectors, in the sandbox it will run in.
//!
//! [`run`] gives a [`Tested`] for each vector: what differs, and what the call took. What a vector is stands in
//! `bartizan_sdk::testing`, whose judgement this is.
//!
//! Not for: building or signing the component, nor for printing what came out.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use bartizan_kernel::{Component, Usage};
use bartizan_model::{Finding, Severity};
use bartizan_sdk::{
    testing::{self, Differences, Found},
    types,
};
use serde_json::Value;

/// A vector that was run in the sandbox.
#[derive(Clone, Debug)]
pub struct Tested {
    /// Its file.
    pub path: PathBuf,
    /// The rule of its folder.
    pub rule: String,
    /// Whether the rule must find something in it.
    pub positive: bool,
    /// How what was found differs from what was expected, one line each.
    pub verdict: Result<(), String>,
    /// What the call took; absent if there was none.
    pub usage: Option<Usage>,
}

/// Runs every vector of the folder. An error means that there are none.
pub fn run(component: &Component, folder: &Path) -> Result<Vec<Tested>, Differences> {
    let own: BTreeMap<String, types::Severity> =
        component.rules().iter().map(|rule| (rule.id.clone(), severity(rule.severity))).collect();
    let enabled: Vec<String> = own.keys().cloned().collect();
    let mut usages = BTreeMap::new();
    let outcomes = testing::run_vectors(folder, &own, |path, input| {
        let mut usage = Usage::default();
        let found = check(component, input, &enabled, &mut usage);
        usages.insert(path.to_owned(), usage);
        found
    })?;
    let tested = outcomes.into_iter().map(|outcome| Tested {
        usage: usages.get(&outcome.path).copied(),
        path: outcome.path,
        rule: outcome.rule,
        positive: outcome.positive,
        verdict: outcome.verdict,
    });
    Ok(tested.collect())
}

/// The rules that have no positive, or no negative, vector.
pub fn uncovered(component: &Component, folder: &Path) -> Result<(), Differences> {
    testing::coverage(folder, component.rules().iter().map(|rule| rule.id.as_str()), 1)
}

fn check(
    component: &Component,
    input: &Value,
    enabled: &[String],
    usage: &mut Usage,
) -> Result<Vec<Found>, String> {
    let listing = bartizan_mcp::snapshot::parse(input.to_string().as_bytes(), Path::new("vector"))
        .map_err(|error| format!("not a vector: its input is no snapshot: {error}"))?;
    component
        .check_measured(&listing.server, enabled, usage)
        .map(|findings| findings.iter().map(found).collect())
        .map_err(|failure| failure.to_string())
}

fn found(finding: &Finding) -> Found {
    let subject = &finding.subject;
    let shown = finding
        .evidence
        .iter()
        .map(|piece| format!("\n  {} at {:?}: {:?}", piece.label, piece.pointer, piece.text));
    let said = std::iter::once(finding.message.clone()).chain(shown).collect();
    Found {
        rule: finding.rule.clone(),
        severity: severity(finding.severity),
        subject: match subject.name.as_str() {
            "" => subject.kind.as_str().to_owned(),
            name => format!("{}:{name}", subject.kind.as_str()),
        },
        said,
    }
}

fn severity(severity: Severity) -> types::Severity {
    match severity {
        Severity::Info => types::Severity::Info,
        Severity::Low => types::Severity::Low,
        Severity::Medium => types::Severity::Medium,
        Severity::High => types::Severity::High,
        Severity::Critical => types::Severity::Critical,
    }
}
