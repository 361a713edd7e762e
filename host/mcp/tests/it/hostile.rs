//! Servers that lie, flood, stall and break off over stdio.

use std::time::Duration;

use bartizan_mcp::{CancellationToken, Error, Options, list_blocking};

use crate::support::{hostile, missing, names, script, seconds, stdio, told};

#[test]
fn an_honest_server_is_heard_completely() {
    let listing = hostile("honest", 20).unwrap();
    assert_eq!(names(&listing), ["one", "two"]);
    assert_eq!((missing(&listing), listing.server.observations.len()), (vec![], 0));
    assert_eq!(listing.server.protocol_version, "2025-11-25");
    assert!(listing.server.digest.is_some());
}

#[test]
fn a_stateless_server_is_found_after_it_refuses_the_handshake() {
    let listing = list_blocking(&stdio(&["python3", &script("stateless.py")], &[]), &seconds(20)).unwrap();
    assert_eq!(names(&listing), ["forecast", "second"]);
    assert_eq!(
        (listing.server.name.as_str(), listing.server.protocol_version.as_str()),
        ("stateless", "2026-07-28")
    );
    assert_eq!(listing.server.instructions.as_deref(), Some("Ask for a city."));
    assert_eq!(missing(&listing), [""; 0]);
}

#[test]
fn one_malformed_tool_hides_no_other() {
    let listing = hostile("malformed", 20).unwrap();
    let expected = ["good", "", "", "", "", "no-schema", "odd", "deep", "number", "surrogate", "last"];
    assert_eq!(names(&listing), expected);
    let mut problems: Vec<(u64, &str)> = told(&listing, "malformed-item")
        .iter()
        .map(|d| (d["index"].as_u64().unwrap(), d["problem"].as_str().unwrap()))
        .collect();
    problems.sort_unstable();
    assert_eq!(
        problems,
        [
            (1, "not-an-object"),
            (2, "not-an-object"),
            (3, "not-an-object"),
            (4, "wrong-type"),
            (5, "missing-member"),
            (6, "wrong-type"),
            (6, "wrong-type"),
            (7, "undecodable"),
            (8, "undecodable"),
            (9, "undecodable"),
        ]
    );
    assert_eq!(listing.server.tools.last().unwrap().extra, r#"{"x-hidden":"kept"}"#);
    assert_eq!(missing(&listing), [""; 0]);
}

#[test]
fn keys_that_parsers_read_differently_are_told_and_honest_ones_are_not() {
    let listing = hostile("ambiguous", 20).unwrap();
    assert_eq!(told(&listing, "case-variant-key").len(), 1);
    assert_eq!(told(&listing, "case-variant-key")[0]["values"], serde_json::json!(["\"nice\"", "\"evil\""]));
    assert_eq!(told(&listing, "duplicate-key").len(), 1);
    assert_eq!(told(&listing, "duplicate-key")[0]["pointer"], "/description");
    assert_eq!(listing.server.tools[1].extra, r#"{"description":"poison"}"#);
}

#[test]
fn a_second_list_in_the_same_answer_hides_nothing() {
    let listing = hostile("two-lists", 20).unwrap();
    assert_eq!(names(&listing), ["hidden", "shown"]);
    assert_eq!(told(&listing, "duplicate-key").len(), 1);
}

#[test]
fn floods_end_within_their_bounds_and_are_not_clean() {
    let modes = [
        ("huge-message", "tools/list too-large", 0..=0),
        ("many-tools", "tools/list truncated", 10_000..=10_000),
        ("endless-pages", "tools/list truncated", 1_000..=1_000),
        ("same-cursor", "tools/list truncated", 2..=2),
        ("big-pages", "tools/list truncated", 1..=4),
        ("endless-line", "tools/list timeout", 0..=0),
        ("silent-list", "tools/list timeout", 0..=0),
        ("asks-without-end", "tools/list timeout", 0..=0),
        ("broken-json", "tools/list malformed", 0..=0),
        ("not-an-array", "tools/list malformed", 0..=0),
        ("batch", "tools/list malformed", 0..=0),
        ("crash-mid-list", "tools/list closed", 0..=0),
        ("crash-second-page", "tools/list closed", 1..=1),
    ];
    let check = |(mode, expected, kept): (&str, &str, std::ops::RangeInclusive<usize>)| {
        let listing = hostile(mode, if expected.ends_with("timeout") { 6 } else { 60 }).unwrap();
        assert_eq!(missing(&listing), [expected], "{mode}");
        assert!(kept.contains(&listing.server.tools.len()), "{mode}: {}", listing.server.tools.len());
        assert_eq!(listing.server.name, format!("hostile-{mode}"));
        assert_eq!(told(&listing, "truncated").is_empty(), listing.server.tools.is_empty(), "{mode}");
    };
    std::thread::scope(|scope| {
        modes.map(|mode| scope.spawn(|| check(mode))).into_iter().for_each(|one| one.join().unwrap());
    });
}

#[test]
fn a_server_that_never_introduces_itself_is_an_error_that_says_why() {
    for (mode, code) in [
        ("silent", "timeout"),
        ("garbage", "timeout"),
        ("crash-at-start", "exited"),
        ("wrong-hello", "not-mcp"),
        ("refuses", "refused"),
    ] {
        let error = hostile(mode, 4).unwrap_err();
        assert_eq!(error.code(), code, "{mode}: {error}");
        if mode == "crash-at-start" {
            let shown = error.to_string();
            assert!(shown.contains("exited with status 1 before answering `initialize`"), "{shown}");
            assert!(shown.contains("API_KEY is not set") && !shown.contains('\x1b'), "{shown}");
        }
        if mode == "refuses" {
            assert!(error.to_string().contains("license expired"), "{error}");
        }
    }
}

#[test]
fn a_program_or_directory_that_is_not_there_is_named() {
    let error = list_blocking(&stdio(&["no-such-program-here"], &[]), &seconds(5)).unwrap_err();
    assert_eq!(error.to_string(), "no program named `no-such-program-here` was found on PATH");
    assert_eq!(list_blocking(&stdio(&[], &[]), &seconds(5)).unwrap_err().code(), "bad-target");
    let mut target = stdio(&["python3"], &[]);
    if let bartizan_mcp::Target::Stdio { cwd, .. } = &mut target {
        *cwd = Some("/no/such/directory".into());
    }
    assert_eq!(list_blocking(&target, &seconds(5)).unwrap_err().code(), "no-directory");
}

#[test]
fn a_slow_server_is_waited_for() {
    assert_eq!(names(&hostile("slow", 20).unwrap()), ["one", "two"]);
}

#[test]
fn batches_are_read_only_in_the_revision_that_has_them() {
    assert_eq!(names(&hostile("batch-2025-03-26", 20).unwrap()), ["batched"]);
    assert_eq!(told(&hostile("batch", 20).unwrap(), "batch").len(), 1);
}

#[test]
fn requests_of_the_server_are_answered_and_only_roots_and_ping_granted() {
    let listing = hostile("asks", 20).unwrap();
    let extra: serde_json::Value = serde_json::from_str(&listing.server.tools[0].extra).unwrap();
    let answers = extra["answers"].as_array().unwrap();
    assert_eq!(answers[0]["result"], serde_json::json!({ "roots": [] }));
    assert_eq!(answers[1]["result"], serde_json::json!({}));
    assert_eq!(answers[2]["error"]["code"], -32601);
    assert_eq!(answers[3]["error"]["code"], -32601);
    assert_eq!(told(&listing, "server-request").len(), 4);
}

#[test]
fn noise_is_tolerated_bounded_and_told() {
    let listing = hostile("noise", 20).unwrap();
    assert_eq!(names(&listing), ["quiet"]);
    assert_eq!(listing.record.stdout_noise.len(), 100);
    assert!(listing.record.stdout_noise.iter().all(|line| line.chars().count() <= 1024));
    assert_eq!(told(&listing, "stdout-noise").len(), 2);
    assert_eq!(told(&listing, "notification").len(), 1);
}

#[test]
fn bytes_that_are_no_text_are_replaced_and_told() {
    let listing = hostile("invalid-utf8", 20).unwrap();
    assert_eq!(names(&listing), ["caf\u{fffd}"]);
    assert_eq!(told(&listing, "invalid-utf8").len(), 1);
}

#[test]
fn an_error_on_one_list_does_not_end_the_others() {
    let listing = hostile("many-errors", 20).unwrap();
    let refused: Vec<&str> = listing.refused.iter().map(|r| r.method.as_str()).collect();
    assert_eq!(refused, ["prompts/list", "resources/list", "resources/templates/list", "tools/list"]);
    assert_eq!((missing(&listing).len(), told(&listing, "list-error").len()), (0, 4));

    let listing = hostile("silent-prompts", 8).unwrap();
    assert_eq!(missing(&listing), ["prompts/list timeout"]);
    assert_eq!((listing.server.tools.len(), listing.server.resources.len()), (2, 1));
}

#[test]
fn tools_that_were_not_declared_are_not_hidden() {
    let listing = hostile("undeclared", 20).unwrap();
    assert_eq!(names(&listing), ["one", "two"]);
    assert_eq!(told(&listing, "undeclared-list").len(), 1);
}

#[test]
fn an_interrupt_returns_what_was_heard() {
    let cancel = CancellationToken::new();
    let options = Options { cancel: cancel.clone(), ..seconds(60) };
    let target = stdio(&["python3", &script("hostile.py"), "silent-list"], &[]);
    let options = Options {
        progress: Some(std::sync::Arc::new(move |stage: &str| {
            if stage == "tools/list" {
                let cancel = cancel.clone();
                std::thread::spawn(move || {
                    std::thread::sleep(Duration::from_millis(100));
                    cancel.cancel();
                });
            }
        })),
        ..options
    };
    let listing = list_blocking(&target, &options).unwrap();
    assert_eq!(
        (listing.server.name.as_str(), missing(&listing)),
        ("hostile-silent-list", vec!["tools/list interrupted".to_owned()])
    );

    let cancelled = CancellationToken::new();
    cancelled.cancel();
    let options = Options { cancel: cancelled, ..seconds(60) };
    assert!(matches!(list_blocking(&target, &options), Err(Error::Interrupted { .. })));
}

#[test]
fn the_demonstration_server_is_heard_completely() {
    let listing = list_blocking(&stdio(&["python3", &script("poisoned.py")], &[]), &seconds(20)).unwrap();
    assert_eq!(
        (listing.server.tools.len(), listing.server.prompts.len(), listing.server.resources.len()),
        (13, 2, 3)
    );
    assert_eq!((missing(&listing), listing.server.observations.len()), (vec![], 0));
    assert!(
        listing
            .server
            .tools
            .iter()
            .any(|t| t.description.as_deref().is_some_and(|d| d.contains('\u{e0041}')))
    );
}
