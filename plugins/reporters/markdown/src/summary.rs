//! The start of the page: what it comes to, by server, and what was not checked.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use bartizan_sdk::report::{
    NotChecked, Report, ServerSummary, Severity, Verdict, counted,
    markdown::{code, prose, sentence},
    shorten,
};

use crate::page::Page;

/// Servers in the table.
const MOST_SERVERS: usize = 50;

pub(crate) fn write(page: &mut Page, report: &Report) {
    let gaps = report.gaps();
    let mark = match report.verdict() {
        Verdict::NothingChecked | Verdict::Incomplete => "⚠️",
        Verdict::Found => "🛡️",
        Verdict::Clean => "✅",
    };
    page.always(&format!(
        "## {mark} Bartizan: {}\n\n{}\n",
        prose(&report.headline()),
        prose(&report.basis())
    ));
    unchecked(page, &gaps);
    table(page, report, &gaps);
    for remark in report.remarks() {
        page.always(&format!("\n<sub>{}</sub>\n", sentence(&remark)));
    }
}

/// A block of its own, because it is the one thing that must not be overlooked.
fn unchecked(page: &mut Page, gaps: &[NotChecked]) {
    if gaps.is_empty() {
        return;
    }
    page.always(&format!("\n> [!WARNING]\n> **Not checked: {}**\n>\n", counted(gaps.len(), "thing")));
    for (index, gap) in gaps.iter().enumerate() {
        let by = gap
            .component
            .as_deref()
            .map(|name| format!("{}: ", code(&shorten(name, 100))))
            .unwrap_or_default();
        let line = format!(
            "> - **{}**: {by}{}\n",
            sentence(&shorten(&gap.what, 400)),
            sentence(&shorten(&gap.reason(), 800))
        );
        if !page.fits(&line) {
            let more = gaps.len().saturating_sub(index);
            page.always(&format!("> - and {more} more; the JSON report names them all\n"));
            break;
        }
    }
}

fn table(page: &mut Page, report: &Report, gaps: &[NotChecked]) {
    if report.servers.is_empty() {
        return;
    }
    let mut counts: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for finding in &report.findings {
        let counts = counts.entry(&finding.subject.server).or_default();
        for (count, severity) in counts.iter_mut().zip(Severity::WORST_FIRST) {
            *count = count.saturating_add(usize::from(severity == finding.severity));
        }
    }
    let named = report.named_by(gaps);
    let mut rows: Vec<Row<'_>> = report
        .servers
        .iter()
        .map(|server| Row {
            server,
            counts: counts.get(server.name.as_str()).copied().unwrap_or_default(),
            gaps: 0,
        })
        .collect();
    for place in named.iter().flatten() {
        if let Some(row) = rows.get_mut(*place) {
            row.gaps = row.gaps.saturating_add(1);
        }
    }
    rows.sort_by_key(Row::rank);
    page.always(
        "\n| Server | Critical | High | Medium | Low | Info | Not checked |\n|:--|--:|--:|--:|--:|--:|:--|\n",
    );
    for (index, row) in rows.iter().enumerate() {
        if index >= MOST_SERVERS || !page.fits(&row.line()) {
            let more = rows.len().saturating_sub(index);
            page.always(&format!("\n{} more, none of them worse.\n", counted(more, "server")));
            break;
        }
    }
    if named.iter().any(BTreeSet::is_empty) {
        page.always(
            "\nSome of what was not checked belongs to no server by name; it may concern each of them.\n",
        );
    }
}

struct Row<'a> {
    server: &'a ServerSummary,
    counts: [usize; 5],
    gaps: usize,
}

impl Row<'_> {
    /// Worst first. What is not known of a server ranks after what a person should look at and before what is only
    /// worth knowing. Servers that are alike keep the report's order.
    fn rank(&self) -> impl Ord + use<> {
        let [critical, high, medium, low, info] = self.counts;
        Reverse(([critical, high, medium], self.server.is_silent(), self.gaps, [low, info]))
    }

    fn line(&self) -> String {
        let cells: Vec<String> = self
            .counts
            .iter()
            .map(|count| match count {
                0 if self.server.is_silent() => "?".to_owned(),
                0 => "·".to_owned(),
                count => format!("**{count}**"),
            })
            .collect();
        let unchecked = if self.server.is_silent() {
            "⚠️ never answered".to_owned()
        } else if self.gaps > 0 {
            format!("⚠️ {}", self.gaps)
        } else {
            "·".to_owned()
        };
        format!("| {} | {} | {unchecked} |\n", prose(&self.server.label()), cells.join(" | "))
    }
}

/// Who wrote it.
pub(crate) fn footer(report: &Report) -> String {
    let parts = [
        format!("{} {}", code(&shorten(&report.tool.name, 60)), code(&shorten(&report.tool.version, 60))),
        counted(report.rules.len(), "rule"),
        counted(report.plugins.len(), "component"),
    ];
    parts.join(" · ")
}
