//! Probes on servers that were started, careful and careless.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bartizan_mcp::{CancellationToken, Listing, Options, Probe, Probes, Target, list_blocking, probes};
use serde_json::json;

use crate::support::{missing, names, own, pipe, probe, probing, script, seconds, stdio, told};

const STDIO: [&str; 5] =
    ["list-again", "unknown-method", "unknown-version", "wrong-params", "malformed-json"];

fn outcomes(listing: &Listing) -> Vec<&str> {
    STDIO.iter().map(|name| probe(listing, name)["outcome"].as_str().unwrap()).collect()
}

fn noting(notes: &tempfile::NamedTempFile, flaws: &[&str]) -> Target {
    let script = own("pipe.py");
    let command = [&["python3", script.as_str()], flaws].concat();
    stdio(&command, &[("FIXTURE_NOTES", notes.path().to_str().unwrap())])
}

#[test]
fn a_careful_server_refuses_what_it_must_and_is_listed_the_same_each_time() {
    let listing = list_blocking(&pipe(&["flips-list"]), &probing(&STDIO)).unwrap();
    assert_eq!(outcomes(&listing), ["accepted", "refused", "refused", "refused", "refused"]);
    let code = |name: &str| probe(&listing, name)["code"].clone();
    assert_eq!(
        (code("unknown-method"), code("wrong-params"), code("malformed-json")),
        (json!(-32601), json!(-32602), json!(-32700))
    );
    let version = probe(&listing, "unknown-version");
    assert_eq!((&version["offered"], &version["answered"]), (&json!("1999-01-01"), &json!("2025-11-25")));
    assert_eq!(probe(&listing, "malformed-json")["alive"], true);
    let again = probe(&listing, "list-again");
    assert_eq!((&again["listings"], &again["drifted"]), (&json!(3), &json!(false)));
    assert_eq!((missing(&listing), told(&listing, "list-drift").len()), (vec![], 0));
    assert_eq!(told(&listing, "malformed-answer"), [&json!(null); 0]);
    assert_eq!(names(&listing).len(), 2);
}

#[test]
fn a_careless_server_is_told_for_what_it_does() {
    let flaws = ["echoes-version", "knows-all-methods", "any-params", "silent-on-errors", "drifts"];
    let listing = list_blocking(&pipe(&flaws), &probing(&STDIO)).unwrap();
    assert_eq!(outcomes(&listing), ["accepted", "accepted", "accepted", "accepted", "no-answer"]);
    assert_eq!(probe(&listing, "unknown-version")["answered"], "1999-01-01");
    assert_eq!(probe(&listing, "malformed-json")["alive"], true);
    assert_eq!(probe(&listing, "list-again")["drifted"], true);
    let drift = told(&listing, "list-drift")[0];
    assert_eq!(drift["changed"][0]["name"], "two");
    assert!(drift["changed"][0]["after"].as_str().unwrap().contains("attacker.example"));
    // The newest listing is the one that is judged.
    assert!(listing.server.tools[1].description.as_deref().unwrap().contains("attacker.example"));
}

#[test]
fn a_probe_that_ends_the_server_says_so_and_what_was_heard_stays() {
    let notes = tempfile::NamedTempFile::new().unwrap();
    let target = noting(&notes, &["dies-of-garbage"]);
    let listing = list_blocking(&target, &probing(&["malformed-json", "unknown-method"])).unwrap();
    let died = probe(&listing, "malformed-json");
    assert_eq!((&died["outcome"], &died["alive"]), (&json!("server-died"), &json!(false)));
    assert!(died["message"].as_str().unwrap().contains("exited with status 1"));
    assert_eq!((names(&listing), missing(&listing)), (vec!["one", "two"], vec![]));
    assert!(listing.stderr.contains("SyntaxError"));
}

#[test]
fn a_server_that_ended_while_it_was_listed_is_started_again_for_probes() {
    let target = stdio(&["python3", &script("hostile.py"), "crash-second-page"], &[]);
    let listing = list_blocking(&target, &probing(&["list-again", "unknown-method"])).unwrap();
    assert_eq!(probe(&listing, "unknown-method")["code"], -32601);
    assert_eq!(probe(&listing, "list-again")["ran"], false);
    assert_eq!(missing(&listing), ["tools/list closed"]);
    assert_eq!(names(&listing), ["first"]);
}

#[test]
fn what_one_request_did_to_the_server_is_not_told_of_the_next() {
    let target = stdio(&["python3", &script("hostile.py"), "endless-line"], &[]);
    let options = Options { timeout: Duration::from_secs(5), ..probing(&["unknown-method"]) };
    let listing = list_blocking(&target, &options).unwrap();
    assert_eq!(missing(&listing), ["tools/list timeout"]);
    assert_eq!(probe(&listing, "unknown-method")["code"], -32601);
}

