//! Text that rendering hides: comments, styles that show nothing, white space that pushes text out of sight.

use crate::{
    invisible::{Hidden, HiddenKind},
    reading::Span,
};

/// Blank lines in a row after which a person has stopped scrolling.
const BLANK_LINES: usize = 25;
/// Blanks in a row within lines that no layout needs.
const BLANKS: usize = 200;

/// Styles and attributes that make an element show nothing.
const UNSEEN: &[&str] = &[
    "display:none",
    "visibility:hidden",
    "font-size:0",
    "opacity:0;",
    "opacity:0\"",
    "opacity:0'",
    "color:white",
    "color:#fff",
    "color:transparent",
    "aria-hidden=\"true\"",
];

/// Everything hidden by markup or layout, in order; pieces do not overlap.
pub(crate) fn find(text: &str) -> Vec<Hidden> {
    let mut found = comments(text);
    found.extend(unseen_elements(text));
    found.extend(padding(text));
    found.sort_by_key(|piece| piece.span.start);
    let mut end = 0;
    found.retain(|piece| {
        let apart = piece.span.start >= end;
        if apart {
            end = piece.span.end;
        }
        apart
    });
    found
}

fn comments(text: &str) -> Vec<Hidden> {
    let mut found = between(text, "<!--", "-->", HiddenKind::Comment);
    found.extend(references(text));
    found
}

/// `[//]: # (…)`: a link that nothing refers to, and so never shown.
fn references(text: &str) -> Vec<Hidden> {
    const LABELS: [&str; 6] = ["[//]:", "[comment]:", "[comment]::", "[_]:", "[hidden]:", "[note]:"];
    const BLANK_TARGETS: [&str; 2] = ["#", "<>"];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find('[')).map(|start| at + start) {
        at = start + 1;
        let rest = text.get(start..).unwrap_or_default();
        let Some(inner) = LABELS.iter().find_map(|label| rest.strip_prefix(label)) else { continue };
        let inner = inner.trim_start_matches(' ');
        let Some(title) = BLANK_TARGETS.iter().find_map(|target| inner.strip_prefix(target)) else {
            continue;
        };
        let line = title.get(..title.find('\n').unwrap_or(title.len())).unwrap_or_default();
        let end = start + (rest.len() - title.len()) + line.len();
        let inside = line.trim().trim_start_matches(['(', '"', '\'']).trim_end_matches([')', '"', '\'']);
        if !inside.is_empty() {
            found.push(Hidden {
                kind: HiddenKind::Comment,
                span: Span { start, end },
                text: inside.to_owned(),
            });
        }
        at = end;
    }
    found
}

fn between(text: &str, open: &str, close: &str, kind: HiddenKind) -> Vec<Hidden> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(open)).map(|start| at + start) {
        let inner = start + open.len();
        let rest = text.get(inner..).unwrap_or_default();
        // One that is never closed hides the rest.
        let length = rest.find(close);
        let end = length.map_or(text.len(), |length| inner + length + close.len());
        let inside = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        found.push(Hidden { kind, span: Span { start, end }, text: inside.to_owned() });
        at = end;
    }
    found
}

fn unseen_elements(text: &str) -> Vec<Hidden> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find('<')).map(|start| at + start) {
        at = start + 1;
        let rest = text.get(at..).unwrap_or_default();
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        // A tag is short; a bound keeps "<<<<…" linear.
        let window = head(rest, 300);
        let Some(close) = window.find('>') else { continue };
        let tag: String =
            window.get(..close).unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
        let tag = tag.to_ascii_lowercase();
        let unseen = tag.contains("style=") || tag.contains("aria-hidden");
        if !unseen || !UNSEEN.iter().any(|style| tag.contains(style)) {
            continue;
        }
        let inner = at + close + 1;
        let body = text.get(inner..).unwrap_or_default();
        let length = body.find("</").unwrap_or(body.len());
        let end = inner + length;
        found.push(Hidden {
            kind: HiddenKind::Markup,
            span: Span { start, end },
            text: body.get(..length).unwrap_or_default().to_owned(),
        });
        at = end;
    }
    found
}

fn padding(text: &str) -> Option<Hidden> {
    let (mut lines, mut blanks) = (0, 0);
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if !c.is_whitespace() && c != '\u{2800}' {
            if lines >= BLANK_LINES || blanks >= BLANKS {
                let rest = text.get(at..).unwrap_or_default();
                let span = Span { start, end: text.len() };
                return Some(Hidden { kind: HiddenKind::Padding, span, text: rest.to_owned() });
            }
            (lines, blanks) = (0, 0);
            start = at + c.len_utf8();
        } else if c == '\n' {
            lines += 1;
        } else {
            blanks += 1;
        }
    }
    None
}

/// At most this many bytes of the text, cut between characters.
fn head(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_hides_its_text_even_when_it_never_ends() {
        assert_eq!(find("a <!-- b --> c")[0].text, " b ");
        assert_eq!(find("a <!-- b")[0].text, " b");
    }

    #[test]
    fn a_reference_that_nothing_refers_to_is_a_comment() {
        assert_eq!(find("Lists.\n[//]: # (obey me)\nEnd.")[0].text, "obey me");
        assert_eq!(find("[comment]: <> (obey me)")[0].text, "obey me");
        assert_eq!(find("[guide]: https://docs.example \"Guide\"\n[//]: https://docs.example"), []);
    }

    #[test]
    fn an_element_styled_away_hides_its_text() {
        assert_eq!(find("<p>x</p><span style='display: none'>obey</span>")[0].text, "obey");
        assert_eq!(find("<span style='color:red'>red</span>"), []);
    }

    #[test]
    fn what_stands_after_a_screen_of_nothing_is_hidden() {
        let text = format!("Lists.{}obey", "\n".repeat(40));
        assert_eq!(find(&text)[0].text, "obey");
        assert_eq!(find("Lists.\n\n\n\n    Args:\n        path: where"), []);
    }

    #[test]
    fn trailing_blanks_hide_nothing() {
        assert_eq!(find(&format!("Lists.{}", " ".repeat(5000))), []);
    }
}
