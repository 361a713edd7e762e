//! Runs a component on its author's test vectors, in the sandbox it will run in.
//!
//! [`run`] gives a [`Tested`] for each vector: what differs, and what the call took. What a vector is stands in
//! `bartizan_sdk::testing`, whose judgement this is.
//!
//! Not for: building or signing the component, nor for printing what came out.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use bartizan_kernel::{CallFailure, Component, Question, Usage};
use bartizan_model::{Finding, Server, Severity, Subject};
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
        component.rules().map(|rule| (rule.id.clone(), severity(rule.severity))).collect();
    let mut usages = BTreeMap::new();
    let outcomes = testing::run_vectors(folder, &own, |path, input| {
        let mut usage = Usage::default();
        let found = check(component, path, input, &mut usage);
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
    testing::coverage(folder, component.rules().map(|rule| rule.id.as_str()), 1)
}

/// Puts the question of the vector's rule, with all the rules that answer it.
fn check(component: &Component, path: &Path, input: &Value, usage: &mut Usage) -> Result<Vec<Found>, String> {
    let folder = path.ancestors().nth(2).and_then(Path::file_name).unwrap_or_default();
    let is_of =
        |question: Question| component.rules_of(question).iter().any(|rule| folder == OsStr::new(&rule.id));
    let rules = |question: Question| -> Vec<String> {
        component.rules_of(question).iter().map(|rule| rule.id.clone()).collect()
    };
    if is_of(Question::Drift) {
        let (pinned, present) = testing::pinned_and_present(input)?;
        let (pinned, present) = (listing(pinned)?, listing(present)?);
        let found = component.compare(&pinned, &present, &rules(Question::Drift), usage);
        return told(found, found_subject);
    }
    if is_of(Question::Fleet) {
        let servers = testing::servers_of(input)?.iter().map(listing).collect::<Result<Vec<_>, _>>()?;
        let found = bartizan_scan::judge_together(component, &servers, &rules(Question::Fleet), usage);
        return told(found, |subject| format!("{}/{}", subject.server, found_subject(subject)));
    }
    told(component.check_measured(&listing(input)?, &rules(Question::Server), usage), found_subject)
}

fn told(
    found: Result<Vec<Finding>, CallFailure>,
    subject: impl Fn(&Subject) -> String,
) -> Result<Vec<Found>, String> {
    found
        .map(|findings| findings.iter().map(|one| self::found(one, subject(&one.subject))).collect())
        .map_err(|failure| failure.to_string())
}

fn listing(snapshot: &Value) -> Result<Server, String> {
    const LISTS: [&str; 4] = ["tools", "prompts", "resources", "resourceTemplates"];
    let mut snapshot = snapshot.clone();
    // A vector is a part of a snapshot, and may be one that says nothing but how the server was reached.
    if let Some(members) = snapshot.as_object_mut()
        && !LISTS.iter().any(|list| members.contains_key(*list))
    {
        members.insert("tools".to_owned(), Value::Array(Vec::new()));
    }
    // As `bartizan_sdk::testing` reads it: instructions may stand without the answer that they are a part of.
    if let Some(members) = snapshot.as_object_mut()
        && !members.contains_key("initialize")
        && let Some(instructions) = members.remove("instructions")
    {
        members.insert("initialize".to_owned(), serde_json::json!({ "instructions": instructions }));
    }
    bartizan_mcp::snapshot::parse(snapshot.to_string().as_bytes(), Path::new("vector"))
        .map(|listing| listing.server)
        .map_err(|error| format!("not a vector: its input is no snapshot: {error}"))
}

fn found_subject(subject: &Subject) -> String {
    match subject.name.as_str() {
        "" => subject.kind.as_str().to_owned(),
        name => format!("{}:{name}", subject.kind.as_str()),
    }
}

fn found(finding: &Finding, subject: String) -> Found {
    let shown = finding
        .evidence
        .iter()
        .map(|piece| format!("\n  {} at {:?}: {:?}", piece.label, piece.pointer, piece.text));
    let said = std::iter::once(finding.message.clone()).chain(shown).collect();
    Found { rule: finding.rule.clone(), severity: severity(finding.severity), subject, said }
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