#[test]
fn lists_are_compared_with_those_of_another_conversation_where_the_first_is_over() {
    // Silent about prompts, which costs the conversation; its tools and resources were heard.
    let target = stdio(&["python3", &script("hostile.py"), "silent-prompts"], &[]);
    let options = Options { timeout: Duration::from_secs(6), ..probing(&["list-again"]) };
    let listing = list_blocking(&target, &options).unwrap();
    assert_eq!(missing(&listing), ["prompts/list timeout"]);
    let again = probe(&listing, "list-again");
    assert_eq!((&again["listings"], &again["drifted"]), (&json!(6), &json!(false)));
}

#[test]
fn a_list_that_fails_the_second_time_is_told_and_the_first_one_stays() {
    let listing = list_blocking(&pipe(&["lists-once"]), &probing(&["list-again"])).unwrap();
    assert_eq!(probe(&listing, "list-again")["outcome"], "error");
    assert_eq!((names(&listing), missing(&listing), listing.refused.len()), (vec!["one", "two"], vec![], 0));
}

#[test]
fn without_being_asked_nothing_is_tried_and_what_is_tried_is_named_before() {
    let notes = tempfile::NamedTempFile::new().unwrap();
    list_blocking(&noting(&notes, &[]), &seconds(20)).unwrap();
    let heard = std::fs::read_to_string(notes.path()).unwrap();
    assert_eq!(
        heard.lines().collect::<Vec<_>>(),
        ["start ", "initialize", "notifications/initialized", "tools/list"]
    );

    let stages: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&stages);
    let progress: bartizan_mcp::Progress =
        Arc::new(move |stage: &str| kept.lock().unwrap().push(stage.to_owned()));
    let options = Options { progress: Some(progress), ..probing(&["unknown-method", "unknown-version"]) };
    list_blocking(&pipe(&[]), &options).unwrap();
    let stages = stages.lock().unwrap();
    let expected =
        ["starting", "initialize", "tools/list", "probe unknown-method", "probe unknown-version", "closing"];
    assert_eq!(*stages, expected);
}

#[test]
fn no_probe_calls_a_tool_or_anything_else_that_acts() {
    let notes = tempfile::NamedTempFile::new().unwrap();
    list_blocking(&noting(&notes, &[]), &probing(&["all", "burst"])).unwrap();
    let heard = std::fs::read_to_string(notes.path()).unwrap();
    for line in heard.lines().filter(|line| !line.starts_with("start ")) {
        let harmless = [
            "initialize",
            "notifications/initialized",
            "tools/list",
            "ping",
            "garbage",
            "bartizan/no-such-method",
        ];
        assert!(harmless.contains(&line), "{line}");
    }
}

#[test]
fn what_is_for_http_only_is_told_not_to_have_been_made() {
    let listing = list_blocking(&pipe(&[]), &probing(&["all", "burst"])).unwrap();
    for info in probes() {
        let told = probe(&listing, info.name);
        let here = info.transports.contains(&bartizan_model::TransportKind::Stdio);
        assert_eq!(told["ran"], here, "{}: {told}", info.name);
        assert_eq!(told["why_not"].is_string(), !here);
    }
    assert_eq!(missing(&listing), [""; 0]);
}

#[test]
fn a_probe_that_there_was_no_time_for_is_not_checked() {
    let probe_none = Probes { timeout: Duration::ZERO, ..Probes::of([Probe::UnknownMethod]) };
    let listing = list_blocking(&pipe(&[]), &Options { probe: probe_none, ..seconds(20) }).unwrap();
    assert_eq!(probe(&listing, "unknown-method")["ran"], false);
    assert_eq!(missing(&listing), ["probe unknown-method probe"]);
    assert_eq!(names(&listing), ["one", "two"]);
}

#[test]
fn an_interrupt_during_a_probe_keeps_what_was_heard() {
    let cancel = CancellationToken::new();
    let inner = cancel.clone();
    let progress: bartizan_mcp::Progress = Arc::new(move |stage: &str| {
        if stage.starts_with("probe") {
            inner.cancel();
        }
    });
    let options = Options { cancel, progress: Some(progress), ..probing(&STDIO) };
    let listing = list_blocking(&pipe(&[]), &options).unwrap();
    assert_eq!(names(&listing), ["one", "two"]);
    assert_eq!(missing(&listing).len(), STDIO.len());
}
