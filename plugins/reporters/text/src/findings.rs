//! What is wrong, worst first.

use bartizan_sdk::report::{Evidence, Finding, Group, Report, Severity, Subject, groups, visible};

use crate::{
    page::Page,
    style::{BADGE, Palette},
    wrap,
};

/// From this width on the text stands beside the badges, below it under them.
const WIDE: usize = 60;
/// Pieces of evidence shown for one finding.
const MAX_EVIDENCE: usize = 4;
/// Lines of one piece of evidence: enough to see what it is, too few to drown the rest.
const EVIDENCE_LINES: usize = 3;
/// Subjects named where a group is folded.
const MAX_NAMES: usize = 8;
/// How many lesser findings of one rule are still shown one by one.
const FEW: usize = 2;
/// Characters of one message.
const MAX_MESSAGE: usize = 1200;

pub(crate) fn write(page: &mut Page, report: &Report) {
    let several = report.servers.len() > 1;
    for group in groups(&report.findings) {
        let block = Block { group: &group, indent: indent(page.width), several };
        block.heading(page, report);
        if is_folded(&group) {
            block.folded(page);
        } else {
            block.in_full(page);
        }
        page.gap();
    }
}

/// Whether the group is told in a few lines. What a person should look at never is.
fn is_folded(group: &Group<'_>) -> bool {
    group.severity <= Severity::Low && group.findings.len() > FEW
}

fn indent(width: usize) -> usize {
    if width >= WIDE { BADGE.saturating_add(1) } else { 2 }
}

/// One group on the page.
struct Block<'a> {
    group: &'a Group<'a>,
    indent: usize,
    several: bool,
}

impl Block<'_> {
    /// Badge, rule, title, and the weakness it is known by where there is room.
    fn heading(&self, page: &mut Page, report: &Report) {
        let rule = report.rule(self.group.rule);
        let id = wrap::fit(self.group.rule, 40);
        let title = rule.map(|rule| visible(&rule.title)).unwrap_or_default();
        let badge = page.palette.severity_badge(self.group.severity);
        let badge_columns = if page.palette.has_color() {
            BADGE
        } else {
            self.group.severity.as_str().len().saturating_add(2)
        };
        let room = page.width.saturating_sub(self.indent);
        let mut lines = wrap::wrap(&format!("{id}  {title}"), room).into_iter();
        let first = lines.next().unwrap_or_default();
        let left = room.saturating_sub(wrap::columns(&first));
        // The id is the first word of the first line; where even that does not fit, the line is painted whole.
        let first = match first.strip_prefix(&id) {
            Some(rest) => format!("{id}{}", page.palette.bold(rest)),
            None => page.palette.bold(&first),
        };
        let weaknesses = rule.map(|rule| weaknesses(&page.palette, &rule.tags, left)).unwrap_or_default();
        let first = format!("{first}{weaknesses}");
        if self.indent > badge_columns {
            let pad = " ".repeat(self.indent.saturating_sub(badge_columns));
            page.line(&format!("{badge}{pad}{first}"));
        } else {
            page.line(&badge);
            page.line(&format!("{}{first}", " ".repeat(self.indent)));
        }
        for line in lines {
            let line = page.palette.bold(&line);
            page.line(&format!("{}{line}", " ".repeat(self.indent)));
        }
    }

    fn in_full(&self, page: &mut Page) {
        let shared_fix = self.shared_fix();
        for (index, finding) in self.group.findings.iter().enumerate() {
            if index > 0 {
                page.gap();
            }
            self.finding(page, finding);
            if shared_fix.is_none()
                && let Some(fix) = &finding.remediation
            {
                page.labelled(self.indent, "fix", 5, &wrap::fit(fix, MAX_MESSAGE));
            }
        }
        if let Some(fix) = shared_fix {
            if self.group.findings.len() > 1 {
                page.gap();
            }
            page.labelled(self.indent, "fix", 5, &wrap::fit(fix, MAX_MESSAGE));
        }
    }

    /// What to do, if it is the same for all.
    fn shared_fix(&self) -> Option<&str> {
        let mut fixes = self.group.findings.iter().map(|finding| finding.remediation.as_deref());
        let first = fixes.next()??;
        fixes.all(|fix| fix == Some(first)).then_some(first)
    }

    fn finding(&self, page: &mut Page, finding: &Finding) {
        let name = page.palette.bold(&self.name(&finding.subject, page.width.saturating_sub(self.indent)));
        page.line(&format!("{}{name}", " ".repeat(self.indent)));
        if let Some(place) = place(&page.palette, &finding.subject, page.width.saturating_sub(self.indent)) {
            page.line(&format!("{}{place}", " ".repeat(self.indent)));
        }
        page.paragraph(self.indent, &wrap::fit(&finding.message, MAX_MESSAGE));
        for evidence in finding.evidence.iter().take(MAX_EVIDENCE) {
            self.evidence(page, evidence);
        }
        if finding.evidence.len() > MAX_EVIDENCE {
            let more = finding.evidence.len().saturating_sub(MAX_EVIDENCE);
            let line = page.palette.dim(&format!("│ and {more} more"));
            page.line(&format!("{}{line}", " ".repeat(self.indent)));
        }
        if !finding.related.is_empty() {
            let names: Vec<String> = finding.related.iter().map(|subject| self.name(subject, 60)).collect();
            page.labelled(self.indent, "with", 5, &named(&names));
        }
    }

    /// Where it stands, and under that the text itself.
    fn evidence(&self, page: &mut Page, evidence: &Evidence) {
        let room = page.width.saturating_sub(self.indent).saturating_sub(2);
        let margin = " ".repeat(self.indent);
        let bar = page.palette.dim("│");
        let at =
            if evidence.pointer.is_empty() { String::new() } else { format!(" at {}", evidence.pointer) };
        let label = page.palette.dim(&wrap::fit(&format!("{}{at}", evidence.label), room));
        page.line(&format!("{margin}{bar} {label}"));
        let room = room.saturating_sub(2);
        // Cut once over all lines and once a line: where words are long, wrapping alone would take more lines.
        let lines = wrap::wrap(&wrap::fit(&evidence.text, room.saturating_mul(EVIDENCE_LINES)), room);
        for (index, line) in lines.iter().take(EVIDENCE_LINES).enumerate() {
            let cut = index.saturating_add(1) == EVIDENCE_LINES && lines.len() > EVIDENCE_LINES;
            let line = if cut { wrap::cut(line, room) } else { line.clone() };
            let text = page.palette.quoted(&line);
            page.line(&format!("{margin}{bar}   {text}"));
        }
    }

    /// Many lesser findings of one rule in a few lines.
    fn folded(&self, page: &mut Page) {
        let findings = &self.group.findings;
        let subjects: Vec<&Subject> = findings.iter().map(|finding| &finding.subject).collect();
        page.paragraph(self.indent, &format!("{} findings: {}", findings.len(), self.listed(&subjects)));
        let Some(first) = findings.first() else { return };
        let message = wrap::fit(&first.message, MAX_MESSAGE);
        if findings.iter().all(|finding| finding.message == first.message) {
            page.paragraph(self.indent, &message);
        } else {
            page.labelled(self.indent, "e.g.", 5, &message);
        }
        if let Some(fix) = self.shared_fix() {
            page.labelled(self.indent, "fix", 5, &wrap::fit(fix, MAX_MESSAGE));
        }
    }

    /// "tools a, b and 3 more"; where the kinds differ or the report has several servers, each with its own words.
    fn listed(&self, subjects: &[&Subject]) -> String {
        let kind = subjects.first().map(|subject| subject.kind.as_str()).unwrap_or_default();
        let alike = subjects.iter().all(|subject| subject.kind == kind);
        if self.several || !alike || !matches!(kind, "tool" | "prompt" | "resource") {
            return named(&subjects.iter().map(|subject| self.name(subject, 60)).collect::<Vec<_>>());
        }
        let mut names: Vec<String> = subjects.iter().map(|subject| wrap::fit(&subject.name, 50)).collect();
        names.dedup();
        format!("{kind}{} {}", if names.len() == 1 { "" } else { "s" }, named(&names))
    }

    /// The subject in words, with its server where the report has several.
    fn name(&self, subject: &Subject, width: usize) -> String {
        let server = wrap::fit(&subject.server, 40);
        let text = match subject.kind.as_str() {
            "server" => return wrap::fit(&format!("server {server}"), width),
            "resource-template" => format!("resource template {}", subject.name),
            kind => format!("{kind} {}", subject.name),
        };
        if self.several {
            let of = format!(" of {server}");
            format!("{}{of}", wrap::fit(&text, width.saturating_sub(wrap::columns(&of)).max(12)))
        } else {
            wrap::fit(&text, width)
        }
    }
}

