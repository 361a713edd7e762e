//! What was found to differ, and how it is told.

use std::borrow::Cow;

use bartizan_sdk::prelude::*;
use bartizan_sdk::{IntoSubject, types::Subject};

use crate::{rules, words::head};

/// Things that are told one by one at one severity; more become one finding.
const MAX_EACH: usize = 10;
/// Things that a folded finding names.
const MAX_NAMED: usize = 100;
/// Sentences about one thing.
const MAX_SENTENCES: usize = 3;
/// Pieces of evidence, and so changes of one severity that are kept of one thing.
const MAX_SHOWN: usize = 8;

/// One difference in one thing.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) about: Subject,
    pub(crate) severity: Severity,
    /// A sentence that goes on after "`name`": "takes a password now".
    pub(crate) what: Cow<'static, str>,
    /// What shows it, and where.
    pub(crate) shows: String,
    pub(crate) pointer: String,
}

impl Change {
    pub(crate) fn new(
        about: &impl IntoSubject,
        severity: Severity,
        what: impl Into<Cow<'static, str>>,
    ) -> Self {
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

    /// As [`Self::unread`], of a part of it.
    pub(crate) fn unread_part(about: &impl IntoSubject, pointer: &str) -> Self {
        let part = if pointer.is_empty() { "another member" } else { pointer.trim_start_matches('/') };
        let what = format!("differs in {part}, which is too large or nested too deep to be read whole");
        Self { pointer: pointer.to_owned(), ..Self::new(about, Severity::Medium, what) }
    }

    pub(crate) fn shows(mut self, text: &str, pointer: &str) -> Self {
        self.shows = shown(text);
        pointer.clone_into(&mut self.pointer);
        self
    }
}

/// Bytes of one text that are read. Of a longer one it is the part that differs.
pub(crate) const MAX_TEXT: usize = 32 * 1024;

/// A member of a thing.
#[derive(Clone, Copy)]
pub(crate) enum Member<'t> {
    Text(&'t str),
    Json(&'t str),
}

impl<'t> Member<'t> {
    pub(crate) fn of(text: Option<&'t str>) -> Self {
        Self::Text(text.unwrap_or_default())
    }

    pub(crate) fn of_json(json: Option<&'t str>) -> Self {
        Self::Json(json.unwrap_or_default())
    }

    /// What it takes to read it, in bytes.
    fn cost(self) -> usize {
        let (Self::Text(text) | Self::Json(text)) = self;
        let read = if matches!(self, Self::Text(_)) { head(text, MAX_TEXT) } else { text };
        // Letters of other alphabets are looked up in tables. What is too long anyhow is not counted through.
        let other = if read.len() > MAX_BYTES || read.is_ascii() {
            0
        } else {
            read.bytes().filter(|byte| !byte.is_ascii()).count()
        };
        // What is not read is still looked through for the part that differs.
        let compared = text.len().saturating_sub(read.len()).checked_div(16).unwrap_or_default();
        read.len().saturating_add(other).saturating_add(compared)
    }
}

/// What changed in one thing: of each severity what can be told, so that ten thousand new parameters take no more memory
/// than ten.
#[derive(Debug, Default)]
pub(crate) struct Changes(Vec<Change>);

impl Changes {
    pub(crate) fn push(&mut self, change: Change) {
        if self.has_room(change.severity) {
            self.0.push(change);
        }
    }

    /// Whether one more of this severity would be told.
    pub(crate) fn has_room(&self, severity: Severity) -> bool {
        self.0.iter().filter(|known| known.severity == severity).count() < MAX_SHOWN
    }

    pub(crate) fn into_list(self) -> Vec<Change> {
        self.0
    }
}

impl Extend<Change> for Changes {
    fn extend<I: IntoIterator<Item = Change>>(&mut self, changes: I) {
        changes.into_iter().for_each(|change| self.push(change));
    }
}

/// Bytes of what changed that are read: what the fuel of a call lasts for, whatever stands in them. The largest honest
/// server known presents a third of it, in all.
const MAX_BYTES: usize = 576 << 10;
/// What it takes to look at one thing, in bytes, however little it says.
const EACH: usize = 256;

/// How much of what changed is still read.
pub(crate) struct Budget(usize);

impl Budget {
    pub(crate) fn new() -> Self {
        Self(MAX_BYTES)
    }

    /// Whether these members of one thing are read. Once some are not, nothing after them is: what is left out must not
    /// depend on how long it is.
    pub(crate) fn take<'t>(&mut self, members: impl IntoIterator<Item = Member<'t>>) -> bool {
        let cost = members.into_iter().map(Member::cost).fold(EACH, usize::saturating_add);
        self.0 = self.0.saturating_sub(cost);
        self.0 > 0
    }
}

/// All that changed in one thing; never empty.
type Thing = Vec<Change>;

/// One finding for each thing that changed; things that changed alike and are many are one.
pub(crate) fn findings(server: &Server, changes: Vec<Change>) -> Vec<Finding> {
    let mut things: Vec<Thing> = Vec::new();
    // Changes of one thing come one after another.
    for change in changes {
        match things.last_mut() {
            Some(of) if of.first().is_some_and(|first| first.about == change.about) => of.push(change),
            _ => things.push(vec![change]),
        }
    }
    let mut by_severity: Vec<(Severity, Vec<Thing>)> = Vec::new();
    for mut of in things {
        // Stable: of two alike, the one that was found first is told first.
        of.sort_by_key(|change| std::cmp::Reverse(change.severity));
        let worst = of.first().map_or(Severity::Info, |change| change.severity);
        match by_severity.iter_mut().find(|(severity, _)| *severity == worst) {
            Some((_, list)) => list.push(of),
            None => by_severity.push((worst, vec![of])),
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
            findings.extend(list.iter().filter_map(|of| Some(one(&of.first()?.about, severity, of))));
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
    let what: Vec<&str> = told.clone().take(MAX_SENTENCES).map(|change| change.what.as_ref()).collect();
    let mut finding = Finding::new(
        rules::RUG_PULL,
        about,
        format!("{name} changed since it was approved: it {}.", what.join("; it ")),
    )
    .severity(severity)
    .confidence(if severity >= Severity::Medium { Confidence::Medium } else { Confidence::High });
    for change in told.filter(|change| !change.shows.is_empty()).take(MAX_SHOWN) {
        finding = finding.evidence("now", &change.shows, &change.pointer);
    }
    finding
}

fn folded(server: &Server, severity: Severity, list: &[Thing]) -> Finding {
    let names: Vec<String> = list
        .iter()
        .filter_map(|of| of.first())
        .take(5)
        .map(|one| format!("`{}`", shown(&one.about.name)))
        .collect();
    let first = list.first().and_then(|of| of.first()).map(|change| change.what.as_ref()).unwrap_or_default();
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
    let worst = || list.iter().filter_map(|of| of.first());
    for change in worst().take(MAX_NAMED) {
        finding = finding.related(&change.about);
    }
    for change in worst().take(MAX_SHOWN) {
        finding = finding.evidence(&shown(&change.about.name), &change.what, "");
    }
    finding
}

/// Characters of a text that are shown, and that are looked at for it.
const MAX_CHARS: usize = 240;
const MAX_READ: usize = 2_000;

/// Somebody else's text on one line, not too long, with what does not show made to show.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(MAX_READ) {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !(out.is_empty() || out.ends_with(' ')) {
            out.push(c);
        }
    }
    let out = out.trim_end();
    let cut: String = out.chars().take(MAX_CHARS).collect();
    let more = if cut.len() < out.len() || text.len() > MAX_READ.saturating_mul(4) { "…" } else { "" };
    format!("{}{more}", bartizan_text::visible(&cut))
}
