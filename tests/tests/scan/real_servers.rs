//! Real servers over each transport, and the poisoned one.

use bartizan_tests::{Bartizan, everything, everything_over, fixture, time_server};
use serde_json::Value;

fn over_stdio(command: &[String]) -> Vec<String> {
    [&["--".to_owned()], command].concat()
}

fn server(report: &Value) -> &Value {
    let servers = report["servers"].as_array().unwrap();
    assert_eq!(servers.len(), 1);
    &servers[0]
}

#[test]
fn an_honest_server_is_clean_over_stdio() {
    let run = Bartizan::new().scan(over_stdio(&everything())).expect_code(0);
    assert_eq!(run.not_checked(), [""; 0]);
    let report = run.json();
    let server = server(&report);
    assert_eq!(server["transport"]["kind"], "stdio");
    assert!(server["tools"].as_u64().unwrap() > 5 && server["prompts"].as_u64().unwrap() > 1);
    assert!(server["resources"].as_u64().unwrap() > 1);
}

#[test]
fn another_honest_server_is_clean() {
    let run = Bartizan::new().scan(over_stdio(&time_server())).expect_code(0);
    assert_eq!(run.not_checked(), [""; 0]);
    assert_eq!(server(&run.json())["tools"], 2);
}

#[test]
fn the_same_server_says_the_same_over_http() {
    let stdio = Bartizan::new().scan(over_stdio(&everything())).json();
    for (name, path, kind) in [("streamableHttp", "/mcp", "streamable-http"), ("sse", "/sse", "sse")] {
        let web = everything_over(name, path);
        let run = Bartizan::new().scan(["--fail-on", "critical", &web.url]).expect_code(0);
        assert_eq!(run.not_checked(), [""; 0], "{name}");
        let report = run.json();
        assert_eq!(server(&report)["transport"]["kind"], kind);
        for list in ["tools", "prompts", "resources"] {
            assert_eq!(server(&report)[list], server(&stdio)[list], "{list} over {name}");
        }
    }
}

#[test]
fn a_poisoned_server_is_found_out() {
    let run = Bartizan::new().scan(["--", "python3", &fixture("poisoned.py")]).expect_code(1);
    let found = run.found();
    for expected in [
        "MCP-PROTO-001 tool:add_reminder",
        "MCP-PROTO-001 tool:get_forecast",
        "MCP-SEC-040 prompt:plan_trip",
        "MCP-SEC-044 tool:search_notes",
        "MCP-SEC-044 tool:sync_notes",
        "MCP-SEC-045 tool:tag_note",
        "MCP-INJ-001 tool:run_command",
        "MCP-INJ-002 tool:query",
        "MCP-INJ-003 tool:read_any",
        "MCP-INJ-004 tool:fetch",
    ] {
        assert!(found.iter().any(|found| found == expected), "{expected} is missing: {found:#?}");
    }
    for honest in ["list_notes", "save_note", "get_weather"] {
        assert!(
            !found.iter().any(|found| found.ends_with(&format!(":{honest}"))),
            "{honest} is honest: {found:#?}"
        );
    }
}

#[test]
fn a_server_of_the_newest_revision_is_heard() {
    let run = Bartizan::new().scan(["--", "python3", &fixture("stateless.py")]).expect_code(0);
    assert_eq!(run.not_checked(), [""; 0]);
    assert_eq!(server(&run.json())["protocol_version"], "2026-07-28");
    assert_eq!(server(&run.json())["tools"], 2);
}

#[test]
fn a_snapshot_is_judged_as_the_live_server_is() {
    let user = Bartizan::new();
    for command in [vec!["python3".to_owned(), fixture("poisoned.py")], everything()] {
        let live = user.scan(over_stdio(&command));
        let mut args = vec!["snapshot".to_owned(), "-o".to_owned(), "server.json".to_owned()];
        args.extend(over_stdio(&command));
        user.run(args).expect_code(0);
        let saved = user.scan(["server.json"]);
        assert_eq!(saved.code(), live.code());
        assert_eq!(saved.found(), live.found());
        assert_eq!(server(&saved.json())["digest"], server(&live.json())["digest"]);
        let prints = |run: &bartizan_tests::Run| -> Vec<String> {
            run.findings().iter().map(|finding| finding["fingerprint"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(prints(&saved), prints(&live));
    }
}

#[test]
fn a_snapshot_of_a_snapshot_is_the_snapshot() {
    let user = Bartizan::new();
    user.run(["snapshot", "-o", "one.json", "--", "python3", &fixture("poisoned.py")]).expect_code(0);
    let two = user.run(["snapshot", "one.json"]).expect_code(0);
    assert_eq!(std::fs::read_to_string(user.work().join("one.json")).unwrap(), two.text());
}

#[test]
fn several_targets_are_one_report() {
    let user = Bartizan::new();
    let script = fixture("poisoned.py");
    let run = user.scan([&super::poisoned(), "--", "python3", script.as_str()]).expect_code(1);
    let report = run.json();
    let names: Vec<&str> =
        report["servers"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["calculator", "notes-and-weather"]);
    for name in names {
        assert!(
            run.findings().iter().any(|finding| finding["subject"]["server"] == name),
            "nothing of {name}"
        );
    }
}

#[test]
fn one_silent_server_does_not_hide_the_others() {
    let run = Bartizan::new()
        .scan([&super::poisoned(), "--fail-on", "critical", "--", "no-such-program"])
        .expect_code(3);
    assert!(run.found().contains(&"MCP-PROTO-001 tool:add".to_owned()));
    assert_eq!(run.not_checked().len(), 1);
}
