//! Names of tools: two of one server that are one to the eye, or to a model.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_sdk::prelude::*;

use super::{Likeness, finding, slip::within};
use crate::text::clipped;

/// Tools of one server that are told of.
const MAX_TOLD: usize = 10;

/// Tools with the same parameters that are compared with each other.
const MAX_COMPARED: usize = 50;

/// Tools that so many servers have that their names are worth imitating.
#[rustfmt::skip]
const WELL_KNOWN: [&str; 24] = [
    "read_file", "write_file", "edit_file", "list_directory", "create_directory", "search_files", "fetch", "search",
    "send_email", "send_message", "execute_command", "run_command", "execute_sql", "query", "get_issue",
    "create_issue", "create_pull_request", "push_files", "get_file_contents", "search_code", "browser_navigate",
    "create_entities", "list_tables", "web_search",
];

pub(crate) fn check(server: &Server) -> Vec<Finding> {
    let mut findings = disguised(server);
    findings.extend(twins(server));
    findings
}

/// Tools that are a letter apart, take the same and say the same of themselves.
fn twins(server: &Server) -> Option<Finding> {
    let mut alike: BTreeMap<String, Vec<&Tool>> = BTreeMap::new();
    for tool in server.tools.iter().filter(|tool| tool.name.is_ascii() && tool.name.len() >= 8) {
        alike.entry(parameters(&tool.input_schema)).or_default().push(tool);
    }
    let pairs = alike.iter().filter(|(takes, _)| !takes.is_empty()).flat_map(|(_, tools)| {
        let tools: Vec<&Tool> = tools.iter().take(MAX_COMPARED).copied().collect();
        tools
            .iter()
            .enumerate()
            .flat_map(|(at, a)| tools.iter().skip(at.saturating_add(1)).map(|b| (*a, *b)))
            .filter(|(a, b)| a.name != b.name && within(&a.name, &b.name, 1) && says_the_same(a, b))
            .collect::<Vec<_>>()
    });
    let pairs: Vec<(&Tool, &Tool)> = pairs.take(MAX_TOLD).collect();
    let (first, second) = pairs.first()?;
    let message = format!(
        "The tools `{}` and `{}` are a letter apart, take the same and are described alike: which of the two a model calls is chance.",
        clipped(&first.name),
        clipped(&second.name)
    );
    let likeness = Likeness {
        of: first.name.clone(),
        how: String::new(),
        severity: Severity::Low,
        confidence: Confidence::Low,
    };
    let mut found = finding(*second, &message, &likeness, "name", &second.name)
        .remediation("Ask the author what the one does that the other does not, and leave one of them out.");
    for (a, b) in &pairs {
        found = found.related(*a).related(*b);
    }
    Some(found)
}

/// The names of the parameters, in order; empty where there are none to compare.
fn parameters(schema: &str) -> String {
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap_or_default();
    let names = schema.get("properties").and_then(serde_json::Value::as_object).into_iter().flatten();
    let mut names: Vec<&str> = names.map(|(name, _)| name.as_str()).take(100).collect();
    names.sort_unstable();
    names.join(",")
}

fn says_the_same(a: &Tool, b: &Tool) -> bool {
    let words = |tool: &Tool| -> BTreeSet<String> {
        let text: String = tool.description.as_deref().unwrap_or_default().chars().take(2_000).collect();
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (a, b) = (words(a), words(b));
    let all = a.union(&b).count();
    a.len() >= 4 && a.intersection(&b).count().saturating_mul(4) >= all.saturating_mul(3)
}

fn disguised(server: &Server) -> Vec<Finding> {
    if server.tools.iter().all(|tool| tool.name.is_ascii()) {
        return Vec::new();
    }
    let names: BTreeMap<&str, &Tool> = server.tools.iter().map(|tool| (tool.name.as_str(), tool)).collect();
    let dressed = server.tools.iter().filter(|tool| !tool.name.is_ascii());
    dressed
        .filter_map(|tool| {
            let plain = bartizan_text::Text::read(&tool.name).canonical;
            // A name in another language folds to no other tool's.
            let twin = names.get(plain.as_str()).filter(|twin| twin.name != tool.name);
            if twin.is_none() && !WELL_KNOWN.contains(&plain.as_str()) {
                return None;
            }
            let (severity, of) = match twin {
                Some(_) => (Severity::High, "this server's own other tool"),
                None => (Severity::Medium, "the tool of that name which many servers have"),
            };
            let likeness = Likeness {
                of: plain.clone(),
                how: String::new(),
                severity,
                confidence: Confidence::High,
            };
            let message = format!(
                "The tool's name shows as `{}` and is another: letters of another alphabet or characters that do not show make it pass for {of}.",
                clipped(&plain)
            );
            let found = finding(tool, &message, &likeness, "name", &tool.name)
                .remediation("Do not use the server until its author has explained the name.");
            Some(match twin {
                Some(twin) => found.related(*twin),
                None => found,
            })
        })
        .take(MAX_TOLD)
        .collect()
}
