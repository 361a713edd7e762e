//! The help of a rule, from Markdown to HTML. It comes from whoever wrote the component, so it may say and not do:
//! markup of its own is text, pictures are their words, and links lead to https or are none.

use bartizan_sdk::report::is_hidden;
use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html,
};

/// Characters of one text that are read. The contract allows four times as much.
const MOST_CHARS: usize = 16 * 1024;

/// Appends the text as HTML.
pub(crate) fn push(out: &mut String, markdown: &str) {
    let shown: String = markdown.chars().take(MOST_CHARS).flat_map(show).collect();
    let mut links = Vec::new();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    html::push_html(out, Parser::new_ext(&shown, options).filter_map(|event| harmless(event, &mut links)));
    if markdown.chars().nth(MOST_CHARS).is_some() {
        out.push_str("<p>… cut here</p>\n");
    }
}

/// The character, or how it is shown if it does not show.
fn show(c: char) -> impl Iterator<Item = char> {
    let hidden = is_hidden(c) && !matches!(c, '\n' | '\t');
    hidden.then(|| c.escape_unicode()).into_iter().flatten().chain((!hidden).then_some(c))
}

/// The event without what could do anything. `links` holds, for each link that is open, whether it is kept.
fn harmless<'a>(event: Event<'a>, links: &mut Vec<bool>) -> Option<Event<'a>> {
    Some(match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
        Event::Start(Tag::Link { link_type, dest_url, .. }) => {
            let kept = dest_url.starts_with("https://");
            links.push(kept);
            let none = || CowStr::Borrowed("");
            return kept.then(|| Event::Start(Tag::Link { link_type, dest_url, title: none(), id: none() }));
        }
        Event::End(TagEnd::Link) => return links.pop()?.then_some(Event::End(TagEnd::Link)),
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: lower(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        // An alignment would be a style attribute, which the page's policy forbids.
        Event::Start(Tag::Table(columns)) => Event::Start(Tag::Table(vec![Alignment::None; columns.len()])),
        Event::Start(Tag::CodeBlock(_)) => Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)),
        event => event,
    })
}

/// Below the heading of the rule.
fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(markdown: &str) -> String {
        let mut out = String::new();
        push(&mut out, markdown);
        out
    }

    #[test]
    fn headings_code_and_lists_are_shown() {
        assert_eq!(
            html("## What\n\n`a` *b*\n\n- c\n\n```json\n{\"x\": 1}\n```"),
            "<h4>What</h4>\n<p><code>a</code> <em>b</em></p>\n<ul>\n<li>c</li>\n</ul>\n\
             <pre><code>{\"x\": 1}\n</code></pre>\n"
        );
    }

    #[test]
    fn markup_is_text() {
        for text in ["<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", "<!-- x -->", "<b\n>"] {
            let html = html(text);
            assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<!--"), "{html}");
            assert!(html.contains("&lt;"), "{html}");
        }
    }

    #[test]
    fn only_https_is_a_link() {
        assert_eq!(html("[a](https://example.com)"), "<p><a href=\"https://example.com\">a</a></p>\n");
        for text in [
            "[a](javascript:x)",
            "[a](http://x)",
            "[a](data:text/html,x)",
            "[a](//x)",
            "<javascript:x>",
            "[a](#x)",
        ] {
            assert!(!html(text).contains("href"), "{text}");
        }
        let nested = html("[![x](https://a)](javascript:y) [b](https://b)");
        assert_eq!(nested.matches("<a ").count(), nested.matches("</a>").count(), "{nested}");
    }

    #[test]
    fn a_picture_is_its_words() {
        assert_eq!(html("![words](https://tracker.example/x.png)"), "<p>words</p>\n");
    }

    #[test]
    fn nothing_has_a_style() {
        let html = html("|a|b|\n|:-:|--:|\n|1|2|\n");
        assert!(html.contains("<td>1</td>") && !html.contains("style"), "{html}");
    }

    #[test]
    fn what_does_not_show_is_shown() {
        assert_eq!(html("a\u{202e}b"), "<p>a\\u{202e}b</p>\n");
    }

    #[test]
    fn a_text_made_to_take_long_takes_no_longer_than_its_length() {
        for nasty in ["[".repeat(60_000), "*a_ ".repeat(20_000), "> ".repeat(30_000), "`".repeat(60_000)] {
            assert!(html(&nasty).len() < 60 * nasty.len());
        }
    }
}
