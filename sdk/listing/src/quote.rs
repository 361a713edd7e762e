//! Somebody else's words as they may stand in a message: short, and on one line.

/// Characters of a name.
const MAX_NAME: usize = 60;
/// Characters of a text.
const MAX_TEXT: usize = 200;

/// A name that somebody else chose. What is longer ends without a sign of it.
pub fn clipped(name: &str) -> String {
    line(name, MAX_NAME)
}

/// A text that somebody else wrote. What is cut ends in "…".
pub fn one_line(text: &str) -> String {
    let mut out = line(text, MAX_TEXT);
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

fn line(text: &str, most: usize) -> String {
    text.chars().take(most).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_elses_text_stays_short_and_on_one_line() {
        let shown = one_line(&"a\n\u{1b}[31m".repeat(100));
        assert_eq!(shown.chars().count(), MAX_TEXT + 1);
        assert!(shown.ends_with('…') && !shown.contains(['\n', '\u{1b}']));
        assert_eq!(clipped(&"n\r".repeat(100)), "n ".repeat(30));
        assert_eq!(one_line("short"), "short");
    }
}
