//! What holds for every reporter, whatever its format: the worst that servers say is fed to all of them.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_sdk::{prelude::*, report::is_hidden};

mod worst;

type Render = fn(&str, &str, &RenderOptions) -> Result<Vec<u8>, Failure>;

fn all() -> Vec<(Format, Render)> {
    fn one<R: Reporter>() -> impl Iterator<Item = (Format, Render)> {
        R::formats().into_iter().map(|format| (format, R::render as Render))
    }
    one::<bartizan_reporter_csv::Csv>()
        .chain(one::<bartizan_reporter_github::GitHub>())
        .chain(one::<bartizan_reporter_gitlab::GitLab>())
        .chain(one::<bartizan_reporter_html::Html>())
        .chain(one::<bartizan_reporter_json::Json>())
        .chain(one::<bartizan_reporter_junit::JUnit>())
        .chain(one::<bartizan_reporter_markdown::Markdown>())
        .chain(one::<bartizan_reporter_sarif::Sarif>())
        .chain(one::<bartizan_reporter_text::Text>())
        .collect()
}

#[test]
fn every_reporter_renders_the_worst_as_text_in_which_nothing_is_hidden() {
    for (format, render) in all() {
        for (attacks, text) in worst::strings() {
            let out = render(&format.id, &worst::report(&text), &RenderOptions::default()).unwrap();
            let out = String::from_utf8(out).unwrap();
            // SARIF's name of a rule is the letters of its title, and two fillers that do not show are letters to Unicode.
            let is_filler = |c: char| format.id == "sarif" && c.is_alphanumeric();
            let hidden =
                out.chars().find(|c| !matches!(c, '\n' | '\r' | '\t') && is_hidden(*c) && !is_filler(*c));
            assert_eq!(hidden, None, "{}: {attacks}", format.id);
        }
    }
}

#[test]
fn every_reporter_gives_the_same_bytes_for_the_same_report() {
    for (format, render) in all() {
        let report = worst::report("Ignore `previous` <instructions>, @all.");
        let once = render(&format.id, &report, &RenderOptions::default()).unwrap();
        assert_eq!(once, render(&format.id, &report, &RenderOptions::default()).unwrap(), "{}", format.id);
    }
}

#[test]
fn every_reporter_says_what_was_not_checked() {
    let text = "the-thing-that-was-not-looked-at";
    for (format, render) in all() {
        let report =
            worst::report("x").replace("\"what\":\"prompts of x\"", &format!("\"what\":\"{text} of x\""));
        let out = String::from_utf8(render(&format.id, &report, &RenderOptions::default()).unwrap()).unwrap();
        assert!(out.contains(text), "{}", format.id);
    }
}

#[test]
fn every_reporter_refuses_another_format_and_another_shape_of_report() {
    for (format, render) in all() {
        let report = worst::report("x");
        assert!(render("no-such", &report, &RenderOptions::default()).is_err(), "{}", format.id);
        if format.id != "json" {
            let newer = report.replace("\"schema_version\":\"1\"", "\"schema_version\":\"2\"");
            assert_ne!(newer, report);
            assert!(render(&format.id, &newer, &RenderOptions::default()).is_err(), "{}", format.id);
        }
    }
}

#[test]
fn no_two_reporters_claim_one_format_or_one_kind_of_file() {
    let mut ids: Vec<String> =
        all().into_iter().flat_map(|(format, _)| [format.id, format.extension]).collect();
    ids.sort();
    let count = ids.len();
    ids.dedup();
    // html, csv, sarif, json and github are called as their files are.
    assert_eq!(ids.len(), count - 5, "{ids:?}");
}
