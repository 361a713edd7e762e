//! MCP-DATA-001: what lets somebody in, or what a person keeps to themselves, is in a server's answers.
//!
//! An answer goes into a model's context: from there into its next call, a log, another server. A tool that is openly for
//! secrets does what it says, so that is only stated. What weighs is what comes along: a tool for something else whose
//! own words or output schema hold secrets, and a listed resource, which a client may read without being asked.

use bartizan_listing::{Text, clipped, of_identifier, properties};
use bartizan_sdk::prelude::*;

use crate::{
    giving::{begins_with, given, named},
    lexicon::{ABOUT_SECRETS, DOCUMENTATION, MASKED, MEMBERS, PERSONAL, SECRET_FILES, SECRETS},
    reading::Reading,
    rules, seen,
};

/// Words in the name of a member that make it no secret: it is about one.
const ABOUT: &[&str] = &[
    "masked",
    "redacted",
    "hint",
    "preview",
    "count",
    "expires",
    "expiry",
    "expiration",
    "type",
    "status",
    "id",
    "name",
    "url",
    "policy",
    "has",
    "is",
    "requires",
    "required",
    "needs",
    "set",
    "last4",
    "configured",
    "enabled",
    "field",
    "path",
    "file",
    "env",
    "variable",
    "placeholder",
    "prefix",
    "page",
    "next",
    "prev",
    "previous",
    "continuation",
];
/// Words that say that not everybody is to see it.
const KEPT_APART: &[&str] = &[
    "restricted",
    "confidential",
    "sensitive",
    "admin",
    "administrators",
    "internal",
    "private",
    "share",
    "hardcoded",
];
/// Resources that are judged; the kernel hands over no more than fit into its memory.
const MAX_RESOURCES: usize = 10_000;
/// Pieces of evidence that one finding shows.
const MAX_SHOWN: usize = 6;

/// One sign that a secret is in the answer.
struct Sign {
    label: &'static str,
    thing: String,
    text: String,
    pointer: String,
}

pub(crate) fn resources(server: &Server, open: bool) -> Vec<Finding> {
    server.resources.iter().take(MAX_RESOURCES).filter_map(|one| resource(one, open)).collect()
}

pub(crate) fn tool(reading: &Reading<'_>, open: bool) -> Option<Finding> {
    let Reading { tool, name, .. } = reading;
    let mut signs = by_words(&reading.text);
    signs.extend(by_schema(tool));
    if let Some(thing) = given(name, SECRETS, true).filter(|_| signs.is_empty()) {
        signs.push(Sign { label: "name", thing, text: clipped(&tool.name), pointer: "/name".to_owned() });
    }
    let first = signs.first()?;
    let openly =
        name.iter().any(|word| ABOUT_SECRETS.contains(&word.as_str())) || named(name, SECRETS).is_some();
    let (severity, why) = match (openly, open) {
        (true, false) => (
            Severity::Info,
            "It is openly for that. What it returns goes into the model's context, and from there wherever that goes.",
        ),
        (true, true) => (
            Severity::Medium,
            "It is openly for that, and the server answers anybody in the world without credentials.",
        ),
        (false, false) => (
            Severity::Medium,
            "Its name does not say so: they come along with something else, go into the model's context, and from \
             there wherever that goes.",
        ),
        (false, true) => (
            Severity::High,
            "Its name does not say so, and the server answers anybody in the world without credentials.",
        ),
    };
    let message = format!("By its own words the tool gives out {} ({}). {why}", things(&signs), first.label);
    let finding = Finding::new(rules::SENSITIVE, *tool, message).severity(severity);
    Some(
        signs
            .iter()
            .take(MAX_SHOWN)
            .fold(finding, |finding, sign| finding.evidence(sign.label, &sign.text, &sign.pointer)),
    )
}

fn by_words(text: &Text) -> Vec<Sign> {
    let mut signs = Vec::new();
    for (at, sentence) in text.sentences().enumerate() {
        for things in [SECRETS, PERSONAL] {
            if let Some(thing) = given(sentence, things, at == 0) {
                let words = sentence.join(" ");
                signs.push(Sign {
                    label: "description",
                    thing,
                    text: words,
                    pointer: "/description".to_owned(),
                });
            }
        }
    }
    // What is masked is often said in a sentence of its own.
    if text.has(MASKED) { Vec::new() } else { signs }
}

