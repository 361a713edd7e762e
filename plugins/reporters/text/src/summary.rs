//! The last lines: the verdict, and what it rests on.
//!
//! "No findings" is a claim about everything that was asked. It is made only when every server answered, some rule
//! looked, and nothing went unchecked.

use bartizan_sdk::report::Report;

use crate::{
    findings::counts,
    page::Page,
    servers::{counted, listed},
    unchecked, wrap,
};

pub(crate) fn write(page: &mut Page, report: &Report) {
    page.rule();
    match Verdict::of(report) {
        Verdict::NothingLookedAt(why) => {
            let text = page.palette.alarm("Nothing was checked.");
            page.line(&text);
            page.paragraph(0, why);
        }
        Verdict::Incomplete if report.findings.is_empty() => {
            let text = page.palette.alarm("Incomplete.");
            page.line(&text);
            page.paragraph(0, &format!("{}. Nothing was found in the rest.", gaps(report)));
        }
        Verdict::Incomplete => {
            let text = page.palette.alarm("Incomplete");
            write_counts(page, report, Some(("Incomplete", text)));
            page.paragraph(0, &format!("{}; there may be more.", gaps(report)));
        }
        Verdict::Clean => {
            let text = page.palette.good("No findings.");
            page.line(&text);
            page.paragraph(0, &looked_at(report));
        }
        Verdict::Found => {
            write_counts(page, report, None);
            page.paragraph(0, &looked_at(report));
        }
    }
    for text in report.remarks().into_iter().chain(more(report)).chain([footer(report)]) {
        for line in wrap::wrap(&text, page.width) {
            let line = page.palette.dim(&line);
            page.line(&line);
        }
    }
}

/// Where to read on about the worst of it.
fn more(report: &Report) -> Option<String> {
    let worst = report.findings.iter().max_by_key(|finding| finding.severity)?.severity;
    let finding = report.findings.iter().find(|finding| finding.severity == worst)?;
    Some(format!("Why it matters, and how to fix it: bartizan rules {}", wrap::fit(&finding.rule, 40)))
}

/// "1 critical · 2 low" on one line, or one under the other where that is too long.
fn write_counts(page: &mut Page, report: &Report, also: Option<(&str, String)>) {
    let mut plain = Vec::new();
    let mut painted = Vec::new();
    for (severity, count) in counts(report) {
        let text = format!("{count} {severity}");
        painted.push(page.palette.severity(severity, &text));
        plain.push(text);
    }
    if let Some((text, paint)) = also {
        plain.push(text.to_owned());
        painted.push(paint);
    }
    if wrap::columns(&plain.join(" · ")) <= page.width {
        page.line(&painted.join(" · "));
    } else {
        for line in &painted {
            page.line(line);
        }
    }
}

enum Verdict {
    /// There was nothing to judge, or nothing to judge it by.
    NothingLookedAt(&'static str),
    /// Some of what was asked was not checked.
    Incomplete,
    Clean,
    Found,
}

impl Verdict {
    fn of(report: &Report) -> Self {
        let silent = report.servers.iter().filter(|server| server.is_silent()).count();
        if report.findings.is_empty() && silent == report.servers.len() {
            Self::NothingLookedAt(if silent == 0 {
                "There was no server to look at."
            } else {
                "No server answered."
            })
        } else if report.findings.is_empty() && report.rules.is_empty() {
            Self::NothingLookedAt("No rule was asked to look.")
        } else if silent > 0 || !report.not_checked.is_empty() {
            Self::Incomplete
        } else if report.findings.is_empty() {
            Self::Clean
        } else {
            Self::Found
        }
    }
}

/// What is missing, as the start of a sentence.
fn gaps(report: &Report) -> String {
    if report.not_checked.is_empty() {
        let silent = report.servers.iter().filter(|server| server.is_silent()).count();
        let silent = u64::try_from(silent).unwrap_or(u64::MAX);
        return format!("{} never answered", counted(silent, "server"));
    }
    unchecked::sentence(report)
}

/// "9 rules looked at 13 tools and 2 prompts of weather."
fn looked_at(report: &Report) -> String {
    let sum = |count: fn(&bartizan_sdk::report::ServerSummary) -> u64| {
        report.servers.iter().map(count).fold(0, u64::saturating_add)
    };
    let mut listed =
        listed(sum(|server| server.tools), sum(|server| server.prompts), sum(|server| server.resources));
    let things = match listed.pop() {
        None => "what it says of itself, for it listed nothing, at".to_owned(),
        Some(last) if listed.is_empty() => format!("{last} of"),
        Some(last) => format!("{} and {last} of", listed.join(", ")),
    };
    let whose = match report.servers.as_slice() {
        [one] if !one.name.is_empty() => wrap::fit(&one.name, 60),
        servers => counted(u64::try_from(servers.len()).unwrap_or(u64::MAX), "server"),
    };
    let rules = counted(u64::try_from(report.rules.len()).unwrap_or(u64::MAX), "rule");
    format!("{rules} looked at {things} {whose}.")
}

fn footer(report: &Report) -> String {
    let components = counted(u64::try_from(report.plugins.len()).unwrap_or(u64::MAX), "component");
    let rules = counted(u64::try_from(report.rules.len()).unwrap_or(u64::MAX), "rule");
    let tool = format!("{} {}", wrap::fit(&report.tool.name, 40), wrap::fit(&report.tool.version, 40));
    let mut parts = vec![tool, rules, components];
    // A report on many servers holds no times.
    parts.extend(report.stats.elapsed_ms.filter(|ms| *ms > 0).map(seconds));
    parts.join(" · ")
}

/// Milliseconds up to a second, then seconds with one decimal.
fn seconds(ms: u64) -> String {
    if ms < 1000 { format!("{ms} ms") } else { format!("{}.{} s", ms / 1000, ms % 1000 / 100) }
}
