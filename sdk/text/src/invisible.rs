//! Characters that show as nothing, or change how others show, where no writing system explains them.
//!
//! The same characters are honest work elsewhere: a joiner inside an emoji, a non-joiner in Persian, a mark in Hebrew,
//! tags in the flag of Scotland. Those are not reported.

use crate::reading::Span;

/// A piece of text that a reader does not see as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// How it is hidden.
    pub kind: HiddenKind,
    /// Where.
    pub span: Span,
    /// What it says, where it says something: decoded tag characters, a comment's text, a look-alike's plain form.
    pub text: String,
}

/// The ways to hide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HiddenKind {
    /// Zero-width space, joiner, word joiner and the like.
    ZeroWidth,
    /// A character that turns the direction of text.
    Bidi,
    /// U+E0000..U+E007F: a second, invisible ASCII.
    Tag,
    /// Variation selectors that do not follow anything they could vary: they can carry any bytes.
    VariationSelector,
    /// A character whose meaning is a private matter.
    PrivateUse,
    /// A terminal's escape sequence.
    Escape,
    /// A control character.
    Control,
    /// So much white space that what follows is out of sight.
    Padding,
    /// An HTML comment, or a Markdown reference that nothing refers to.
    Comment,
    /// Markup that renders as nothing: `display:none` and its kin.
    Markup,
    /// Letters of another alphabet that look like Latin ones.
    LookAlike,
}

impl HiddenKind {
    /// A few plain words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ZeroWidth => "zero-width character",
            Self::Bidi => "text direction control",
            Self::Tag => "invisible tag characters",
            Self::VariationSelector => "stray variation selectors",
            Self::PrivateUse => "private-use character",
            Self::Escape => "terminal escape sequence",
            Self::Control => "control character",
            Self::Padding => "text behind blank padding",
            Self::Comment => "HTML or Markdown comment",
            Self::Markup => "markup that does not show",
            Self::LookAlike => "look-alike letters",
        }
    }

    /// Whether the canonical text is without it.
    pub(crate) fn is_cut(self) -> bool {
        matches!(self, Self::Padding | Self::Comment | Self::Markup)
    }
}

/// Everything hidden by single characters, in order; runs of a kind are one piece.
pub(crate) fn find(text: &str) -> Vec<Hidden> {
    let mut found: Vec<Hidden> = Vec::new();
    // ASCII has only controls to hide with; most texts end here.
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte) || matches!(byte, b'\n' | b'\r' | b'\t')) {
        return found;
    }
    let letters = Letters::of(text);
    let mut previous = None;
    let mut chars = text.char_indices().peekable();
    let mut flag = false;
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        // A flag is a black flag, tags, and the tag that ends them.
        flag = c == '\u{1f3f4}' || (flag && is_tag(c) && c != '\u{e007f}');
        let in_flag = flag
            || (c == '\u{e007f}'
                && previous.is_some_and(is_tag)
                && !found.last().is_some_and(|piece| piece.kind == HiddenKind::Tag && piece.span.end == at));
        let kind = if is_tag(c) && in_flag { None } else { kind_of(at, c, previous, next, &letters) };
        if let Some(kind) = kind {
            let end = at + c.len_utf8();
            match found.last_mut() {
                Some(last) if last.kind == kind && last.span.end == at => last.span.end = end,
                _ => found.push(Hidden { kind, span: Span { start: at, end }, text: String::new() }),
            }
        }
        // What does not show does not stand between a character and its neighbour.
        if kind.is_none() || !is_invisible(c) {
            previous = Some(c);
        }
    }
    for piece in &mut found {
        piece.text = hidden_text(piece.kind, piece.span.of(text));
    }
    found
}

/// Which scripts the text has: they decide what is odd.
struct Letters {
    right_to_left: bool,
}

impl Letters {
    fn of(text: &str) -> Self {
        Self { right_to_left: text.chars().any(is_right_to_left) }
    }
}

fn kind_of(
    at: usize,
    c: char,
    previous: Option<char>,
    next: Option<char>,
    letters: &Letters,
) -> Option<HiddenKind> {
    match c {
        '\n' | '\r' | '\t' | ' '..='~' => None,
        '\u{1b}' | '\u{9b}' => Some(HiddenKind::Escape),
        c if c.is_control() => Some(HiddenKind::Control),
        // A byte order mark at the start is an editor's habit.
        '\u{feff}' if at == 0 => None,
        '\u{200c}' | '\u{200d}' if joins_honestly(c, previous, next) => None,
        '\u{200b}' if previous.is_some_and(is_unspaced) || next.is_some_and(is_unspaced) => None,
        // A soft hyphen is where a word may be broken: odd only in the middle of nothing.
        '\u{ad}' => None,
        c if is_joiner(c) => Some(HiddenKind::ZeroWidth),
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202c}' | '\u{2066}'..='\u{2069}'
            if letters.right_to_left =>
        {
            None
        }
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some(HiddenKind::Bidi)
        }
        c if is_tag(c) => Some(HiddenKind::Tag),
        '\u{fe00}'..='\u{fe0f}'
            if previous.is_some_and(|base| !base.is_ascii_alphabetic() && !base.is_whitespace())
                && !next.is_some_and(is_selector) =>
        {
            None
        }
        // Ideographic variation sequences: one selector after one ideograph.
        '\u{e0100}'..='\u{e01ef}' if previous.is_some_and(is_ideograph) && !next.is_some_and(is_selector) => {
            None
        }
        c if is_selector(c) => Some(HiddenKind::VariationSelector),
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}' => {
            Some(HiddenKind::PrivateUse)
        }
        _ => None,
    }
}