/// "a, b, c and 12 more".
fn named(names: &[String]) -> String {
    let shown = names.iter().take(MAX_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(MAX_NAMES) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

/// Where the subject stands in a file, as editors and terminals take it.
fn place(palette: &Palette, subject: &Subject, width: usize) -> Option<String> {
    let path = subject.path.as_deref()?;
    let shown = match subject.position {
        Some(position) => format!("{path}:{}:{}", position.line, position.column.saturating_add(1)),
        None => path.to_owned(),
    };
    let shown = palette.dim(&wrap::fit(&shown, width));
    Some(if path.starts_with('/') { palette.link(&shown, &format!("file://{path}")) } else { shown })
}

/// "CWE-78", each with a link to what it says, as many as fit.
fn weaknesses(palette: &Palette, tags: &[String], room: usize) -> String {
    let mut out = String::new();
    let mut left = room;
    for number in tags.iter().filter_map(|tag| tag.strip_prefix("cwe:")) {
        let text = format!("CWE-{number}");
        let fits = left.checked_sub(text.len().saturating_add(2));
        let (Some(rest), true) = (fits, !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
        else {
            continue;
        };
        left = rest;
        let target = format!("https://cwe.mitre.org/data/definitions/{number}.html");
        out.push_str("  ");
        out.push_str(&palette.link(&palette.dim(&text), &target));
    }
    out
}

/// The severities that occur, worst first, with their counts.
pub(crate) fn counts(report: &Report) -> Vec<(Severity, usize)> {
    Severity::WORST_FIRST
        .into_iter()
        .map(|severity| {
            (severity, report.findings.iter().filter(|finding| finding.severity == severity).count())
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}
