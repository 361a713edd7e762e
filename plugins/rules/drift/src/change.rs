//! What was found to differ, and how it is told.

use bartizan_sdk::prelude::*;
use bartizan_sdk::{IntoSubject, types::Subject};

use crate::rules;

/// Things that are told one by one at one severity; more become one finding.
const MAX_EACH: usize = 10;
/// Things that a folded finding names.
const MAX_NAMED: usize = 100;
/// Sentences about one thing.
const MAX_SENTENCES: usize = 3;

/// One difference in one thing.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) about: Subject,
    pub(crate) severity: Severity,
    /// A sentence that goes on after "`name`": "takes a password now".
    pub(crate) what: String,
    /// What shows it, and where.
    pub(crate) shows: String,
    pub(crate) pointer: String,
}

impl Change {
    pub(crate) fn new(about: &impl IntoSubject, severity: Severity, what: impl Into<String>) -> Self {
        Self {
            about: about.subject(),
            severity,
            what: what.into(),
            shows: String::new(),
            pointer: String::new(),
        }
    }

    /// Beyond the budget: that nothing is said of it must not look as if nothing was to say.
    pub(crate) fn unread(about: &impl IntoSubject) -> Self {
        Self::new(about, Severity::Medium, "differs, and was not read, because more changed than is read")
    }

    pub(crate) fn shows(mut self, text: &str, pointer: &str) -> Self {
        self.shows = shown(text);
        pointer.clone_into(&mut self.pointer);
        self
    }
}

/// How much of what changed is still read. No honest server comes near its end.
pub(crate) struct Budget(usize);

impl Budget {
    pub(crate) fn new() -> Self {
        Self(2 << 20)
    }

    /// Whether so many bytes are read. Once they are not, nothing after them is: what is left out must not depend on
    /// how long it is.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        self.0 = self.0.saturating_sub(bytes);
        self.0 > 0
    }
}

/// A thing and all that changed in it.
type Thing = (Subject, Vec<Change>);

/// One finding for each thing that changed; things that changed alike and are many are one.
pub(crate) fn findings(server: &Server, changes: Vec<Change>) -> Vec<Finding> {
    let mut things: Vec<Thing> = Vec::new();
    // Changes of one thing come one after another.
    for change in changes {
        match things.last_mut() {
            Some((about, of)) if *about == change.about => of.push(change),
            _ => things.push((change.about.clone(), vec![change])),
        }
    }
    let mut by_severity: Vec<(Severity, Vec<Thing>)> = Vec::new();
    for (about, mut of) in things {
        // Stable: of two alike, the one that was found first is told first.
        of.sort_by_key(|change| std::cmp::Reverse(change.severity));
        let worst = of.first().map_or(Severity::Info, |change| change.severity);
        match by_severity.iter_mut().find(|(severity, _)| *severity == worst) {
            Some((_, list)) => list.push((about, of)),
            None => by_severity.push((worst, vec![(about, of)])),
        }
    }
    by_severity.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    let mut findings = Vec::new();
    for (severity, list) in by_severity {
        let at_most = match severity {
            Severity::Info => 1,
            Severity::Low => 4,
            _ => MAX_EACH,
        };
        if list.len() > at_most {
            findings.push(folded(server, severity, &list));
        } else {
            findings.extend(list.iter().map(|(about, of)| one(about, severity, of)));
        }
    }
    findings
}

fn one(about: &Subject, severity: Severity, of: &[Change]) -> Finding {
    let name = if about.kind == "server" {
        "The server".to_owned()
    } else {
        format!("The {} `{}`", about.kind, shown(&about.name))
    };
    // What is worth no alarm beside something that is stays out.
    let told = of.iter().filter(|change| severity == Severity::Info || change.severity > Severity::Info);
    let what: Vec<&str> = told.clone().take(MAX_SENTENCES).map(|change| change.what.as_str()).collect();
    let mut finding = Finding::new(
        rules::RUG_PULL,
        about,
        format!("{name} changed since it was approved: it {}.", what.join("; it ")),
    )
    .severity(severity)
    .confidence(if severity >= Severity::Medium { Confidence::Medium } else { Confidence::High });
    for change in told.filter(|change| !change.shows.is_empty()).take(8) {
        finding = finding.evidence("now", &change.shows, &change.pointer);
    }
    finding
}

fn folded(server: &Server, severity: Severity, list: &[Thing]) -> Finding {
    let names: Vec<String> =
        list.iter().take(5).map(|(about, _)| format!("`{}`", shown(&about.name))).collect();
    let first =
        list.first().and_then(|(_, of)| of.first()).map(|change| change.what.as_str()).unwrap_or_default();
    let mut finding = Finding::new(
        rules::RUG_PULL,
        server,
        format!(
            "{} things changed since they were approved, among them {}; the first {first}.",
            list.len(),
            names.join(", ")
        ),
    )
    .severity(severity)
    .confidence(Confidence::High);
    for (about, _) in list.iter().take(MAX_NAMED) {
        finding = finding.related(about);
    }
    for (about, of) in list.iter().take(8) {
        if let Some(change) = of.first() {
            finding = finding.evidence(&shown(&about.name), &change.what, "");
        }
    }
    finding
}

/// Somebody else's text on one line, not too long, with what does not show made to show.
pub(crate) fn shown(text: &str) -> String {
    let mut out: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(240).collect();
    if out.len() < text.len() && out.chars().count() == 240 {
        out.push('…');
    }
    bartizan_text::visible(&out)
}
