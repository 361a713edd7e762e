//! Tools.

use std::collections::HashMap;

use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{
    annotations,
    change::{Budget, Change, Changes, MAX_TEXT, Member, shown},
    own::{Own, Topic},
    pairs::pair,
    part::Part,
    power::{self, Power},
    rename::Gone,
    schema, signal, text,
    words::{Words, head},
};

/// Names that are told to stand for more tools than they did.
const MAX_DOUBLED: usize = 100;

pub(crate) fn compare(before: &Server, after: &Server, own: &Own<'_>, budget: &mut Budget) -> Vec<Change> {
    let pairs = pair(&before.tools, &after.tools, |tool| &tool.name);
    let mut changes: Vec<Change> = Vec::new();
    for (old, new) in pairs.both.iter().filter(|(old, new)| old != new) {
        if budget.take(members(old).into_iter().chain(members(new))) {
            changes.extend(one(old, new, own).into_list());
        } else {
            changes.push(Change::unread(*new));
        }
    }
    changes.extend(doubled(&before.tools, &after.tools));
    let mut gone = Gone::of(&pairs.gone);
    for tool in pairs.new {
        match gone.take(tool) {
            Some(old) => changes.push(renamed(old, tool)),
            None if budget.take(members(tool)) => changes.push(added(tool, own)),
            None => changes.push(Change::unread(tool)),
        }
    }
    let left = pairs.gone.into_iter().filter(|tool| !gone.is_taken(tool));
    changes.extend(left.map(|tool| Change::new(tool, Severity::Info, "is gone")));
    changes
}

/// Names that stand for more tools than they did: which of them a client takes is its own business.
fn doubled(before: &[Tool], after: &[Tool]) -> Vec<Change> {
    let mut counts: HashMap<&str, (usize, usize)> = HashMap::new();
    for tool in before {
        let (had, _) = counts.entry(&tool.name).or_default();
        *had = had.saturating_add(1);
    }
    for tool in after {
        let (_, has) = counts.entry(&tool.name).or_default();
        *has = has.saturating_add(1);
    }
    let mut changes = Vec::new();
    for tool in after {
        // Taken out, so that each is told once.
        let Some((had, has)) = counts.remove(tool.name.as_str()) else { continue };
        if has > had.max(1) && changes.len() < MAX_DOUBLED {
            changes.push(
                Change::new(tool, Severity::Medium, "stands for more than one tool now")
                    .shows(&tool.name, "/name"),
            );
        }
    }
    changes
}

fn members(tool: &Tool) -> [Member<'_>; 7] {
    [
        Member::of(tool.title.as_deref()),
        Member::of(tool.description.as_deref()),
        Member::of_json(tool.output_schema.as_deref()),
        Member::of_json(tool.annotations.as_deref()),
        Member::of_json(tool.meta.as_deref()),
        Member::Json(&tool.input_schema),
        Member::Json(&tool.extra),
    ]
}

fn one(before: &Tool, after: &Tool, own: &Own<'_>) -> Changes {
    let mut changes = Changes::default();
    let was = schema::parse(&before.input_schema).unwrap_or_default();
    let is = schema::parse(&after.input_schema);
    let parameters = is.as_ref().map(schema::parameters).unwrap_or_default();
    let topic = Topic { own, parameters: &parameters };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (old, new) = (text(&before.description), text(&after.description));
    if let Some(step) = text::step(&old, &new, &topic) {
        let what = format!("has a description that {}", step.says);
        changes.push(Change::new(after, step.severity, what).shows(&step.new, "/description"));
        changes.extend(gained(before, after, &step.old, &new));
    }
    let title = text::step(&text(&before.title), &text(&after.title), &topic);
    if let Some(step) = title.filter(|step| step.severity > Severity::Info) {
        let what = format!("has a title that {}", step.says);
        changes.push(Change::new(after, step.severity, what).shows(&step.new, "/title"));
    }
    if before.input_schema != after.input_schema {
        if let Some(is) = &is {
            changes.extend(schema::compare(before, after, &was, is).into_list());
        }
        let words = words_in(after, Some(was), is, &topic, "/inputSchema");
        changes.extend(words);
    }
    // Words anywhere in what a model is shown of the tool: examples, unknown members.
    let parts = [
        (&text(&before.output_schema), &text(&after.output_schema), "/outputSchema"),
        (&text(&before.annotations), &text(&after.annotations), "/annotations"),
        (&text(&before.meta), &text(&after.meta), "/_meta"),
        (&before.extra, &after.extra, ""),
    ];
    for (old, new, pointer) in parts.into_iter().filter(|(old, new, _)| old != new) {
        changes.extend(words_in(after, schema::parse(old), schema::parse(new), &topic, pointer));
    }
    changes.extend(annotations::compare(before, after));
    changes
}

