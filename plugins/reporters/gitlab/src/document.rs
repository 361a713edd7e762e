//! The document from the top: one scan and its vulnerabilities.

use std::collections::BTreeMap;

use bartizan_sdk::report::{Finding, NotChecked, Report, Verdict, shorten, visible};
use serde_json::{Value, json};

use crate::vulnerability::vulnerability;

/// The newest that GitLab has; every 15.x is taken by servers of that major version.
const SCHEMA_VERSION: &str = "15.2.1";
/// The schema wants both times and their pattern allows no null, and the report says how long a scan took but not when
/// it was: the same server makes the same report. A time that no scan can have is better than one that is made up.
const NO_TIME: &str = "1970-01-01T00:00:00";
/// A document larger than this is refused by the host, so the least findings are left out and counted.
const MOST_BYTES: usize = 12 << 20;
/// Messages about what was not checked.
const MOST_MESSAGES: usize = 1_000;

/// The document. The same report gives the same bytes: it holds no time.
///
/// Written vulnerability by vulnerability, one a line: all of a large report as one tree of values would take several
/// times the memory that a component has.
pub fn document(report: &Report) -> serde_json::Result<Vec<u8>> {
    let mut out = format!("{{\n\"version\": \"{SCHEMA_VERSION}\",\n\"vulnerabilities\": [").into_bytes();
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut repeats: BTreeMap<&str, usize> = BTreeMap::new();
    let mut written = 0_usize;
    for finding in &findings {
        let repeat = repeats.entry(&finding.fingerprint).or_default();
        let vulnerability = serde_json::to_vec(&vulnerability(report, finding, *repeat))?;
        *repeat = repeat.saturating_add(1);
        if out.len().saturating_add(vulnerability.len()) > MOST_BYTES {
            break;
        }
        out.extend_from_slice(if written == 0 { b"\n" } else { b",\n" });
        out.extend_from_slice(&vulnerability);
        written = written.saturating_add(1);
    }
    out.extend_from_slice(b"\n],\n\"scan\": ");
    serde_json::to_writer_pretty(&mut out, &scan(report, findings.len().saturating_sub(written)))?;
    out.extend_from_slice(b"\n}\n");
    Ok(out)
}

/// How the scan went, and what it did not look at.
fn scan(report: &Report, left_out: usize) -> Value {
    let gaps = report.gaps();
    let mut messages: Vec<Value> =
        gaps.iter().take(MOST_MESSAGES).map(|gap| unchecked(report, gap)).collect();
    if gaps.len() > MOST_MESSAGES {
        let more = gaps.len().saturating_sub(MOST_MESSAGES);
        messages.push(message("warn", &format!("Not checked: and {more} more")));
    }
    if left_out > 0 {
        let text = format!("{left_out} findings more; a report with all of them would be too large");
        messages.push(message("warn", &text));
    }
    messages.push(message("info", &format!("{}: {}", report.headline(), report.basis())));
    // What was set aside is counted here and is no vulnerability. The one flag that the format has for a vulnerability,
    // `flagged-as-likely-false-positive`, says something else: what is set aside is mostly true and accepted. Without a
    // flag it would be an open vulnerability on the page; dismissing is done there, by a person.
    messages.extend(report.remarks().iter().map(|remark| message("info", remark)));
    let program = json!({
        "id": "bartizan",
        "name": "Bartizan",
        "version": non_empty(&visible(&report.tool.version), "unknown"),
        "vendor": { "name": "Bartizan" },
    });
    json!({
        "analyzer": program,
        "scanner": program,
        "type": "sast",
        "start_time": NO_TIME,
        "end_time": NO_TIME,
        "status": if gaps.is_empty() { "success" } else { "failure" },
        "messages": messages,
    })
}

fn unchecked(report: &Report, gap: &NotChecked) -> Value {
    let level = if report.verdict() == Verdict::NothingChecked { "fatal" } else { "warn" };
    let by = gap.component.as_deref().map(|name| format!("{}: ", visible(name))).unwrap_or_default();
    message(level, &format!("Not checked: {}. {by}{}", visible(&gap.what), gap.reason()))
}

fn message(level: &str, text: &str) -> Value {
    json!({ "level": level, "value": shorten(text, 2_000) })
}

pub(crate) fn non_empty(text: &str, otherwise: &str) -> String {
    if text.trim().is_empty() { otherwise.to_owned() } else { text.to_owned() }
}
