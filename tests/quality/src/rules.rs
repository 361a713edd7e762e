//! What each rule finds, over all packs: those that find nothing are listed too.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    corpus::Set,
    tally::{Item, Tally},
};

/// What one rule finds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RuleRow {
    /// Its title.
    pub title: String,
    /// Labelled attacks it raises to medium or above.
    pub attacks: usize,
    /// Labelled attacks it has something less to say of.
    pub attacks_below: usize,
    /// Items of malicious servers in which nothing shows, at medium or above.
    pub unlabelled: usize,
    /// Items of honest servers and honest texts, by severity.
    pub honest: BTreeMap<&'static str, usize>,
    /// Honest servers in use with an item at medium or above.
    pub servers: BTreeSet<String>,
    /// Attacks at medium or above by set and class of the label.
    pub classes: BTreeMap<String, usize>,
}

/// Every rule that was asked, by id.
pub fn by_rule(tally: &Tally) -> BTreeMap<String, RuleRow> {
    let mut rows: BTreeMap<String, RuleRow> = tally
        .rules
        .iter()
        .map(|(id, title)| (id.clone(), RuleRow { title: title.clone(), ..RuleRow::default() }))
        .collect();
    for (set, group) in &tally.groups {
        for item in &group.attacks {
            for (rule, raised) in rules_of(item) {
                let row = rows.entry(rule.to_owned()).or_default();
                if raised {
                    row.attacks += 1;
                    *row.classes.entry(format!("{set}: {}", item.class)).or_default() += 1;
                } else {
                    row.attacks_below += 1;
                }
            }
        }
        for item in &group.unlabelled {
            for (rule, _) in rules_of(item).into_iter().filter(|(_, raised)| *raised) {
                rows.entry(rule.to_owned()).or_default().unlabelled += 1;
            }
        }
        for item in &group.honest {
            for judged in &item.found {
                let row = rows.entry(judged.rule.clone()).or_default();
                *row.honest.entry(judged.severity).or_default() += 1;
                if judged.flagged && *set == Set::Honest.as_str() {
                    row.servers.insert(item.case.clone());
                }
            }
        }
    }
    rows
}

/// The rules that speak of an item, each once, and whether at medium or above.
fn rules_of(item: &Item) -> BTreeMap<&str, bool> {
    let mut rules = BTreeMap::new();
    for judged in &item.found {
        *rules.entry(judged.rule.as_str()).or_default() |= judged.flagged;
    }
    rules
}
