//! Values that are given to a credential's name: `API_KEY=…`, `"password": "…"`, and members of JSON with such a name.
//!
//! Nothing but the name and the randomness speaks for these, so they are never more than likely.

use bartizan_listing::{Text, of_identifier};

use super::{Secret, Sure, Value, masked, value};
use crate::name::{self, Kind};

/// Assignments of one text that are read.
const MAX: usize = 200;
/// Bytes of a value that are read.
const MAX_VALUE: usize = 512;

pub(super) fn find(text: &str, name: &[String]) -> Vec<(usize, usize, Secret)> {
    let mut found = Vec::new();
    if let Some(kind) = credential(name)
        && text.len() <= MAX_VALUE
    {
        let bare =
            text.split_once(' ').filter(|(scheme, _)| is_scheme(scheme)).map_or(text, |(_, rest)| rest);
        found.extend(judge(kind, bare).map(|secret| (0, text.len(), secret)));
    }
    found.extend(spoken(text));
    let mut seen = 0_usize;
    for (at, _) in text.match_indices(['=', ':']) {
        let before = text.get(..at).unwrap_or_default().trim_end_matches(['"', '\'', '`', ' ']);
        let length = before
            .bytes()
            .rev()
            .take(64)
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            .count();
        let named = before.get(before.len().saturating_sub(length)..).unwrap_or_default();
        let Some(kind) = credential(&of_identifier(named)) else { continue };
        seen = seen.saturating_add(1);
        if seen > MAX {
            break;
        }
        let after = text.get(at.saturating_add(1)..).unwrap_or_default();
        let skipped =
            after.bytes().take(4).take_while(|byte| matches!(byte, b' ' | b'"' | b'\'' | b'`')).count();
        let mut start = at.saturating_add(1).saturating_add(skipped);
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ';' | '&' | ')' | '|');
        let given: String =
            text.get(start..).unwrap_or_default().chars().take(MAX_VALUE).take_while(|c| !ends(*c)).collect();
        let given = given.trim_end_matches('.');
        if is_scheme(given) {
            start = start.saturating_add(given.len()).saturating_add(1);
            let next = text.get(start..).unwrap_or_default();
            let next: String = next.chars().take(MAX_VALUE).take_while(|c| !ends(*c)).collect();
            found.extend(judge(kind, &next).map(|secret| (start, start.saturating_add(next.len()), secret)));
            continue;
        }
        found.extend(judge(kind, given).map(|secret| (start, start.saturating_add(given.len()), secret)));
    }
    found
}

/// "Bearer k7Qz…": the kind of proof, and the proof.
fn is_scheme(word: &str) -> bool {
    ["bearer", "basic", "token", "apikey", "key"].iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// "…with password Gr4nite!77", "the password is Gr4nite!77".
fn spoken(text: &str) -> Vec<(usize, usize, Secret)> {
    let mut found = Vec::new();
    for (at, word) in text.match_indices("assword").take(MAX) {
        let start = at.saturating_add(word.len());
        let rest = text.get(start..).unwrap_or_default();
        let Some(rest) = rest.strip_prefix(" is ").or_else(|| rest.strip_prefix(' ')) else { continue };
        let given: String = rest.chars().take(64).take_while(|c| !c.is_whitespace()).collect();
        let given = given.trim_matches(|c: char| matches!(c, '"' | '\'' | '`' | '.' | ',' | ')'));
        // Prose goes on with words; a password that somebody thought of has something of everything.
        let mixed = has_figure(given)
            && given.chars().any(|c| c.is_ascii_uppercase())
            && given.chars().any(|c| c.is_ascii_lowercase())
            && given.len() >= 8;
        if mixed {
            found.extend(
                judge(Kind::Password, given).map(|secret| (start, start.saturating_add(given.len()), secret)),
            );
        }
    }
    found
}

fn credential(words: &[String]) -> Option<Kind> {
    // The name alone must say it; what stands around it is somebody's prose.
    name::of(words, &Text::default()).filter(|kind| *kind != Kind::ConnectionString)
}

fn judge(kind: Kind, given: &str) -> Option<Secret> {
    // Addresses, paths and types are what names of credentials are explained with.
    let explains = given.contains("://") || given.starts_with(['/', '~', '.']) || given.contains("()");
    if explains || !given.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let (what, sure) = match value(given, kind == Kind::Password) {
        Value::Generated => ("a value that looks drawn by lot, under a credential's name", Sure::Likely),
        Value::Chosen if has_figure(given) => ("a password", Sure::Hardly),
        Value::Chosen | Value::Placeholder => return None,
    };
    Some(Secret { what, sure, shown: masked(given) })
}

fn has_figure(given: &str) -> bool {
    given.chars().any(|c| c.is_ascii_digit()) && given.chars().any(|c| c.is_ascii_alphabetic())
}
