//! MCP-SEC-046: a way from what strangers write, over private data, out.

use bartizan_sdk::prelude::*;

use crate::{
    class::{self, Side},
    fact::{self, FLOW, shown},
    rules,
};

/// Servers that hold a whole way and are named.
const MAX_NAMED: usize = 8;

const SIDES: [Side; 3] = [Side::Untrusted, Side::Private, Side::Out];

pub(crate) fn note(server: &Server) -> Vec<Fact> {
    let mut standing: Vec<(Side, bool, &Tool)> = Vec::new();
    for tool in &server.tools {
        standing.extend(class::of(tool).into_iter().map(|(side, plain)| (side, plain, tool)));
    }
    let of_side = |side: Side| {
        // One tool a side makes all the ways there are: the first of the plain ones.
        let of_side = || standing.iter().filter(move |(other, ..)| *other == side);
        of_side().find(|(_, plain, _)| *plain).or_else(|| of_side().next())
    };
    let fact = |(side, plain, tool): &(Side, bool, &Tool)| {
        let data = format!("{} {}", side.code(), if *plain { "plain" } else { "maybe" });
        // One server can hold the whole way.
        Fact::new(FLOW, *tool, data).alone()
    };
    SIDES.into_iter().filter_map(of_side).map(fact).collect()
}

/// A tool on one side of a way.
#[derive(Clone, Copy)]
struct Stand<'g> {
    noted: &'g Noted,
    side: Side,
    plain: bool,
}

pub(crate) fn judge(group: &Group) -> Option<FleetFinding> {
    let stands: Vec<Stand<'_>> = group.facts.iter().filter_map(read).collect();
    let mut whole: Vec<[Stand<'_>; 3]> = Vec::new();
    // Facts come by server.
    for of_server in stands.chunk_by(|a, b| a.noted.server == b.noted.server) {
        whole.extend(way(of_server));
    }
    // The plainest first; the first of those alike.
    whole.sort_by_key(|way| std::cmp::Reverse(plainness(way)));
    let across = way(&stands)?;
    match whole.first() {
        // A plain way over several servers says more than one that is only possible within one.
        Some(best) if plainness(best) >= plainness(&across) => Some(within_one(best, &whole)),
        _ => {
            let severity = if plainness(&across) == 3 { Severity::Low } else { Severity::Info };
            Some(finding(&across, severity, &across_message(&across)))
        }
    }
}

fn read(noted: &Noted) -> Option<Stand<'_>> {
    let (side, plain) = noted.data.split_once(' ')?;
    let side = SIDES.into_iter().find(|known| known.code() == side)?;
    Some(Stand { noted, side, plain: plain == "plain" })
}

/// A tool for each side, the plainest there is.
fn way<'g>(stands: &[Stand<'g>]) -> Option<[Stand<'g>; 3]> {
    let best = |side: Side| {
        let of_side = || stands.iter().filter(move |stand| stand.side == side);
        of_side().find(|stand| stand.plain).or_else(|| of_side().next()).copied()
    };
    Some([best(Side::Untrusted)?, best(Side::Private)?, best(Side::Out)?])
}

fn plainness(way: &[Stand<'_>; 3]) -> usize {
    way.iter().filter(|stand| stand.plain).count()
}

fn steps(way: &[Stand<'_>; 3]) -> String {
    let step = |stand: &Stand<'_>| {
        format!(
            "`{}/{}`",
            shown(fact::cut(&stand.noted.server_name, 80)),
            shown(fact::cut(&stand.noted.name, 80))
        )
    };
    way.iter().map(step).collect::<Vec<_>>().join(" → ")
}

fn within_one(best: &[Stand<'_>; 3], whole: &[[Stand<'_>; 3]]) -> FleetFinding {
    let severity = match plainness(best) {
        3 => Severity::Medium,
        2 => Severity::Low,
        _ => Severity::Info,
    };
    let others = whole.len().saturating_sub(1);
    let also = match others {
        0 => String::new(),
        1 => " So does one other server.".to_owned(),
        many => format!(" So do {many} other servers."),
    };
    let [first, ..] = best;
    let message = format!(
        "One server holds the whole way from strangers' texts to private data and out: {}. A text that a stranger wrote can ask a model for what is private, and where to put it.{also}",
        steps(best)
    );
    let mut finding = finding(best, severity, &message);
    finding.subject = first.noted.whole_server();
    for way in whole.iter().skip(1).take(MAX_NAMED) {
        finding = finding.evidence("also", &steps(way), "");
    }
    finding
}

fn across_message(way: &[Stand<'_>; 3]) -> String {
    format!(
        "Together the servers hold a way from strangers' texts to private data and out: {}. A text that a stranger wrote can ask a model for what is private, and where to put it.",
        steps(way)
    )
}

fn finding(way: &[Stand<'_>; 3], severity: Severity, message: &str) -> FleetFinding {
    let [first, second, third] = way;
    let mut finding = FleetFinding::new(rules::FLOW, first.noted.member(), message)
        .severity(severity)
        .confidence(if plainness(way) == 3 { Confidence::Medium } else { Confidence::Low })
        .remediation(
            "Have one of the three asked about at each call, or use the servers that read strangers' texts in a session without the others.",
        );
    for stand in [first, second, third] {
        finding = finding.related(stand.noted.member());
        finding = finding.evidence(stand.side.says(), &shown(&stand.noted.name), "");
    }
    finding
}
