//! MCP-PROTO-006: members that two parsers read differently, where that changes what a client sees.

use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{
    rules,
    seen::{self, clipped, text},
};

/// Findings of one server; more are the same trick again.
const MAX_FOUND: usize = 50;
/// Characters after which the host cuts a value that it tells.
const CUT: usize = 200;

/// What a member decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Nobody acts on it.
    Idle,
    /// A model reads it or a client acts on it.
    Read,
    /// It is what is called: who approves one may call the other.
    Identity,
}

pub(crate) fn check(server: &Server) -> Vec<Finding> {
    let duplicates = seen::all(server, "duplicate-key").map(|(about, detail)| (about, detail, false));
    let variants = seen::all(server, "case-variant-key").map(|(about, detail)| (about, detail, true));
    let mut findings: Vec<Finding> = duplicates
        .chain(variants)
        .filter_map(|(about, detail, by_case)| judge(server, about, &detail, by_case))
        .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings.truncate(MAX_FOUND);
    findings
}

fn judge(server: &Server, about: &str, detail: &Value, by_case: bool) -> Option<Finding> {
    let item = text(detail, "item").unwrap_or_default();
    let pointer = text(detail, "pointer")?;
    let member = pointer.rsplit('/').next().filter(|member| !member.is_empty())?;
    let values = values(detail);
    let weight = weight(item, pointer, member);
    let differ = differ(&values);
    let severity = match (differ, weight) {
        // What is the same twice is read the same by all.
        (Some(false), _) | (_, Weight::Idle) => Severity::Info,
        (Some(true), Weight::Identity) => Severity::High,
        (Some(true), Weight::Read) | (None, Weight::Identity) => Severity::Medium,
        (None, Weight::Read) => Severity::Low,
    };
    let how = if by_case { "in two spellings that differ by case only" } else { "twice in one object" };
    let effect = match (differ, weight) {
        (Some(false), _) => {
            "The values are the same, so nothing is hidden, but strict parsers refuse the object."
        }
        (Some(true), Weight::Identity) => {
            "The values differ, so what one client shows for approval is not what another one calls."
        }
        (Some(true), Weight::Read) => {
            "The values differ: some parsers take the first, some the last, so a check and the client that acts on it \
             can each see another one."
        }
        (None | Some(true), Weight::Idle) => {
            "No client is known to act on it, but strict parsers refuse the object."
        }
        (None, _) => "Some parsers take the first, some the last, so two clients can see two things.",
    };
    let subject = subject(server, item, about);
    let whose = if subject.kind == "server" {
        if about.is_empty() {
            "What the server sent".to_owned()
        } else {
            format!("The {} {:?}", noun(item), clipped(about))
        }
    } else {
        format!("The {}", noun(item))
    };
    let message = format!("{whose} has {:?} {how}. {effect}", clipped(member));
    let mut finding = Finding::new(rules::KEYS, &subject, message).severity(severity);
    let at = if subject.kind == "server" { "" } else { bounded(pointer) };
    for (key, value) in keys(detail).iter().zip(&values).take(4) {
        finding = finding.evidence(&clipped(key), value, at);
    }
    if finding.evidence.is_empty() {
        finding = finding.evidence("member", &clipped(pointer), at);
    }
    Some(finding)
}

/// How much hangs on a member, by where it stands.
fn weight(item: &str, pointer: &str, member: &str) -> Weight {
    let member = member.to_lowercase();
    let depth = pointer.matches('/').count();
    let in_schema =
        ["/inputSchema/", "/outputSchema/", "/arguments/"].iter().any(|at| pointer.starts_with(at));
    match item {
        "list" => Weight::Identity,
        "message" => match member.as_str() {
            "result" | "error" | "id" | "method" | "params" => Weight::Identity,
            _ => Weight::Idle,
        },
        _ if pointer.starts_with("/_meta/") => Weight::Idle,
        _ if in_schema => match member.as_str() {
            // Documentation for people, and what validators do not look at.
            "examples" | "$comment" | "$schema" | "deprecated" => Weight::Idle,
            _ if pointer.contains("/default/") || pointer.contains("/examples/") => Weight::Idle,
            _ => Weight::Read,
        },
        _ if depth == 1 => match member.as_str() {
            "name" | "uri" | "uritemplate" | "inputschema" => Weight::Identity,
            "icons" | "_meta" | "size" => Weight::Idle,
            _ => Weight::Read,
        },
        _ => Weight::Read,
    }
}

fn keys(detail: &Value) -> Vec<String> {
    strings(detail, "keys")
}

fn values(detail: &Value) -> Vec<String> {
    strings(detail, "values")
}

fn strings(detail: &Value, key: &str) -> Vec<String> {
    let list = detail.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).take(20).map(str::to_owned).collect()
}

/// Whether the values differ; `None` where that was not told, or they are alike as far as they were.
fn differ(values: &[String]) -> Option<bool> {
    let (first, rest) = values.split_first()?;
    if rest.is_empty() {
        return None;
    }
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    let is_cut = |text: &String| text.chars().count() >= CUT;
    // 1.0 and 1, or other white space, are the same to every client.
    let same = |other: &String| other == first || read(first).is_some() && read(other) == read(first);
    if !rest.iter().all(same) {
        return Some(true);
    }
    if values.iter().any(is_cut) { None } else { Some(false) }
}

/// What the finding is about, if it is there under that name: a name that is itself ambiguous may not be.
fn subject(server: &Server, item: &str, about: &str) -> Subject {
    let there = match item {
        "tool" => server.tools.iter().any(|tool| tool.name == about),
        "prompt" => server.prompts.iter().any(|prompt| prompt.name == about),
        "resource" => server.resources.iter().any(|one| !one.is_template && one.uri == about),
        "resource template" | "resource-template" => {
            server.resources.iter().any(|one| one.is_template && one.uri == about)
        }
        _ => false,
    };
    let (kind, name) =
        if there { (item.replace(' ', "-"), about.to_owned()) } else { ("server".into(), String::new()) };
    Subject { kind, name }
}

fn noun(item: &str) -> &str {
    match item {
        "tool" | "prompt" | "resource" | "list" | "message" | "server" => item,
        "resource template" | "resource-template" => "resource template",
        _ => "object",
    }
}

/// A pointer that is too long to be shown is left out: the host takes no half of one.
fn bounded(pointer: &str) -> &str {
    if pointer.len() <= 1_000 { pointer } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differ_in(values: &[&str]) -> Option<bool> {
        differ(&values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn values_that_every_client_reads_alike_do_not_differ() {
        assert_eq!(differ_in(&["\"a\"", "\"a\""]), Some(false));
        assert_eq!(differ_in(&["{\"a\": 1}", "{\"a\":1}"]), Some(false));
        assert_eq!(differ_in(&["\"a\"", "\"b\""]), Some(true));
        assert_eq!(differ_in(&["\"a\""]), None);
        assert_eq!(differ_in(&[]), None);
        let cut = "x".repeat(CUT);
        assert_eq!(differ_in(&[&cut, &cut]), None);
    }

    #[test]
    fn what_is_called_weighs_more_than_what_is_kept() {
        assert_eq!(weight("tool", "/Name", "Name"), Weight::Identity);
        assert_eq!(weight("tool", "/description", "description"), Weight::Read);
        assert_eq!(weight("tool", "/inputSchema/properties/p", "p"), Weight::Read);
        assert_eq!(weight("tool", "/_meta/a/b", "b"), Weight::Idle);
        assert_eq!(weight("list", "/tools", "tools"), Weight::Identity);
        assert_eq!(weight("message", "/result", "result"), Weight::Identity);
    }
}
