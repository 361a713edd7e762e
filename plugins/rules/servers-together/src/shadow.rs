//! MCP-SEC-041: one server's text or name stands before another's tool.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use bartizan_sdk::{IntoSubject, prelude::*};
use serde_json::{Value, json};

use crate::{
    fact::{self, server_topic, shown, tool_topic},
    mention::{self, Steers},
    name, overlap, rules,
};

/// Bytes of one server's texts that are read.
const MAX_TEXT: usize = 1 << 20;
/// Tools of one name and the same parameters, but with differing descriptions, that are compared with each other for copies. Beyond,
/// a server among hundreds would have to be told from all of them at once.
const MAX_COMPARED: usize = 256;
/// Servers that a finding names.
const MAX_NAMED: usize = 10;

pub(crate) fn note(server: &Server) -> Vec<Fact> {
    let own: BTreeSet<String> = server.tools.iter().map(|tool| name::plain(&tool.name)).collect();
    let mut facts = Vec::new();
    let mut left = MAX_TEXT;
    // Texts before names: they are what is grave.
    let mut said = |text: Option<&str>, about: &dyn Fn(&mention::Mention) -> Fact| {
        let text = text.unwrap_or_default();
        match left.checked_sub(text.len()) {
            Some(rest) if left > 0 => {
                left = rest;
                facts.extend(mention::find(text, &own).iter().map(about));
            }
            // What comes after is not read either: which texts are left out must not depend on their lengths.
            _ => left = 0,
        }
    };
    for tool in &server.tools {
        let text = format!(
            "{}\n\n{}",
            tool.description.as_deref().unwrap_or_default(),
            parameter_texts(&tool.input_schema)
        );
        said(Some(&text), &|mention| says(tool, mention));
    }
    for prompt in &server.prompts {
        said(prompt.description.as_deref(), &|mention| says(prompt, mention));
    }
    for resource in &server.resources {
        said(resource.description.as_deref(), &|mention| says(resource, mention));
    }
    said(server.instructions.as_deref(), &|mention| says(server, mention));
    if left == 0 {
        facts.push(Fact::new(fact::UNREAD, server, "").alone());
    }
    let own_name = name::of_server(&server.name);
    if own_name.chars().count() >= 3 {
        facts.push(Fact::new(server_topic(&own_name), server, json!({ "is": server.name }).to_string()));
    }
    facts.extend(overlap::note(server));
    facts.extend(server.tools.iter().map(offers));
    facts
}

fn says(about: &impl IntoSubject, mention: &mention::Mention) -> Fact {
    let topic = if mention.server { server_topic(&mention.plain) } else { tool_topic(&mention.plain) };
    let against = mention.steers == Steers::Against;
    let data = json!({ "says": shown(&mention.sentence), "against": against });
    Fact::new(topic, about, data.to_string())
}

fn offers(tool: &Tool) -> Fact {
    let description = shown(tool.description.as_deref().unwrap_or_default());
    let data = json!({ "is": tool.name, "takes": parameters(&tool.input_schema), "described": description });
    Fact::new(tool_topic(&name::plain(&tool.name)), tool, data.to_string())
}

/// The names of the parameters, in order.
fn parameters(schema: &str) -> String {
    let schema: Value = serde_json::from_str(schema).unwrap_or_default();
    let mut names: Vec<&str> = schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    names.sort_unstable();
    fact::cut(&names.join(","), 400).to_owned()
}

fn parameter_texts(schema: &str) -> String {
    let schema: Value = serde_json::from_str(schema).unwrap_or_default();
    let nodes = schema.get("properties").and_then(Value::as_object).into_iter().flatten().take(200);
    let texts: Vec<&str> = nodes.filter_map(|(_, node)| node.get("description")?.as_str()).collect();
    texts.join("\n\n")
}

fn unread(noted: &Noted) -> FleetFinding {
    let message = format!(
        "The server's texts are longer than {MAX_TEXT} bytes: those beyond were not read for what they say of other servers."
    );
    FleetFinding::new(rules::SHADOW, noted.whole_server(), message)
        .severity(Severity::Low)
        .confidence(Confidence::High)
}

/// A tool or a server of the name, with what was noted of it.
struct Owner<'g> {
    noted: &'g Noted,
    name: String,
    takes: String,
    described: String,
}

/// A text that directs the model about it.
struct Voice<'g> {
    noted: &'g Noted,
    sentence: String,
    against: bool,
}

