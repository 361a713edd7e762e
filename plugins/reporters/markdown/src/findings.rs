//! What is wrong, worst first, rule by rule.

use std::fmt::Write as _;

use bartizan_sdk::report::{
    Evidence, Finding, Group, Report, Rule, Severity, counted, groups,
    markdown::{code, prose, sentence},
    shorten,
};

use crate::page::Page;

/// Pieces of evidence shown with one finding.
const MOST_EVIDENCE: usize = 4;
/// Characters of one piece of evidence.
const MOST_TEXT: usize = 400;
/// Characters of a message or of advice.
const MOST_PROSE: usize = 1_200;
/// Other subjects named with one finding.
const MOST_RELATED: usize = 8;

pub(crate) fn write(page: &mut Page, report: &Report) {
    let mut left = report.findings.len();
    for group in groups(&report.findings) {
        // The heading comes with the first finding, so that no heading stands alone.
        let shared = shared_fix(&group);
        let mut before = heading(report, &group, shared);
        let folded = group.severity <= Severity::Low;
        for finding in &group.findings {
            if !page.fits(&format!("{before}{}", told(finding, shared.is_none()))) {
                if folded && before.is_empty() {
                    page.always("\n</details>\n");
                }
                page.always(&format!(
                    "\n**{} more, none of them worse, {} left out here.** The JSON report has them all.\n",
                    counted(left, "finding"),
                    if left == 1 { "is" } else { "are" }
                ));
                return;
            }
            before.clear();
            left = left.saturating_sub(1);
        }
        if folded {
            page.always("\n</details>\n");
        }
    }
}

/// Title, rule and weaknesses; what is only worth knowing is folded below it.
fn heading(report: &Report, group: &Group<'_>, fix: Option<&str>) -> String {
    let rule = report.rule(group.rule);
    let id = code(&shorten(group.rule, 64));
    let title = rule.map_or_else(|| id.clone(), |rule| prose(&shorten(&rule.title, 200)));
    let mut out = format!("\n### {} {}: {title}\n\n{id}", mark(group.severity), capital(group.severity));
    for number in rule.into_iter().flat_map(Rule::weaknesses).take(8) {
        // Writing to a string cannot fail.
        let _ = write!(out, " · [CWE-{number}](https://cwe.mitre.org/data/definitions/{number}.html)");
    }
    out.push_str("\n\n");
    if let Some(fix) = fix {
        let _ = write!(out, "**Fix:** {}\n\n", sentence(&shorten(fix, MOST_PROSE)));
    }
    if group.severity <= Severity::Low {
        let _ = write!(out, "<details><summary>{}</summary>\n\n", counted(group.findings.len(), "finding"));
    }
    out
}

/// What to do, if it is the same for all.
fn shared_fix<'a>(group: &Group<'a>) -> Option<&'a str> {
    let mut fixes = group.findings.iter().map(|finding| finding.remediation.as_deref());
    let first = fixes.next()?.filter(|fix| !fix.is_empty())?;
    fixes.all(|fix| fix == Some(first)).then_some(first)
}

fn told(finding: &Finding, with_fix: bool) -> String {
    let subject = &finding.subject;
    let mut out = format!("- **{}**", code(&shorten(&subject.in_full(), 300)));
    if let Some(path) = subject.path.as_deref().filter(|path| !path.is_empty()) {
        let path = shorten(path, 300);
        let at = subject.position.map_or(path.clone(), |position| format!("{path}:{}", position.line));
        let _ = write!(out, " in {}", code(&at));
    }
    let message = sentence(&shorten(&finding.message, MOST_PROSE));
    let _ = writeln!(out, " (confidence {}): {message}", finding.confidence.as_str());
    for evidence in finding.evidence.iter().take(MOST_EVIDENCE) {
        let _ = writeln!(out, "  - {}", reason(evidence));
    }
    if finding.evidence.len() > MOST_EVIDENCE {
        let _ = writeln!(out, "  - and {} more", finding.evidence.len().saturating_sub(MOST_EVIDENCE));
    }
    if !finding.related.is_empty() {
        let names: Vec<String> = finding
            .related
            .iter()
            .take(MOST_RELATED)
            .map(|subject| code(&shorten(&subject.in_full(), 200)))
            .collect();
        let more = finding.related.len().saturating_sub(MOST_RELATED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(out, "  - with {}{more}", names.join(", "));
    }
    if let Some(fix) = finding.remediation.as_deref().filter(|fix| with_fix && !fix.is_empty()) {
        let _ = writeln!(out, "  - **Fix:** {}", sentence(&shorten(fix, MOST_PROSE)));
    }
    out
}

fn reason(evidence: &Evidence) -> String {
    let label = format!("*{}*", prose(shorten(&evidence.label, 120).trim()));
    let text = code(&shorten(&evidence.text, MOST_TEXT));
    if evidence.pointer.is_empty() {
        format!("{label}: {text}")
    } else {
        format!("{label} at {}: {text}", code(&shorten(&evidence.pointer, 200)))
    }
}

/// A mark besides the word, for whoever skims.
fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "🟣",
        Severity::High => "🔴",
        Severity::Medium => "🟠",
        Severity::Low => "🔵",
        Severity::Info => "⚪",
    }
}

fn capital(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    }
}
