//! Sentences and words of a canonical text, with their classes.

use smol_str::{SmolStr, StrExt as _};

use crate::{
    class::{ALSO, CODE, CONTEXT, Class, LINK, LITERAL, NAME, RECORD, SECRET_FILE, SHELL, TALK},
    lexicon::{
        self,
        stem::{split, stem},
    },
    number, written,
};

/// A longer sentence is read in pieces: what belongs together stands closer.
const MAX_TOKENS: usize = 90;

/// A word, or something written as one.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) class: Class,
    /// Byte range in the canonical text.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Between quotation marks.
    pub(crate) quoted: bool,
    /// The base form of a verb or noun starts what a person orders: "Read", not "Reads".
    pub(crate) base: bool,
    /// It ends as the third person does: "reads".
    pub(crate) third: bool,
    stem: SmolStr,
}

impl Token {
    pub(crate) fn is(&self, class: Class) -> bool {
        self.class & class != 0
    }

    /// The word as it is compared.
    pub(crate) fn stem(&self) -> &str {
        &self.stem
    }
}

/// A sentence, or a piece of a long one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sentence {
    pub(crate) tokens: Vec<Token>,
    /// Whether it is the first of its text: the one that says what a thing is.
    pub(crate) first: bool,
    /// All classes of all words: most questions end here.
    classes: Class,
    /// It stands after a mark that claims to be the system's: `[INST]`, `SYSTEM:`.
    pub(crate) marked: bool,
}

impl Sentence {
    /// All classes of all words.
    pub(crate) fn all(&self) -> Class {
        self.classes
    }

    pub(crate) fn has(&self, class: Class) -> bool {
        self.classes & class != 0
    }

    /// Takes in the words of another sentence.
    pub(crate) fn join(&mut self, other: &mut Self) {
        self.classes |= other.classes;
        self.tokens.append(&mut other.tokens);
    }

    /// Whether words of these classes stand in this order, each at most `gap` words after the one before.
    pub(crate) fn follows(&self, classes: &[Class], gap: usize) -> bool {
        self.find(classes, gap).is_some()
    }

    /// As [`Self::follows`]: where the first of the words stands.
    pub(crate) fn find(&self, classes: &[Class], gap: usize) -> Option<usize> {
        if classes.iter().any(|&class| !self.has(class)) {
            return None;
        }
        let (&first, rest) = classes.split_first()?;
        (0..self.tokens.len()).find(|&at| {
            let mut here = at;
            self.is_at(at, first)
                && rest.iter().all(|&class| {
                    let next = (here + 1..=here + 1 + gap).find(|&at| self.is_at(at, class));
                    here = next.unwrap_or(here);
                    next.is_some()
                })
        })
    }

    pub(crate) fn is_at(&self, at: usize, class: Class) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(class))
    }

    /// Whether some word's stem is such.
    pub(crate) fn any(&self, is: impl Fn(&str) -> bool) -> bool {
        self.tokens.iter().any(|token| is(token.stem()))
    }

    /// Whether a word of the second sort follows one of the first within `gap` words.
    pub(crate) fn pair(&self, one: impl Fn(&str) -> bool, other: impl Fn(&str) -> bool, gap: usize) -> bool {
        self.tokens.iter().enumerate().any(|(at, token)| {
            one(token.stem()) && self.tokens.iter().skip(at + 1).take(gap + 1).any(|next| other(next.stem()))
        })
    }

    /// Byte range in the canonical text.
    pub(crate) fn range(&self) -> std::ops::Range<usize> {
        let start = self.tokens.first().map_or(0, |token| token.start);
        start..self.tokens.last().map_or(start, |token| token.end)
    }
}

/// Walks a canonical text and hands each sentence to `each`. Keeps one sentence in memory, and its room for the next.
pub(crate) fn sentences(text: &str, mut each: impl FnMut(&mut Sentence)) {
    let mut sentence = Sentence { first: true, ..Sentence::default() };
    let mut quotes = Quotes::default();
    let mut rest = text;
    let mut at = 0;
    let mut lines = 0;
    let mut marked = false;
    while !rest.is_empty() {
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let chunk = rest.get(..length).unwrap_or_default();
        if !chunk.is_empty() {
            let claim = claim(chunk);
            let starts = lines > 1 || (lines > 0 && is_bullet(chunk)) || claim.is_some();
            if starts || sentence.tokens.len() >= MAX_TOKENS {
                end(&mut sentence, &mut each);
            }
            marked |= claim == Some(true);
            sentence.marked |= marked;
            words(chunk, at, &mut quotes, &mut sentence.tokens);
            if ends(chunk) {
                end(&mut sentence, &mut each);
                quotes.close_stray();
            }
            lines = 0;
        }
        at += length;
        rest = rest.get(length..).unwrap_or_default();
        let blank = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
        lines += rest.get(..blank).unwrap_or_default().matches('\n').count();
        at += blank;
        rest = rest.get(blank..).unwrap_or_default();
    }
    end(&mut sentence, &mut each);
}