pub(crate) fn judge(group: &Group) -> Vec<FleetFinding> {
    if group.topic == fact::NAMES {
        return overlap::judge(group).into_iter().collect();
    }
    if group.topic == fact::UNREAD {
        return group.facts.iter().take(MAX_NAMED).map(unread).collect();
    }
    let mut owners = Vec::new();
    let mut voices = Vec::new();
    for noted in &group.facts {
        let Ok(data) = serde_json::from_str::<Value>(&noted.data) else { continue };
        let text = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        if data.get("says").is_some() {
            let against = data.get("against") == Some(&Value::Bool(true));
            voices.push(Voice { noted, sentence: text("says"), against });
        } else {
            owners.push(Owner {
                noted,
                name: text("is"),
                takes: text("takes"),
                described: text("described"),
            });
        }
    }
    let mut findings: Vec<FleetFinding> = directed(&owners, &voices).into_iter().collect();
    let tools: Vec<&Owner<'_>> = owners.iter().filter(|owner| owner.noted.kind == "tool").collect();
    let by_parameters = by_parameters(&tools);
    findings.extend(same_name(&tools, &by_parameters));
    let uncompared = by_parameters.values().find(|alike| alike.len() > MAX_COMPARED);
    findings.extend(uncompared.and_then(|alike| alike.get(MAX_COMPARED)).map(|first| beyond(first)));
    findings
}

/// Tools that are too many to be compared with each other.
fn beyond(first: &Owner<'_>) -> FleetFinding {
    let message = format!(
        "More than {MAX_COMPARED} tools are called `{}`, take the same and are described differently. Those from `{}` on were not compared with the others for copies.",
        shown(fact::cut(&first.name, 80)),
        shown(fact::cut(&first.noted.server_name, 80))
    );
    FleetFinding::new(rules::SHADOW, first.noted.member(), message)
        .severity(Severity::Info)
        .confidence(Confidence::High)
}

/// A text of one server about a tool of another.
fn directed(owners: &[Owner<'_>], voices: &[Voice<'_>]) -> Option<FleetFinding> {
    // A server that has such a tool itself speaks of its own.
    let owning: BTreeSet<u32> = owners.iter().map(|owner| owner.noted.server).collect();
    let owner = owners.first()?;
    let mut meets: Vec<(&Voice<'_>, &Owner<'_>)> = voices
        .iter()
        .filter(|voice| !owning.contains(&voice.noted.server))
        .map(|voice| (voice, owner))
        .collect();
    // One that works against the tool before one that only goes before it.
    meets.sort_by_key(|(voice, _)| !voice.against);
    let (voice, owner) = meets.first()?;
    let whose = if owner.noted.kind == "server" { "the server" } else { "the tool" };
    let (severity, does) = if voice.against {
        (Severity::High, "has what is given to it or comes from it changed, hidden or sent elsewhere")
    } else {
        (Severity::Medium, "says when and how it is to be used")
    };
    let message = format!(
        "A text of the server `{}` directs the model about {whose} `{}`{}: it {does}.",
        shown(fact::cut(&voice.noted.server_name, 80)),
        shown(fact::cut(&owner.name, 80)),
        if owner.noted.kind == "server" {
            String::new()
        } else {
            format!(" of the server `{}`", shown(fact::cut(&owner.noted.server_name, 80)))
        },
    );
    let mut finding = FleetFinding::new(rules::SHADOW, voice.noted.member(), message)
        .severity(severity)
        .confidence(Confidence::Medium)
        .related(owner.noted.member())
        .evidence("says", &voice.sentence, "")
        .remediation("Do not use the two together until the author of the text has explained it.");
    for (voice, _) in meets.iter().skip(1).take(MAX_NAMED) {
        finding = finding.related(voice.noted.member()).evidence("also says", &voice.sentence, "");
    }
    Some(finding)
}

