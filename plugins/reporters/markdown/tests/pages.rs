//! Whole pages, to read and as a reader of Markdown takes them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics has failed, which is what it is for"
)]

use bartizan_reporter_markdown::Markdown;
use bartizan_sdk::{prelude::*, report::is_hidden};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::{Value, json};

#[path = "../../html/tests/worst/mod.rs"]
mod worst;

fn report(name: &str) -> Value {
    let path = format!("{}/../text/tests/data/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn page(report: &str) -> String {
    String::from_utf8(Markdown::render("markdown", report, &RenderOptions::default()).unwrap()).unwrap()
}

fn page_of(name: &str) -> String {
    page(&report(name).to_string())
}

fn events(page: &str) -> Vec<Event<'_>> {
    let gfm = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_FOOTNOTES;
    Parser::new_ext(page, gfm).collect()
}

/// The text outside code and links, where services look for names, references and addresses. Each stretch is apart.
fn prose(events: &[Event<'_>]) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut in_link = false;
    for event in events {
        match event {
            Event::Start(Tag::Link { .. }) => in_link = true,
            Event::End(TagEnd::Link) => in_link = false,
            Event::Text(text) if !in_link => out.last_mut().unwrap().push_str(text),
            _ => out.push(String::new()),
        }
    }
    out
}

#[test]
fn a_poisoned_server() {
    insta::assert_snapshot!(page_of("poisoned"));
}

#[test]
fn findings_and_gaps_together() {
    insta::assert_snapshot!(page_of("incomplete-with-findings"));
}

#[test]
fn a_server_that_could_not_be_checked_whole() {
    insta::assert_snapshot!(page_of("incomplete"));
}

#[test]
fn a_clean_server() {
    insta::assert_snapshot!(page_of("clean"));
}

#[test]
fn several_servers() {
    insta::assert_snapshot!(page_of("two-servers"));
}

#[test]
fn a_server_that_attacks_the_reader() {
    insta::assert_snapshot!(page_of("hostile"));
}

#[test]
fn what_is_not_checked_is_never_called_clean() {
    for name in ["incomplete", "incomplete-with-findings", "nothing-answered", "hostile"] {
        let page = page_of(name);
        assert!(page.contains("> [!WARNING]\n> **Not checked: "), "{name}");
        assert!(!page.contains("No findings") && !page.contains('✅'), "{name}");
    }
    for member in ["rules", "servers"] {
        let mut report = report("clean");
        report[member] = json!([]);
        let page = page(&report.to_string());
        assert!(page.contains("Nothing was checked") && !page.contains('✅'), "{page}");
    }
    let mut report = report("two-servers");
    report["findings"] = json!([]);
    report["servers"][0]["digest"] = Value::Null;
    let page = page(&report.to_string());
    assert!(
        page.contains("| files | ? | ? | ? | ? | ? | ⚠️ never answered |") && !page.contains('✅'),
        "{page}"
    );
}

#[test]
fn hostile_text_makes_no_link_no_picture_and_no_markup() {
    for (attacks, text) in worst::strings() {
        let page = page(&worst::report(&text));
        let mut headings = 0;
        for event in events(&page) {
            match event {
                Event::Start(Tag::Link { dest_url, .. }) => {
                    assert_eq!(&*dest_url, "https://cwe.mitre.org/data/definitions/1427.html", "{attacks}");
                }
                Event::Start(Tag::Heading { .. }) => headings += 1,
                Event::Html(html) | Event::InlineHtml(html) => {
                    let ours = [
                        "<details><summary>1 finding</summary>",
                        "<details><summary>2 findings</summary>",
                        "</details>",
                        "<sub>",
                        "</sub>",
                        "<!-- -->",
                    ];
                    assert!(ours.contains(&html.trim()), "{attacks}: {html}");
                }
                Event::Start(
                    tag @ (Tag::Image { .. }
                    | Tag::CodeBlock(_)
                    | Tag::FootnoteDefinition(_)
                    | Tag::Strikethrough),
                ) => panic!("{attacks}: {tag:?}"),
                Event::TaskListMarker(_) | Event::FootnoteReference(_) => panic!("{attacks}: {event:?}"),
                _ => {}
            }
        }
        // The page's, and one a group as far as groups fit.
        let cut = page.contains("left out here");
        assert!(headings == 6 || (cut && (2..6).contains(&headings)), "{attacks}: {headings} headings");
        assert!(!page.chars().any(|c| c != '\n' && is_hidden(c)), "{attacks}");
    }
}

#[test]
fn hostile_text_mentions_nobody_and_nothing() {
    for (attacks, text) in worst::strings() {
        let page = page(&worst::report(&text));
        for text in prose(&events(&page)) {
            let lower = text.to_lowercase();
            assert!(!lower.contains("://") && !lower.contains("www."), "{attacks}: {text}");
            let names = lower
                .match_indices(['@', '#', '!', '~', '^', '$'])
                .filter(|(at, _)| lower[at + 1..].starts_with(|c: char| c.is_alphanumeric()));
            assert_eq!(names.count(), 0, "{attacks}: {text}");
        }
    }
}

#[test]
fn hostile_text_does_not_leave_its_cell() {
    for (attacks, text) in worst::strings() {
        let page = page(&worst::report(&text));
        let (mut rows, mut cells, mut tables) = (0, 0, 0);
        for event in events(&page) {
            match event {
                Event::Start(Tag::Table(_)) => tables += 1,
                Event::Start(Tag::TableRow) => rows += 1,
                Event::Start(Tag::TableCell) => cells += 1,
                _ => {}
            }
        }
        // Two servers; the heading's cells and theirs.
        assert_eq!((tables, rows, cells), (1, 2, 21), "{attacks}");
    }
}

#[test]
fn every_finding_is_shown_with_its_own_text() {
    let page = page_of("poisoned");
    let text: String = events(&page)
        .iter()
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(text.to_string()),
            _ => None,
        })
        .collect();
    for finding in report("poisoned")["findings"].as_array().unwrap() {
        let name = finding["subject"]["name"].as_str().unwrap();
        assert!(text.contains(name), "{name}: {text}");
        // Backticks are shown as code.
        assert!(text.contains(&finding["message"].as_str().unwrap().replace('`', "")), "{finding}");
    }
}