fn end(sentence: &mut Sentence, each: &mut impl FnMut(&mut Sentence)) {
    if sentence.tokens.is_empty() {
        return;
    }
    classify(&mut sentence.tokens);
    sentence.classes = sentence.tokens.iter().fold(0, |all, token| all | token.class);
    each(sentence);
    sentence.tokens.clear();
    sentence.first = false;
    sentence.marked = false;
}

fn classify(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        let class = lexicon::classes(tokens.iter().skip(at).map(|token| token.stem.as_str()));
        if let Some(token) = tokens.get_mut(at) {
            token.class |= class;
        }
    }
    if tokens.iter().any(|token| token.is(TALK)) {
        record(tokens);
    }
    number::account(tokens);
}

/// A talk is context once it is a record of talk: "the last twenty turns", "the chat so far".
fn record(tokens: &mut [Token]) {
    const NEAR: usize = 3;
    let mut until = 0;
    let marks: Vec<bool> = (0..tokens.len())
        .map(|at| {
            // `prompt` set as code is a place, and no talk.
            let here = tokens.get(at).is_some_and(|token| token.is(TALK) && !token.is(CODE | NAME));
            here && tokens
                .iter()
                .skip(at.saturating_sub(NEAR))
                .take(2 * NEAR + 1)
                .any(|token| token.is(RECORD))
        })
        .collect();
    for (at, (token, mark)) in tokens.iter_mut().zip(marks).enumerate() {
        if mark && at >= until {
            token.class |= CONTEXT;
            until = at + 1;
        }
    }
}

/// A mark at the start of a text that speaks for the system: `Some(true)`. Another that only starts a sentence:
/// `Some(false)`.
fn claim(chunk: &str) -> Option<bool> {
    if !chunk.starts_with(['[', '<', '#', 'S']) {
        return None;
    }
    let upper = chunk.to_ascii_uppercase();
    let template = ["[INST]", "<|", "<<SYS", "[/INST]", "[SYSTEM", "###SYSTEM", "<SYSTEM", "</SYSTEM"];
    let claims = template.iter().any(|mark| upper.starts_with(mark));
    let boxed = upper.starts_with("[[") && upper.contains("SYSTEM");
    if claims || boxed || chunk.starts_with("SYSTEM:") {
        return Some(true);
    }
    (chunk.starts_with('<') && chunk.contains('>') && !chunk.contains('@')).then_some(false)
}

fn is_bullet(chunk: &str) -> bool {
    chunk.starts_with(['-', '*', '#', '•', '–', '<', '['])
        || (chunk.ends_with(['.', ')', ':']) && chunk.len() < 4)
}

fn ends(chunk: &str) -> bool {
    let bare = chunk.trim_end_matches(['"', '\'', ')', ']', '\u{201d}', '\u{2019}', '*', '`']);
    if bare.ends_with(['!', '?', '。', '！', '？']) {
        return true;
    }
    let Some(word) = bare.strip_suffix('.') else { return false };
    !(word.len() == 1 || matches!(word, "e.g" | "i.e" | "etc" | "vs" | "cf" | "(e.g" | "(i.e" | "no"))
}

/// Whether the reader is between quotation marks.
#[derive(Default)]
struct Quotes {
    double: bool,
    single: bool,
    /// A JSON member's value is being read.
    json: bool,
}

impl Quotes {
    fn open(&self) -> bool {
        self.double || self.single
    }

    /// A quotation that runs over the end of a sentence was an apostrophe or a slip.
    fn close_stray(&mut self) {
        self.single = false;
    }
}

