//! Hostile text in a spreadsheet's cell.

use bartizan_sdk::report::shorten;

/// Characters of one cell: spreadsheets take 32,767 and cut or refuse what is longer.
const MOST_CHARS: usize = 30_000;

/// The text as a cell that is text: one line, nothing hidden, and an apostrophe before what would be a formula.
///
/// Where the list separator is a semicolon, spreadsheets split at it even inside our quotes, so what follows one may
/// become a cell of its own and is looked at too.
pub(crate) fn cell(text: &str) -> String {
    let text = shorten(text, MOST_CHARS);
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
    if !text.contains(';') && !start.starts_with(is_formula) {
        return text;
    }
    let mut out = String::with_capacity(text.len().saturating_add(1));
    let mut at_start = true;
    for c in text.chars() {
        if at_start && is_formula(c) {
            out.push('\'');
        }
        // Blanks and quotes before a formula are dropped by some programs.
        at_start = c == ';' || (at_start && (c.is_whitespace() || c == '"'));
        out.push(c);
    }
    out
}

/// What a formula begins with; the full-width forms are read as the plain ones where Chinese or Japanese is set.
fn is_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_text() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "=cmd|' /C calc'!A0"] {
            assert_eq!(cell(text), format!("'{text}"));
        }
        assert_eq!(cell("\t=1"), " '=1");
        assert_eq!(cell(" \"=1"), " \"'=1");
    }

    #[test]
    fn what_a_semicolon_would_make_a_cell_is_text_too() {
        assert_eq!(cell("a;=1;b"), "a;'=1;b");
        assert_eq!(cell("a; \"=1"), "a; \"'=1");
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in ["", "MCP-INJ-001", "a = b", "/inputSchema/properties/path", "50 % more; that is all"] {
            assert_eq!(cell(text), text);
        }
    }

    #[test]
    fn a_cell_is_no_longer_than_spreadsheets_take() {
        assert_eq!(cell(&"=".repeat(100_000)).chars().count(), MOST_CHARS + 1);
    }
}
