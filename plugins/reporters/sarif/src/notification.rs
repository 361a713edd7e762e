//! What was not checked: the invocation failed, and these notifications say where.

use std::collections::BTreeSet;

use bartizan_sdk::report::{NotChecked, Report, visible};
use serde_json::{Value, json};

use crate::{log::MAX_RESULTS, message};

/// Code of what this reporter itself had to leave out.
const TRUNCATED: &str = "results-truncated";
/// Code of a gap that the report does not name but shows.
const NOTHING_LOOKED_AT: &str = "nothing-looked-at";

/// How the scan went.
pub(crate) fn invocation(report: &Report) -> Value {
    let codes = codes(report);
    let mut notifications: Vec<Value> =
        report.not_checked.iter().map(|entry| not_checked(&codes, entry)).collect();
    if is_idle(report) {
        let text = "Nothing was looked at: there was no server, or no rule.";
        notifications.push(notification(&codes, NOTHING_LOOKED_AT, text, "error"));
    }
    for server in report.servers.iter().filter(|server| server.is_silent()) {
        let text = format!("Not checked: {} never answered.", message::plain(&server.name));
        notifications.push(notification(&codes, NOTHING_LOOKED_AT, &text, "error"));
    }
    let successful = notifications.is_empty();
    if report.findings.len() > MAX_RESULTS {
        let text = format!("{} findings; the worst {MAX_RESULTS} are here.", report.findings.len());
        notifications.push(notification(&codes, TRUNCATED, &text, "warning"));
    }
    json!({ "executionSuccessful": successful, "toolExecutionNotifications": notifications })
}

/// The codes that occur, declared as the format wants them.
pub(crate) fn descriptors(report: &Report) -> Vec<Value> {
    codes(report).into_iter().map(|code| json!({ "id": code })).collect()
}

fn codes(report: &Report) -> Vec<String> {
    let mut codes: BTreeSet<String> = report.not_checked.iter().map(|entry| code(&entry.code)).collect();
    if is_idle(report) || report.servers.iter().any(bartizan_sdk::report::ServerSummary::is_silent) {
        codes.insert(NOTHING_LOOKED_AT.to_owned());
    }
    if report.findings.len() > MAX_RESULTS {
        codes.insert(TRUNCATED.to_owned());
    }
    codes.into_iter().collect()
}

fn code(code: &str) -> String {
    if code.is_empty() { "not-checked".to_owned() } else { visible(code) }
}

fn is_idle(report: &Report) -> bool {
    report.servers.is_empty() || report.rules.is_empty()
}

fn not_checked(codes: &[String], entry: &NotChecked) -> Value {
    let by = entry.component.as_deref().map(|name| format!("{}: ", message::plain(name))).unwrap_or_default();
    let text = format!("Not checked: {}. {by}{}", message::plain(&entry.what), message::plain(&entry.why));
    notification(codes, &code(&entry.code), text.trim(), "error")
}

fn notification(codes: &[String], code: &str, text: &str, level: &str) -> Value {
    json!({
        "descriptor": { "id": code, "index": codes.iter().position(|known| known == code) },
        "level": level,
        "message": { "text": text },
    })
}
