//! MCP-SEC-051: so much text that the rest is pushed out of the model's context.
//!
//! Some honest servers are large. What they say is told as a fact and at a size that few reach; what is graver is text
//! that says nothing: blanks, one character, the same sentence over and over.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use bartizan_listing::properties;
use bartizan_sdk::{IntoSubject, prelude::*};
use serde_json::Value;

use crate::{deed, rules};

/// Bytes of one text that are read.
const MAX_TEXT: usize = 1 << 20;
/// What one text of prose, one tool and one server may weigh before it is told, and before it is grave. Of 35 servers
/// recorded, the largest has 7, 12 and 82 thousand bytes.
const PROSE: (usize, usize) = (24_000, 96_000);
const TOOL: (usize, usize) = (64_000, 256_000);
const SERVER: (usize, usize) = (256_000, 1_000_000);
/// Blanks in one row, likewise.
const BLANKS: (usize, usize) = (400, 2_000);
/// Characters after which repetition counts, and after which it is grave.
const REPEATED: (usize, usize) = (4_000, 16_000);
/// And after which a text that says nothing else is made for nothing else.
const FLOOD: usize = 64_000;

pub(crate) fn server(server: &Server) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut total = 0_usize;
    let instructions = server.instructions.as_deref().unwrap_or_default();
    total = total.saturating_add(instructions.len());
    findings.extend(prose(server, instructions, "/instructions"));
    for tool in &server.tools {
        let description = tool.description.as_deref().unwrap_or_default();
        let own = description.len().saturating_add(tool.input_schema.len());
        total = total.saturating_add(own);
        let said = prose(tool, description, "/description").or_else(|| parameters(tool)).or_else(|| {
            let severity = weigh(own, TOOL)?;
            let message = format!(
                "The tool's description and schema weigh {}: they take that much of every conversation.",
                bytes(own)
            );
            Some(Finding::new(rules::FLOODING, tool, message).severity(severity).evidence(
                "size",
                &bytes(own),
                "",
            ))
        });
        findings.extend(said);
    }
    for prompt in &server.prompts {
        findings.extend(prose(prompt, prompt.description.as_deref().unwrap_or_default(), "/description"));
    }
    for resource in &server.resources {
        findings.extend(prose(resource, resource.description.as_deref().unwrap_or_default(), "/description"));
    }
    if let Some(severity) = weigh(total, SERVER) {
        let message = format!(
            "The instructions and {} tools weigh {} together, before anything is asked: a model that reads them all has that much less \
             room, and forgets what came before.",
            server.tools.len(),
            bytes(total)
        );
        findings.push(Finding::new(rules::FLOODING, server, message).severity(severity).evidence(
            "size",
            &bytes(total),
            "",
        ));
    }
    findings
}

fn weigh(size: usize, (told, grave): (usize, usize)) -> Option<Severity> {
    match size {
        size if size >= grave => Some(Severity::Medium),
        size if size >= told => Some(Severity::Low),
        _ => None,
    }
}

/// Descriptions of parameters are prose, too.
fn parameters(tool: &Tool) -> Option<Finding> {
    if tool.input_schema.len() < BLANKS.0 {
        return None;
    }
    let schema = deed::schema(tool)?;
    properties(&schema).list.iter().find_map(|property| {
        let description = property.node.get("description").and_then(Value::as_str)?;
        prose(tool, description, &format!("{}/description", property.pointer))
    })
}

/// One text: what fills it, or how long it is.
fn prose(about: &impl IntoSubject, text: &str, pointer: &str) -> Option<Finding> {
    if text.len() < BLANKS.0 {
        return None;
    }
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    let read = text.get(..end).unwrap_or_default();
    let (severity, message, shown) = blanks(read).or_else(|| repetition(read)).or_else(|| {
        let severity = weigh(text.len(), PROSE)?;
        Some((
            severity,
            format!("One text is {} long: it pushes out what else the model should read.", bytes(text.len())),
            head(read),
        ))
    })?;
    Some(
        Finding::new(rules::FLOODING, about, message)
            .severity(severity)
            .confidence(if severity == Severity::Low { Confidence::Medium } else { Confidence::High })
            .evidence("text", &shown, pointer),
    )
}

type Said = (Severity, String, String);

/// Blanks or one character in a row, with something after them.
fn blanks(text: &str) -> Option<Said> {
    let mut longest = (0_usize, ' ', 0_usize);
    let mut run = (0_usize, ' ');
    for (at, c) in text.char_indices() {
        let kind = if c.is_whitespace() || is_invisible(c) { ' ' } else { c };
        run = if run.1 == kind { (run.0.saturating_add(1), kind) } else { (1, kind) };
        if run.0 > longest.0 {
            longest = (run.0, kind, at.saturating_add(c.len_utf8()));
        }
    }
    let (count, kind, end) = longest;
    let severity = weigh(count, BLANKS)?;
    let after = text.get(end..).unwrap_or_default().trim();
    if kind == ' ' && after.is_empty() {
        // At the end of a text they hide nothing; they only take room.
        return (count >= BLANKS.1)
            .then(|| (Severity::Low, format!("The text ends in {count} blanks."), head(text)));
    }
    let what = if kind == ' ' { "blanks".to_owned() } else { format!("times the character {kind:?}") };
    let message = if kind == ' ' {
        format!("{count} blanks in a row push what follows them out of sight, and fill the model's context.")
    } else {
        format!("{count} {what} in a row say nothing and fill the model's context.")
    };
    Some((severity, message, head(after)))
}

/// Characters that take room and do not show.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}' | '\u{2800}' | '\u{3164}' | '\u{e0000}'..='\u{e007f}')
}

/// How much of a text it has said before, in runs of four words.
fn repetition(text: &str) -> Option<Said> {
    if text.len() < REPEATED.0 {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut seen: HashSet<u64> = HashSet::new();
    let mut all = 0_usize;
    for run in words.windows(4) {
        all = all.saturating_add(1);
        let mut hasher = DefaultHasher::new();
        run.hash(&mut hasher);
        seen.insert(hasher.finish());
    }
    let again = all.saturating_sub(seen.len());
    let share = again.saturating_mul(100).checked_div(all)?;
    let severity = match (share, text.len()) {
        (80.., FLOOD..) => Severity::High,
        (70.., length) if length >= REPEATED.1 => Severity::Medium,
        (60.., _) => Severity::Low,
        _ => return None,
    };
    let message = format!(
        "{share} % of a text of {} repeats what it has said before: that says nothing, and pushes out what else the model should read.",
        bytes(text.len())
    );
    Some((severity, message, head(text)))
}

fn head(text: &str) -> String {
    text.trim().chars().take(200).collect()
}

/// "81 kB".
fn bytes(size: usize) -> String {
    format!("{} kB", size.div_ceil(1_000))
}
