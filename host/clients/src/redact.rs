//! Shows command lines and URLs without the credentials in them, and says which there were.
//!
//! What is shown errs on the side of hiding. What is *found* is narrower: it is for rules to judge, and a value that
//! is hidden for caution only is not told as a credential.

mod url;

use serde_json::Value;

use crate::{
    credential::{is_harmless, is_named, is_shaped, without_scheme},
    reference,
    secret::HIDDEN,
};

/// Longest stretch that is looked into; a longer one is hidden as a whole.
const MAX_WORD: usize = 64 * 1024;

/// Headers whose values are no credentials.
const OPEN_HEADERS: &[&str] = &["accept", "content-type", "user-agent", "accept-language", "cache-control"];

/// A credential that stands in a command line or a URL.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// The option, the query's name, the header; empty if only its shape tells.
    pub(crate) name: String,
    /// The credential.
    pub(crate) value: String,
}

/// The words of a command line, each with its credentials hidden.
pub(crate) fn command_line<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut redactor = Redactor::default();
    words.into_iter().map(|word| redactor.word(word)).collect()
}

/// The credentials in a command line.
pub(crate) fn in_command_line<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<Found> {
    let mut redactor = Redactor::default();
    for word in words {
        redactor.word(word);
    }
    redactor.found
}

/// A URL with its user, its password, its query's values and token-like parts of its path hidden.
pub(crate) fn url(text: &str) -> String {
    Redactor::default().url(text)
}

/// The credentials in a URL.
pub(crate) fn in_url(text: &str) -> Vec<Found> {
    let mut redactor = Redactor::default();
    redactor.url(text);
    redactor.found
}

/// What the word before says about the next one.
#[derive(Default)]
enum Next {
    #[default]
    Anything,
    /// The value of an option with this name.
    Value(String),
    /// `Name: value`.
    Header,
    /// `user:password`, or only a user.
    User,
}

#[derive(Default)]
struct Redactor {
    next: Next,
    found: Vec<Found>,
}

impl Redactor {
    fn word(&mut self, word: &str) -> String {
        if word.len() > MAX_WORD {
            self.next = Next::Anything;
            return HIDDEN.to_owned();
        }
        match std::mem::take(&mut self.next) {
            Next::Value(name) if !is_option(word) => {
                let scheme = without_scheme(word);
                // `Authorization: Bearer x` in a shell's line comes as three words.
                if scheme.0.is_some() && scheme.1.is_empty() {
                    self.next = Next::Value(name);
                    return word.to_owned();
                }
                self.hide(&name, word)
            }
            Next::Header if word.contains(':') => self.header(word),
            Next::Header if is_option(word) => self.plain(word),
            Next::Header => self.hide("header", word),
            Next::User => match word.split_once(':') {
                Some((user, password)) if !is_option(word) && !is_harmless(password) => {
                    format!("{user}:{}", self.hide("user", password))
                }
                _ => self.plain(word),
            },
            _ => self.plain(word),
        }
    }

    fn plain(&mut self, word: &str) -> String {
        if word.trim_matches(['"', '\'']).starts_with(['{', '[']) && word.contains(['"', ':']) {
            return self.json(word);
        }
        if word.contains(char::is_whitespace) {
            return self.line(word);
        }
        if word.contains(';') && word.contains('=') && !word.contains("://") {
            // A connection string: `Server=a;Password=b`.
            return word.split(';').map(|part| self.single(part)).collect::<Vec<_>>().join(";");
        }
        self.single(word)
    }

    /// Several words in one: a shell's line, or a header that stands alone.
    fn line(&mut self, text: &str) -> String {
        let mut shown = String::new();
        let mut inner = Self::default();
        for part in text.split_inclusive(char::is_whitespace) {
            let word = part.trim_end_matches(char::is_whitespace);
            let space = part.get(word.len()..).unwrap_or_default();
            let bare = word.trim_matches(['"', '\'', '`', ',']);
            let start = word.find(bare).unwrap_or(0);
            shown.push_str(word.get(..start).unwrap_or_default());
            match bare.strip_suffix(':').filter(|name| is_named(name)) {
                Some(name) => {
                    inner.next = Next::Value(name.to_owned());
                    shown.push_str(bare);
                }
                None if without_scheme(bare).0.is_some() && !bare.is_empty() => {
                    if matches!(inner.next, Next::Anything) {
                        inner.next = Next::Value("authorization".to_owned());
                    }
                    shown.push_str(bare);
                }
                None if bare.is_empty() => {}
                None => shown.push_str(&inner.word(bare)),
            }
            shown.push_str(word.get(start.saturating_add(bare.len())..).unwrap_or_default());
            shown.push_str(space);
        }
        self.found.append(&mut inner.found);
        shown
    }

