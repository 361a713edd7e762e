//! The one pass from what was sent to what a model reads.

use crate::{
    decode::{self, Decoded},
    fold::Folder,
    invisible::{self, Hidden},
    markup,
};

/// A range of bytes of the text as it was sent. Ends lie between characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The part of the text that this span covers; empty if it is not a span of this text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// The door to this crate.
#[derive(Clone, Copy, Debug)]
pub struct Text;

impl Text {
    /// Reads a text: see [`Reading`].
    pub fn read(text: &str) -> Reading {
        let mut hidden = invisible::find(text);
        let concealed = markup::find(text);
        let ascii = text.is_ascii();
        let (canonical, map) = if ascii && hidden.is_empty() && concealed.is_empty() {
            (text.to_owned(), Vec::new())
        } else {
            canonical(text, &hidden, &concealed)
        };
        if !ascii {
            hidden.extend(Folder::mixed_words(text));
        }
        hidden.extend(concealed);
        hidden.sort_by_key(|piece| piece.span.start);
        let decoded = decode::find(text);
        Reading { canonical, hidden, decoded, map }
    }
}

/// What there is to know of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The text for matching: invisible characters and hidden markup taken out, compatibility forms (full-width,
    /// mathematical, ligatures) and look-alike letters folded, accents of Latin letters dropped. Case is kept. Not for
    /// showing: a name in it may have lost its accents.
    pub canonical: String,
    /// What does not show, or shows as something else, and is not explained by the writing system around it.
    pub hidden: Vec<Hidden>,
    /// What the encodings in it hold, outermost first.
    pub decoded: Vec<Decoded>,
    /// Where canonical and sent text drift apart: (canonical offset, sent offset), both rising.
    map: Vec<(usize, usize)>,
}

impl Reading {
    /// Where a range of bytes of [`Self::canonical`] stood in the text as it was sent.
    ///
    /// Exact for text that is its own canonical form; where a character was folded, the span covers the whole of it.
    pub fn original(&self, canonical: std::ops::Range<usize>) -> Span {
        let start = self.sent_offset(canonical.start);
        let end = self.sent_offset(canonical.end).max(start);
        Span { start, end }
    }

    fn sent_offset(&self, at: usize) -> usize {
        let after = self.map.partition_point(|&(canonical, _)| canonical <= at);
        match self.map.get(after.wrapping_sub(1)) {
            Some(&(canonical, sent)) => {
                // Never past the next drift: a folded character may be longer or shorter than what it folds to.
                let next = self.map.get(after).map_or(usize::MAX, |&(_, sent)| sent);
                sent.saturating_add(at - canonical).min(next)
            }
            None => at,
        }
    }
}

fn canonical(text: &str, hidden: &[Hidden], concealed: &[Hidden]) -> (String, Vec<(usize, usize)>) {
    let mut out = String::with_capacity(text.len());
    let mut map = Vec::new();
    let mut cut = concealed.iter().filter(|piece| piece.kind.is_cut()).map(|piece| piece.span).peekable();
    let mut unseen = hidden.iter().map(|piece| piece.span).peekable();
    let folder = Folder::for_text(text);
    // Whether the two offsets have run in step since the last entry of the map.
    let mut drift = 0_i64;
    for (at, c, in_lookalike_word) in folder.words(text) {
        while cut.next_if(|span| span.end <= at).is_some() {}
        while unseen.next_if(|span| span.end <= at).is_some() {}
        if let Some(span) = cut.peek()
            && span.start <= at
        {
            if at == span.start {
                out.push(' ');
            }
            continue;
        }
        if let Some(span) = unseen.peek()
            && span.start <= at
        {
            continue;
        }
        let now = offset_difference(at, out.len());
        if now != drift {
            map.push((out.len(), at));
            drift = now;
        }
        if c.is_ascii() {
            out.push(if c == '\u{1b}' { ' ' } else { c });
        } else {
            Folder::push(c, in_lookalike_word, &mut out);
        }
    }
    map.push((out.len(), text.len()));
    (out, map)
}

fn offset_difference(sent: usize, canonical: usize) -> i64 {
    i64::try_from(sent).unwrap_or(i64::MAX).saturating_sub(i64::try_from(canonical).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_its_own_canonical_form() {
        let reading = Text::read("Reads a file.\nReturns its text.");
        assert_eq!(reading.canonical, "Reads a file.\nReturns its text.");
        assert_eq!((reading.hidden.len(), reading.decoded.len()), (0, 0));
        assert_eq!(reading.original(6..12), Span { start: 6, end: 12 });
    }

    #[test]
    fn a_word_is_the_same_however_it_is_dressed() {
        for dressed in [
            "ig\u{200b}no\u{2060}re",
            "ｉｇｎｏｒｅ",
            "𝐢𝐠𝐧𝐨𝐫𝐞",
            "ignоre",
            "ígnöre",
            "i\u{301}gnore",
            "іgnоrе",
        ] {
            assert_eq!(
                Text::read(&format!("please {dressed} it")).canonical,
                "please ignore it",
                "{dressed}"
            );
        }
    }

    #[test]
    fn other_languages_keep_their_letters() {
        for text in
            ["Читает файл с диска.", "ファイルを読みます", "קורא קובץ", "يقرأ ملفًا", "Διαβάζει ένα αρχείο"]
        {
            let reading = Text::read(text);
            assert!(reading.hidden.is_empty(), "{text}: {:?}", reading.hidden);
            assert_eq!(reading.canonical.chars().next(), text.chars().next(), "{text}");
        }
    }

    #[test]
    fn a_span_leads_back_to_what_was_sent() {
        let text = "a\u{200b}b ｉｇｎｏｒｅ now";
        let reading = Text::read(text);
        let start = reading.canonical.find("ignore").unwrap();
        assert_eq!(reading.original(start..start + 6).of(text), "ｉｇｎｏｒｅ");
        let now = reading.canonical.find("now").unwrap();
        assert_eq!(reading.original(now..now + 3).of(text), "now");
    }

    #[test]
    fn the_empty_text_reads_as_nothing() {
        let reading = Text::read("");
        assert_eq!(reading.canonical, "");
        assert_eq!(reading.original(0..0), Span::default());
    }
}
