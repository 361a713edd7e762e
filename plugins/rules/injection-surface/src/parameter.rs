//! A parameter as a rule sees it: its name in words, what is said of it, and how free its value is.

use serde_json::Value;

use crate::{
    schema::{FreeText, Property},
    words::{Text, of_identifier},
};

/// Lines of a description that are looked through for what it says of one parameter.
const MAX_LINES: usize = 200;
/// Sentences that name one parameter.
const MAX_SENTENCES: usize = 8;
/// Values no longer than this hold neither a command nor an address of any use.
const SHORT: u64 = 8;

pub(crate) struct Parameter<'s> {
    pub(crate) name: &'s str,
    pub(crate) words: Vec<String>,
    pub(crate) pointer: String,
    /// What the schema or the tool's description says of it, as written.
    pub(crate) said: String,
    pub(crate) text: Text,
    pub(crate) freedom: FreeText<'s>,
}

impl<'s> Parameter<'s> {
    /// `None` where the value is not free text: then nothing can be injected through it.
    pub(crate) fn new(property: Property<'s>, description: &str) -> Option<Self> {
        let freedom = property.text.filter(|text| !is_restricted(text))?;
        let of = |key: &str| property.node.get(key).and_then(Value::as_str).unwrap_or_default();
        let said = match of("description") {
            "" => in_description(property.name, description).unwrap_or_else(|| of("title").to_owned()),
            own => own.to_owned(),
        };
        let text = Text::new(&format!("{said}\n{}", sentences_about(property.name, description)));
        Some(Self {
            name: property.name,
            words: of_identifier(property.name),
            pointer: property.pointer,
            said,
            text,
            freedom,
        })
    }

    /// Whether the name ends in one of these words.
    pub(crate) fn is_called(&self, any: &[&str]) -> bool {
        self.words.last().is_some_and(|word| any.contains(&word.as_str()))
    }

    /// Whether one of these words is in the name.
    pub(crate) fn name_has(&self, any: &[&str]) -> bool {
        self.words.iter().any(|word| any.contains(&word.as_str()))
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

/// Whether the schema leaves too little room for anything to be injected.
fn is_restricted(text: &FreeText<'_>) -> bool {
    const NARROW: [&str; 13] = [
        "uuid",
        "date",
        "date-time",
        "time",
        "duration",
        "email",
        "idn-email",
        "ipv4",
        "ipv6",
        "hostname",
        "idn-hostname",
        "regex",
        "json-pointer",
    ];
    text.format.is_some_and(|format| NARROW.contains(&format))
        || text.max_length.is_some_and(|max| max <= SHORT)
        || text.pattern.is_some_and(is_narrow)
}

/// Whether the pattern fixes the whole value to an alphabet, or a URL to a host. One that only asks for a beginning, or
/// has a wildcard, leaves it open.
fn is_narrow(pattern: &str) -> bool {
    let Some(inner) = pattern.strip_prefix('^') else { return false };
    if let Some(rest) = inner.strip_prefix("https://").or_else(|| inner.strip_prefix("https:\\/\\/")) {
        return rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    }
    let Some(inner) = inner.strip_suffix('$') else { return false };
    let mut escaped = false;
    let mut class = false;
    for c in inner.chars() {
        match c {
            _ if escaped => {
                // `\S`, `\W` and `\D` are nearly everything.
                if matches!(c, 'S' | 'W' | 'D') {
                    return false;
                }
                escaped = false;
            }
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '.' if !class => return false,
            // A class of what is not allowed.
            '^' if class => return false,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_restricts_is_told_from_one_that_does_not() {
        for pattern in
            ["^[A-Za-z0-9_-]+$", "^[\\w.-]{1,64}$", "^(up|down)$", "^https://api\\.example\\.com/", "^\\d+$"]
        {
            assert!(is_narrow(pattern), "{pattern}");
        }
        for pattern in
            [".*", "^.+$", "^/workspace/.*$", "[a-z]+", "^[^;]+$", "^\\S+$", "^https://.*", "^https?://", ""]
        {
            assert!(!is_narrow(pattern), "{pattern}");
        }
    }

    #[test]
    fn a_parameter_is_found_where_the_description_lists_it() {
        let description =
            "Runs it.\n\nArgs:\n    cmd (str): passed to sh\n  - `path`: any path\n    cmdline: other";
        assert_eq!(in_description("cmd", description).as_deref(), Some("passed to sh"));
        assert_eq!(in_description("path", description).as_deref(), Some("any path"));
        assert_eq!(in_description("nothing", description), None);
    }
}
