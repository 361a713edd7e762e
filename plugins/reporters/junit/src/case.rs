//! One rule at one server, and what became of it.

use bartizan_sdk::report::{Finding, NotChecked, Severity, Suppressed, counted, shorten, visible};

/// Findings told in one test case.
const MOST_FINDINGS: usize = 200;
/// Pieces of evidence told of one finding.
const MOST_EVIDENCE: usize = 8;
/// Characters of one line of text.
const MOST_LINE: usize = 2_000;

/// A test case.
pub(crate) struct Case {
    pub(crate) name: String,
    /// What CI servers group by: the component that declares the rule.
    pub(crate) class: String,
    pub(crate) outcome: Outcome,
}

/// What became of it.
pub(crate) enum Outcome {
    /// The rule looked at all of the server and found nothing that is to be acted on. The text tells what is worth
    /// knowing all the same; empty for nearly every case.
    Passed { note: String },
    /// It found something; `kind` is the worst severity.
    Failed { kind: String, message: String, text: String },
    /// What it found that is to be acted on was set aside. The note is as in `Passed`.
    SetAside { message: String, text: String, note: String },
    /// It saw a part only, and found nothing there.
    InPart { message: String },
    /// It did not look.
    NotChecked { kind: String, message: String },
}

/// The outcome where the rule found something.
pub(crate) fn found(findings: &[&Finding]) -> Outcome {
    let text = text(findings);
    match findings.iter().map(|finding| finding.severity).max() {
        None | Some(Severity::Info) => Outcome::Passed { note: text },
        Some(worst) => {
            let first = findings.iter().find(|finding| finding.severity == worst);
            let message = first.map(|finding| finding.message.as_str()).unwrap_or_default();
            let message = match findings.len() {
                1 => shorten(message, MOST_LINE),
                count => format!("{}, e.g. {}", counted(count, "finding"), shorten(message, MOST_LINE)),
            };
            Outcome::Failed { kind: worst.as_str().to_owned(), message, text }
        }
    }
}

/// The outcome where some of what the rule found was set aside: no failure, and no test that simply passed either. What
/// was not checked stays an error.
pub(crate) fn with_set_aside(outcome: Outcome, aside: &[&Suppressed]) -> Outcome {
    let Some(first) = aside.first() else { return outcome };
    let was = if aside.len() == 1 { "was" } else { "were" };
    let such = if aside.len() == 1 { "by" } else { "e.g. by" };
    let message = format!("{} {was} set aside, {such} {}", counted(aside.len(), "finding"), reason(first));
    match outcome {
        Outcome::Passed { note } => Outcome::SetAside { message, text: aside_text(aside), note },
        Outcome::Failed { kind, message, text } => {
            Outcome::Failed { kind, message, text: format!("{text}\n{}", aside_text(aside)) }
        }
        Outcome::InPart { message: part } => Outcome::InPart { message: format!("{part}; {message}") },
        Outcome::NotChecked { kind, message: why } => {
            Outcome::NotChecked { kind, message: format!("{why}; {message}") }
        }
        Outcome::SetAside { .. } => outcome,
    }
}

/// "config: the gateway filters it (owner: platform) (until: 2027-03-31)"
fn reason(one: &Suppressed) -> String {
    let mut reason = shorten(&one.by, 100);
    if !one.reason.is_empty() {
        reason = format!("{reason}: {}", shorten(&one.reason, 500));
    }
    for (what, value) in [("owner", &one.owner), ("until", &one.expires)] {
        if let Some(value) = value {
            reason = format!("{reason} ({what}: {})", shorten(value, 100));
        }
    }
    reason
}

fn aside_text(aside: &[&Suppressed]) -> String {
    let mut lines = Vec::new();
    for one in aside.iter().take(MOST_FINDINGS) {
        lines.push(format!("set aside by {}", reason(one)));
        lines.push(text(&[&one.finding]));
    }
    if aside.len() > MOST_FINDINGS {
        lines.push(format!("and {} more that were set aside", aside.len().saturating_sub(MOST_FINDINGS)));
    }
    lines.join("\n")
}

/// The outcome of an entry about what was not checked.
pub(crate) fn unchecked(gap: &NotChecked) -> Outcome {
    let by = gap.component.as_deref().map(|name| format!("{}: ", visible(name))).unwrap_or_default();
    let kind = if gap.code.is_empty() { "not-checked".to_owned() } else { shorten(&gap.code, 100) };
    Outcome::NotChecked { kind, message: shorten(&format!("{by}{}", gap.reason()), MOST_LINE) }
}

fn text(findings: &[&Finding]) -> String {
    let mut lines = Vec::new();
    for finding in findings.iter().take(MOST_FINDINGS) {
        let severity = finding.severity.as_str().to_uppercase();
        lines.push(format!(
            "{severity} {} (confidence {})",
            shorten(&finding.subject.in_full(), 400),
            finding.confidence.as_str()
        ));
        if let Some(place) = place(finding) {
            lines.push(format!("  at: {place}"));
        }
        lines.push(format!("  {}", shorten(&finding.message, MOST_LINE)));
        for evidence in finding.evidence.iter().take(MOST_EVIDENCE) {
            let at =
                if evidence.pointer.is_empty() { String::new() } else { format!(" at {}", evidence.pointer) };
            lines.push(format!(
                "  {}: {}",
                shorten(&format!("{}{at}", evidence.label), 400),
                shorten(&evidence.text, MOST_LINE)
            ));
        }
        if finding.evidence.len() > MOST_EVIDENCE {
            lines.push(format!("  and {} more", finding.evidence.len().saturating_sub(MOST_EVIDENCE)));
        }
        if let Some(fix) = finding.remediation.as_deref().filter(|fix| !fix.is_empty()) {
            lines.push(format!("  fix: {}", shorten(fix, MOST_LINE)));
        }
        lines.push(format!("  fingerprint: {}", shorten(&finding.fingerprint, 100)));
    }
    if findings.len() > MOST_FINDINGS {
        lines.push(format!("and {} findings more", findings.len().saturating_sub(MOST_FINDINGS)));
    }
    lines.join("\n")
}

fn place(finding: &Finding) -> Option<String> {
    let path = shorten(finding.subject.path.as_deref().filter(|path| !path.is_empty())?, 1_000);
    Some(match finding.subject.position {
        Some(position) => format!("{path}:{}:{}", position.line, position.column.saturating_add(1)),
        None => path,
    })
}

impl Outcome {
    /// How much room it takes, without the markup.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Passed { note } => note.len(),
            Self::Failed { kind, message, text } => {
                kind.len().saturating_add(message.len()).saturating_add(text.len())
            }
            Self::SetAside { message, text, note } => {
                message.len().saturating_add(text.len()).saturating_add(note.len())
            }
            Self::InPart { message } => message.len(),
            Self::NotChecked { kind, message } => kind.len().saturating_add(message.len()),
        }
    }
}
