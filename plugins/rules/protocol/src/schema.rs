//! MCP-PROTO-005: a schema that is none, or that is made to hurt whoever reads it.
//!
//! Read [`judge`] first: it reads one schema within bounds and asks each part of this module for its faults.

mod class;
mod document;
mod ecma;
mod growth;
mod keywords;
mod mirrored;
mod pattern;
mod references;

use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{rules, seen::clipped};
use document::{Document, Shape};

/// Bytes, and values, of all schemas of one server that are read.
const MAX_TOTAL: usize = 2 << 20;
const MAX_TOTAL_VALUES: usize = 100_000;
/// Faults that one finding shows.
const MAX_SHOWN: usize = 8;
/// Since this revision a result may be any JSON, and so may its schema.
const ANY_OUTPUT_SINCE: &str = "2026-07-28";

/// One fault of a schema.
pub(crate) struct Fault {
    pub(crate) severity: Severity,
    /// A sentence without the tool's name: "The schema …".
    pub(crate) what: String,
    pub(crate) text: String,
    /// JSON Pointer into the tool; may be empty.
    pub(crate) pointer: String,
}

impl Fault {
    pub(crate) fn low(what: impl Into<String>, text: impl Into<String>, pointer: String) -> Self {
        Self { severity: Severity::Low, what: what.into(), text: text.into(), pointer }
    }

    pub(crate) fn medium(what: impl Into<String>, text: impl Into<String>, pointer: String) -> Self {
        Self { severity: Severity::Medium, ..Self::low(what, text, pointer) }
    }
}

pub(crate) fn check(server: &Server) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut budget = Budget::default();
    for tool in &server.tools {
        let mut faults = input(tool, &mut budget);
        faults.extend(output(tool, &server.protocol_version, &mut budget));
        findings.extend(finding(tool, &faults));
    }
    if budget.unread > 0 {
        let message = format!(
            "{} schemas were not judged: those before them have more than {} KiB or {MAX_TOTAL_VALUES} values.",
            budget.unread,
            MAX_TOTAL >> 10
        );
        findings.push(Finding::new(rules::SCHEMA, server, message).severity(Severity::Low));
    }
    if budget.effort.unjudged > 0 {
        let message = format!(
            "{} patterns were not judged: judging those before them took as long as is spent on one server.",
            budget.effort.unjudged
        );
        findings.push(Finding::new(rules::SCHEMA, server, message).severity(Severity::Low));
    }
    findings
}

/// What is left to spend on one server.
struct Budget {
    bytes: usize,
    values: usize,
    effort: pattern::Effort,
    /// Schemas that it did not reach for.
    unread: usize,
}

impl Default for Budget {
    fn default() -> Self {
        let effort = pattern::Effort::default();
        Self { bytes: MAX_TOTAL, values: MAX_TOTAL_VALUES, effort, unread: 0 }
    }
}

impl Budget {
    /// Whether there is enough left for this one.
    fn pays(&mut self, shape: &Shape) -> bool {
        if let (Some(bytes), Some(values)) =
            (self.bytes.checked_sub(shape.bytes), self.values.checked_sub(shape.values))
        {
            (self.bytes, self.values) = (bytes, values);
            return true;
        }
        self.unread = self.unread.saturating_add(1);
        false
    }
}

fn input(tool: &Tool, budget: &mut Budget) -> Vec<Fault> {
    let text = tool.input_schema.trim();
    if text == "null" || text.is_empty() {
        let what = "The tool has no `inputSchema`, or one that is not an object: clients refuse it, some of them the \
                    whole list.";
        return vec![Fault::low(what, clipped(&tool.extra), String::new())];
    }
    judge("/inputSchema", text, budget)
}

fn output(tool: &Tool, version: &str, budget: &mut Budget) -> Vec<Fault> {
    let Some(text) = tool.output_schema.as_deref().map(str::trim) else { return Vec::new() };
    // Absent, as some libraries write it; or since 2026-07-28, anything.
    if text == "null" || version >= ANY_OUTPUT_SINCE && matches!(text, "true" | "false") {
        return Vec::new();
    }
    judge("/outputSchema", text, budget)
}

fn judge(member: &'static str, text: &str, budget: &mut Budget) -> Vec<Fault> {
    let shape = Shape::of(text);
    if let Some(problem) = shape.problem() {
        return vec![Fault::low(problem, format!("{} bytes", text.len()), member.to_owned())];
    }
    if !budget.pays(&shape) {
        return Vec::new();
    }
    let Ok(root) = serde_json::from_str::<Value>(text) else {
        return vec![Fault::low("The schema is not JSON.", clipped(text), member.to_owned())];
    };
    let Some(members) = root.as_object() else {
        let what = "The schema is not an object: clients refuse the tool, some of them the whole list.";
        return vec![Fault::low(what, clipped(text), member.to_owned())];
    };
    let document = Document::read(member, &root);
    let mut faults = references::faults(&document);
    faults.extend(growth::faults(&document));
    faults.extend(keywords::faults(&document));
    faults.extend(mirrored::faults(&document));
    faults.extend(pattern::faults(&document, &mut budget.effort));
    if member == "/inputSchema" && members.get("type").and_then(Value::as_str) != Some("object") {
        let shown = members.get("type").map(Value::to_string).unwrap_or_default();
        let what = "The `inputSchema` does not say that it is of type \"object\", which the protocol wants.";
        faults.push(Fault::low(what, clipped(&shown), member.to_owned()));
    }
    faults
}

/// The faults of one tool are one finding, as bad as the worst of them.
fn finding(tool: &Tool, faults: &[Fault]) -> Option<Finding> {
    // The first of the worst: `max_by_key` would take the last.
    let severity = faults.iter().map(|fault| fault.severity).max()?;
    let worst = faults.iter().find(|fault| fault.severity == severity)?;
    let more = match faults.len() {
        1 => String::new(),
        2 => " There is one more fault.".to_owned(),
        count => format!(" There are {} more faults.", count.saturating_sub(1)),
    };
    let mut sorted: Vec<&Fault> = faults.iter().collect();
    sorted.sort_by_key(|fault| std::cmp::Reverse(fault.severity));
    let mut finding = Finding::new(rules::SCHEMA, tool, format!("{}{more}", worst.what)).severity(severity);
    for fault in sorted.into_iter().take(MAX_SHOWN) {
        finding = finding.evidence(&short(&fault.what), &fault.text, &fault.pointer);
    }
    Some(finding)
}

/// The beginning of a fault's sentence, for a label.
fn short(what: &str) -> String {
    let end = what.find([':', '.']).unwrap_or(what.len());
    what.get(..end).unwrap_or_default().chars().take(120).collect()
}
