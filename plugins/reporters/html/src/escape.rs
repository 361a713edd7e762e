//! Hostile text in HTML.

use bartizan_sdk::report::{is_hidden, shorten};

/// One line of text, for content and for quoted attributes. Nothing in it is hidden, it ends no element and no
/// attribute, and it is at most this long.
pub(crate) fn line(text: &str, most: usize) -> String {
    escape(&shorten(text, most))
}

/// A name within a sentence: text that runs from right to left does not turn the words around it.
pub(crate) fn name(text: &str, most: usize) -> String {
    format!("<bdi>{}</bdi>", line(text, most))
}

/// A sentence. What stands between backticks is shown as code, as messages and advice mean it.
pub(crate) fn prose(text: &str, most: usize) -> String {
    let text = line(text, most);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return text;
    }
    let tags = std::iter::once("").chain(["<code>", "</code>"].into_iter().cycle());
    tags.zip(parts).flat_map(|(tag, part)| [tag, part]).collect()
}

/// Lines of text for a preformatted block. What does not show is shown, marked as such; letters hidden as tag
/// characters, which a model reads and a person does not see, are spelt out.
pub(crate) fn block(text: &str, most: usize) -> String {
    if text.len() <= most && text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        return escape(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().take(most).filter(|c| *c != '\r').peekable();
    while let Some(c) = chars.next() {
        if !is_hidden(c) || c == '\n' || c == '\t' {
            push(&mut out, c);
            continue;
        }
        let mut hidden = vec![c];
        while let Some(c) = chars.next_if(|c| is_hidden(*c) && !matches!(c, '\n' | '\t')) {
            hidden.push(c);
        }
        marked(&mut out, &hidden);
    }
    if text.chars().nth(most).is_some() {
        out.push_str("<b class=cut>… cut here</b>");
    }
    out
}

/// A run of characters that do not show.
fn marked(out: &mut String, hidden: &[char]) {
    for run in hidden.chunk_by(|a, b| tag_letter(*a).is_some() == tag_letter(*b).is_some()) {
        let spelt: String = run.iter().filter_map(|c| tag_letter(*c)).collect();
        if spelt.is_empty() {
            out.push_str("<b class=inv>");
            out.extend(run.iter().flat_map(|c| c.escape_unicode()));
        } else {
            out.push_str("<b class=inv title=\"written in tag characters, which do not show\">");
            out.push_str(&escape(&spelt));
        }
        out.push_str("</b>");
    }
}

/// The ASCII character that a tag character stands for.
fn tag_letter(c: char) -> Option<char> {
    let code = u32::from(c).checked_sub(0xe_0000).filter(|code| (0x20..0x7f).contains(code))?;
    char::from_u32(code)
}

pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(16));
    let mut rest = text;
    while let Some((plain, special)) =
        rest.find(['&', '<', '>', '"', '\'']).and_then(|at| rest.split_at_checked(at))
    {
        out.push_str(plain);
        let mut chars = special.chars();
        chars.next().into_iter().for_each(|c| push(&mut out, c));
        rest = chars.as_str();
    }
    out.push_str(rest);
    out
}

fn push(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        c => out.push(c),
    }
}

/// The text as a fragment of the page's address: letters, digits and hyphens. Different texts may give the same.
pub(crate) fn anchor(prefix: &str, text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let tail: String = text.chars().take(64).map(plain).collect();
    format!("{prefix}-{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        assert_eq!(line("<script>'\"&", 99), "&lt;script&gt;&#39;&quot;&amp;");
        assert_eq!(block("</pre>\n<b>", 99), "&lt;/pre&gt;\n&lt;b&gt;");
    }

    #[test]
    fn what_does_not_show_is_shown() {
        assert_eq!(line("a\u{202e}b\u{0}", 99), "a\\u{202e}b\\u{0}");
        assert_eq!(block("a\u{202e}\u{200b}b", 99), "a<b class=inv>\\u{202e}\\u{200b}</b>b");
        assert_eq!(block("a\r\nb", 99), "a\nb");
    }

    #[test]
    fn letters_hidden_as_tag_characters_are_spelt_out() {
        let hidden: String =
            "obey <me>".chars().map(|c| char::from_u32(0xe_0000 + u32::from(c)).unwrap()).collect();
        let shown = block(&format!("a\u{200b}{hidden}"), 99);
        assert!(shown.starts_with("a<b class=inv>\\u{200b}</b><b class=inv "), "{shown}");
        assert!(shown.ends_with("\">obey &lt;me&gt;</b>"), "{shown}");
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        assert_eq!(block("abc", 3), "abc");
        assert!(block("abcd", 3).starts_with("abc<b class=cut>"));
    }

    #[test]
    fn what_stands_between_backticks_is_code() {
        assert_eq!(prose("a `b<` c `d`", 99), "a <code>b&lt;</code> c <code>d</code>");
        assert_eq!(prose("a ` b", 99), "a ` b");
        assert_eq!(prose("", 99), "");
        for text in ["``", "```", "`a``b`", "`a` `"] {
            let shown = prose(text, 99);
            assert_eq!(shown.matches("<code>").count(), shown.matches("</code>").count(), "{shown}");
        }
    }

    #[test]
    fn an_anchor_is_plain() {
        assert_eq!(anchor("s", "\"><x y"), "s----x-y");
    }
}
