//! Who was looked at: one header a server.

use std::collections::BTreeMap;

use bartizan_sdk::report::{Report, ServerSummary, Severity};

use crate::{page::Page, wrap};

/// Columns of a name where each server has a line.
const NAME: usize = 40;
/// Where the texts beside the labels start.
const COLUMN: usize = 11;
/// Kinds of observation that nearly every server has: for rules, and not for people.
const USUAL: &[&str] = &["http-response", "launch", "sandbox", "probe", "auth-metadata"];
/// With more servers than this, each has a line and not a header.
const MANY: usize = 8;
/// Kinds of observation that one header names.
const MAX_NOTED: usize = 6;

pub(crate) fn write(page: &mut Page, report: &Report) {
    if report.servers.len() > MANY {
        for server in &report.servers {
            line(page, report, server);
        }
        return page.gap();
    }
    for server in &report.servers {
        header(page, server);
        page.gap();
    }
}

/// One line a server: what it presented, and what was found on it.
fn line(page: &mut Page, report: &Report, server: &ServerSummary) {
    let name = wrap::fit(&server.label(), NAME);
    let pad = " ".repeat(NAME.saturating_sub(wrap::columns(&name)));
    if server.is_silent() {
        let text = page.palette.alarm("never answered");
        return page.line(&format!("{name}{pad} {text}"));
    }
    let presented = if server.is_not_started() { "not started".to_owned() } else { presented(server) };
    let presented = wrap::fit(&presented, 34);
    let room = " ".repeat(34_usize.saturating_sub(wrap::columns(&presented)));
    let own = report.findings.iter().filter(|finding| finding.subject.server == server.name);
    let mut counts: BTreeMap<std::cmp::Reverse<Severity>, usize> = BTreeMap::new();
    for finding in own {
        *counts.entry(std::cmp::Reverse(finding.severity)).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .into_iter()
        .map(|(severity, count)| page.palette.severity(severity.0, &format!("{count} {}", severity.0)))
        .collect();
    page.line(format!("{name}{pad} {presented}{room} {}", counts.join(" · ")).trim_end());
}

fn header(page: &mut Page, server: &ServerSummary) {
    let version = wrap::fit(&server.version, page.width / 3);
    let room = page.width.saturating_sub(wrap::columns(&version)).saturating_sub(1);
    let name = wrap::fit(if server.name.is_empty() { &server.target } else { &server.name }, room);
    let name = if name.is_empty() { wrap::fit("a server without a name", room) } else { name };
    let head = format!("{} {version}", page.palette.bold(&name));
    page.line(&head);

    let reached = reached(server, page.width.saturating_mul(3));
    page.labelled(2, "reached", COLUMN, &reached);
    if server.is_not_started() {
        let text = "not started: only how it is configured was judged";
        page.labelled(2, "presented", COLUMN, text);
    } else if server.digest.is_some() {
        page.labelled(2, "presented", COLUMN, &presented(server));
    } else {
        page.labelled_as(2, "presented", COLUMN, "nothing: it never answered", super::style::Palette::alarm);
    }
    let noted = noted(server);
    if !noted.is_empty() {
        page.labelled(2, "noted", COLUMN, &noted);
    }
}

fn reached(server: &ServerSummary, longest: usize) -> String {
    let transport = &server.transport;
    let by = match transport.kind.as_str() {
        "stdio" => "stdio".to_owned(),
        "streamable-http" => "streamable HTTP".to_owned(),
        "sse" => "HTTP with SSE".to_owned(),
        "file" => "file".to_owned(),
        other => wrap::fit(other, 40),
    };
    let target = if !transport.command.is_empty() {
        transport.command.join(" ")
    } else if transport.address.is_empty() {
        server.target.clone()
    } else {
        transport.address.clone()
    };
    let mut parts = vec![by, wrap::fit(&target, longest)];
    if !server.protocol_version.is_empty() {
        parts.push(format!("MCP {}", wrap::fit(&server.protocol_version, 40)));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

fn presented(server: &ServerSummary) -> String {
    let listed = listed(server.tools, server.prompts, server.resources);
    if listed.is_empty() { "no tools, prompts or resources".to_owned() } else { listed.join(" · ") }
}

/// "3 tools", "1 prompt": what there is any of.
pub(crate) fn listed(tools: u64, prompts: u64, resources: u64) -> Vec<String> {
    [(tools, "tool"), (prompts, "prompt"), (resources, "resource")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| counted(count, what))
        .collect()
}

/// "1 tool", "2 tools".
pub(crate) fn counted(count: u64, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

fn noted(server: &ServerSummary) -> String {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for observation in server.observations.iter().filter(|seen| !USUAL.contains(&seen.kind.as_str())) {
        let count = kinds.entry(observation.kind.as_str()).or_default();
        *count = count.saturating_add(1);
    }
    let mut parts: Vec<String> = kinds
        .iter()
        .take(MAX_NOTED)
        .map(|(kind, count)| {
            let kind = wrap::fit(kind, 40);
            if *count == 1 { kind } else { format!("{kind} ({count} times)") }
        })
        .collect();
    if kinds.len() > MAX_NOTED {
        parts.push(format!("and {} more kinds", kinds.len().saturating_sub(MAX_NOTED)));
    }
    parts.join(", ")
}
