//! Where the risk is, at a glance: a row for each server, rule or item, with its counts and a bar.
//!
//! A table, because it can be read aloud, searched and printed; the bar in it is a drawing of the same numbers.

use std::collections::BTreeMap;

use bartizan_sdk::report::Severity;

use crate::{
    escape,
    page::View,
    servers::{count, worst_first},
    summary::{capital, findings},
};

/// Rows shown at once; further ones are folded.
const MOST_ROWS: usize = 25;
/// Rows of servers in all.
const MOST_SERVERS: usize = 1_000;
/// Rows of rules and of items.
const MOST_RULES: usize = 15;
/// Length of the longest bar, in units of the drawing.
const LONGEST: usize = 200;

struct Row {
    /// HTML.
    label: String,
    counts: [usize; 5],
    /// What stands in the last column, as HTML; absent where there is no such column.
    unchecked: Option<String>,
    /// What stands where nothing was found: "?" where nobody could look.
    none: &'static str,
}

impl Row {
    fn total(&self) -> usize {
        self.counts.iter().sum()
    }
}

pub(crate) fn write(out: &mut String, view: &View<'_>) {
    out.push_str("<section id=picture aria-labelledby=picture-title>\n<h2 id=picture-title>Overview</h2>\n");
    if view.servers.len() > 1 || view.report.findings.is_empty() {
        table(out, "By server", "Server", &by_server(view));
        if let Some(more) = view.servers.len().checked_sub(MOST_SERVERS).filter(|more| *more > 0) {
            out.push_str(&format!("<p class=dim>and {more} servers more, none of them worse</p>\n"));
        }
    }
    let rules = by_rule(view);
    if !rules.is_empty() {
        table(out, "By rule", "Rule", &rules);
    }
    if view.servers.len() == 1 {
        let items = by_item(view);
        if items.len() > 1 {
            table(out, "By item", "Item", &items);
        }
    }
    out.push_str("</section>\n");
}

fn by_server(view: &View<'_>) -> Vec<Row> {
    let place = |place: usize| {
        let server = view.servers.get(place)?;
        let unchecked = if server.is_silent() {
            "<strong class=gap>never answered</strong>".to_owned()
        } else if let Some(twin) = server.twin {
            format!("<a href=#s{twin}>see its namesake</a>")
        } else if server.gaps > 0 {
            format!("<strong class=gap>{}</strong>", server.gaps)
        } else {
            String::new()
        };
        let label = format!("<a href=#s{place}>{}</a>", escape::name(&server.label, 80));
        let none = if server.is_silent() || server.twin.is_some() { "?" } else { "0" };
        Some(Row { label, counts: server.counts, unchecked: Some(unchecked), none })
    };
    worst_first(view).into_iter().take(MOST_SERVERS).filter_map(place).collect()
}

fn by_rule(view: &View<'_>) -> Vec<Row> {
    let mut counts: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for finding in &view.report.findings {
        count(counts.entry(&finding.rule).or_default(), finding.severity);
    }
    worst(counts, |id| match view.report.rule(id) {
        Some(rule) => format!(
            "<a href=#{}>{}</a> <code class=id>{}</code>",
            escape::anchor("rule", id),
            escape::name(&rule.title, 120),
            escape::line(id, 64)
        ),
        None => format!("<code class=id>{}</code>", escape::line(id, 64)),
    })
}

fn by_item(view: &View<'_>) -> Vec<Row> {
    let mut counts: BTreeMap<(&str, &str), [usize; 5]> = BTreeMap::new();
    for finding in &view.report.findings {
        count(counts.entry((&finding.subject.kind, &finding.subject.name)).or_default(), finding.severity);
    }
    worst(counts, |(kind, name)| match kind {
        "server" => "the server itself".to_owned(),
        kind => format!("<span class=kind>{}</span> {}", escape::line(kind, 40), escape::name(name, 120)),
    })
}

fn worst<K: Copy>(counts: BTreeMap<K, [usize; 5]>, label: impl Fn(K) -> String) -> Vec<Row> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, counts)| std::cmp::Reverse(*counts));
    counts
        .into_iter()
        .take(MOST_RULES)
        .map(|(key, counts)| Row { label: label(key), counts, unchecked: None, none: "0" })
        .collect()
}

fn table(out: &mut String, title: &str, what: &str, rows: &[Row]) {
    let most = rows.iter().map(Row::total).max().unwrap_or_default();
    let shown = rows.get(..MOST_ROWS).unwrap_or(rows);
    let folded = rows.get(MOST_ROWS..).unwrap_or_default();
    out.push_str(&format!("<h3>{title}</h3>\n"));
    body(out, title, what, shown, most);
    if !folded.is_empty() {
        out.push_str(&format!(
            "<details class=more><summary>{} more, none of them worse</summary>\n",
            folded.len()
        ));
        body(out, title, what, folded, most);
        out.push_str("</details>\n");
    }
}

fn body(out: &mut String, title: &str, what: &str, rows: &[Row], most: usize) {
    let with_gaps = rows.iter().any(|row| row.unchecked.is_some());
    out.push_str(&format!(
        "<div class=wide><table class=matrix><caption>{title}</caption><thead><tr><th scope=col>{what}</th>"
    ));
    for severity in Severity::WORST_FIRST {
        out.push_str(&format!("<th scope=col class=n>{}</th>", capital(severity)));
    }
    if with_gaps {
        out.push_str("<th scope=col class=n>Not checked</th>");
    }
    out.push_str("<th scope=col class=bar>√ scale</th></tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str(&format!("<tr><th scope=row>{}</th>", row.label));
        for (count, severity) in row.counts.iter().zip(Severity::WORST_FIRST) {
            if *count == 0 {
                out.push_str(&format!("<td class=n><span class=zero>{}</span></td>", row.none));
            } else {
                out.push_str(&format!("<td class=\"n cell {severity}\">{count}</td>"));
            }
        }
        if with_gaps {
            let unchecked = row
                .unchecked
                .as_deref()
                .filter(|text| !text.is_empty())
                .unwrap_or("<span class=zero>–</span>");
            out.push_str(&format!("<td class=n>{unchecked}</td>"));
        }
        out.push_str(&format!("<td class=bar>{}</td></tr>\n", bar(&row.counts, row.total(), most)));
    }
    out.push_str("</tbody></table></div>\n");
}

/// The counts side by side. Lengths grow with the square root of the sum, so that one very bad row leaves the others
/// something to see.
fn bar(counts: &[usize; 5], total: usize, most: usize) -> String {
    let mut out = format!(
        "<svg viewBox=\"0 0 {LONGEST} 10\" preserveAspectRatio=none role=img aria-label=\"{}\">",
        findings(total)
    );
    let mut sum = 0_usize;
    let long = LONGEST
        .saturating_mul(total.saturating_mul(10_000).checked_div(most).unwrap_or_default().isqrt())
        / 100;
    let at = |sum: usize| sum.saturating_mul(long).checked_div(total).unwrap_or_default();
    for (count, severity) in counts.iter().zip(Severity::WORST_FIRST).filter(|(count, _)| **count > 0) {
        let start = at(sum);
        sum = sum.saturating_add(*count);
        // What there is of shows, however little it is beside the rest.
        let width = at(sum).saturating_sub(start).max(2);
        out.push_str(&format!("<rect class={severity} x={start} width={width} height=10 />"));
    }
    out.push_str("</svg>");
    out
}
