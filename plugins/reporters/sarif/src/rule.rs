//! Rules as the format's `reportingDescriptor`, with the properties that GitHub code scanning reads.

use std::collections::BTreeMap;

use bartizan_sdk::report::{Confidence, Report, Rule, Severity, is_hidden, visible};
use serde_json::{Value, json};

use crate::message;

/// Tags of one rule that services take.
const MAX_TAGS: usize = 20;
/// Characters of a description that services take.
const MAX_DESCRIPTION: usize = 1000;

/// The rules of a report and their places in the log.
pub(crate) struct Rules<'a> {
    places: BTreeMap<&'a str, usize>,
    rules: Vec<Known<'a>>,
}

enum Known<'a> {
    Declared(&'a Rule),
    /// Named by a finding and not declared: a log must still declare it.
    Named(&'a str),
}

impl<'a> Rules<'a> {
    pub(crate) fn of(report: &'a Report) -> Self {
        let declared = report.rules.iter().map(|rule| (rule.id.as_str(), Known::Declared(rule)));
        let named = report
            .findings
            .iter()
            .chain(report.suppressed.iter().map(|one| &one.finding))
            .map(|finding| (finding.rule.as_str(), Known::Named(&finding.rule)));
        let mut this = Self { places: BTreeMap::new(), rules: Vec::new() };
        for (id, rule) in declared.chain(named) {
            if !this.places.contains_key(id) {
                this.places.insert(id, this.rules.len());
                this.rules.push(rule);
            }
        }
        this
    }

    pub(crate) fn index(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    pub(crate) fn descriptors(&self) -> Vec<Value> {
        let descriptor = |rule: &Known<'_>| match rule {
            Known::Declared(rule) => descriptor(rule),
            Known::Named(id) => json!({ "id": visible(id) }),
        };
        self.rules.iter().map(descriptor).collect()
    }
}

/// The four levels that the format has for our five severities.
pub(crate) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// A point in the middle of the band that GitHub gives each word: critical over 9.0, high from 7.0, medium from 4.0.
/// None for what is worth knowing only, which it then shows as a note.
fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.0"),
        Severity::Info => None,
    }
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

fn descriptor(rule: &Rule) -> Value {
    let title = message::help(&rule.title);
    let help = if rule.help.is_empty() { title.clone() } else { message::help(&rule.help) };
    let mut properties = json!({ "precision": precision(rule.confidence), "tags": tags(rule) });
    if let (Some(map), Some(score)) = (properties.as_object_mut(), security_severity(rule.severity)) {
        map.insert("security-severity".into(), score.into());
    }
    if let (Some(map), false) = (properties.as_object_mut(), rule.component.is_empty()) {
        map.insert("component".into(), visible(&rule.component).into());
    }
    json!({
        "id": visible(&rule.id),
        "name": name(&rule.title),
        "shortDescription": { "text": title },
        "fullDescription": { "text": first_paragraph(&help).unwrap_or(title) },
        "help": { "text": help, "markdown": help },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": properties,
    })
}

/// The title as one word in Pascal case, which is what the format calls a name.
fn name(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric() || is_hidden(c)).filter(|word| !word.is_empty());
    let mut name = String::new();
    for word in words {
        let mut chars = word.chars();
        name.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(chars.as_str());
    }
    name
}

/// The first paragraph that is not a heading.
fn first_paragraph(markdown: &str) -> Option<String> {
    let paragraph = markdown
        .lines()
        .map(str::trim)
        .skip_while(|line| line.is_empty() || line.starts_with('#'))
        .take_while(|line| !line.is_empty() && !line.starts_with('#'))
        .collect::<Vec<_>>()
        .join(" ");
    (!paragraph.is_empty()).then(|| paragraph.chars().take(MAX_DESCRIPTION).collect())
}

/// The tags, with the spelling of "security" and of weaknesses that services filter by.
fn tags(rule: &Rule) -> Vec<String> {
    let weakness = |tag: &String| {
        let number =
            tag.strip_prefix("cwe:").filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))?;
        Some(format!("external/cwe/cwe-{number:0>3}"))
    };
    let weaknesses: Vec<String> = rule.tags.iter().filter_map(weakness).collect();
    let rest = rule.tags.iter().filter(|tag| weakness(tag).is_none()).map(|tag| visible(tag));
    let mut tags = vec!["security".to_owned()];
    for tag in weaknesses.into_iter().chain(rest) {
        // The format wants each tag once.
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags.truncate(MAX_TAGS);
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_name_of_one_word() {
        assert_eq!(name("Tool's `path` is opened, as given"), "ToolSPathIsOpenedAsGiven");
    }

    #[test]
    fn the_description_is_the_first_paragraph_of_the_help() {
        assert_eq!(first_paragraph("# Title\n\nOne\ntwo.\n\nThree.").as_deref(), Some("One two."));
        assert_eq!(first_paragraph("# Title\n"), None);
    }
}
