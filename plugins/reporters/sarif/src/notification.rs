//! What was not checked: the invocation failed, and these notifications say where. Notices are notifications too, of
//! a level that fails nothing.

use std::collections::BTreeSet;

use bartizan_sdk::report::{NotChecked, Notice, Report, visible};
use serde_json::{Value, json};

use crate::{log::MAX_RESULTS, message};

/// Code of what this reporter itself had to leave out.
const TRUNCATED: &str = "results-truncated";
/// Code of a notice that has none.
const NOTICE: &str = "notice";
/// Code of a gap that the report does not name but shows.
const NOTHING_LOOKED_AT: &str = "nothing-looked-at";
/// Notices told one by one.
const MAX_NOTICES: usize = 1_000;

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
    if is_cut(report) {
        let aside = match report.suppressed.len() {
            0 => String::new(),
            count => format!(" and {count} that were set aside"),
        };
        let text = format!("{} findings{aside}; the worst {MAX_RESULTS} are here.", report.findings.len());
        notifications.push(notification(&codes, TRUNCATED, &text, "warning"));
    }
    notifications.extend(report.notices.iter().take(MAX_NOTICES).map(|one| notice(&codes, one)));
    if let Some(more) = report.notices.len().checked_sub(MAX_NOTICES).filter(|more| *more > 0) {
        notifications.push(notification(&codes, NOTICE, &format!("And {more} more notices."), "note"));
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
    if is_cut(report) {
        codes.insert(TRUNCATED.to_owned());
    }
    codes.extend(report.notices.iter().take(MAX_NOTICES).map(|one| notice_code(&one.code)));
    if report.notices.len() > MAX_NOTICES {
        codes.insert(NOTICE.to_owned());
    }
    codes.into_iter().collect()
}

fn code(code: &str) -> String {
    if code.is_empty() { "not-checked".to_owned() } else { visible(code) }
}

fn notice_code(code: &str) -> String {
    if code.is_empty() { NOTICE.to_owned() } else { visible(code) }
}

/// Whether there are more results than a run may have.
fn is_cut(report: &Report) -> bool {
    report.findings.len().saturating_add(report.suppressed.len()) > MAX_RESULTS
}

fn is_idle(report: &Report) -> bool {
    report.servers.is_empty() || report.rules.is_empty()
}

fn not_checked(codes: &[String], entry: &NotChecked) -> Value {
    let by = entry.component.as_deref().map(|name| format!("{}: ", message::plain(name))).unwrap_or_default();
    let text = format!("Not checked: {}. {by}{}", message::plain(&entry.what), message::plain(&entry.why));
    notification(codes, &code(&entry.code), text.trim(), "error")
}

fn notice(codes: &[String], entry: &Notice) -> Value {
    let text = format!("{}: {}", message::plain(&entry.what), message::plain(&entry.why));
    notification(codes, &notice_code(&entry.code), &text, "note")
}

fn notification(codes: &[String], code: &str, text: &str, level: &str) -> Value {
    json!({
        "descriptor": { "id": code, "index": codes.iter().position(|known| known == code) },
        "level": level,
        "message": { "text": text },
    })
}
