//! Text in messages. SARIF reads placeholders and links in it, and it comes from hostile servers.

use std::borrow::Cow;

use bartizan_sdk::report::{is_hidden, visible};

/// The text as a plain text message (§3.11.3) that reads as the text: one line, nothing hidden, no placeholder
/// (§3.11.5) and no link (§3.11.6).
pub(crate) fn plain(text: &str) -> String {
    let text = visible(text);
    let text = without_links(&text);
    text.replace('{', "{{").replace('}', "}}")
}

/// A link is `[text](target)`; within its text a backslash escapes brackets and itself. Text that cannot hold one is
/// left as it is, because many viewers show the backslashes.
fn without_links(text: &str) -> Cow<'_, str> {
    if !text.contains("](") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().saturating_add(16));
    for c in text.chars() {
        if matches!(c, '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    Cow::Owned(out)
}

/// A descriptor's own text, with its lines. Placeholders are filled from a result's arguments in `messageStrings`
/// only, which we have none of, so braces stay: services show these texts as they are.
pub(crate) fn help(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) && !matches!(c, '\n' | '\t') {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a viewer makes of a message without arguments: §3.11.5 and §3.11.6 backwards.
    fn shown(message: &str) -> String {
        let braces = message.replace("{{", "{").replace("}}", "}");
        if message.contains("](") || message.contains("\\]") {
            braces.replace("\\[", "[").replace("\\]", "]").replace("\\\\", "\\")
        } else {
            braces
        }
    }

    #[test]
    fn a_placeholder_is_text() {
        assert_eq!(plain("{0} and {name}"), "{{0}} and {{name}}");
    }

    #[test]
    fn a_link_is_text() {
        assert_eq!(plain("[click](https://evil.example)"), "\\[click\\](https://evil.example)");
        // A backslash of the server's own must not undo ours.
        assert_eq!(plain("\\[click\\](1)"), "\\\\\\[click\\\\\\](1)");
    }

    #[test]
    fn text_without_a_link_keeps_its_brackets_and_backslashes() {
        assert_eq!(plain("string[] in C:\\temp"), "string[] in C:\\temp");
    }

    #[test]
    fn a_viewer_shows_the_text_that_was_meant() {
        for text in ["[a](b)", "{x}", "a [b] (c)", "plain"] {
            assert_eq!(shown(&plain(text)), text);
        }
    }

    #[test]
    fn control_and_invisible_characters_are_shown() {
        assert_eq!(plain("a\x1b[2J\nb\u{202e}"), "a\\u{{1b}}[2J b\\u{{202e}}");
        assert_eq!(help("# a\n\tb\u{202e}"), "# a\n\tb\\u{202e}");
    }
}