/// What the words in a JSON member do that they did not.
fn words_in(
    after: &Tool,
    old: Option<Value>,
    new: Option<Value>,
    topic: &Topic<'_>,
    pointer: &str,
) -> Option<Change> {
    let Some(new) = new else { return Some(Change::unread_part(after, pointer)) };
    let (before, now) = schema::strings_of_both(&old.unwrap_or_default(), &new);
    let step = text::step(&before, &now, topic)?;
    let least = if pointer == "/inputSchema" { Severity::Info } else { Severity::Low };
    let part = if pointer.is_empty() { "another member" } else { pointer.trim_start_matches('/') };
    let what = format!("has words in {part} of which one {}", step.says);
    (step.severity > least).then(|| Change::new(after, step.severity, what).shows(&step.new, pointer))
}

/// What the description says that the tool does and did not say.
fn gained(before: &Tool, after: &Tool, said: &Words, new: &str) -> Option<Change> {
    let (had, could) = (power::of_text(said), power::of(before));
    let gained: Vec<Power> =
        power::of(after).into_iter().filter(|power| !had.contains(power) && !could.contains(power)).collect();
    let worst = gained.first()?;
    // A description that was empty or only named the tool says nothing about what it did.
    let said_little = said.count() < 4;
    let was_reader = before
        .annotations
        .as_deref()
        .and_then(schema::parse)
        .is_some_and(|annotations| annotations.get("readOnlyHint") == Some(&true.into()));
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

fn renamed(old: &Tool, new: &Tool) -> Change {
    let disguised = bartizan_text::Text::read(head(&new.name, 256)).canonical == old.name;
    let (severity, how) = if disguised {
        (Severity::High, "in letters that look the same")
    } else {
        (Severity::Low, "and is otherwise the same")
    };
    Change::new(new, severity, format!("was called `{}` when it was approved, {how}", shown(&old.name)))
        .shows(&new.name, "/name")
}

fn added(tool: &Tool, own: &Own<'_>) -> Change {
    let powers = power::of(tool);
    let description = tool.description.as_deref().unwrap_or_default();
    let words = Words::of(head(description, MAX_TEXT));
    let parameters = schema::parse(&tool.input_schema).as_ref().map(schema::parameters).unwrap_or_default();
    let signals = signal::of(&Part::whole(&words), &Topic { own, parameters: &parameters });
    let directs = !words.hidden.is_empty() || signal::weight(&signals) >= 3;
    let unread = description.len() > MAX_TEXT;
    let severity = match powers.is_empty() {
        _ if directs || unread => Severity::Medium,
        true => Severity::Info,
        false => Severity::Low,
    };
    let does: Vec<&str> = powers.iter().map(|power| power.says()).collect();
    let what = match (does.is_empty(), directs) {
        (_, true) => "is new, and its description directs the model".to_owned(),
        _ if unread => "is new, and its description is too long to be read whole".to_owned(),
        (true, false) => "is new".to_owned(),
        (false, false) => format!("is new, and by its own words {}", does.join(" and ")),
    };
    Change::new(tool, severity, what).shows(tool.description.as_deref().unwrap_or(&tool.name), "/description")
}
