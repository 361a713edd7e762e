//! The pages that people see, whole. Each snapshot is one to read.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics has failed, which is what it is for"
)]

use bartizan_reporter_text::{Text, render};
use bartizan_sdk::{
    prelude::*,
    report::{Report, is_hidden},
};
use unicode_width::UnicodeWidthStr;

fn report(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/data/{name}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn page(name: &str, width: u32) -> String {
    render(&Report::from_json(&report(name)).unwrap(), &RenderOptions { width, ..RenderOptions::default() })
}

/// A report with this many findings of one rule.
fn many(count: usize, severity: &str) -> String {
    let mut value: serde_json::Value = serde_json::from_str(&report("clean")).unwrap();
    let poisoned: serde_json::Value = serde_json::from_str(&report("poisoned")).unwrap();
    let template = poisoned["findings"][1].clone();
    let findings = (0..count).map(|n| {
        let mut finding = template.clone();
        finding["severity"] = severity.into();
        finding["subject"]["name"] = format!("tool_{n}").into();
        finding["fingerprint"] = format!("{n:032x}").into();
        finding
    });
    value["findings"] = findings.collect();
    value.to_string()
}

#[test]
fn a_clean_server() {
    insta::assert_snapshot!(page("clean", 80));
}

#[test]
fn a_poisoned_server() {
    insta::assert_snapshot!(page("poisoned", 80));
}

#[test]
fn a_poisoned_server_on_a_narrow_terminal() {
    insta::assert_snapshot!(page("poisoned", 40));
}

#[test]
fn a_server_that_could_not_be_checked_whole() {
    insta::assert_snapshot!(page("incomplete", 80));
}

#[test]
fn findings_and_gaps_together() {
    insta::assert_snapshot!(page("incomplete-with-findings", 80));
}

#[test]
fn a_server_that_never_answered() {
    insta::assert_snapshot!(page("nothing-answered", 80));
}

#[test]
fn a_server_that_attacks_the_terminal() {
    insta::assert_snapshot!(page("hostile", 80));
}

#[test]
fn several_servers() {
    insta::assert_snapshot!(page("two-servers", 80));
}

#[test]
fn a_hundred_lesser_findings_of_one_rule_take_a_few_lines() {
    let report = Report::from_json(&many(100, "low")).unwrap();
    insta::assert_snapshot!(render(&report, &RenderOptions::default()));
}

#[test]
fn a_hundred_findings_to_look_at_are_all_there() {
    let report = Report::from_json(&many(100, "medium")).unwrap();
    let page = render(&report, &RenderOptions::default());
    for n in 0..100 {
        assert!(page.lines().any(|line| line.trim() == format!("tool tool_{n}")), "tool_{n}");
    }
}

#[test]
fn with_colour_and_links() {
    let options = RenderOptions { color: true, links: true, width: 80 };
    let page = render(&Report::from_json(&report("poisoned")).unwrap(), &options);
    insta::assert_snapshot!(page.replace('\x1b', "␛"));
}

#[test]
fn colour_changes_no_word() {
    for name in ["clean", "poisoned", "incomplete", "two-servers"] {
        let report = Report::from_json(&report(name)).unwrap();
        let plain = render(&report, &RenderOptions::default());
        let painted = render(&report, &RenderOptions { color: true, links: false, width: 80 });
        let words = |text: &str| {
            let text = strip(text).replace(['[', ']'], " ");
            text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(words(&plain), words(&painted), "{name}");
    }
}

/// Without SGR sequences, the only ones that a page without links has.
fn strip(text: &str) -> String {
    let mut parts = text.split('\x1b');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('m').unwrap().1);
    }
    out
}

#[test]
fn no_page_is_wider_than_the_terminal() {
    for name in ["clean", "poisoned", "incomplete", "nothing-answered", "hostile", "two-servers"] {
        for width in [24, 40, 59, 60, 80, 100] {
            for line in page(name, width).lines() {
                assert!(line.width() <= width as usize, "{name} at {width}: {line}");
            }
        }
    }
}

#[test]
fn nothing_in_a_report_reaches_the_terminal_as_a_control_or_invisible_character() {
    let page = page("hostile", 80);
    assert!(!page.chars().any(|c| c != '\n' && is_hidden(c)), "{page:?}");
    // With colours there are escape sequences, but only the page's own: none of the server's.
    let options = RenderOptions { color: true, links: true, width: 80 };
    let painted = render(&Report::from_json(&report("hostile")).unwrap(), &options);
    assert!(!painted.contains("\x1b[2J") && !painted.contains("\x1b]0;") && !painted.contains('\u{9b}'));
}

#[test]
fn what_is_not_checked_is_never_called_clean() {
    for name in ["incomplete", "incomplete-with-findings", "nothing-answered", "hostile"] {
        let page = page(name, 80);
        assert!(page.contains("NOT CHECKED"), "{name}");
        assert!(!page.contains("No findings"), "{name}");
    }
}

#[test]
fn a_report_in_which_no_rule_or_no_server_took_part_is_not_clean() {
    for member in ["rules", "servers"] {
        let mut value: serde_json::Value = serde_json::from_str(&report("clean")).unwrap();
        value[member] = serde_json::json!([]);
        let page = render(&Report::from_json(&value.to_string()).unwrap(), &RenderOptions::default());
        assert!(page.contains("Nothing was checked."), "{page}");
        assert!(!page.contains("No findings"), "{page}");
    }
}

#[test]
fn a_silent_server_is_not_clean_even_if_the_report_forgot_to_say_so() {
    let mut value: serde_json::Value = serde_json::from_str(&report("two-servers")).unwrap();
    value["findings"] = serde_json::json!([]);
    value["servers"][0]["digest"] = serde_json::Value::Null;
    let page = render(&Report::from_json(&value.to_string()).unwrap(), &RenderOptions::default());
    assert!(page.contains("Incomplete.") && !page.contains("No findings"), "{page}");
}

#[test]
fn what_is_not_a_report_is_refused() {
    for text in ["", "{}", "[]", "{\"schema_version\":\"1\"}"] {
        assert!(Text::render("text", text, &RenderOptions::default()).is_err(), "{text}");
    }
    assert!(Text::render("html", &report("clean"), &RenderOptions::default()).is_err());
}
