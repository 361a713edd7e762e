//! A parameter as a rule sees it: its name in words, what is said of it, and how free its value is.

use serde_json::Value;

use crate::{
    schema::Property,
    words::{Text, of_identifier},
};

/// Lines of a description that are looked through for what it says of one parameter.
const MAX_LINES: usize = 200;
/// Sentences that name one parameter.
const MAX_SENTENCES: usize = 8;

/// One parameter of a tool, and what is said of it.
#[derive(Clone, Debug)]
pub struct Parameter<'s> {
    /// As the schema declares it.
    pub property: Property<'s>,
    /// The words of its name.
    pub words: Vec<String>,
    /// What the schema or the tool's description says of it, as written.
    pub said: String,
    /// The same and every sentence of the tool's description that names it, as words.
    pub text: Text,
}

impl<'s> Parameter<'s> {
    /// `description` is the tool's.
    pub fn new(property: Property<'s>, description: &str) -> Self {
        let of = |key: &str| property.node.get(key).and_then(Value::as_str).unwrap_or_default();
        let said = match of("description") {
            "" => in_description(property.name, description).unwrap_or_else(|| of("title").to_owned()),
            own => own.to_owned(),
        };
        let text = Text::new(&format!("{said}\n{}", sentences_about(property.name, description)));
        Self { words: of_identifier(property.name), said, text, property }
    }

    /// Whether the name ends in one of these words.
    pub fn is_called(&self, any: &[&str]) -> bool {
        self.words.last().is_some_and(|word| any.contains(&word.as_str()))
    }

    /// Whether one of these words is in the name.
    pub fn name_has(&self, any: &[&str]) -> bool {
        self.words.iter().any(|word| any.contains(&word.as_str()))
    }

    /// What to show of it: what is said, or else its name.
    pub fn shown(&self) -> &str {
        if self.said.is_empty() { self.property.name } else { &self.said }
    }
}

/// What the tool's description says of a parameter where it lists them: `name: text`, `- name (str): text`.
fn in_description(name: &str, description: &str) -> Option<String> {
    let lines =
        description.lines().take(MAX_LINES).map(|line| line.trim().trim_start_matches(['-', '*', ' ', '`']));
    for line in lines {
        let Some(rest) = line.strip_prefix(name) else { continue };
        let rest = rest.trim_start_matches(['`', '*']).trim_start();
        // A type in parentheses may stand between the name and the colon.
        let rest =
            rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest);
        if let Some(text) = rest.trim_start().strip_prefix([':', '–']) {
            return Some(text.trim().to_owned());
        }
    }
    None
}

/// The sentences of the tool's description that name the parameter.
fn sentences_about(name: &str, description: &str) -> String {
    if name.is_empty() {
        return String::new();
    }
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let names = |sentence: &&str| {
        sentence.match_indices(name).take(8).any(|(at, found)| {
            let before = sentence.get(..at).and_then(|text| text.chars().next_back());
            let after = sentence.get(at.saturating_add(found.len())..).and_then(|text| text.chars().next());
            !is_part(before) && !is_part(after)
        })
    };
    let sentences = description.lines().take(MAX_LINES).flat_map(|line| line.split(". "));
    sentences.filter(names).take(MAX_SENTENCES).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_found_where_the_description_lists_it() {
        let description =
            "Runs it.\n\nArgs:\n    cmd (str): passed to sh\n  - `path`: any path\n    cmdline: other";
        assert_eq!(in_description("cmd", description).as_deref(), Some("passed to sh"));
        assert_eq!(in_description("path", description).as_deref(), Some("any path"));
        assert_eq!(in_description("nothing", description), None);
    }
}
