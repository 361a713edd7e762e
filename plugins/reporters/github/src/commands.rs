//! The report as a list of commands.

use bartizan_sdk::report::{Evidence, Finding, Report, Severity, Verdict, counted, visible};

use crate::command::Command;

/// Findings told one by one at each level. The service makes annotations of the first ten; the rest is in the log.
const MOST_PER_LEVEL: usize = 100;
/// Gaps told in the one annotation about them.
const MOST_GAPS: usize = 40;
/// Pieces of evidence told with one finding.
const MOST_EVIDENCE: usize = 3;

/// All commands, one a line. What was not checked comes first: only the first ten of a level are sure to be seen.
pub fn commands(report: &Report) -> String {
    let mut out = String::new();
    if let Some(gaps) = gaps(report) {
        out.push_str(&gaps.line());
    }
    out.push_str(&summary(report).line());
    if let Some(aside) = aside(report) {
        out.push_str(&aside.line());
    }
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for level in ["error", "warning", "notice"] {
        for finding in findings.iter().filter(|f| level_of(f.severity) == level).take(MOST_PER_LEVEL) {
            out.push_str(&told(report, finding).line());
        }
    }
    out
}

fn level_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    }
}

fn gaps(report: &Report) -> Option<Command> {
    let gaps = report.gaps();
    if gaps.is_empty() {
        return None;
    }
    let title = format!("Bartizan: not checked ({})", gaps.len());
    let mut command = Command::new("error", &title);
    for gap in gaps.iter().take(MOST_GAPS) {
        let by = gap.component.as_deref().map(|name| format!("{}: ", visible(name))).unwrap_or_default();
        command = command.say(&format!("{}: {by}{}", visible(&gap.what), gap.reason()));
    }
    if gaps.len() > MOST_GAPS {
        command = command.say(&format!("and {} more", gaps.len().saturating_sub(MOST_GAPS)));
    }
    Some(command)
}

fn summary(report: &Report) -> Command {
    let level = match report.verdict() {
        Verdict::NothingChecked => "error",
        Verdict::Incomplete | Verdict::Found | Verdict::Clean => "notice",
    };
    let mut command = Command::new(level, &format!("Bartizan: {}", report.headline())).say(&report.basis());
    for level in ["error", "warning", "notice"] {
        let count = report.findings.iter().filter(|finding| level_of(finding.severity) == level).count();
        if let Some(more) = count.checked_sub(MOST_PER_LEVEL).filter(|more| *more > 0) {
            command = command.say(&format!(
                "Of {count} findings at level {level}, {more} are not in this output; the JSON report has them all."
            ));
        }
    }
    command
}

/// What is no finding and should be known all the same: how many were set aside, and the notices. One annotation, so that
/// it takes the place of no more than one finding.
fn aside(report: &Report) -> Option<Command> {
    let remarks = report.remarks();
    if remarks.is_empty() {
        return None;
    }
    let title = match report.suppressed.len() {
        0 => "Bartizan: notices".to_owned(),
        count => format!("Bartizan: {} set aside", counted(count, "finding")),
    };
    let command = Command::new("notice", &title);
    Some(remarks.iter().fold(command, |command, remark| command.say(remark)))
}

fn told(report: &Report, finding: &Finding) -> Command {
    let title = report.rule(&finding.rule).map(|rule| format!(" {}", rule.title)).unwrap_or_default();
    let title = format!("{} {}{title}", finding.severity.as_str().to_uppercase(), finding.rule);
    let mut command = Command::new(level_of(finding.severity), &title);
    if let Some(path) = finding.subject.path.as_deref().filter(|path| !path.is_empty()) {
        command = command.property("file", &visible(path));
        if let Some(position) = finding.subject.position.filter(|position| position.line > 0) {
            command = command
                .property("line", &position.line.to_string())
                .property("col", &position.column.saturating_add(1).to_string());
        }
    }
    command = command.say(&format!("{}: {}", finding.subject.in_full(), finding.message));
    for evidence in finding.evidence.iter().take(MOST_EVIDENCE) {
        command = command.say(&words(evidence));
    }
    if finding.evidence.len() > MOST_EVIDENCE {
        command = command.say(&format!("and {} more", finding.evidence.len().saturating_sub(MOST_EVIDENCE)));
    }
    match finding.remediation.as_deref() {
        Some(fix) if !fix.is_empty() => command.say(&format!("Fix: {fix}")),
        _ => command,
    }
}

fn words(evidence: &Evidence) -> String {
    if evidence.pointer.is_empty() {
        format!("{}: {}", evidence.label, evidence.text)
    } else {
        format!("{} at {}: {}", evidence.label, evidence.pointer, evidence.text)
    }
}
