//! Saved listings of every shape, and files that are none.

use bartizan_tests::Bartizan;
use serde_json::{Value, json};

fn tools() -> Value {
    let text = std::fs::read_to_string(super::poisoned()).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["tools"].clone()
}

#[test]
fn every_shape_of_a_listing_is_read() {
    let user = Bartizan::new();
    let shapes = [
        ("array", tools()),
        ("result", json!({ "tools": tools() })),
        ("response", json!({ "jsonrpc": "2.0", "id": 1, "result": { "tools": tools() } })),
        (
            "snapshot",
            json!({ "name": "s", "initialize": { "serverInfo": { "name": "s" } }, "tools": tools() }),
        ),
    ];
    for (name, document) in shapes {
        let path = user.write(&format!("{name}.json"), document.to_string());
        let run = user.scan([&path]).expect_code(1);
        assert_eq!(run.found(), ["MCP-INJ-001 tool:run", "MCP-PROTO-001 tool:add"], "{name}");
        assert_eq!(run.not_checked(), [""; 0], "{name}");
    }
}

#[test]
fn what_is_no_listing_is_a_usage_error_that_says_why() {
    let user = Bartizan::new();
    std::fs::create_dir(user.work().join("folder")).unwrap();
    let deep = "[".repeat(100_000);
    let cases: &[(&str, &[u8], &str)] = &[
        ("empty.json", b"", "not JSON"),
        ("text.json", b"Hello.", "not JSON"),
        ("half.json", b"{\"tools\":[{\"name\":", "not JSON"),
        ("number.json", b"7", "no listing"),
        ("other.json", b"{\"a\":1}", "no listing"),
        ("config.json", b"{\"mcpServers\":{}}", "client's configuration"),
        (
            "error.json",
            b"{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"m\"}}",
            "JSON-RPC error",
        ),
        ("latin.json", b"{\"tools\":[{\"name\":\"caf\xe9\"}]}", "UTF-8"),
        ("deep.json", deep.as_bytes(), "JSON"),
        ("server.py", b"print()", "script"),
        ("server.js", b"", "script"),
    ];
    for (name, content, why) in cases {
        user.write(name, content);
        let run = user.scan([name]).expect_code(2);
        assert!(run.stdout.is_empty(), "{name}");
        assert!(run.stderr.contains(why), "{name}: {}", run.stderr);
    }
    for (name, why) in [("folder", "folder"), ("missing.json", "no file")] {
        let run = user.scan([name]).expect_code(2);
        assert!(run.stderr.contains(why), "{name}: {}", run.stderr);
    }
}

#[test]
fn a_file_that_may_not_be_read_is_a_usage_error() {
    // Even root cannot read this one.
    let run = Bartizan::new().scan(["/proc/self/mem"]).expect_code(2);
    assert!(run.stderr.contains("could not be read") || run.stderr.contains("cannot"), "{}", run.stderr);
}

#[test]
fn a_bad_file_among_good_ones_is_named_in_the_report() {
    let user = Bartizan::new();
    user.write("text.json", "Hello.");
    let run = user.scan(["--fail-on", "critical", "text.json", &super::poisoned()]).expect_code(3);
    assert_eq!(run.not_checked(), ["not-json"]);
    assert!(run.found().contains(&"MCP-PROTO-001 tool:add".to_owned()));
}

#[test]
fn a_finding_in_a_file_says_where() {
    let user = Bartizan::new();
    // Line of each tool in the listing, whatever the listing says of how it was made.
    for (name, head) in
        [("bare", ""), ("stdio", "\"transport\":\"stdio\",\"command\":[\"python3\",\"server.py\"],")]
    {
        user.write("server.py", "pass\n");
        let all = tools();
        let poisoned = all.as_array().unwrap().iter().find(|tool| tool["name"] == "add").unwrap();
        let path = user.write(&format!("{name}.json"), format!("{{{head}\"tools\":[\n\n  {poisoned}\n]}}\n"));
        let run = user.scan([&path]).expect_code(1);
        let subject = run.findings()[0]["subject"].clone();
        assert_eq!(subject["path"], path.to_str().unwrap(), "{name}");
        assert_eq!(subject["position"], json!({ "line": 3, "column": 2 }), "{name}");
        let sarif = user.run(["scan", "--format", "sarif", path.to_str().unwrap()]).expect_code(1).json();
        let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["region"]["startLine"], 3, "{name}: {place}");
        assert_eq!(place["region"]["startColumn"], 3, "{name}: {place}");
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.ends_with(&format!("{name}.json")), "{name}: {uri}");
    }
}

#[test]
fn a_hostile_file_name_is_shown_harmlessly() {
    let user = Bartizan::new();
    let path = user.write("a\u{1b}[2Jb.json", json!({ "tools": tools() }).to_string());
    let run = user.run(["scan".as_ref(), path.as_os_str()]).expect_code(1);
    assert!(!run.text().contains('\u{1b}') && !run.stderr.contains('\u{1b}'), "{}", run.text());
}
