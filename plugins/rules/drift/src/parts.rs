//! What is not a tool: the server's instructions and name, its prompts and its resources.

use bartizan_sdk::prelude::*;

use crate::{
    change::{Budget, Change},
    pairs::pair,
    schema, signal, text,
    words::Words,
};

/// Things that came or left and are named.
const MAX_NAMED: usize = 10;

pub(crate) fn compare(before: &Server, after: &Server, budget: &mut Budget) -> Vec<Change> {
    let mut changes = about_server(before, after);
    changes.extend(prompts(&before.prompts, &after.prompts, budget));
    changes.extend(resources(&before.resources, &after.resources, budget));
    changes.extend(came_and_went(before, after));
    changes
}

fn about_server(before: &Server, after: &Server) -> Vec<Change> {
    let mut changes = Vec::new();
    let (old, new) = (
        before.instructions.as_deref().unwrap_or_default(),
        after.instructions.as_deref().unwrap_or_default(),
    );
    if let Some(step) = text::step(old, new) {
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
    let strings = |json: &str| schema::strings(&schema::parse(json));
    if let Some(step) = text::step(&strings(&before.server_info), &strings(&after.server_info))
        .filter(|step| step.severity >= Severity::Medium)
    {
        changes.push(
            Change::new(after, step.severity, format!("says of itself what {}", step.says))
                .shows(&step.new, ""),
        );
    }
    if before.name != after.name {
        let shows = format!("{} → {}", before.name, after.name);
        changes.push(Change::new(after, Severity::Low, "calls itself by another name").shows(&shows, ""));
    }
    changes
}

fn prompts(before: &[Prompt], after: &[Prompt], budget: &mut Budget) -> Vec<Change> {
    let pairs = pair(before, after, |prompt| &prompt.name);
    let whole = |prompt: &Prompt| {
        let description = prompt.description.as_deref().unwrap_or_default();
        let title = prompt.title.as_deref().unwrap_or_default();
        let json = [prompt.arguments.as_str(), prompt.meta.as_deref().unwrap_or_default(), &prompt.extra];
        let rest: Vec<String> = json.into_iter().map(|json| schema::strings(&schema::parse(json))).collect();
        format!("{title}\n{description}\n{}", rest.join("\n"))
    };
    let differ = pairs.both.iter().filter(|(old, new)| old != new);
    let mut changes: Vec<Change> =
        differ.filter_map(|(old, new)| worded(*new, &whole(old), &whole(new), budget)).collect();
    changes.extend(pairs.new.iter().filter_map(|prompt| directing(*prompt, &whole(prompt), budget)));
    changes
}

fn resources(before: &[Resource], after: &[Resource], budget: &mut Budget) -> Vec<Change> {
    let pairs = pair(before, after, |resource| &resource.uri);
    let whole = |resource: &Resource| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let rest = [text(&resource.annotations), text(&resource.meta), resource.extra.clone()]
            .map(|json| schema::strings(&schema::parse(&json)));
        format!(
            "{}\n{}\n{}\n{}",
            resource.name,
            text(&resource.title),
            text(&resource.description),
            rest.join("\n")
        )
    };
    let differ = pairs.both.iter().filter(|(old, new)| old != new);
    let mut changes: Vec<Change> =
        differ.filter_map(|(old, new)| worded(*new, &whole(old), &whole(new), budget)).collect();
    changes.extend(pairs.new.iter().filter_map(|resource| directing(*resource, &whole(resource), budget)));
    changes
}

fn worded(
    about: &impl bartizan_sdk::IntoSubject,
    before: &str,
    after: &str,
    budget: &mut Budget,
) -> Option<Change> {
    if !budget.take(before.len().saturating_add(after.len())) {
        return Some(Change::unread(about));
    }
    let step = text::step(before, after)?;
    Some(
        Change::new(about, step.severity, format!("has words of which one {}", step.says))
            .shows(&step.new, ""),
    )
}

/// What is new and directs the model. What is new and does not is told with the others.
fn directing(about: &impl bartizan_sdk::IntoSubject, text: &str, budget: &mut Budget) -> Option<Change> {
    if !budget.take(text.len()) {
        return Some(Change::unread(about));
    }
    let words = Words::of(text);
    (!words.hidden.is_empty() || signal::weight(&signal::of(&words)) >= 3).then(|| {
        Change::new(about, Severity::Medium, "is new, and its words direct the model").shows(text, "")
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