fn hidden_text(kind: HiddenKind, run: &str) -> String {
    match kind {
        HiddenKind::Tag => run
            .chars()
            .filter_map(|c| u8::try_from(u32::from(c).checked_sub(0xe_0000)?).ok())
            .filter(|byte| (0x20..0x7f).contains(byte))
            .map(char::from)
            .collect(),
        HiddenKind::VariationSelector => {
            let bytes: Vec<u8> = run.chars().filter_map(selector_byte).collect();
            String::from_utf8(bytes)
                .ok()
                .filter(|text| text.chars().all(|c| !c.is_control() || c == '\n'))
                .unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The 256 selectors stand for the 256 bytes, in the smuggling scheme in use.
fn selector_byte(c: char) -> Option<u8> {
    let code = u32::from(c);
    let byte = match code {
        0xfe00..=0xfe0f => code - 0xfe00,
        0xe_0100..=0xe_01ef => code - 0xe_0100 + 16,
        _ => return None,
    };
    u8::try_from(byte).ok()
}

/// Zero-width characters that are not marks of direction, tags or selectors.
pub(crate) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}' | '\u{34f}'
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{17b4}' | '\u{17b5}' | '\u{206a}'..='\u{206f}'
        | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}')
}

/// Whether the character shows as nothing of its own.
pub(crate) fn is_invisible(c: char) -> bool {
    is_joiner(c)
        || is_tag(c)
        || matches!(c, '\u{e0100}'..='\u{e01ef}' | '\u{ad}' | '\u{61c}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e000}'..='\u{f8ff}')
        || c > '\u{effff}'
}

fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0000}'..='\u{e007f}')
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180d}')
}

/// Joiners are spelling in Arabic and Indic scripts, and glue in emoji.
fn joins_honestly(c: char, previous: Option<char>, next: Option<char>) -> bool {
    let (Some(previous), Some(next)) = (previous, next) else { return false };
    let spells = |c: char| matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{e00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1800}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}');
    (spells(previous) || spells(next)) || (c == '\u{200d}' && is_pictograph(previous) && is_pictograph(next))
}

fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}' | '\u{fe0e}')
}

/// Scripts that put no space between words, so that a zero-width one may show where a line can break.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{f00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        || is_ideograph(c)
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' if c != '\u{61c}')
        || matches!(c, '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<HiddenKind> {
        find(text).into_iter().map(|piece| piece.kind).collect()
    }

    #[test]
    fn emoji_and_scripts_that_need_joiners_hide_nothing() {
        for text in [
            "👨\u{200d}👩\u{200d}👧",
            "❤\u{fe0f} ok",
            "1\u{fe0f}\u{20e3}",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "שלום\u{200f} (א)",
            "葛\u{e0100}",
            "คำ\u{200b}ต่อ",
            "\u{feff}text",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} flag",
            "❤\u{fe0f}\u{200d}🔥",
        ] {
            assert_eq!(kinds(text), [], "{}", text.escape_unicode());
        }
    }

    #[test]
    fn each_way_to_hide_is_told_apart() {
        for (text, kind) in [
            ("a\u{200b}b", HiddenKind::ZeroWidth),
            ("mark\u{200d} down", HiddenKind::ZeroWidth),
            ("a\u{202e}b\u{202c}", HiddenKind::Bidi),
            ("a\u{e0041}", HiddenKind::Tag),
            ("a\u{e0101}\u{e0102}", HiddenKind::VariationSelector),
            ("a\u{e000}", HiddenKind::PrivateUse),
            ("a\u{1b}[8mb", HiddenKind::Escape),
            ("a\u{8}b", HiddenKind::Control),
        ] {
            assert_eq!(kinds(text).first(), Some(&kind), "{}", text.escape_unicode());
        }
    }

    #[test]
    fn tag_characters_are_read() {
        let smuggled: String =
            "obey".chars().map(|c| char::from_u32(0xe_0000 + u32::from(c)).unwrap()).collect();
        let found = find(&format!("Adds.{smuggled} More"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, "obey");
    }

    #[test]
    fn bytes_in_variation_selectors_are_read() {
        let smuggled: String =
            "obey".bytes().map(|byte| char::from_u32(0xe_0100 + u32::from(byte) - 16).unwrap()).collect();
        assert_eq!(find(&format!("😀{smuggled}"))[0].text, "obey");
    }
}