/// Tools of several servers under one name, or names that a reader takes for one.
fn same_name(tools: &[&Owner<'_>], by_parameters: &ByParameters<'_, '_>) -> Option<FleetFinding> {
    let first = tools.first()?;
    tools.iter().find(|owner| owner.noted.server != first.noted.server)?;
    // The same server in two configurations.
    let same_server = tools.iter().all(|owner| {
        owner.noted.server_name == first.noted.server_name
            && owner.name == first.name
            && owner.takes == first.takes
    });
    if same_server {
        return None;
    }
    let disguised = tools.iter().find(|owner| name::is_disguised(&owner.name));
    let copy = copy(by_parameters);
    let at = |owner: &Owner<'_>| {
        format!(
            "`{}` of `{}`",
            shown(fact::cut(&owner.name, 80)),
            shown(fact::cut(&owner.noted.server_name, 80))
        )
    };
    let (severity, about, against, message) = if let Some(disguised) = disguised {
        let real = tools
            .iter()
            .find(|owner| owner.noted.server != disguised.noted.server && !name::is_disguised(&owner.name))?;
        let message = format!(
            "{} shows as {} does, and is written with letters of another alphabet or characters that do not show: it passes for the other server's tool.",
            at(disguised),
            at(real)
        );
        (Severity::High, *disguised, *real, message)
    } else if let Some((real, copied)) = copy {
        // Of the two the one that says it is another version is the copy.
        let (real, copied) =
            if copied.name.len() < real.name.len() { (copied, real) } else { (real, copied) };
        let message = format!(
            "{} is described as {} is and takes the same, under nearly the same name: which of the two a model calls is chance.",
            at(copied),
            at(real)
        );
        (Severity::Medium, copied, real, message)
    } else {
        // The same name alone is told once, with all others.
        return None;
    };
    let mut finding = FleetFinding::new(rules::SHADOW, about.noted.member(), message)
        .severity(severity)
        .confidence(if severity == Severity::Medium { Confidence::Low } else { Confidence::High })
        .related(against.noted.member())
        .evidence("name", &shown(&about.name), "");
    let rest = tools.iter().filter(|owner| {
        let member = |other: &Owner<'_>| {
            other.noted.server == owner.noted.server && other.noted.name == owner.noted.name
        };
        !member(about) && !member(against)
    });
    for owner in rest.take(MAX_NAMED) {
        finding = finding.related(owner.noted.member());
    }
    Some(finding)
}

/// Tools that take the same, by what they take.
type ByParameters<'o, 'g> = BTreeMap<&'o str, Vec<&'o Owner<'g>>>;

/// The same tool of very many servers stands here twice: once for itself, and once in case the first one's server has the copy, too.
fn by_parameters<'o, 'g>(tools: &[&'o Owner<'g>]) -> ByParameters<'o, 'g> {
    let mut by_parameters = ByParameters::new();
    let mut told: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for owner in tools.iter().filter(|owner| !owner.takes.is_empty()) {
        let times = told.entry((&owner.name, &owner.takes, &owner.described)).or_default();
        *times += 1;
        if *times <= 2 {
            by_parameters.entry(&owner.takes).or_default().push(owner);
        }
    }
    by_parameters
}

/// A tool of one server and its like of another: another name, the same parameters, and a description of the same words.
fn copy<'o, 'g>(by_parameters: &ByParameters<'o, 'g>) -> Option<(&'o Owner<'g>, &'o Owner<'g>)> {
    by_parameters.values().find_map(|alike| {
        let described: Vec<(&&Owner<'g>, Vec<u64>)> =
            alike.iter().take(MAX_COMPARED).map(|owner| (owner, words(&owner.described))).collect();
        described.iter().find_map(|(a, a_words)| {
            let is_copy = |(b, b_words): &&(&&Owner<'g>, Vec<u64>)| {
                // A change of case or of a separator is another language's habit; a version is a claim.
                let versioned = a.name.len().abs_diff(b.name.len()) >= 2;
                let apart = b.noted.server != a.noted.server;
                apart && versioned && a_words.len() >= 4 && are_alike(a_words, b_words)
            };
            described.iter().find(is_copy).map(|(b, _)| (**a, **b))
        })
    })
}

/// The words of a text, each once, as numbers that can be compared quickly, in order.
fn words(text: &str) -> Vec<u64> {
    let number = |word: &str| {
        let mut hasher = DefaultHasher::new();
        word.to_lowercase().hash(&mut hasher);
        hasher.finish()
    };
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut numbers: Vec<u64> = words.map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Whether eight words in ten stand in both.
fn are_alike(a: &[u64], b: &[u64]) -> bool {
    let both = a.iter().filter(|word| b.binary_search(word).is_ok()).count();
    let all = a.len() + b.len() - both;
    both.saturating_mul(10) >= all.saturating_mul(8)
}
