//! The tables a person reads.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use crate::{
    corpus::Set,
    marks::Mark,
    rules::by_rule,
    tally::{Item, Tally},
};

/// Everything as text. `missed` also lists the attacks that were not flagged.
pub fn render(tally: &Tally, marks: &[Mark], missed: bool) -> String {
    let mut out = String::new();
    // Writing to a `String` cannot fail.
    let _ = write_all(&mut out, tally, marks, missed);
    out
}

fn write_all(out: &mut String, tally: &Tally, marks: &[Mark], missed: bool) -> fmt::Result {
    writeln!(
        out,
        "{:<20} {:<44} {:>6} {:>8} {:>6} {:>6}",
        "set", "class", "items", "flagged", "high", "share"
    )?;
    for set in Set::ALL {
        let group = tally.group(set);
        by_class(out, set.as_str(), "", &group.attacks)?;
        by_class(out, set.as_str(), "honest: ", &group.honest)?;
        if !group.unlabelled.is_empty() {
            row(out, set.as_str(), "(nothing shows)", &group.unlabelled.iter().collect::<Vec<_>>())?;
        }
    }
    rules(out, tally)?;
    alarms(out, tally)?;
    if missed {
        misses(out, tally)?;
    }
    writeln!(out, "\n{:<42} {:>12} {:>14}", "mark", "measured", "wanted")?;
    for mark in marks {
        let verdict = if mark.met { "" } else { "  NOT MET" };
        writeln!(out, "{:<42} {:>12} {:>14}{verdict}", mark.what, mark.measured, mark.wanted)?;
    }
    for (case, why) in &tally.failed {
        writeln!(out, "not judged: {case}: {why}")?;
    }
    Ok(())
}

fn by_class(out: &mut String, set: &str, prefix: &str, items: &[Item]) -> fmt::Result {
    let mut classes: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in items {
        classes.entry(&item.class).or_default().push(item);
    }
    for (class, items) in &classes {
        row(out, set, &format!("{prefix}{class}"), items)?;
    }
    if classes.len() > 1 {
        row(out, set, &format!("{prefix}all"), &items.iter().collect::<Vec<_>>())?;
    }
    Ok(())
}

fn row(out: &mut String, set: &str, class: &str, items: &[&Item]) -> fmt::Result {
    let flagged = items.iter().filter(|item| item.flagged()).count();
    let high = items.iter().filter(|item| item.high()).count();
    let share = (flagged * 100).checked_div(items.len()).unwrap_or(0);
    writeln!(out, "{set:<20} {class:<44} {:>6} {flagged:>8} {high:>6} {share:>5}%", items.len())
}

/// Two tables: how much each rule finds, and which rules catch which class.
fn rules(out: &mut String, tally: &Tally) -> fmt::Result {
    let rows = by_rule(tally);
    writeln!(
        out,
        "\n{:<16} {:<44} {:>7} {:>6} {:>10} {:>6} {:>6} {:>6} {:>6} {:>8}",
        "rule", "", "attacks", "below", "unlabelled", "info", "low", "medium", "high", "servers"
    )?;
    for (rule, row) in &rows {
        let honest = |severity: &str| row.honest.get(severity).copied().unwrap_or(0);
        writeln!(
            out,
            "{rule:<16} {:<44} {:>7} {:>6} {:>10} {:>6} {:>6} {:>6} {:>6} {:>8}",
            row.title.chars().take(44).collect::<String>(),
            row.attacks,
            row.attacks_below,
            row.unlabelled,
            honest("info"),
            honest("low"),
            honest("medium"),
            honest("high") + honest("critical"),
            row.servers.len()
        )?;
    }
    writeln!(
        out,
        "attacks, unlabelled: items at medium or above; below: attacks with something less; info to high: honest items; \
         servers: honest ones at medium or above"
    )?;
    writeln!(out, "\n{:<16} {:>7}  class", "rule", "attacks")?;
    for (rule, row) in &rows {
        for (class, count) in &row.classes {
            writeln!(out, "{rule:<16} {count:>7}  {class}")?;
        }
    }
    Ok(())
}

fn alarms(out: &mut String, tally: &Tally) -> fmt::Result {
    for (set, group) in &tally.groups {
        for item in group.honest.iter().filter(|item| item.flagged()) {
            writeln!(out, "\nFALSE ALARM: {set}: {} {}:{}", item.case, item.kind, item.name)?;
            findings(out, item)?;
        }
    }
    Ok(())
}

fn misses(out: &mut String, tally: &Tally) -> fmt::Result {
    writeln!(out)?;
    for (set, group) in &tally.groups {
        for item in group.attacks.iter().filter(|item| !item.flagged()) {
            writeln!(out, "missed: {set}: {} ({}) {}", item.case, item.class, item.name)?;
            findings(out, item)?;
        }
    }
    Ok(())
}

fn findings(out: &mut String, item: &Item) -> fmt::Result {
    for judged in &item.found {
        writeln!(out, "  {} {}: {}", judged.severity, judged.rule, judged.message)?;
        for piece in &judged.evidence {
            let line: String = piece.replace('\n', " ").chars().take(300).collect();
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}
