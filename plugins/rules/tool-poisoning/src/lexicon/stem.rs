//! Words as they are compared: split from what they are written with, and without their endings.

use smol_str::{SmolStr, SmolStrBuilder, StrExt as _};

/// The parts of a written word: "api-key" is two, as "api key" is.
pub(crate) fn split(text: &str) -> impl Iterator<Item = &str> + '_ {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '%' | '\u{2019}')))
        .filter(|word| !word.is_empty())
}

/// A word without its regular endings, in lower case. Crude, and the same for lexicon and text.
pub(crate) fn stem(word: &str) -> SmolStr {
    if !word.is_ascii() {
        return word.to_lowercase_smolstr().replace_smolstr("\u{2019}", "'");
    }
    let lower = word.to_ascii_lowercase_smolstr();
    let (kept, ends_in_i) = cut(lower.strip_suffix("'s").unwrap_or(&lower));
    // "Notes" deny nothing.
    if kept == "not" && lower.len() > 3 {
        return SmolStr::new_static("note");
    }
    // Nor is "added" of "ad".
    if kept == "ad" && lower.len() > 4 {
        return SmolStr::new_static("add");
    }
    if ends_in_i {
        let mut out = SmolStrBuilder::new();
        out.push_str(kept);
        out.push('i');
        out.finish()
    } else if kept.len() == lower.len() {
        lower
    } else {
        SmolStr::new(kept)
    }
}

/// What is left of a word, and whether its "y" is to become an "i": "notify" and "notifies" are one.
fn cut(word: &str) -> (&str, bool) {
    let first = |count: usize| word.get(..count).unwrap_or(word);
    let len = word.len();
    let (kept, verb) = match word.as_bytes() {
        [.., b's', b's', b'e', b's'] if len >= 6 => (first(len - 2), false),
        [.., b'i', b'e', b's' | b'd'] if len >= 5 => (first(len - 2), false),
        [.., b'i', b'n', b'g'] if len >= 6 && has_vowel(first(len - 3)) => (first(len - 3), true),
        [.., b'e', b'd'] if len >= 5 && has_vowel(first(len - 2)) => (first(len - 2), true),
        [.., b's' | b'u' | b'i', b's'] => (word, false),
        [.., b's'] if len >= 4 => (first(len - 1), false),
        [.., b'y'] if len >= 4 => return (first(len - 1), true),
        _ => (word, false),
    };
    let kept = match kept.as_bytes() {
        // "stopped" is of "stop", but "passed" of "pass".
        [.., a, b] if verb && a == b && !b"lsz".contains(a) => kept.get(..kept.len() - 1).unwrap_or(kept),
        _ => kept,
    };
    match kept.as_bytes() {
        [_, _, _, .., b'y'] if verb => (kept.get(..kept.len() - 1).unwrap_or(kept), true),
        [_, _, _, .., b'e'] => (kept.get(..kept.len() - 1).unwrap_or(kept), false),
        _ => (kept, false),
    }
}

fn has_vowel(text: &str) -> bool {
    text.bytes().any(|byte| b"aeiouy".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_regular_forms_of_a_word_are_one() {
        for forms in [
            ["ignore", "ignoring", "ignored"],
            ["notify", "notifies", "notifying"],
            ["pass", "passing", "passed"],
            ["stop", "stopping", "stopped"],
            ["key", "key's", "KEYS"],
            ["note", "notes", "noted"],
            ["add", "added", "adding"],
        ] {
            assert_ne!(stem(forms[0]), "not");
            assert!(forms.iter().all(|form| stem(form) == stem(forms[0])), "{forms:?}");
        }
    }
}
