//! Findings in groups of one rule at one severity.

use std::{cmp::Reverse, collections::BTreeSet};

use bartizan_sdk::report::{Evidence, Finding, Group, Report, Severity, groups};

use crate::{escape, page::View, summary::capital};

/// Bytes of all findings on the page: the host takes 16 MiB, and every other section has its share.
const MOST_BYTES: usize = 10 << 20;
/// What the heading of a group takes, about.
const HEADING: usize = 700;
/// Findings that are open when the page is; beyond it a reader scrolls past what a list of groups says better.
const MOST_OPEN: usize = 60;
/// Pieces of evidence shown with one finding, and characters of each.
const MOST_EVIDENCE: usize = 16;
const MOST_TEXT: usize = 4_096;
/// Other subjects named with one finding.
const MOST_RELATED: usize = 24;

/// How much room there is, and for what there is none.
pub(crate) struct Budget {
    /// Findings that may still be open when the page is.
    open: usize,
    left_out: BTreeSet<*const Finding>,
    /// Bytes of all the others, about.
    pub(crate) bytes: usize,
}

impl Budget {
    /// The worst findings of all servers have their room first, wherever they stand on the page.
    pub(crate) fn of(report: &Report) -> Self {
        let mut worst_first: Vec<&Finding> = report.findings.iter().collect();
        worst_first.sort_by_key(|finding| Reverse(finding.severity));
        let mut groups = BTreeSet::new();
        let mut this = Self { open: MOST_OPEN, left_out: BTreeSet::new(), bytes: 0 };
        for finding in worst_first {
            let is_new = groups.insert((&finding.subject.server, finding.severity, &finding.rule));
            let heading = if is_new { HEADING } else { 0 };
            let bytes = this.bytes.saturating_add(article(finding, true, true).len()).saturating_add(heading);
            if bytes <= MOST_BYTES && this.left_out.is_empty() {
                this.bytes = bytes;
            } else {
                this.left_out.insert(finding);
            }
        }
        this
    }

    /// How many findings are not on the page.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out.len()
    }
}

/// Writes the findings, worst first. `server` is their server's place; absent where they are of several.
pub(crate) fn write(
    out: &mut String,
    view: &View<'_>,
    findings: &[&Finding],
    server: Option<usize>,
    budget: &mut Budget,
) {
    let has_room = |finding: &&Finding| !budget.left_out.contains(&std::ptr::from_ref(*finding));
    let groups = groups(findings.iter().copied().filter(has_room));
    for group in groups {
        let open = group.severity >= Severity::Medium && budget.open >= group.findings.len();
        if open {
            budget.open = budget.open.saturating_sub(group.findings.len());
        }
        let servers = server.map_or_else(|| several(view, &group), |place| place.to_string());
        let rule = view.rules.binary_search(&group.rule).unwrap_or(usize::MAX);
        let open = if open { " open" } else { "" };
        heading(out, view, &group, &format!("data-rule={rule} data-servers=\"{servers}\"{open}"));
        let fix = shared_fix(&group);
        if let Some(fix) = fix {
            advice(out, fix);
        }
        for finding in &group.findings {
            out.push_str(&article(finding, fix.is_none(), server.is_none()));
        }
        out.push_str("</details>\n");
    }
}

fn advice(out: &mut String, fix: &str) {
    out.push_str(&format!("<p class=fix><b>Fix</b> {}</p>\n", escape::prose(fix, 4_000)));
}

/// Places of all servers that take part in any of these.
fn several(view: &View<'_>, group: &Group<'_>) -> String {
    let others = group.findings.iter().flat_map(|finding| &finding.related);
    let subjects = group.findings.iter().map(|finding| &finding.subject).chain(others);
    let names: BTreeSet<&str> = subjects.map(|subject| subject.server.as_str()).collect();
    let places = view.servers.iter().enumerate().filter(|(_, server)| {
        names.contains(server.summary.map_or(server.label.as_str(), |summary| &summary.name))
    });
    places.map(|(place, _)| place.to_string()).collect::<Vec<_>>().join(" ")
}

