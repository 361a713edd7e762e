//! Suites: one a server, and one for what was not checked and belongs to no server by name.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_sdk::report::{Finding, NotChecked, Report, Rule, ServerSummary, Suppressed, shorten, visible};

use crate::case::{Case, Outcome, found, unchecked, with_set_aside};

/// Text of all cases together; a document larger than the host takes would be lost whole.
const MOST_BYTES: usize = 9 << 20;
/// Notices told.
const MOST_NOTICES: usize = 500;
/// What the markup of one case takes, about.
const MARKUP: usize = 120;

/// A suite.
pub(crate) struct Suite {
    pub(crate) name: String,
    pub(crate) properties: Vec<(&'static str, String)>,
    pub(crate) cases: Vec<Case>,
}

/// All suites, in the report's order; the ones that are no server's last.
pub(crate) fn suites(report: &Report) -> Vec<Suite> {
    let gaps = report.gaps();
    let mut room = Room { left: MOST_BYTES, left_out: 0 };
    let mut by_server: BTreeMap<&str, Results<'_>> = BTreeMap::new();
    let listed: BTreeSet<&str> = report.servers.iter().map(|server| server.name.as_str()).collect();
    for finding in &report.findings {
        by_server.entry(&finding.subject.server).or_default().found.push(finding);
    }
    for one in &report.suppressed {
        by_server.entry(&one.finding.subject.server).or_default().aside.push(one);
    }
    let nothing = Results::default();
    let mut suites = Vec::new();
    // What must not be missing takes its room first.
    let mut named: BTreeMap<usize, Vec<&NotChecked>> = BTreeMap::new();
    let mut nobodys: Vec<&NotChecked> = Vec::new();
    for (gap, places) in gaps.iter().zip(report.named_by(&gaps)) {
        if places.is_empty() {
            nobodys.push(gap);
        }
        for place in places {
            named.entry(place).or_default().push(gap);
        }
    }
    let elsewhere: Vec<Case> =
        nobodys.iter().map(|gap| gap_case(gap)).filter(|case| room.takes(case, true)).collect();
    let missing = Missing::of(&nobodys);
    for (place, server) in report.servers.iter().enumerate() {
        // Servers that call themselves the same cannot be told apart by their findings, so all of them fail.
        let results = by_server.get(server.name.as_str()).unwrap_or(&nothing);
        let named = named.get(&place).map(Vec::as_slice).unwrap_or_default();
        suites.push(of_server(report, server, named, &missing, results, &mut room));
    }
    for (name, results) in by_server.iter().filter(|(name, _)| !listed.contains(*name)) {
        // Of a server that the report does not list.
        let cases = cases(report, results, |_| Outcome::Passed { note: String::new() })
            .into_iter()
            .filter(|case| matches!(case.outcome, Outcome::Failed { .. } | Outcome::SetAside { .. }))
            .filter(|case| room.takes(case, true))
            .collect();
        suites.push(Suite { name: shorten(name, 200), properties: Vec::new(), cases });
    }
    if !elsewhere.is_empty() {
        suites.push(Suite { name: "not checked".to_owned(), properties: Vec::new(), cases: elsewhere });
    }
    if !report.notices.is_empty() {
        suites.push(notices(report));
    }
    if room.left_out > 0 {
        let message = format!(
            "{} test cases are left out: a document with all of them would be too large; the JSON report has everything",
            room.left_out
        );
        let outcome = Outcome::NotChecked { kind: "too-large".to_owned(), message };
        let case = Case { name: "test cases left out".to_owned(), class: "bartizan".to_owned(), outcome };
        suites.push(Suite { name: "left out".to_owned(), properties: Vec::new(), cases: vec![case] });
    }
    suites
}

/// What was found at one server.
#[derive(Default)]
struct Results<'a> {
    found: Vec<&'a Finding>,
    /// And set aside.
    aside: Vec<&'a Suppressed>,
}

