//! Servers that break, lie still, flood or babble: the scan ends in time and in bounds, and never calls them clean.

use std::time::Duration;

use bartizan_tests::{Bartizan, Web, together};

use super::hostile;

const TIMEOUT: Duration = Duration::from_secs(4);
/// What a scan may take beyond its timeout.
const SLACK: Duration = Duration::from_secs(5);

#[test]
fn a_server_that_cannot_be_listed_whole_is_incomplete_in_time_and_in_bounds() {
    // Mode, and codes of which one must stand in the report.
    let cases: &[(&str, &[&str])] = &[
        ("crash-at-start", &["exited"]),
        ("crash-mid-list", &["closed", "exited"]),
        ("crash-second-page", &["closed", "exited"]),
        ("silent", &["timeout"]),
        ("silent-list", &["timeout"]),
        ("silent-prompts", &["timeout"]),
        ("garbage", &["timeout"]),
        ("endless-line", &["timeout"]),
        ("huge-message", &["too-large", "timeout"]),
        ("many-tools", &["truncated"]),
        ("endless-pages", &["truncated", "timeout"]),
        ("same-cursor", &["truncated"]),
        ("big-pages", &["truncated", "timeout", "too-large"]),
        ("broken-json", &["malformed"]),
        ("not-an-array", &["malformed"]),
        ("refuses", &["refused"]),
        ("wrong-hello", &["not-mcp"]),
        ("many-errors", &["refused"]),
    ];
    together(
        cases,
        |(mode, _)| (*mode).to_owned(),
        |(mode, codes)| {
            let mut args = vec!["--timeout".to_owned(), format!("{}s", TIMEOUT.as_secs())];
            args.extend(hostile(mode));
            let run = Bartizan::new().scan(&args).expect_code(3);
            assert!(run.took < TIMEOUT + SLACK, "it took {:?}", run.took);
            assert!(run.peak_mb <= 300, "it held {} MB", run.peak_mb);
            let told = run.not_checked();
            assert!(told.iter().any(|code| codes.contains(&code.as_str())), "{told:?} has none of {codes:?}");
            assert!(!run.stderr.contains('\u{1b}'));
        },
    );
}

#[test]
fn what_was_not_checked_is_never_called_clean() {
    for mode in ["crash-at-start", "crash-mid-list", "silent"] {
        let mut args = vec!["scan".to_owned(), "--timeout".to_owned(), "2s".to_owned()];
        args.extend(hostile(mode));
        let run = Bartizan::new().run(args).expect_code(3);
        let text = run.text().to_lowercase();
        assert!(text.contains("not checked"), "{mode}: {text}");
        assert!(!text.contains("no findings."), "{mode}: {text}");
    }
}

#[test]
fn odd_servers_that_can_be_listed_are_judged() {
    // Mode, tools listed.
    let cases = [
        ("malformed", 11),
        ("invalid-utf8", 1),
        ("ambiguous", 3),
        ("noise", 1),
        ("asks", 1),
        ("batch-2025-03-26", 1),
        ("slow", 2),
    ];
    together(
        &cases,
        |(mode, _)| (*mode).to_owned(),
        |(mode, tools)| {
            let mut args =
                vec!["--timeout".to_owned(), "20s".to_owned(), "--fail-on".to_owned(), "critical".to_owned()];
            args.extend(hostile(mode));
            let run = Bartizan::new().scan(&args);
            assert!(matches!(run.code(), 0 | 3), "{}", run.stderr);
            let report = run.json();
            assert_eq!(report["servers"][0]["tools"], *tools, "{mode}");
            let oddities =
                report["servers"][0]["observations"].as_array().unwrap().len() + run.not_checked().len();
            assert!(oddities > 0 || *mode == "slow", "nothing is told of what is odd");
        },
    );
}

#[test]
fn a_program_that_is_not_there_is_said_so() {
    let run = Bartizan::new().scan(["--", "no-such-program"]).expect_code(3);
    assert!(
        run.json()["not_checked"][0]["why"].as_str().unwrap().contains("no-such-program"),
        "{}",
        run.text()
    );
}

#[test]
fn hostile_http_servers_are_incomplete_too() {
    let cases = [
        "redirect-loop",
        "redirect-file",
        "html",
        "broken",
        "huge-body",
        "slow-headers",
        "endless-events",
        "sse-elsewhere",
        "unauthorized",
    ];
    together(
        &cases,
        |mode| (*mode).to_owned(),
        |mode| {
            let web = Web::start(&["hostile_http.py", mode]);
            let run =
                Bartizan::new().scan(["--timeout", "4s", "--fail-on", "critical", &web.url]).expect_code(3);
            assert!(run.took < TIMEOUT + SLACK, "it took {:?}", run.took);
            assert!(run.peak_mb <= 300, "it held {} MB", run.peak_mb);
            assert!(!run.not_checked().is_empty() && !run.stderr.contains('\u{1b}'));
        },
    );
}

#[test]
fn nobody_at_the_url_is_incomplete() {
    let run = Bartizan::new().scan(["--timeout", "4s", "http://127.0.0.1:9/mcp"]).expect_code(3);
    assert_eq!(run.not_checked().len(), 1);
}

#[test]
fn a_servers_environment_is_its_own() {
    let user = Bartizan::new();
    let notes = user.work().join("notes");
    let mut command = user.command([
        "scan",
        "--format",
        "json",
        "--sandbox",
        "off",
        "--env",
        &format!("FIXTURE_NOTES={}", notes.display()),
        "--env",
        "GIVEN",
    ]);
    command.args(hostile("environment")).env("SECRET_TOKEN", "s3cret").env("GIVEN", "yes");
    bartizan_tests::Running::start(command).finish().expect_code(0);
    let seen = std::fs::read_to_string(notes).unwrap();
    assert!(!seen.contains("SECRET_TOKEN"), "{seen}");
    assert!(seen.lines().any(|name| name == "GIVEN") && seen.lines().any(|name| name == "PATH"), "{seen}");
}
