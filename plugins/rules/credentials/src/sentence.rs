//! The sentences of a text, each for itself: two words that stand in different sentences say nothing together.

use bartizan_listing::{Text, head};

/// Sentences of one text that are read.
const MAX_SENTENCES: usize = 100;

pub(crate) struct Sentence<'t> {
    pub(crate) written: &'t str,
    pub(crate) text: Text,
}

pub(crate) fn of(text: &str) -> impl Iterator<Item = Sentence<'_>> {
    let lines = head(text).lines().flat_map(|line| line.split(". "));
    lines
        .map(str::trim)
        .filter(|written| !written.is_empty())
        .take(MAX_SENTENCES)
        .map(|written| Sentence { written, text: Text::new(written) })
}
