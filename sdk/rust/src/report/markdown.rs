//! Hostile text in Markdown, as GitHub and GitLab read it.
//!
//! Not for: writing Markdown; a reporter does that. These two make a text *be* text in it: it cannot end what it
//! stands in, become a link, an image or a heading, mention a person or an issue, or hold HTML.

use super::visible;

/// The text as running prose, on one line. Not for the start of a line: there a number or a dash would make a list.
///
/// What services look for in the *rendered* text (`@name`, `#1`, addresses) survives every escape of the language, so
/// the character it begins with is put into a code span, where none of them looks.
pub fn prose(text: &str) -> String {
    let text: Vec<char> = visible(text).chars().collect();
    let mut out = String::with_capacity(text.len().saturating_add(16));
    let mut rest = text.as_slice();
    while let [c, after @ ..] = rest {
        rest = after;
        let next = after.first().copied().unwrap_or(' ');
        match *c {
            ':' if after.starts_with(&['/', '/']) => {
                span(&mut out, "://");
                rest = after.get(2..).unwrap_or_default();
            }
            '.' if ends_in_www(&out) => span(&mut out, "."),
            '-' if out.ends_with("GH") || out.ends_with("gh") => span(&mut out, "-"),
            c @ ('@' | '#' | '!' | '%' | '~' | '&' | '^' | ':' | '$') if starts_a_name(next) => {
                span(&mut out, c.encode_utf8(&mut [0; 4]));
            }
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' => out.push_str("&#124;"),
            '$' => out.push_str("&#36;"),
            c @ ('\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '~' | '#' | '!') => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A message or advice as running prose, in which what stands between backticks is code, as its writer meant it. Like
/// [`prose`] not for the start of a line, and like [`code`] not for a cell of a table.
pub fn sentence(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return prose(text);
    }
    let mut out = String::with_capacity(text.len().saturating_add(16));
    for (index, part) in parts.into_iter().enumerate() {
        let part = if index.is_multiple_of(2) { prose(part) } else { code(part) };
        if out.ends_with('`') && part.starts_with('`') {
            // Two spans side by side would read as one long fence.
            out.push_str("<!-- -->");
        }
        out.push_str(&part);
    }
    out
}

/// The text as a code span, on one line. Not for a cell of a table: there a `|` ends the cell, in a code span too.
pub fn code(text: &str) -> String {
    let text = visible(text);
    if text.trim().is_empty() {
        return "` `".to_owned();
    }
    let fence = "`".repeat(longest_run(&text).saturating_add(1));
    // One space on each side is not shown; without it a backtick at the end would lengthen the fence.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn span(out: &mut String, text: &str) {
    if out.ends_with('`') {
        // Two spans side by side would read as one long fence.
        out.push_str("<!-- -->");
    }
    out.push('`');
    out.push_str(text);
    out.push('`');
}

fn starts_a_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '"' | '{')
}

fn ends_in_www(text: &str) -> bool {
    let mut last = text.chars().rev();
    (0..3).all(|_| last.next().is_some_and(|c| c.eq_ignore_ascii_case(&'w')))
}

fn longest_run(text: &str) -> usize {
    let (longest, _) = text.chars().fold((0, 0_usize), |(longest, run), c| {
        let run = if c == '`' { run.saturating_add(1) } else { 0 };
        (longest.max(run), run)
    });
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        assert_eq!(prose("*a* _b_ [c](d) <e>"), "\\*a\\* \\_b\\_ \\[c\\]\\(d\\) &lt;e&gt;");
        assert_eq!(prose("`a` | \\`"), "\\`a\\` &#124; \\\\\\`");
        assert_eq!(prose("a\n# b\u{202e}"), "a \\# b\\\\u{202e}");
    }

    #[test]
    fn nobody_and_nothing_is_mentioned() {
        assert_eq!(prose("ask @admin"), "ask `@`admin");
        assert_eq!(prose("see #1, GH-1, !2 and &3"), "see `#`1, GH`-`1, `!`2 and `&`3");
        assert_eq!(prose("a@b.example"), "a`@`b.example");
        assert_eq!(prose(":white_check_mark:"), "`:`white\\_check\\_mark:");
    }

    #[test]
    fn no_address_becomes_a_link() {
        assert_eq!(prose("https://evil.example"), "https`://`evil.example");
        assert_eq!(prose("WWW.evil.example"), "WWW`.`evil.example");
        assert_eq!(prose("x://@a"), "x`://`<!-- -->`@`a");
    }

    #[test]
    fn ordinary_prose_stays_readable() {
        let text = "The tool says: pass {\"a\": 1} as 50 % of it; that is all.";
        assert_eq!(prose(text), text);
    }

    #[test]
    fn what_stands_between_backticks_is_code() {
        assert_eq!(sentence("pass `a_b` to *it*"), "pass `a_b` to \\*it\\*");
        assert_eq!(sentence("one ` only"), "one \\` only");
        assert_eq!(sentence("`a``b`"), "`a`<!-- -->`b`");
        assert_eq!(sentence("x://`@admin`@b"), "x`://`<!-- -->`@admin`<!-- -->`@`b");
    }

    #[test]
    fn code_cannot_be_left_by_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("`` ` ```"), "```` `` ` ``` ````");
        assert_eq!(code("  "), "` `");
        assert_eq!(code("a\n\n# b"), "`a  # b`");
    }
}
