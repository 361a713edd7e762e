//! Hostile text as it may be shown.

/// The text as one harmless line: every control and invisible formatting character is shown as an escape
/// (`\u{202e}`), newlines and tabs become spaces. What a reporter does with every string from a report
/// before it puts it where a terminal may see it.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            '\r' => {}
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Whether the character shows as nothing, moves the cursor or changes how its neighbours show. Two variation
/// selectors are left out, because emoji and text symbols need them and neither carries a message.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_become_visible_and_emoji_stay() {
        assert_eq!(
            visible("a\x1b[2J\r\n\u{202e}b\u{e0041}\u{9b}"),
            "a\\u{1b}[2J \\u{202e}b\\u{e0041}\\u{9b}"
        );
        assert_eq!(visible("❤\u{fe0f} ok"), "❤\u{fe0f} ok");
    }
}
