//! Tools.

use std::collections::BTreeMap;

use bartizan_sdk::prelude::*;

use crate::{
    annotations,
    change::{Budget, Change, shown},
    pairs::pair,
    power::{self, Power},
    schema, signal, text,
    words::Words,
};

/// Tools that left and came between which a rename is looked for.
const MAX_RENAMES: usize = 50;

pub(crate) fn compare(before: &[Tool], after: &[Tool], budget: &mut Budget) -> Vec<Change> {
    let pairs = pair(before, after, |tool| &tool.name);
    let mut changes: Vec<Change> = Vec::new();
    for (old, new) in pairs.both.iter().filter(|(old, new)| old != new) {
        if budget.take(size(old).saturating_add(size(new))) {
            changes.extend(one(old, new));
        } else {
            changes.push(Change::unread(*new));
        }
    }
    changes.extend(doubled(before, after));
    let mut gone = pairs.gone;
    for tool in pairs.new {
        let old = gone.iter().take(MAX_RENAMES).position(|old| is_renamed(old, tool));
        match old.map(|at| gone.remove(at)) {
            Some(old) => changes.push(renamed(old, tool)),
            None if budget.take(size(tool)) => changes.push(added(tool)),
            None => changes.push(Change::unread(tool)),
        }
    }
    changes.extend(gone.into_iter().map(|tool| Change::new(tool, Severity::Info, "is gone")));
    changes
}

/// Names that stand for more tools than they did: which of them a client takes is its own business.
fn doubled(before: &[Tool], after: &[Tool]) -> Vec<Change> {
    let count = |tools: &'_ [Tool]| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for tool in tools {
            let count = counts.entry(tool.name.clone()).or_default();
            *count = count.saturating_add(1);
        }
        counts
    };
    let (had, has) = (count(before), count(after));
    let more = has.into_iter().filter(|(name, count)| *count > had.get(name).copied().unwrap_or(1).max(1));
    let tool = |name: &str| after.iter().find(|tool| tool.name == name);
    more.filter_map(|(name, _)| {
        Some(
            Change::new(tool(&name)?, Severity::Medium, "stands for more than one tool now")
                .shows(&name, "/name"),
        )
    })
    .take(100)
    .collect()
}

fn size(tool: &Tool) -> usize {
    let description = tool.description.as_ref().map_or(0, String::len);
    let output = tool.output_schema.as_ref().map_or(0, String::len);
    let meta = tool.meta.as_ref().map_or(0, String::len);
    [description, output, meta, tool.input_schema.len(), tool.extra.len()].iter().sum()
}

fn one(before: &Tool, after: &Tool) -> Vec<Change> {
    let mut changes = Vec::new();
    let old = before.description.as_deref().unwrap_or_default();
    let new = after.description.as_deref().unwrap_or_default();
    if let Some(step) = text::step(old, new) {
        changes.push(
            Change::new(after, step.severity, format!("has a description that {}", step.says))
                .shows(&step.new, "/description"),
        );
        changes.extend(gained(before, after, old, new));
    }
    let title =
        text::step(before.title.as_deref().unwrap_or_default(), after.title.as_deref().unwrap_or_default());
    if let Some(step) = title.filter(|step| step.severity > Severity::Info) {
        changes.push(
            Change::new(after, step.severity, format!("has a title that {}", step.says))
                .shows(&step.new, "/title"),
        );
    }
    changes.extend(schema::compare(before, after));
    // Words anywhere in what a model is shown of the tool: descriptions of parameters, examples, unknown members.
    let parts = [
        (before.input_schema.as_str(), after.input_schema.as_str(), "/inputSchema"),
        (
            before.output_schema.as_deref().unwrap_or_default(),
            after.output_schema.as_deref().unwrap_or_default(),
            "/outputSchema",
        ),
        (
            before.annotations.as_deref().unwrap_or_default(),
            after.annotations.as_deref().unwrap_or_default(),
            "/annotations",
        ),
        (before.meta.as_deref().unwrap_or_default(), after.meta.as_deref().unwrap_or_default(), "/_meta"),
        (before.extra.as_str(), after.extra.as_str(), ""),
    ];
    for (old, new, pointer) in parts {
        if old == new {
            continue;
        }
        let step = text::step(&schema::strings(&schema::parse(old)), &schema::strings(&schema::parse(new)));
        let least = if pointer == "/inputSchema" { Severity::Info } else { Severity::Low };
        if let Some(step) = step.filter(|step| step.severity > least) {
            let part = if pointer.is_empty() { "another member" } else { pointer.trim_start_matches('/') };
            changes.push(
                Change::new(after, step.severity, format!("has words in {part} of which one {}", step.says))
                    .shows(&step.new, pointer),
            );
        }
    }
    changes.extend(annotations::compare(before, after));
    changes
}

/// What the description says that the tool does and did not say.
fn gained(before: &Tool, after: &Tool, old: &str, new: &str) -> Option<Change> {
    let had = power::of_text(&Words::of(old));
    let has = power::of(after);
    let gained: Vec<Power> =
        has.into_iter().filter(|power| !had.contains(power) && !power::of(before).contains(power)).collect();
    let worst = gained.first()?;
    // A description that was empty or only named the tool says nothing about what it did.
    let said_little = Words::of(old).bag().len() < 4;
    let was_reader = before
        .annotations
        .as_deref()
        .is_some_and(|text| schema::parse(text).get("readOnlyHint") == Some(&true.into()));
    let severity = match worst {
        _ if was_reader => Severity::Medium,
        _ if said_little => Severity::Info,
        Power::Run | Power::Delete => Severity::Medium,
        Power::Write | Power::Send => Severity::Low,
    };
    let says: Vec<&str> = gained.iter().map(|power| power.says()).collect();
    Some(
        Change::new(after, severity, format!("says that it {}, which it did not say", says.join(" and ")))
            .shows(new, "/description"),
    )
}

fn is_renamed(old: &Tool, new: &Tool) -> bool {
    let described =
        old.description.as_deref().is_some_and(|text| text.len() > 20) && old.description == new.description;
    described && old.input_schema == new.input_schema
}

fn renamed(old: &Tool, new: &Tool) -> Change {
    let disguised = bartizan_text::Text::read(&new.name).canonical == old.name;
    let (severity, how) = if disguised {
        (Severity::High, "in letters that look the same")
    } else {
        (Severity::Low, "and is otherwise the same")
    };
    Change::new(new, severity, format!("was called `{}` when it was approved, {how}", shown(&old.name)))
        .shows(&new.name, "/name")
}

fn added(tool: &Tool) -> Change {
    let powers = power::of(tool);
    let words = Words::of(tool.description.as_deref().unwrap_or_default());
    let directs = !words.hidden.is_empty() || signal::weight(&signal::of(&words)) >= 3;
    let severity = match powers.is_empty() {
        _ if directs => Severity::Medium,
        true => Severity::Info,
        false => Severity::Low,
    };
    let does: Vec<&str> = powers.iter().map(|power| power.says()).collect();
    let what = match (does.is_empty(), directs) {
        (_, true) => "is new, and its description directs the model".to_owned(),
        (true, false) => "is new".to_owned(),
        (false, false) => format!("is new, and by its own words {}", does.join(" and ")),
    };
    Change::new(tool, severity, what).shows(tool.description.as_deref().unwrap_or(&tool.name), "/description")
}