    fn single(&mut self, word: &str) -> String {
        // Base64's padding is no assignment.
        if word.ends_with('=') && is_shaped(word) {
            return self.hide("", word);
        }
        if let Some((name, value)) = word.split_once('=').filter(|(name, _)| is_assignable(name)) {
            let option = name.trim_start_matches('-').trim_start_matches("$env:");
            if is_header_option(name) {
                return format!("{name}={}", self.header(value));
            }
            if is_named(option) {
                return format!("{name}={}", self.hide(option, value));
            }
            let value = if value.contains("://") { self.url(value) } else { self.single(value) };
            return format!("{name}={value}");
        }
        if is_option(word) {
            if is_header_option(word) {
                self.next = Next::Header;
            } else if matches!(word, "-u" | "--user" | "--basic-auth" | "--proxy-user") {
                self.next = Next::User;
            } else if is_named(word.trim_start_matches('-')) {
                self.next = Next::Value(word.trim_start_matches('-').to_owned());
            }
            return word.to_owned();
        }
        if word.contains("://") {
            return self.url(word);
        }
        if let Some((user, host)) = word.split_once('@')
            && let Some((name, password)) = user.split_once(':')
            && !name.is_empty()
            && !password.is_empty()
            && !password.starts_with('\\')
            && !host.starts_with("sha256:")
        {
            return format!("{}@{host}", self.hide(name, password));
        }
        self.unnamed("", word)
    }

    /// Hides a value that only its shape can give away.
    fn unnamed(&mut self, name: &str, value: &str) -> String {
        if is_shaped(reference::literal(value)) { self.hide(name, value) } else { value.to_owned() }
    }

    /// Hides the value of something that is named like a credential, unless it can be none.
    fn hide(&mut self, name: &str, value: &str) -> String {
        let bare = value.trim_matches(['"', '\'']);
        if bare.contains("://") && !bare.contains(char::is_whitespace) {
            return self.url(value);
        }
        if is_harmless(bare) {
            return value.to_owned();
        }
        self.found.push(Found { name: name.to_owned(), value: bare.to_owned() });
        match without_scheme(bare) {
            (Some(scheme), _) => format!("{scheme} {HIDDEN}"),
            (None, _) => HIDDEN.to_owned(),
        }
    }

    fn header(&mut self, text: &str) -> String {
        let Some((name, value)) = text.split_once(':') else { return self.hide("header", text) };
        let open = OPEN_HEADERS.iter().any(|open| open.eq_ignore_ascii_case(name.trim()));
        if open || is_harmless(value.trim()) {
            return text.to_owned();
        }
        let space = if value.starts_with(' ') { " " } else { "" };
        if is_named(name) || is_shaped(without_scheme(value).1) {
            return format!("{name}:{space}{}", self.hide(name.trim(), value.trim()));
        }
        format!("{name}:{space}{HIDDEN}")
    }

    /// JSON as an argument: members are hidden by their names, and all of it if it cannot be read.
    fn json(&mut self, text: &str) -> String {
        let quoted = text.trim().starts_with('"');
        let decoded = if quoted { serde_json::from_str::<String>(text.trim()).ok() } else { None };
        let inner = decoded.as_deref().unwrap_or_else(|| text.trim().trim_matches('\''));
        match serde_json::from_str::<Value>(inner) {
            Ok(mut value) => {
                self.json_value("", &mut value);
                value.to_string()
            }
            Err(_) if text.starts_with('[') && !text.contains(['"', '=']) => self.line(text),
            Err(_) => format!("{{{HIDDEN}}}"),
        }
    }

    fn json_value(&mut self, name: &str, value: &mut Value) {
        match value {
            Value::String(text) => {
                *text = if is_named(name) {
                    self.hide(name, text)
                } else if text.contains("://") {
                    self.url(text)
                } else {
                    self.unnamed(name, text)
                };
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.json_value(name, item)),
            Value::Object(members) => {
                members.iter_mut().for_each(|(name, value)| self.json_value(name, value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

fn is_option(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-') && !word.contains(char::is_whitespace)
}

fn is_header_option(word: &str) -> bool {
    matches!(word, "-H" | "--header" | "--headers" | "--http-header" | "--add-header")
}

/// Whether a name could stand before `=`: an option, or a variable, PowerShell's too.
fn is_assignable(name: &str) -> bool {
    let name = name.strip_prefix("$env:").unwrap_or(name);
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b' '))
}

#[cfg(test)]
mod tests;
