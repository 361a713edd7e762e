//! What a tool promises about itself.

use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{change::Change, power, schema};

/// As the protocol says what is meant where nothing is said.
const HINTS: [(&str, bool); 4] =
    [("readOnlyHint", false), ("destructiveHint", true), ("idempotentHint", false), ("openWorldHint", true)];

pub(crate) fn compare(before: &Tool, after: &Tool) -> Vec<Change> {
    let read = |tool: &Tool| tool.annotations.as_deref().and_then(schema::parse).unwrap_or_default();
    let (old, new) = (read(before), read(after));
    let mut changes = Vec::new();
    for (hint, default) in HINTS {
        let said = |value: &Value| value.get(hint).and_then(Value::as_bool);
        let (was, is) = (said(&old), said(&new));
        if was.unwrap_or(default) == is.unwrap_or(default) {
            continue;
        }
        // Saying for the first time what a tool does is what everybody asks of servers.
        let first = was.is_none();
        let mighty = !power::of_name(&after.name).is_empty();
        let (severity, what) = match (hint, is.unwrap_or(default)) {
            ("readOnlyHint", false) if was == Some(true) => {
                (Severity::Medium, "was approved as one that only reads, and does not say so any more")
            }
            ("readOnlyHint", true) if mighty => (
                Severity::Medium,
                "says now that it only reads, though its name says otherwise: clients may stop asking",
            ),
            ("readOnlyHint", true) if !first => {
                (Severity::Low, "says now that it only reads: clients may stop asking")
            }
            ("destructiveHint", true) if was == Some(false) => {
                (Severity::Medium, "may destroy what it changes now")
            }
            ("destructiveHint", false) if mighty && !first => {
                (Severity::Low, "says now that it destroys nothing: clients may stop asking")
            }
            ("openWorldHint", true) if was == Some(false) => {
                (Severity::Medium, "was local, and reaches out now")
            }
            _ => (Severity::Info, "makes other promises"),
        };
        let shows = format!("{hint}: {} → {}", shown(was), shown(is));
        changes.push(Change::new(after, severity, what).shows(&shows, "/annotations"));
    }
    changes
}

fn shown(hint: Option<bool>) -> &'static str {
    match hint {
        Some(true) => "true",
        Some(false) => "false",
        None => "absent",
    }
}
