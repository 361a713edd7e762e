//! Names that several servers' tools have. Honest servers overlap, so all of it is one line.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_sdk::prelude::*;

use crate::{
    fact::{self, NAMES, shown},
    name, rules,
};

/// Bytes of names that are noted of one server.
const MAX_NAMES: usize = 3_500;
/// Names that the finding shows.
const MAX_SHOWN: usize = 12;
/// Servers that the finding names.
const MAX_RELATED: usize = 100;

pub(crate) fn note(server: &Server) -> Fact {
    let shape = |tool: &Tool| {
        let name = tool.name.as_str();
        let as_it_is = name.is_ascii() && !name.contains(char::is_whitespace);
        if as_it_is { name.to_owned() } else { name::plain(name) }
    };
    let names: BTreeSet<String> = server.tools.iter().map(shape).filter(|name| !name.is_empty()).collect();
    let joined = names.into_iter().collect::<Vec<_>>().join(" ");
    // What is cut in the middle is no name.
    let cut = fact::cut(&joined, MAX_NAMES);
    let whole =
        if cut.len() < joined.len() { cut.rsplit_once(' ').map_or("", |(whole, _)| whole) } else { cut };
    Fact::new(NAMES, server, whole)
}

pub(crate) fn judge(group: &Group) -> Option<FleetFinding> {
    let mut servers: Vec<&Noted> = Vec::new();
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for noted in &group.facts {
        // The same server in two configurations overlaps with nobody.
        if !noted.data.is_empty() && seen.insert((&noted.server_name, &noted.data)) {
            servers.push(noted);
        }
    }
    // By what a reader takes the name for: how the first one writes it, and whose it is.
    let mut offered: BTreeMap<String, (&str, Vec<&Noted>)> = BTreeMap::new();
    for noted in servers {
        for name in noted.data.split(' ') {
            let (_, by) = offered.entry(name::plain(name)).or_insert((name, Vec::new()));
            // `a_b` and `aB` of one server are its own business.
            if by.last().is_none_or(|last| last.server != noted.server) {
                by.push(noted);
            }
        }
    }
    offered.retain(|_, (_, by)| by.len() > 1);
    let first = offered.values().next()?.1.first()?;
    let mut names: Vec<(&str, usize)> = offered.values().map(|(name, by)| (*name, by.len())).collect();
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
    for noted in offered.values().flat_map(|(_, by)| by) {
        if told.len() <= MAX_RELATED && told.insert(noted.server) {
            finding = finding.related(noted.member());
        }
    }
    Some(finding)
}
