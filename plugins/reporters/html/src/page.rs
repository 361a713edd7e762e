//! The page as a whole, and how much of a large report is on it.

use bartizan_sdk::report::{NotChecked, Report, counted};

use crate::{
    escape,
    findings::Budget,
    head, picture, provenance, rules,
    servers::{self, Server},
    summary, unchecked,
};

/// What the page takes besides findings, for a report of usual size.
const SURROUNDINGS: usize = 256 << 10;

/// The whole page. The same report gives the same bytes: it holds no time.
pub fn page(report: &Report) -> String {
    let view = View::of(report);
    let mut budget = Budget::of(report);
    // Growing to this size step by step would take twice the memory.
    let mut out = String::with_capacity(budget.bytes.saturating_add(SURROUNDINGS));
    head::open(&mut out, &format!("Bartizan: {}", report.headline()));
    summary::write(&mut out, &view);
    out.push_str("<main>\n");
    if budget.left_out() > 0 {
        out.push_str(&format!(
            "<p class=banner><strong>Not on this page: {}.</strong> A page with all of them would be too large; the \
             JSON report has every one. None of them is worse than those shown.</p>\n",
            counted(budget.left_out(), "finding")
        ));
    }
    unchecked::write(&mut out, &view);
    for remark in report.remarks() {
        out.push_str("<p class=dim>");
        out.push_str(&escape::prose(&remark, 600));
        out.push_str("</p>\n");
    }
    picture::write(&mut out, &view);
    servers::write(&mut out, &view, &mut budget);
    rules::write(&mut out, &view);
    provenance::write(&mut out, report);
    out.push_str("</main>\n");
    head::close(&mut out);
    out
}

/// The report, with what several sections ask of it.
pub(crate) struct View<'a> {
    pub(crate) report: &'a Report,
    pub(crate) gaps: Vec<NotChecked>,
    /// One a server, in the report's order, then one for each server that only findings name.
    pub(crate) servers: Vec<Server<'a>>,
    /// Ids of the rules that found something, in order; findings and filter number them by their place here.
    pub(crate) rules: Vec<&'a str>,
}

impl<'a> View<'a> {
    fn of(report: &'a Report) -> Self {
        let gaps = report.gaps();
        let servers = servers::servers(report, &gaps);
        let mut rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
        rules.sort_unstable();
        rules.dedup();
        Self { report, gaps, servers, rules }
    }
}

/// The share of one section, counted in bytes of the page.
pub(crate) struct Share {
    end: usize,
}

impl Share {
    pub(crate) fn new(out: &str, bytes: usize) -> Self {
        Self { end: out.len().saturating_add(bytes) }
    }

    /// Whether there is room for another entry.
    pub(crate) fn has_room(&self, out: &str) -> bool {
        out.len() < self.end
    }
}
