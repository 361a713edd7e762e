//! The top of the page: what it comes to.

use bartizan_sdk::report::{Report, Severity, Verdict, counted};

use crate::{escape, page::View};

/// A watch-tower, ours to draw.
const MARK: &str = "<svg class=mark viewBox=\"0 0 32 32\" width=32 height=32 aria-hidden=true>\
<path d=\"M8 4h3v3h3V4h4v3h3V4h3v8l-3 3v9h3v4H8v-4h3v-9l-3-3z\"/></svg>";

pub(crate) fn write(out: &mut String, view: &View<'_>) {
    let report = view.report;
    let (class, title) = match report.verdict() {
        Verdict::NothingChecked => ("gap", "Nothing was checked".to_owned()),
        Verdict::Incomplete if report.findings.is_empty() => ("gap", "Not everything was checked".to_owned()),
        Verdict::Incomplete => ("gap", format!("{}, and not everything was checked", worst(report))),
        Verdict::Found => ("found", worst(report)),
        Verdict::Clean => ("clean", "No findings".to_owned()),
    };
    out.push_str(&format!(
        "<header class=top>\n<div class=brand>{MARK}<span>Bartizan</span><span class=dim>MCP security report</span></div>\n\
         <h1 class=\"verdict {class}\">{title}</h1>\n<p class=basis>{}</p>\n<ul class=tiles>\n",
        escape::name(&report.basis(), 600)
    ));
    for severity in Severity::WORST_FIRST {
        let count = report.count(severity);
        let none = if count == 0 { " none" } else { "" };
        out.push_str(&format!(
            "<li class=\"tile {severity}{none}\"><b>{count}</b><span>{}</span></li>\n",
            capital(severity)
        ));
    }
    let gaps = view.gaps.len();
    if gaps == 0 {
        out.push_str("<li class=\"tile whole\"><b>all</b><span>asked was checked</span></li>\n");
    } else {
        out.push_str(&format!(
            "<li class=\"tile gap\"><b>{gaps}</b><span><a href=#unchecked>not checked</a></span></li>\n"
        ));
    }
    out.push_str("</ul>\n<nav aria-label=Sections>");
    if gaps > 0 {
        out.push_str("<a href=#unchecked>Not checked</a>");
    }
    out.push_str("<a href=#picture>Overview</a><a href=#findings>Findings</a><a href=#rules>Rules</a>");
    out.push_str("<a href=#provenance>Provenance</a></nav>\n</header>\n");
    out.push_str(&filter(view));
}

/// "2 critical findings": what is to be looked at first.
fn worst(report: &Report) -> String {
    let worst = Severity::WORST_FIRST.into_iter().find(|severity| report.count(*severity) > 0);
    worst.map_or_else(String::new, |severity| counted(report.count(severity), &format!("{severity} finding")))
}

/// Shown by the script, which is what makes it work.
fn filter(view: &View<'_>) -> String {
    if view.report.findings.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        "<form id=filter class=filter role=search aria-label=\"Filter the findings\" hidden>\n\
         <label class=query><span>Search</span><input id=q type=search autocomplete=off spellcheck=false \
         placeholder=\"text, tool, fingerprint … ( / )\"></label>\n<fieldset><legend>Severity</legend>",
    );
    for severity in Severity::WORST_FIRST {
        let count = view.report.count(severity);
        if count > 0 {
            out.push_str(&format!(
                "<label class=\"pick {severity}\"><input type=checkbox name=severity value={severity} checked>\
                 <span>{} {count}</span></label>",
                capital(severity)
            ));
        }
    }
    out.push_str("</fieldset>\n");
    select(
        &mut out,
        "rule",
        "Rule",
        "all rules",
        view.rules.iter().enumerate().map(|(n, id)| (n, escape::line(id, 64))),
    );
    let servers = view.servers.iter().enumerate().filter(|(_, server)| !server.findings.is_empty());
    select(
        &mut out,
        "server",
        "Server",
        "all servers",
        servers.map(|(n, server)| (n, escape::line(&server.label, 80))),
    );
    out.push_str("<button type=reset>Reset</button>\n<output id=shown aria-live=polite></output>\n</form>\n");
    out
}

fn select(
    out: &mut String,
    id: &str,
    label: &str,
    all: &str,
    options: impl Iterator<Item = (usize, String)>,
) {
    let options: Vec<_> = options.collect();
    if options.len() < 2 {
        return;
    }
    out.push_str(&format!(
        "<label class=choose><span>{label}</span><select id={id}><option value=\"\">{all}</option>"
    ));
    for (value, text) in options {
        out.push_str(&format!("<option value={value}>{text}</option>"));
    }
    out.push_str("</select></label>\n");
}

pub(crate) fn capital(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    }
}

/// "3 findings"
pub(crate) fn findings(count: usize) -> String {
    counted(count, "finding")
}
