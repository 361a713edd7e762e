//! What is not a tool: the server's instructions and name, its prompts and its resources.

use std::collections::BTreeSet;

use bartizan_sdk::{IntoSubject, prelude::*};

use crate::{
    change::{Budget, Change, MAX_TEXT, Member},
    own::{Own, Topic},
    pairs::pair,
    part::Part,
    schema, signal, text,
    words::{Words, head},
};

/// Things that came or left and are named.
const MAX_NAMED: usize = 10;

pub(crate) fn compare(before: &Server, after: &Server, own: &Own<'_>, budget: &mut Budget) -> Vec<Change> {
    let parameters = BTreeSet::new();
    let topic = Topic { own, parameters: &parameters };
    let mut changes = about_server(before, after, &topic, budget);
    changes.extend(things(
        (&before.prompts, &after.prompts),
        |prompt| &prompt.name,
        of_prompt,
        &topic,
        budget,
    ));
    changes.extend(things(
        (&before.resources, &after.resources),
        |resource| &resource.uri,
        of_resource,
        &topic,
        budget,
    ));
    changes.extend(came_and_went(before, after));
    changes
}

fn about_server(before: &Server, after: &Server, topic: &Topic<'_>, budget: &mut Budget) -> Vec<Change> {
    let mut changes = Vec::new();
    let (old, new) = (
        before.instructions.as_deref().unwrap_or_default(),
        after.instructions.as_deref().unwrap_or_default(),
    );
    if old != new && !budget.take([Member::Text(old), Member::Text(new)]) {
        changes.push(Change::unread(after));
    } else if let Some(step) = text::step(old, new, topic) {
        // Instructions direct: commands in them are what they are for.
        let severity = match step.severity {
            severity if step.strong => severity,
            Severity::Info | Severity::Low => Severity::Info,
            _ => Severity::Low,
        };
        let first = if old.is_empty() {
            "instructions, which it did not have; a part of them"
        } else {
            "instructions of which a part"
        };
        changes.push(Change::new(after, severity, format!("has {first} {}", step.says)).shows(&step.new, ""));
    }
    let (old, new) = (&before.server_info, &after.server_info);
    if old != new {
        let read = budget.take([Member::Json(old), Member::Json(new)]);
        let words = said(Member::Json(new)).filter(|_| read);
        match words {
            None => changes.push(Change::unread_part(after, "")),
            Some(new) => {
                let old = said(Member::Json(old)).unwrap_or_default();
                let step = text::step(&old, &new, topic).filter(|step| step.severity >= Severity::Medium);
                changes.extend(step.map(|step| {
                    let what = format!("says of itself what {}", step.says);
                    Change::new(after, step.severity, what).shows(&step.new, "")
                }));
            }
        }
    }
    if before.name != after.name {
        let shows = format!("{} → {}", head(&before.name, 200), head(&after.name, 200));
        changes.push(Change::new(after, Severity::Low, "calls itself by another name").shows(&shows, ""));
    }
    changes
}

/// What is to be read in a member; `None` if it is JSON that cannot be read.
fn said(member: Member<'_>) -> Option<String> {
    match member {
        Member::Text(text) => Some(text.to_owned()),
        Member::Json(json) => schema::parse(json).as_ref().map(schema::strings),
    }
}

fn of_prompt(prompt: &Prompt) -> [Member<'_>; 6] {
    [
        Member::of(prompt.title.as_deref()),
        Member::of(prompt.description.as_deref()),
        Member::Json(&prompt.arguments),
        Member::of_json(prompt.meta.as_deref()),
        Member::Json(&prompt.extra),
        Member::Text(""),
    ]
}

fn of_resource(resource: &Resource) -> [Member<'_>; 6] {
    [
        Member::Text(&resource.name),
        Member::of(resource.title.as_deref()),
        Member::of(resource.description.as_deref()),
        Member::of_json(resource.annotations.as_deref()),
        Member::of_json(resource.meta.as_deref()),
        Member::Json(&resource.extra),
    ]
}

/// Prompts, or resources: those that differ, and those that are new and direct the model.
fn things<T: PartialEq + IntoSubject>(
    (before, after): (&[T], &[T]),
    name: impl Fn(&T) -> &str,
    members: impl Fn(&T) -> [Member<'_>; 6],
    topic: &Topic<'_>,
    budget: &mut Budget,
) -> Vec<Change> {
    let whole = |thing: &T| -> Option<String> {
        let words: Option<Vec<String>> = members(thing).into_iter().map(said).collect();
        // Each member is a sentence of its own.
        words.map(|words| words.join("\n\n"))
    };
    let pairs = pair(before, after, name);
    let mut changes = Vec::new();
    for (old, new) in pairs.both.iter().filter(|(old, new)| old != new) {
        if !budget.take(members(old).into_iter().chain(members(new))) {
            changes.push(Change::unread(*new));
            continue;
        }
        let Some(words) = whole(new) else {
            changes.push(Change::unread_part(*new, ""));
            continue;
        };
        let step = text::step(&whole(old).unwrap_or_default(), &words, topic);
        changes.extend(step.map(|step| {
            let what = format!("has words of which one {}", step.says);
            Change::new(*new, step.severity, what).shows(&step.new, "")
        }));
    }
    for new in pairs.new {
        if budget.take(members(new)) {
            changes.extend(directing(new, whole(new), topic));
        } else {
            changes.push(Change::unread(new));
        }
    }
    changes
}

/// What is new and directs the model. What is new and does not is told with the others.
fn directing(about: &impl IntoSubject, text: Option<String>, topic: &Topic<'_>) -> Option<Change> {
    let Some(text) = text.filter(|text| text.len() <= MAX_TEXT) else {
        return Some(Change::unread_part(about, ""));
    };
    let words = Words::of(&text);
    (!words.hidden.is_empty() || signal::weight(&signal::of(&Part::whole(&words), topic)) >= 3).then(|| {
        Change::new(about, Severity::Medium, "is new, and its words direct the model").shows(&text, "")
    })
}

/// Prompts and resources come and go as a server's data does: one line, and no alarm.
fn came_and_went(before: &Server, after: &Server) -> Option<Change> {
    let prompts = pair(&before.prompts, &after.prompts, |prompt| &prompt.name);
    let resources = pair(&before.resources, &after.resources, |resource| &resource.uri);
    let came = prompts.new.len().saturating_add(resources.new.len());
    let went = prompts.gone.len().saturating_add(resources.gone.len());
    if came == 0 && went == 0 {
        return None;
    }
    let named = prompts
        .new
        .iter()
        .map(|prompt| prompt.name.as_str())
        .chain(resources.new.iter().map(|resource| resource.uri.as_str()));
    let named: Vec<&str> = named.take(MAX_NAMED).collect();
    let what = format!("has {came} prompts and resources that it did not have, and lacks {went} that it had");
    Some(Change::new(after, Severity::Info, what).shows(&named.join(", "), ""))
}
