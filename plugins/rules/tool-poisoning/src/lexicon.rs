//! Looks words up in their classes.
//!
//! Words are compared by stem, so one form stands for all regular ones. The table is made when this crate is built: a
//! component starts anew for every call, and would else make it every time.

pub(crate) mod stem;

use crate::class::Class;

/// A phrase after its first word.
struct Phrase {
    rest: &'static [&'static str],
    class: Class,
}

#[allow(clippy::unreadable_literal, reason = "written by a program")]
mod table {
    use super::Phrase;
    include!(concat!(env!("OUT_DIR"), "/phrases.rs"));
}

/// All classes of the phrases that start with the first of these stems.
pub(crate) fn classes<'a>(mut stems: impl Iterator<Item = &'a str> + Clone) -> Class {
    let Some(phrases) = stems.next().and_then(|first| table::PHRASES.get(first)) else { return 0 };
    phrases
        .iter()
        .filter(|phrase| {
            let mut ahead = stems.clone();
            phrase.rest.iter().all(|word| ahead.next() == Some(word))
        })
        .fold(0, |all, phrase| all | phrase.class)
}

#[cfg(test)]
mod tests {
    use super::{
        stem::{split, stem},
        *,
    };
    use smol_str::SmolStr;

    use crate::class::SECRET;

    fn classes_of(text: &str) -> Class {
        let stems: Vec<_> = split(text).map(stem).collect();
        classes(stems.iter().map(SmolStr::as_str))
    }

    #[test]
    fn a_phrase_counts_only_whole() {
        assert_ne!(classes_of("private keys of the user") & SECRET, 0);
        assert_eq!(classes_of("private rooms") & SECRET, 0);
        assert_ne!(classes_of("API-key") & SECRET, 0);
    }
}