/// What is to be known of the run itself is no test: a suite without test cases.
fn notices(report: &Report) -> Suite {
    let told = report.notices.iter().take(MOST_NOTICES);
    let mut properties: Vec<(&'static str, String)> = told
        .map(|one| ("notice", shorten(&format!("{}: {} ({})", one.what, one.why, one.code), 1_000)))
        .collect();
    if report.notices.len() > MOST_NOTICES {
        let more = report.notices.len().saturating_sub(MOST_NOTICES);
        properties.push(("notice", format!("and {more} more notices")));
    }
    Suite { name: "notices".to_owned(), properties, cases: Vec::new() }
}

fn of_server(
    report: &Report,
    server: &ServerSummary,
    named: &[&NotChecked],
    nobodys: &Missing<'_>,
    results: &Results<'_>,
    room: &mut Room,
) -> Suite {
    let mine = Missing::of(named);
    let without_findings = |rule: &Rule| {
        if server.is_silent() {
            let message = "not checked: the server never answered".to_owned();
            return Outcome::NotChecked { kind: "no-answer".to_owned(), message };
        }
        // An entry that names no server may be about this one.
        mine.outcome(rule)
            .or_else(|| nobodys.outcome(rule))
            .unwrap_or(Outcome::Passed { note: String::new() })
    };
    let cases = named
        .iter()
        .map(|gap| gap_case(gap))
        .chain(cases(report, results, without_findings))
        .filter(|case| room.takes(case, !matches!(case.outcome, Outcome::Passed { .. })))
        .collect();
    Suite { name: server.label(), properties: properties(server), cases }
}

/// Why a rule that found nothing may not have passed: it passed only if it was asked and looked at everything.
struct Missing<'a> {
    /// By the component that failed.
    failed: BTreeMap<&'a str, &'a NotChecked>,
    /// What none of the rules saw.
    unseen: Option<String>,
}

impl<'a> Missing<'a> {
    fn of(gaps: &[&'a NotChecked]) -> Self {
        let mut this = Self { failed: BTreeMap::new(), unseen: None };
        for gap in gaps {
            match gap.component.as_deref() {
                Some(component) => {
                    this.failed.entry(component).or_insert(gap);
                }
                None if this.unseen.is_none() => {
                    let message = format!("checked in part: {}: {}", visible(&gap.what), gap.reason());
                    this.unseen = Some(shorten(&message, 500));
                }
                None => {}
            }
        }
        this
    }

    fn outcome(&self, rule: &Rule) -> Option<Outcome> {
        match self.failed.get(rule.component.as_str()) {
            Some(gap) => Some(unchecked(gap)),
            None => self.unseen.clone().map(|message| Outcome::InPart { message }),
        }
    }
}

fn cases(report: &Report, results: &Results<'_>, without: impl Fn(&Rule) -> Outcome) -> Vec<Case> {
    let mut by_rule: BTreeMap<&str, Results<'_>> = BTreeMap::new();
    for finding in &results.found {
        by_rule.entry(&finding.rule).or_default().found.push(finding);
    }
    for one in &results.aside {
        by_rule.entry(&one.finding.rule).or_default().aside.push(one);
    }
    let mut cases: Vec<Case> = report
        .rules
        .iter()
        .map(|rule| {
            let of = by_rule.remove(rule.id.as_str()).unwrap_or_default();
            let outcome = if of.found.is_empty() { without(rule) } else { found(&of.found) };
            let outcome = with_set_aside(outcome, &of.aside);
            let name = shorten(&format!("{} {}", rule.id, rule.title), 300);
            Case { name, class: shorten(&rule.component, 200), outcome }
        })
        .collect();
    for (rule, of) in by_rule {
        let first = of.found.first().copied().or_else(|| of.aside.first().map(|one| &one.finding));
        let class = first.map(|finding| shorten(&finding.plugin.name, 200)).unwrap_or_default();
        let outcome = with_set_aside(found(&of.found), &of.aside);
        cases.push(Case { name: shorten(rule, 300), class, outcome });
    }
    cases
}

fn gap_case(gap: &NotChecked) -> Case {
    Case {
        name: shorten(&format!("not checked: {}", gap.what), 500),
        class: shorten(gap.component.as_deref().unwrap_or("bartizan"), 200),
        outcome: unchecked(gap),
    }
}

fn properties(server: &ServerSummary) -> Vec<(&'static str, String)> {
    let digest = server.digest.as_deref().map(|digest| format!("sha256:{}", shorten(digest, 100)));
    [
        ("target", shorten(&server.target, 2_000)),
        ("transport", shorten(&server.transport.kind, 100)),
        ("version", shorten(&server.version, 200)),
        ("protocol_version", shorten(&server.protocol_version, 100)),
        ("digest", digest.unwrap_or_default()),
        ("tools", server.tools.to_string()),
        ("prompts", server.prompts.to_string()),
        ("resources", server.resources.to_string()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

/// What is left of the size that the host takes.
struct Room {
    left: usize,
    left_out: usize,
}

impl Room {
    /// Whether the case is taken. Cases that passed may use two thirds, so that there is room for those that did not.
    fn takes(&mut self, case: &Case, matters: bool) -> bool {
        let size = case.name.len().saturating_add(case.class.len()).saturating_add(case.outcome.len());
        let kept_free = if matters { 0 } else { MOST_BYTES / 3 };
        match self.left.checked_sub(size.saturating_add(MARKUP)) {
            Some(left) if left >= kept_free => {
                self.left = left;
                true
            }
            _ => {
                self.left_out = self.left_out.saturating_add(1);
                false
            }
        }
    }
}
