//! What `scan`, `multi-scan`, `snapshot` and `pin` share: what to look at, consent, looking, judging.
//!
//! [`reach::plan`] makes a [`Plan`] of what stands on the command line, [`consent::ask`] takes out of it what is not to be
//! started, [`run`] looks and judges.

mod configured;
mod confine;
pub(crate) mod consent;
mod inline;
pub(crate) mod judging;
pub(crate) mod reach;
mod source;

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use bartizan_clients::ListOptions;
use bartizan_mcp::{Listing, Options};
use bartizan_model::{NotChecked, Notice, Server, Severity};
use bartizan_scan::{Judge, Judgement, Part, Plugins, ReportBuilder, Selection, drift, drift_within};

pub(crate) use self::{
    confine::Confinement,
    inline::Ignore,
    source::{Kind, Looked, Silent, Source},
};
use crate::{progress::Progress, session::Interrupt};

/// What is to be looked at.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) sources: Vec<Source>,
    /// What a list of servers says of how to go about it.
    pub(crate) options: ListOptions,
    /// Comments in configurations that set findings aside.
    pub(crate) inline: Vec<Ignore>,
    /// What could not be read.
    pub(crate) not_checked: Vec<NotChecked>,
    pub(crate) notices: Vec<Notice>,
    /// How many places were looked at for configurations.
    pub(crate) places: usize,
}

/// How to go about looking.
pub(crate) struct Manner<'a> {
    pub(crate) options: &'a Options,
    pub(crate) confinement: &'a Confinement,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) progress: &'a Progress,
    /// How many at once.
    pub(crate) concurrency: usize,
    /// End at the first that cannot be checked or has a finding of this severity.
    pub(crate) fail_fast: Option<Severity>,
}

/// What judges.
pub(crate) struct Judges<'a> {
    pub(crate) plugins: &'a Plugins,
    pub(crate) selection: &'a Selection,
    pub(crate) judge: Judge<'a>,
    pub(crate) pins: Option<&'a bartizan_pins::PinFile>,
    /// Whether servers are judged together, too.
    pub(crate) together: bool,
}

/// One server's part of the report, and what else there is to say.
struct Seen {
    part: Part,
    notices: Vec<Notice>,
    /// The command line is wrong, and not the server.
    usage: Option<String>,
}

/// Looks at everything in the plan, as many at once as asked for, and gathers the report in the plan's order. The error is about
/// the command line, where that is all there is.
pub(crate) fn run(plan: Plan, manner: &Manner<'_>, judges: &Judges<'_>) -> Result<ReportBuilder, String> {
    let Plan { sources, not_checked, notices, .. } = plan;
    let seen: Vec<Mutex<Option<Seen>>> = sources.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    manner.progress.servers(sources.len());
    let work = || {
        while !stopped.load(Ordering::SeqCst) && !manner.interrupt.happened() {
            let index = next.fetch_add(1, Ordering::SeqCst);
            let (Some(source), Some(place)) = (sources.get(index), seen.get(index)) else { break };
            manner.progress.server(&source.label());
            let one = look(source, manner, judges);
            if manner.fail_fast.is_some_and(|least| is_bad(&one, least)) {
                stopped.store(true, Ordering::SeqCst);
            }
            manner.progress.done();
            if let Ok(mut place) = place.lock() {
                *place = Some(one);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..manner.concurrency.min(sources.len()) {
            scope.spawn(work);
        }
        work();
    });

    let mut report = ReportBuilder::new(env!("CARGO_PKG_VERSION"), judges.plugins, judges.selection);
    for one in not_checked {
        report.add_not_checked(one);
    }
    report.add_notices(notices);
    let only_one = sources.len() == 1;
    for (source, place) in sources.iter().zip(seen) {
        match place.into_inner().ok().flatten() {
            Some(Seen { usage: Some(why), .. }) if only_one => return Err(why),
            Some(Seen { part, notices, .. }) => {
                report.add_notices(notices);
                report.add(part.named(source.name.as_deref()));
            }
            None => report.add_not_checked(NotChecked {
                what: format!("server `{}`", bartizan_model::printable(&source.label())),
                component: None,
                code: if manner.interrupt.happened() { "interrupted" } else { "stopped" }.to_owned(),
                why: if manner.interrupt.happened() {
                    "the run was interrupted before it was looked at".to_owned()
                } else {
                    "the run ended at the first server that was not well (--fail-fast)".to_owned()
                },
            }),
        }
    }
    if judges.together {
        manner.progress.stage("judging servers together");
        report.judge_together(&judges.judge);
    }
    Ok(report)
}

fn is_bad(seen: &Seen, least: Severity) -> bool {
    seen.part.is_incomplete() || seen.part.findings().iter().any(|finding| finding.severity >= least)
}

fn look(source: &Source, manner: &Manner<'_>, judges: &Judges<'_>) -> Seen {
    // A saved listing that came to something in an earlier run is not even read. What is pinned must be, to be compared.
    let pinned = judges.pins.is_some_and(|pins| !pins.pins().is_empty());
    let saved = source.saved();
    let target = source.target();
    let lasting = saved.as_deref().filter(|_| !pinned);
    if let Some(part) = lasting.and_then(|bytes| judges.judge.recall(bytes, &target)) {
        return Seen { part, notices: Vec::new(), usage: None };
    }
    let seen = look_anew(source, saved.as_deref(), &target, manner, judges);
    if let (Some(bytes), None) = (lasting, &seen.usage) {
        judges.judge.remember(bytes, &target, &seen.part);
    }
    seen
}

fn look_anew(
    source: &Source,
    saved: Option<&[u8]>,
    target: &str,
    manner: &Manner<'_>,
    judges: &Judges<'_>,
) -> Seen {
    let (looked, notices, took) = source.look(manner.options, manner.confinement, saved);
    manner.progress.stage("judging");
    match looked {
        Looked::Heard(listing) => {
            let judgement = judges.judge.judge(&listing.server).and(changed(source, &listing, judges));
            Seen { part: Part::heard(target, &listing, judgement, took), notices, usage: None }
        }
        Looked::NotStarted(server) => {
            let part = Part::not_started(target, &server, judges.judge.judge(&server));
            Seen { part, notices, usage: None }
        }
        Looked::Silent(Silent { code, why, transport, observations, is_usage }) => {
            // How it is configured can be judged all the same.
            let configured = Server {
                name: source.label(),
                transport: transport.clone(),
                capabilities: "{}".to_owned(),
                server_info: "{}".to_owned(),
                observations: observations.clone(),
                ..Server::default()
            };
            let usage = is_usage.then(|| why.clone());
            let mut part = Part::silent(target, transport, code, why, observations, took);
            if !is_usage {
                part = part.judged(judges.judge.judge(&configured));
            }
            Seen { part, notices, usage }
        }
    }
}

/// What was said of the changes since the server was approved, if it was, and while it was looked at.
fn changed(source: &Source, listing: &Listing, judges: &Judges<'_>) -> Judgement {
    let name = source.name.as_deref().unwrap_or(&listing.server.name);
    let pin = judges.pins.and_then(|pins| pins.get(name, &source.target()));
    let since = pin.map(|pin| drift(judges.plugins, judges.selection, pin, listing)).unwrap_or_default();
    since.and(drift_within(judges.plugins, judges.selection, listing))
}

/// The day it is here.
pub(crate) fn today() -> jiff::civil::Date {
    jiff::Zoned::now().date()
}

/// Since when, for those who are told times.
pub(crate) fn since(start: Instant, is_told: bool) -> Option<Duration> {
    is_told.then(|| start.elapsed())
}
