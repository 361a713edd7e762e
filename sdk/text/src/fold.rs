//! Letters that look alike, and the compatibility forms of Unicode.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use crate::{
    invisible::{Hidden, HiddenKind},
    reading::Span,
};

/// Folds the characters of one text.
pub(crate) struct Folder {
    /// Whether the text is mostly in Latin letters, so that a word wholly of look-alikes is one of them.
    latin: bool,
}

impl Folder {
    pub(crate) fn for_text(text: &str) -> Self {
        let (mut latin, mut other) = (0_usize, 0_usize);
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            if c.is_ascii() {
                latin += 1;
            } else if lookalike(c).is_none() {
                other += 1;
            }
        }
        Self { latin: latin > other }
    }

    /// Every character with its offset and whether it is in a word whose look-alikes are to be folded.
    pub(crate) fn words<'a>(&self, text: &'a str) -> impl Iterator<Item = (usize, char, bool)> + use<'a> {
        let latin = self.latin;
        let mut word_end = 0;
        let mut fold = false;
        text.char_indices().map(move |(at, c)| {
            if at >= word_end && in_word(c) {
                let rest = text.get(at..).unwrap_or_default();
                let word = first_word(rest);
                word_end = at + word.len();
                fold = !word.is_ascii() && folds(word, latin);
            }
            (at, c, at < word_end && fold)
        })
    }

    /// Puts what the character folds to at the end of `out`.
    pub(crate) fn push(c: char, in_lookalike_word: bool, out: &mut String) {
        if in_lookalike_word && let Some(latin) = lookalike(c) {
            out.push(latin);
            return;
        }
        // After a Latin letter a mark is an accent, and no accent makes another English word.
        if is_combining_mark(c) && out.chars().next_back().is_some_and(|last| last.is_ascii_alphabetic()) {
            return;
        }
        let decomposed = std::iter::once(c).nfkd();
        if decomposed.clone().next().is_some_and(|first| first.is_ascii()) {
            out.extend(decomposed.filter(|&part| !is_combining_mark(part)));
        } else {
            out.extend(std::iter::once(c).nfkc());
        }
    }

    /// Words that mix Latin letters with look-alikes of another alphabet.
    pub(crate) fn mixed_words(text: &str) -> Vec<Hidden> {
        let mut found = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find(in_word) {
            let word = first_word(rest.get(start..).unwrap_or_default());
            let at = text.len() - rest.len() + start;
            if !word.is_ascii() && is_disguised(word) {
                let span = Span { start: at, end: at + word.len() };
                let plain = word.chars().map(|c| lookalike(c).unwrap_or(c)).collect();
                found.push(Hidden { kind: HiddenKind::LookAlike, span, text: plain });
            }
            rest = text.get(at + word.len()..).unwrap_or_default();
        }
        found
    }
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '\'' || is_combining_mark(c) || crate::invisible::is_joiner(c)
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c| !in_word(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// At least one Latin letter, at least one look-alike, and nothing that only another alphabet has: "Δx" and "μs" are honest.
fn is_disguised(word: &str) -> bool {
    let mut latin = 0_usize;
    let mut alike = 0_usize;
    for c in word.chars() {
        match lookalike(c) {
            Some(_) if is_phonetic(c) => {}
            Some(_) => alike += 1,
            None if c.is_ascii_alphabetic() => latin += 1,
            None if c.is_alphabetic() && !c.nfkd().next().is_some_and(|first| first.is_ascii()) => {
                return false;
            }
            None => {}
        }
    }
    alike > 0 && latin + alike > 2 && latin > 0
}

/// Small capitals and the dotless i are Latin themselves: a style, no disguise.
fn is_phonetic(c: char) -> bool {
    matches!(c, 'ı' | '\u{250}'..='\u{2af}' | '\u{1d00}'..='\u{1d7f}' | '\u{a720}'..='\u{a7ff}')
}

fn folds(word: &str, latin_text: bool) -> bool {
    let has_latin = word.chars().any(|c| c.is_ascii_alphabetic());
    has_latin
        || (latin_text
            && word.chars().count() > 1
            && word.chars().all(|c| lookalike(c).is_some() || !c.is_alphabetic()))
}

/// The Latin letter that this letter of another alphabet is drawn like like a Latin letter in common fonts. From Unicode's confusables.txt (UTS #39),
/// only those that need no squint: a longer table would make words of Greek mathematics out of symbols.
#[rustfmt::skip]
fn lookalike(c: char) -> Option<char> {
    Some(match c {
        'А' | 'Α' | 'Ꭺ' => 'A',
        'В' | 'Β' => 'B',
        'С' | 'Ꮯ' => 'C',
        'Е' | 'Ε' | 'Ꭼ' => 'E',
        'Н' | 'Η' | 'Ꮋ' => 'H',
        'І' | 'Ι' | 'ꓲ' => 'I',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'ʟ' => 'L',
        'М' | 'Μ' | 'Ꮇ' => 'M',
        'Ν' => 'N',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' | 'Ꮲ' => 'P',
        'Ѕ' | 'Ꮪ' => 'S',
        'Т' | 'Τ' | 'Ꭲ' => 'T',
        'Ꮤ' => 'W',
        'Х' | 'Χ' => 'X',
        'У' | 'Υ' => 'Y',
        'Ζ' => 'Z',
        'а' | 'α' | 'ɑ' | 'ᴀ' => 'a',
        'ь' | 'ʙ' => 'b',
        'с' | 'ϲ' | 'ᴄ' => 'c',
        'ԁ' | 'ᴅ' => 'd',
        'е' | 'ᴇ' => 'e',
        'ꜰ' => 'f',
        'ց' | 'ɡ' | 'ɢ' => 'g',
        'һ' | 'հ' | 'ʜ' => 'h',
        'і' | 'ι' | 'ı' | 'ɪ' => 'i',
        'ј' | 'ϳ' | 'ᴊ' => 'j',
        'κ' | 'ᴋ' => 'k',
        'ӏ' | 'ⅼ' => 'l',
        'ᴍ' => 'm',
        'ո' | 'ɴ' => 'n',
        'о' | 'ο' | 'օ' | 'ᴏ' => 'o',
        'р' | 'ρ' | 'ᴘ' => 'p',
        'ԛ' | 'զ' => 'q',
        'ʀ' => 'r',
        'ѕ' | 'ꜱ' => 's',
        'ᴛ' => 't',
        'ս' | 'ᴜ' => 'u',
        'ѵ' | 'ν' | 'ᴠ' => 'v',
        'ԝ' | 'ᴡ' => 'w',
        'х' => 'x',
        'у' | 'ʏ' => 'y',
        'ᴢ' => 'z',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_two_alphabets_is_reported_with_its_plain_form() {
        let found = Folder::mixed_words("calls reаd_file now");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, "read_file");
        assert_eq!(found[0].kind, HiddenKind::LookAlike);
    }

    #[test]
    fn symbols_and_whole_words_of_another_alphabet_are_not_disguised() {
        for text in
            ["Δx and μs, 5 µm, Ωm", "Россия", "the word Москва", "café", "naïve Zürich", "ﬁne", "x²", "αβ"]
        {
            assert_eq!(Folder::mixed_words(text), [], "{text}");
        }
    }

    #[test]
    fn russian_is_not_turned_into_latin() {
        let text = "он сам рос";
        let folder = Folder::for_text(&format!("{text} и читал"));
        assert!(folder.words(text).all(|(_, _, fold)| !fold));
    }
}