fn heading(out: &mut String, view: &View<'_>, group: &Group<'_>, attributes: &str) {
    let rule = view.report.rule(group.rule);
    let severity = group.severity;
    let title = rule.map_or(group.rule, |rule| &rule.title);
    out.push_str(&format!(
        "<details class=\"group {severity}\" data-severity={severity} {attributes}>\n<summary><h4><span class=\"badge \
         {severity}\">{}</span> <span class=title>{}</span> <code class=id>{}</code> <span class=count>{}</span></h4></summary>\n",
        capital(severity),
        escape::name(title, 240),
        escape::line(group.rule, 64),
        group.findings.len(),
    ));
    let Some(rule) = rule else { return };
    out.push_str(&format!(
        "<p class=about><a href=#{}>About this rule</a>",
        escape::anchor("rule", &rule.id)
    ));
    for number in rule.weaknesses().take(8) {
        out.push_str(&format!(
            " · <a href=\"https://cwe.mitre.org/data/definitions/{number}.html\" rel=noreferrer>CWE-{number}</a>"
        ));
    }
    out.push_str("</p>\n");
}

/// What to do, if it is the same for all of several.
fn shared_fix<'a>(group: &Group<'a>) -> Option<&'a str> {
    if group.findings.len() < 2 {
        return None;
    }
    let mut fixes = group.findings.iter().map(|finding| finding.remediation.as_deref());
    let first = fixes.next()?.filter(|fix| !fix.is_empty())?;
    fixes.all(|fix| fix == Some(first)).then_some(first)
}

fn article(finding: &Finding, with_fix: bool, with_server: bool) -> String {
    let subject = &finding.subject;
    let (kind, name) = if subject.kind == "server" {
        ("server", &subject.server)
    } else {
        (subject.kind.as_str(), &subject.name)
    };
    let of = if with_server && subject.kind != "server" {
        format!(" <span class=dim>of</span> {}", escape::name(&subject.server, 120))
    } else {
        String::new()
    };
    let mut out = format!(
        "<article id={}><h5><span class=kind>{}</span> {}{of}</h5>\n<p>{}</p>\n",
        escape::anchor("f", &finding.fingerprint),
        escape::line(kind, 40),
        escape::name(name, 400),
        escape::prose(&finding.message, 8_192),
    );
    for evidence in finding.evidence.iter().take(MOST_EVIDENCE) {
        out.push_str(&reason(evidence));
    }
    if finding.evidence.len() > MOST_EVIDENCE {
        let more = finding.evidence.len().saturating_sub(MOST_EVIDENCE);
        out.push_str(&format!("<p class=dim>and {more} more</p>\n"));
    }
    related(&mut out, finding);
    if let Some(fix) = finding.remediation.as_deref().filter(|fix| with_fix && !fix.is_empty()) {
        advice(&mut out, fix);
    }
    out.push_str("<p class=meta>");
    if let Some(path) = subject.path.as_deref().filter(|path| !path.is_empty()) {
        let at = subject
            .position
            .map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column.saturating_add(1)));
        out.push_str(&format!("<span><code>{}{at}</code></span>", escape::line(path, 400)));
    }
    out.push_str(&format!(
        "<span>confidence {}</span><span>{} {}</span><span>fingerprint <code>{}</code></span></p></article>\n",
        finding.confidence.as_str(),
        escape::name(&finding.plugin.name, 100),
        escape::line(&finding.plugin.version, 40),
        escape::line(&finding.fingerprint, 80),
    ));
    out
}

fn reason(evidence: &Evidence) -> String {
    let at = if evidence.pointer.is_empty() {
        String::new()
    } else {
        format!(" <code>{}</code>", escape::line(&evidence.pointer, 300))
    };
    format!(
        "<figure><figcaption>{}{at}</figcaption><pre>{}</pre></figure>\n",
        escape::name(&evidence.label, 120),
        escape::block(&evidence.text, MOST_TEXT)
    )
}

fn related(out: &mut String, finding: &Finding) {
    if finding.related.is_empty() {
        return;
    }
    out.push_str("<p class=with><b>With</b> ");
    let names: Vec<String> = finding
        .related
        .iter()
        .take(MOST_RELATED)
        .map(|subject| escape::name(&subject.in_full(), 300))
        .collect();
    out.push_str(&names.join(", "));
    if let Some(more) = finding.related.len().checked_sub(MOST_RELATED).filter(|more| *more > 0) {
        out.push_str(&format!(" and {more} more"));
    }
    out.push_str("</p>\n");
}
