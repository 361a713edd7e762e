//! Which texts are secrets.
//!
//! A secret is known by what its issuer says of it: how it begins, how long it is, of which letters, and for some a
//! checksum. What was typed to show the form ("sk-xxxx", `<token>`, "AKIAIOSFODNN7EXAMPLE") has all of that but the
//! randomness, so every candidate must look drawn by lot, too.

mod assigned;
mod format;
mod jwt;
mod key_block;
mod placeholder;
mod userinfo;

/// How sure it is that this is a secret, and one in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sure {
    /// It has the form, and somebody made it up. Of several that are presented as keys, that is worth a word.
    MadeUp,
    /// Something speaks against it: a wrong checksum, words of an example around it.
    Hardly,
    /// It has the form, and the letters look drawn by lot.
    Likely,
    /// It has a valid checksum, or the structure of a key.
    Proven,
}

/// A secret in a text. The secret itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secret {
    /// "a GitHub token".
    pub(crate) what: &'static str,
    pub(crate) sure: Sure,
    /// What may be shown of it.
    pub(crate) shown: String,
}

/// Secrets of one text that are told.
const MAX_FOUND: usize = 5;
/// The same with those that are made up.
const MAX_LOOKED_AT: usize = 50;
/// Characters before a secret that are looked through for words of an example.
const BEFORE: usize = 60;

/// The secrets in this text. `name` is the name of the member it stands in, as words.
pub(crate) fn find(text: &str, name: &[String]) -> Vec<Secret> {
    let mut found: Vec<(usize, usize, Secret)> = Vec::new();
    for candidates in [
        format::find(text),
        jwt::find(text),
        key_block::find(text),
        userinfo::find(text),
        assigned::find(text, name),
    ] {
        for (start, end, mut secret) in candidates {
            // One secret is found by its form first and by what it is assigned to second.
            let real = found.iter().filter(|(.., secret)| secret.sure > Sure::MadeUp).count();
            if real >= MAX_FOUND
                || found.len() >= MAX_LOOKED_AT
                || found.iter().any(|(from, to, _)| start < *to && *from < end)
            {
                continue;
            }
            if secret.sure == Sure::Likely && is_example(before(text, start)) {
                secret.sure = Sure::Hardly;
            }
            found.push((start, end, secret));
        }
    }
    // One key that is made up shows the form; two, each under its name, are shown as if they were keys.
    let presented = found.len() >= 2 && !found.iter().any(|(start, ..)| is_advice(before(text, *start)));
    found.retain(|(.., secret)| secret.sure > Sure::MadeUp || presented);
    found.into_iter().map(|(.., secret)| secret).collect()
}

/// Words that tell the reader to put a key of their own there.
fn is_advice(text: &str) -> bool {
    let lower = text.to_lowercase();
    is_example(text)
        || ["set ", "export ", "env", "add ", "use ", "enter", "provide", "configure"]
            .iter()
            .any(|word| lower.contains(word))
}

/// What stands before it, as far as it is looked at.
fn before(text: &str, at: usize) -> &str {
    let mut start = at.saturating_sub(BEFORE);
    while !text.is_char_boundary(start) {
        start = start.saturating_add(1);
    }
    text.get(start..at).unwrap_or_default()
}

fn is_example(text: &str) -> bool {
    let lower = text.to_lowercase();
    let last = lower.rsplit(['\n', '.']).next().unwrap_or_default();
    ["example", "for instance", "such as", "looks like", "format", "sample", "placeholder", "dummy"]
        .iter()
        .any(|word| last.contains(word))
        // "e.g." has stops of its own.
        || ["e.g", "i.e"].iter().any(|word| lower.contains(word))
}

/// Whether this whole value is a secret of a known form.
pub(crate) fn is_of_known_shape(value: &str) -> bool {
    !format::find(value).is_empty() || !jwt::find(value).is_empty() || !key_block::find(value).is_empty()
}

/// What a value that stands for a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Drawn by lot.
    Generated,
    /// Thought of by a person.
    Chosen,
    /// Nothing but a place for one.
    Placeholder,
}

/// Reads a value under a credential's name.
pub(crate) fn value(value: &str, password: bool) -> Value {
    let value = value.trim();
    if placeholder::is(value) || value.contains(char::is_whitespace) {
        Value::Placeholder
    } else if value.len() >= 16 && placeholder::is_random(value) {
        Value::Generated
    } else if password && (6..=64).contains(&value.len()) && has_two_kinds(value) {
        Value::Chosen
    } else {
        Value::Placeholder
    }
}

/// Letters, and something else.
fn has_two_kinds(value: &str) -> bool {
    value.chars().any(char::is_alphabetic) && value.chars().any(|c| !c.is_alphabetic())
}

/// The first few characters and the length.
pub(crate) fn masked(secret: &str) -> String {
    let length = secret.chars().count();
    // Of a short one nothing can be shown without showing it.
    let shown: String = if length >= 16 { secret.chars().take(4).collect() } else { String::new() };
    let shown: String = shown.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("{shown}… ({length} characters)")
}