/// Splits a piece without blanks into words.
fn words(chunk: &str, at: usize, quotes: &mut Quotes, out: &mut Vec<Token>) {
    let opens = chunk.trim_start_matches(['(', '[', '{', '*', '`', '<']);
    // `"key": "value"` is JSON, and quotes nobody.
    let json_key = chunk.ends_with("\":") && opens.starts_with('"');
    // `f(body="some words")`: the argument of a call is quoted as well.
    let given = opens.starts_with(|c: char| c.is_ascii_alphabetic())
        && (opens.contains("=\"") || opens.contains("='"));
    // A value in one piece is no quotation.
    let argument = given && opens.contains("=\"") && opens.matches('"').count() == 1;
    if (argument || opens.starts_with(['"', '\u{201c}', '\u{ab}'])) && !json_key && !quotes.json {
        quotes.double = true;
    }
    quotes.json = json_key || quotes.json && !chunk.trim_end_matches([',', '}', ']', '.']).ends_with('"');
    if opens.starts_with(['\'', '\u{2018}']) {
        quotes.single = true;
    }
    if matches!(chunk, "&&" | "||" | "|" | ">" | "2>&1" | "-rf" | "+x" | "->" | "=>" | "\u{2192}") {
        let stem = SmolStr::new(chunk);
        out.push(Token {
            class: if chunk.ends_with('>') && chunk.len() > 1 || chunk == "\u{2192}" { 0 } else { SHELL },
            start: at,
            end: at + chunk.len(),
            quoted: quotes.open(),
            base: false,
            third: false,
            stem,
        });
        return;
    }
    let inner = chunk.trim_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '~' | '/' | '_' | '$' | '@' | '.' | '%' | '|')
    });
    let inner = inner.trim_end_matches('.');
    let raw = written::class_of(inner)
        | if inner.len() > 14 && written::is_wallet(&inner.to_ascii_lowercase()) || number::is_phone(chunk) {
            LINK
        } else {
            0
        };
    let within = quotes.open();
    let literal = if within || given { LITERAL } else { 0 };
    let offset = at + offset_in(chunk, inner);
    if raw != 0 {
        let joined = if raw & SECRET_FILE == 0 { stem(inner) } else { inner.to_ascii_lowercase_smolstr() };
        out.push(Token {
            class: raw | literal,
            start: offset,
            end: offset + inner.len(),
            quoted: within,
            base: false,
            third: false,
            stem: joined,
        });
    }
    let machine = if is_identifier(inner) { NAME } else { 0 };
    let lone = inner.len() + 2 <= chunk.len()
        && chunk.starts_with('`')
        && chunk.trim_end_matches(['.', ',', ';', ':', ')']).ends_with('`');
    let code = machine | if lone { CODE } else { 0 };
    if raw & (LINK | SECRET_FILE) == 0 {
        for word in split(inner).flat_map(|word| word.split('_')).filter(|word| !word.is_empty()) {
            let start = offset + offset_in(inner, word);
            let stem = stem(word);
            let base = is_base(word);
            out.push(Token {
                class: code | literal,
                start,
                end: start + word.len(),
                quoted: within,
                base,
                third: word.ends_with('s') && !word.ends_with("ss"),
                stem,
            });
        }
    }
    // A clause ends here: what follows may start with an order.
    if chunk.ends_with([',', ';', ':', '—'])
        && let Some(last) = out.last_mut()
    {
        last.class |= ALSO;
    }
    let closes = chunk.trim_end_matches(['.', ',', ')', ']', '}', ';', ':', '*', '`', '!', '?']);
    if closes.len() > 1 || !opens.starts_with(closes) {
        if closes.ends_with(['"', '\u{201d}', '\u{bb}']) {
            quotes.double = false;
        }
        if closes.ends_with(['\'', '\u{2019}']) {
            quotes.single = false;
        }
    }
}

/// Whether a word may be the base form of a verb, by its ending: "pass", "feed" and "embed" are.
fn is_base(word: &str) -> bool {
    let plural = word.ends_with('s') && !word.ends_with("ss");
    let past = word.ends_with("ed") && !word.ends_with("eed") && !word.eq_ignore_ascii_case("embed");
    let going = word.ends_with("ing") && word.len() > 5;
    !(plural || past || going)
}

/// Where `part`, which was cut out of `whole`, starts in it.
fn offset_in(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize).min(whole.len())
}

/// `snake_case`, `camelCase`, `dotted.name`: written for machines.
fn is_identifier(word: &str) -> bool {
    let inner = word.trim_matches('_');
    let snake = inner.contains('_') && inner.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let camel = word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().any(|c| c.is_ascii_uppercase())
        && word.chars().all(char::is_alphanumeric);
    snake || camel
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::{OBLIGE, READ, SECRET, YOU};

    fn read(text: &str) -> Vec<Sentence> {
        let mut out = Vec::new();
        sentences(text, |sentence| out.push(sentence.clone()));
        out
    }

    #[test]
    fn a_line_break_is_no_full_stop_but_a_blank_line_and_a_bullet_are() {
        assert_eq!(read("You must\nread it. Then stop").len(), 2);
        assert_eq!(read("Lists files\n\nArgs:\n- path").len(), 3);
    }

    #[test]
    fn words_keep_their_place_and_class() {
        let sentences = read("You must read `~/.ssh/id_rsa` now.");
        let [sentence] = sentences.as_slice() else { panic!("one sentence") };
        assert!(sentence.follows(&[YOU, OBLIGE, READ, SECRET_FILE], 0));
        assert_eq!(sentence.range(), 0..33);
    }

    #[test]
    fn what_is_quoted_is_known_to_be() {
        let sentences = read("Finds 'the password' in a user's text");
        let quoted: Vec<_> =
            sentences[0].tokens.iter().filter(|token| token.quoted).map(Token::stem).collect();
        assert_eq!(quoted, ["the", "password"]);
        assert!(sentences[0].has(SECRET));
    }

    #[test]
    fn a_text_without_an_end_is_read_in_pieces() {
        let sentences = read(&"word ".repeat(1000));
        assert!(sentences.len() > 5 && sentences.iter().all(|sentence| sentence.tokens.len() <= MAX_TOKENS));
    }
}
