//! Sentences of a text: all of them, or those that are new.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    lexicon::{Class, PAUSE},
    words::{Word, Words},
};

/// Sentences of one sum that are compared; real ones are of different sums, or the same.
const MAX_ALIKE: usize = 4;

/// Sentences of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part<'w> {
    pub(crate) sentences: Vec<&'w [Word]>,
    /// Whether the first of them is the first of the text: what a tool does is told there as an order is, too.
    pub(crate) opens: bool,
    /// Whether a URL or an address is in it that was not there before.
    pub(crate) place: bool,
    /// Names in angle brackets.
    pub(crate) tags: BTreeSet<&'w str>,
    /// Whether it holds what only a shell reads.
    pub(crate) shell: bool,
}

impl<'w> Part<'w> {
    /// All of a text.
    pub(crate) fn whole(words: &'w Words) -> Self {
        Self {
            sentences: words.sentences().collect(),
            opens: true,
            place: !words.places.is_empty(),
            tags: words.tags.keys().map(String::as_str).collect(),
            shell: words.shell > 0,
        }
    }

    /// What is in the new text and not in the old one, and the other way round.
    pub(crate) fn step<'o>(old: &'o Words, new: &'w Words) -> (Self, Part<'o>) {
        // By a sum that does not tell in which order the words stand, and then by the words themselves.
        let mut had: HashMap<u64, Vec<&'o [Word]>> = HashMap::new();
        for sentence in old.sentences() {
            had.entry(sum(sentence)).or_default().push(sentence);
        }
        let mut added = Part::default();
        for (at, sentence) in new.sentences().enumerate() {
            let alike = had.get_mut(&sum(sentence));
            let stays = alike.is_some_and(|alike| {
                let is_it = |other: &&[Word]| other == &sentence || sorted(other) == sorted(sentence);
                let found = alike.iter().rev().take(MAX_ALIKE).position(is_it);
                found.is_some_and(|back| {
                    alike.swap_remove(alike.len().saturating_sub(back.saturating_add(1)));
                    true
                })
            });
            if !stays {
                added.opens |= at == 0;
                added.sentences.push(sentence);
            }
        }
        added.tags = more(&new.tags, &old.tags);
        added.shell = new.shell > old.shell;
        added.place = new.places.difference(&old.places).next().is_some();
        let mut removed: Vec<&'o [Word]> = had.into_values().flatten().collect();
        // One order on every machine.
        removed.sort_unstable_by_key(|words| words.as_ptr());
        let removed = Part { sentences: removed, tags: more(&old.tags, &new.tags), ..Part::default() };
        (added, removed)
    }

    pub(crate) fn has(&self, class: Class) -> bool {
        self.sentences.iter().any(|words| words.iter().any(|word| word.is(class)))
    }

    /// Whether one of `first` is followed by one of `then` within so many words of the same clause.
    pub(crate) fn near(&self, first: Class, then: Class, within: usize) -> bool {
        self.sentences.iter().any(|words| near(words, first, then, within))
    }
}

/// Whether one of `first` is followed by one of `then` within so many words of the same clause.
pub(crate) fn near(words: &[Word], first: Class, then: Class, within: usize) -> bool {
    words.iter().enumerate().filter(|(_, word)| word.is(first)).any(|(at, _)| {
        let after = words.iter().skip(at.saturating_add(1)).take(within);
        after.take_while(|word| !word.is(PAUSE)).any(|word| word.is(then))
    })
}

fn sum(sentence: &[Word]) -> u64 {
    sentence.iter().filter(|word| !word.text.is_empty()).fold(0, |sum, word| sum.wrapping_add(word.sum()))
}

/// The words of a sentence, whatever order they stand in.
fn sorted(sentence: &[Word]) -> Vec<&str> {
    let mut words: Vec<&str> =
        sentence.iter().map(|word| word.text.as_str()).filter(|text| !text.is_empty()).collect();
    words.sort_unstable();
    words
}

fn more<'w>(new: &'w BTreeMap<String, usize>, old: &BTreeMap<String, usize>) -> BTreeSet<&'w str> {
    let is_more = |(tag, count): &(&String, &usize)| old.get(*tag).is_none_or(|had| had < *count);
    new.iter().filter(is_more).map(|(tag, _)| tag.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_new_whatever_stays_around_it() {
        let (old, new) =
            (Words::of("Adds. Must be numbers."), Words::of("Must be numbers. Must be sent. Adds."));
        let (added, removed) = Part::step(&old, &new);
        assert_eq!((added.sentences.len(), added.opens, removed.sentences.len()), (1, false, 0));
    }
}
