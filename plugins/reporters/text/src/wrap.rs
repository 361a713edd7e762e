//! Fitting hostile text into columns.

use bartizan_sdk::report::visible;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthStr;

/// How many columns of a terminal the text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// The text in lines of at most this many columns. Words longer than a line are broken, so no text can push the
/// page out of shape.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    // First fit, because the other algorithm's cost grows with more than the length of the text.
    // No breaks at hyphens either: they are in ids, dates and file names, which a reader copies.
    let options = Options::new(width.max(8))
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text.trim(), options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// The text as one harmless line of at most this many columns; a cut is shown by an ellipsis.
pub(crate) fn fit(text: &str, width: usize) -> String {
    // Nothing that is cut away needs to be made visible first: an escape only ever makes text longer.
    let head: String = text.chars().take(width.saturating_mul(4).saturating_add(64)).collect();
    let cut_already = head.len() < text.len();
    let shown = collapse(&visible(&head));
    if !cut_already && columns(&shown) <= width {
        return shown;
    }
    let mut out = String::new();
    let mut used = 0_usize;
    for c in shown.chars() {
        let mut utf8 = [0_u8; 4];
        used = used.saturating_add(columns(c.encode_utf8(&mut utf8)));
        if used >= width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// A line of at most this many columns that shows that the text went on.
pub(crate) fn cut(line: &str, width: usize) -> String {
    let mut out = fit(line, width.saturating_sub(1));
    if !out.ends_with('…') {
        out.push('…');
    }
    out
}

/// Runs of spaces as one: indentation of a description is not worth columns here.
fn collapse(text: &str) -> String {
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_longer_than_the_line_is_broken() {
        let lines = wrap(&"x".repeat(100), 30);
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|line| columns(line) <= 30));
    }

    #[test]
    fn wide_characters_count_for_two_columns() {
        assert!(wrap(&"漢字 ".repeat(40), 20).iter().all(|line| columns(line) <= 20));
        assert!(columns(&fit(&"漢".repeat(40), 21)) <= 21);
    }

    #[test]
    fn a_cut_is_shown_and_a_fitting_text_is_left_alone() {
        assert_eq!(fit("short", 10), "short");
        assert_eq!(fit("much too long", 6), "much …");
        assert_eq!(fit("a\n\n  b\x1b[2J", 20), "a b\\u{1b}[2J");
    }
}