#[test]
fn a_page_fits_a_comment_and_says_what_it_leaves_out() {
    let mut report = report("poisoned");
    let least = report["findings"][5].clone();
    let worst = report["findings"][0].clone();
    let mut findings = vec![worst];
    findings.extend(vec![least; 3_000]);
    report["findings"] = findings.into();
    let gap =
        json!({ "what": "prompts of weather", "component": "a/b", "code": "fuel", "why": "<".repeat(700) });
    report["not_checked"] = vec![gap; 500].into();
    let server = report["servers"][0].clone();
    report["servers"] = vec![server; 300].into();
    let page = page(&report.to_string());
    assert!(page.chars().count() < 65_000, "{}", page.chars().count());
    let shown = page.matches("- **`tool").count();
    assert!(shown > 20, "{shown}");
    assert!(
        page.contains(&format!(
            "**{} findings more, none of them worse, are left out here.**",
            3_001 - shown
        )),
        "{shown}"
    );
    assert!(page.contains("more; the JSON report names them all"));
    assert_eq!(page.matches("<details>").count(), page.matches("</details>").count());
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = report("poisoned");
    let mut later = report.clone();
    later["stats"]["elapsed_ms"] = 99.into();
    assert_eq!(page(&report.to_string()), page(&later.to_string()));
}

#[test]
fn what_is_not_a_report_is_refused() {
    for text in ["", "{}", "{\"schema_version\":\"1\"}"] {
        assert!(Markdown::render("markdown", text, &RenderOptions::default()).is_err(), "{text}");
    }
    assert!(Markdown::render("text", &report("clean").to_string(), &RenderOptions::default()).is_err());
}
