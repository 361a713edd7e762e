//! Names that several servers' tools have. Honest servers overlap, so all of it is one line.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_sdk::prelude::*;

use crate::{
    fact::{self, NAMES, shown},
    name, rules,
};

/// Bytes of names in one fact. A server of many tools has several.
const MAX_NAMES: usize = 3_500;
/// Names that the finding shows.
const MAX_SHOWN: usize = 12;
/// Servers that the finding names.
const MAX_RELATED: usize = 100;

pub(crate) fn note(server: &Server) -> Vec<Fact> {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for tool in &server.tools {
        let plain = name::plain(&tool.name);
        if !plain.is_empty() {
            // `a_b` and `aB` of one server are its own business.
            names.entry(plain).or_insert(&tool.name);
        }
    }
    let mut facts: Vec<Fact> = Vec::new();
    for (plain, name) in &names {
        let written = written(plain, name);
        match facts.last_mut() {
            Some(Fact { data, .. }) if data.len() + 1 + written.len() <= MAX_NAMES => {
                data.push(' ');
                data.push_str(&written);
            }
            _ => facts.push(Fact::new(NAMES, server, written)),
        }
    }
    facts
}

/// What a reader takes the name for, and how it is written where that is something else: `readfile=read_file`. Worked out here and not
/// where all servers meet, so that it is done once a server.
fn written(plain: &str, name: &str) -> String {
    let as_it_is = name.is_ascii() && !name.contains(|c: char| c.is_whitespace() || c == '=');
    if as_it_is && name != plain { format!("{plain}={name}") } else { plain.to_owned() }
}

pub(crate) fn judge(group: &Group) -> Option<FleetFinding> {
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    // What a reader takes the name for, whose it is, and how it is written there. In one flat list: ten thousand servers have many names.
    let mut offered: Vec<(&str, u32, &str)> = Vec::new();
    for (place, noted) in (0..).zip(&group.facts) {
        // The same server in two configurations overlaps with nobody.
        if noted.data.is_empty() || !seen.insert((&noted.server_name, &noted.data)) {
            continue;
        }
        offered.extend(noted.data.split(' ').map(|word| {
            let (plain, name) = word.split_once('=').unwrap_or((word, word));
            (plain, place, name)
        }));
    }
    drop(seen);
    offered.sort_unstable();
    let by = |place: u32| usize::try_from(place).ok().and_then(|place| group.facts.get(place));
    let shared: Vec<&[(&str, u32, &str)]> =
        offered.chunk_by(|(a, ..), (b, ..)| a == b).filter(|run| run.len() > 1).collect();
    let (_, first, _) = shared.first()?.first()?;
    let first = by(*first)?;
    let mut names: Vec<(&str, usize)> =
        shared.iter().filter_map(|run| run.first().map(|(_, _, name)| (*name, run.len()))).collect();
    // Those that most servers offer first; by name among equals.
    names.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let some: Vec<String> = names
        .iter()
        .take(MAX_SHOWN)
        .map(|(name, count)| format!("`{}` ({count} servers)", shown(fact::cut(name, 60))))
        .collect();
    let more = if names.len() > some.len() { " and more" } else { "" };
    let count = match names.len() {
        1 => "One name of a tool is".to_owned(),
        many => format!("{many} names of tools are"),
    };
    let message = format!(
        "{count} offered by more than one server: {}{more}. A client that does not tell servers apart calls either.",
        some.join(", ")
    );
    let mut finding = FleetFinding::new(rules::SHADOW, first.member(), message)
        .severity(Severity::Info)
        .confidence(Confidence::High);
    let mut told = BTreeSet::from([first.server]);
    for noted in shared.iter().flat_map(|run| run.iter()).filter_map(|(_, place, _)| by(*place)) {
        if told.len() <= MAX_RELATED && told.insert(noted.server) {
            finding = finding.related(noted.member());
        }
    }
    Some(finding)
}
