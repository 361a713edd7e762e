//! The rows.

use bartizan_sdk::report::{
    Evidence, Finding, NotChecked, Notice, Report, Rule, Subject, Suppressed, shorten,
};

use crate::cell::cell;

/// The first row. A column that is added comes last, so that what reads the others goes on working.
pub const COLUMNS: [&str; 22] = [
    "kind",
    "severity",
    "confidence",
    "rule",
    "title",
    "server",
    "subject_kind",
    "subject",
    "message",
    "evidence",
    "related",
    "remediation",
    "file",
    "line",
    "column",
    "cwe",
    "fingerprint",
    "component",
    "component_version",
    "code",
    "suppressed_by",
    "suppression_reason",
];

/// A table larger than this is refused by the host, so the least findings are left out and counted.
const MOST_BYTES: usize = 14 << 20;
/// Pieces of evidence, and other subjects, named in one cell.
const MOST_NAMED: usize = 16;
/// Notices told.
const MOST_NOTICES: usize = 1_000;
/// Characters of one piece of evidence.
const MOST_EVIDENCE: usize = 1_500;

/// The whole table. The same report gives the same bytes.
pub fn table(report: &Report) -> csv::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    let mut left = MOST_BYTES;
    for gap in &report.gaps() {
        write(&mut writer, &unchecked(gap), &mut left)?;
    }
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let found = findings.into_iter().map(|finding| found(report, finding));
    let set_aside = report.suppressed.iter().map(|one| set_aside(report, one));
    let count = report.findings.len().saturating_add(report.suppressed.len());
    for (index, row) in found.chain(set_aside).enumerate() {
        if !write(&mut writer, &row, &mut left)? {
            writer.write_record(left_out(count.saturating_sub(index)).0)?;
            break;
        }
    }
    for notice in report.notices.iter().take(MOST_NOTICES) {
        write(&mut writer, &noticed(notice), &mut left)?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// Whether there was room for the row.
fn write(writer: &mut csv::Writer<Vec<u8>>, row: &Row, left: &mut usize) -> csv::Result<bool> {
    // Two quotes and a comma a cell; a quote within one is doubled.
    let bytes =
        row.0.iter().map(|cell| cell.len().saturating_add(cell.matches('"').count()).saturating_add(3));
    let Some(rest) = left.checked_sub(bytes.sum()) else { return Ok(false) };
    *left = rest;
    writer.write_record(&row.0)?;
    Ok(true)
}

struct Row([String; COLUMNS.len()]);

impl Row {
    fn of(cells: &[(&str, &str); COLUMNS.len()]) -> Self {
        debug_assert!(cells.iter().map(|(name, _)| *name).eq(COLUMNS), "cells stand under their columns");
        Self(cells.map(|(_, text)| cell(text)))
    }
}

fn unchecked(gap: &NotChecked) -> Row {
    other("not-checked", &gap.what, &gap.why, gap.component.as_deref().unwrap_or_default(), &gap.code)
}

fn noticed(notice: &Notice) -> Row {
    other("notice", &notice.what, &notice.why, "", &notice.code)
}

fn left_out(more: usize) -> Row {
    let text = format!(
        "{more} findings more; a table with all of them would be too large. The JSON report has them."
    );
    other("left-out", "", &text, "", "too-large")
}

/// A row that is no finding.
fn other(kind: &str, subject: &str, message: &str, component: &str, code: &str) -> Row {
    Row::of(&[
        ("kind", kind),
        ("severity", ""),
        ("confidence", ""),
        ("rule", ""),
        ("title", ""),
        ("server", ""),
        ("subject_kind", ""),
        ("subject", subject),
        ("message", message),
        ("evidence", ""),
        ("related", ""),
        ("remediation", ""),
        ("file", ""),
        ("line", ""),
        ("column", ""),
        ("cwe", ""),
        ("fingerprint", ""),
        ("component", component),
        ("component_version", ""),
        ("code", code),
        ("suppressed_by", ""),
        ("suppression_reason", ""),
    ])
}

fn found(report: &Report, finding: &Finding) -> Row {
    row(report, finding, "finding", "", "")
}

/// Another kind than what counts, so that whoever counts findings does not count it.
fn set_aside(report: &Report, one: &Suppressed) -> Row {
    let more = [("owner", &one.owner), ("until", &one.expires)]
        .into_iter()
        .filter_map(|(what, value)| value.as_ref().map(|value| format!(" ({what}: {value})")));
    let reason: String = std::iter::once(one.reason.clone()).chain(more).collect();
    row(report, &one.finding, "set-aside", &one.by, reason.trim_start())
}

fn row(report: &Report, finding: &Finding, kind: &str, by: &str, reason: &str) -> Row {
    let rule = report.rule(&finding.rule);
    let subject = &finding.subject;
    let cwe: Vec<&str> = rule.into_iter().flat_map(Rule::weaknesses).collect();
    let (line, column) = match subject.position {
        Some(position) => (position.line.to_string(), position.column.saturating_add(1).to_string()),
        None => (String::new(), String::new()),
    };
    Row::of(&[
        ("kind", kind),
        ("severity", finding.severity.as_str()),
        ("confidence", finding.confidence.as_str()),
        ("rule", &finding.rule),
        ("title", rule.map_or("", |rule| &rule.title)),
        ("server", &subject.server),
        ("subject_kind", &subject.kind),
        ("subject", &subject.name),
        ("message", &finding.message),
        ("evidence", &named(&finding.evidence, evidence)),
        ("related", &named(&finding.related, Subject::in_full)),
        ("remediation", finding.remediation.as_deref().unwrap_or_default()),
        ("file", subject.path.as_deref().unwrap_or_default()),
        ("line", &line),
        ("column", &column),
        ("cwe", &cwe.join(" ")),
        ("fingerprint", &finding.fingerprint),
        ("component", &finding.plugin.name),
        ("component_version", &finding.plugin.version),
        ("code", ""),
        ("suppressed_by", by),
        ("suppression_reason", reason),
    ])
}

fn evidence(evidence: &Evidence) -> String {
    let text = shorten(&evidence.text, MOST_EVIDENCE);
    if evidence.pointer.is_empty() {
        format!("{}: {text}", evidence.label)
    } else {
        format!("{} at {}: {text}", evidence.label, evidence.pointer)
    }
}

/// "a / b / and 3 more"
fn named<T>(things: &[T], name: impl Fn(&T) -> String) -> String {
    let mut names: Vec<String> = things.iter().take(MOST_NAMED).map(name).collect();
    if things.len() > MOST_NAMED {
        names.push(format!("and {} more", things.len().saturating_sub(MOST_NAMED)));
    }
    names.join(" / ")
}