/// Members of the output that are secrets by name, and text.
fn by_schema(tool: &Tool) -> Vec<Sign> {
    let Some(schema) = tool.output_schema.as_deref().and_then(seen::schema) else { return Vec::new() };
    let secret = |property: &bartizan_listing::Property<'_>| {
        property.text?;
        let words = of_identifier(property.name);
        if words.iter().any(|word| ABOUT.contains(&word.as_str())) {
            return None;
        }
        let begins = (0..words.len()).find(|&at| {
            let rest = words.get(at..).unwrap_or_default();
            begins_with(rest, MEMBERS) == Some(rest.len()) && !rest.is_empty()
        })?;
        let said = property.node.get("description").and_then(serde_json::Value::as_str).unwrap_or_default();
        let said = Text::new(said);
        let kept_back = said.has(MASKED) || said.has(&["never", "last", "encrypted", "empty", "name"]);
        (!kept_back).then(|| Sign {
            label: "output schema",
            thing: words.get(begins..).unwrap_or_default().join(" "),
            text: clipped(property.name),
            // The walk is of a schema by itself, and takes it for the input's.
            pointer: property.pointer.replacen("/inputSchema", "/outputSchema", 1),
        })
    };
    properties(&schema).list.iter().filter_map(secret).filter(|sign| sign.pointer.len() <= 1_000).collect()
}

fn resource(resource: &Resource, open: bool) -> Option<Finding> {
    let description = resource.description.as_deref().unwrap_or_default();
    let title = resource.title.as_deref().unwrap_or_default();
    let uri: String = resource.uri.chars().take(500).collect();
    let place: Vec<String> = of_identifier(&uri);
    let text = Text::new(&format!("{}\n{title}\n{description}", of_identifier(&resource.name).join(" ")));
    let is_about = |words: &[String]| words.iter().any(|word| DOCUMENTATION.contains(&word.as_str()));
    if is_about(&place) || text.sentences().any(is_about) || text.has(MASKED) {
        return None;
    }
    let lower = uri.to_ascii_lowercase();
    let is_file = lower.starts_with("file:") && SECRET_FILES.iter().any(|file| lower.contains(file));
    let in_place = named(&place, SECRETS).or_else(|| named(&place, PERSONAL));
    let in_text = text.sentences().find_map(|words| named(words, SECRETS).or_else(|| named(words, PERSONAL)));
    let (thing, certain) = match (is_file, in_place, in_text) {
        (true, _, _) => ("accounts or secrets of the system".to_owned(), true),
        (_, Some(thing), Some(_)) => (thing, true),
        (_, Some(thing), None) => (thing, text.has(KEPT_APART)),
        // A mention alone says what it is about, not what it holds.
        (_, None, _) => {
            let said = Text::new(description);
            let found =
                said.sentences().enumerate().find_map(|(at, words)| given(words, SECRETS, at == 0))?;
            (found, true)
        }
    };
    // A template gives what is asked for; a resource lies there.
    let severity = match (certain && !resource.is_template, open) {
        (true, true) => Severity::High,
        (true, false) | (false, true) => Severity::Medium,
        (false, false) => Severity::Low,
    };
    let who = if open {
        "Anybody in the world can read it without credentials."
    } else {
        "Clients may read resources without asking anybody."
    };
    let message = format!("By its name and description the resource holds {thing}. {who}");
    Some(
        Finding::new(rules::SENSITIVE, resource, message)
            .severity(severity)
            .evidence("URI", &uri, "")
            .evidence("description", description, if description.is_empty() { "" } else { "/description" }),
    )
}

/// What is given out, each thing once.
fn things(signs: &[Sign]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for sign in signs {
        if !names.contains(&sign.thing.as_str()) {
            names.push(&sign.thing);
        }
    }
    names.truncate(MAX_SHOWN);
    names.join(", ")
}
