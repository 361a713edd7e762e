//! Text with what does not show made to show.

use std::fmt::Write as _;

use crate::invisible::is_invisible;

/// The text with each control or invisible character as `\u{…}`, so that a reader sees where it stands. Line breaks,
/// tabs and what an ordinary font shows stay.
///
/// ```
/// assert_eq!(bartizan_text::visible("a\u{200b}b\u{1b}[8m"), "a\\u{200b}b\\u{1b}[8m");
/// ```
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if (c.is_control() && !matches!(c, '\n' | '\t' | '\r')) || is_invisible(c) {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}
