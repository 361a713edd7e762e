//! Every rule on its vectors, and on input made to break it.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_protocol::Protocol;
use bartizan_sdk::{check_natively, prelude::*, testing};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");
const KINDS: [&str; 14] = [
    "probe",
    "stdout-noise",
    "malformed-answer",
    "malformed-hello",
    "malformed-item",
    "batch",
    "invalid-utf8",
    "list-error",
    "version-answered",
    "duplicate-key",
    "case-variant-key",
    "undeclared-list",
    "server-request",
    "list-drift",
];

#[test]
fn every_vector_holds() {
    testing::check_vectors::<Protocol>(VECTORS).unwrap();
}

#[test]
fn every_rule_has_vectors_on_both_sides() {
    testing::check_coverage::<Protocol>(VECTORS, 5).unwrap();
}

fn with_schema(schema: &str) -> Server {
    let tool = Tool { input_schema: schema.into(), ..Tool::named("t") };
    Server { tools: vec![tool], ..Server::named("s") }
}

#[test]
fn hostile_particulars_of_an_observation_are_survived() {
    let deep = "[".repeat(100_000);
    let long = format!(r#"{{"first":"{}","problem":"{0}","lines":1}}"#, "\\u0000\u{202e}".repeat(2_000));
    for detail in
        ["", "null", "[]", "\"x\"", "{}", r#"{"ran":true,"outcome":{}}"#, r#"{"items":-1}"#, &deep, &long]
    {
        for kind in KINDS {
            let seen = (0..40).map(|_| Observation::new(kind, "\u{0}\u{202e}", detail)).collect();
            let server = Server { observations: seen, ..Server::named("s") };
            let found = check_natively::<Protocol>(&server, None).unwrap();
            assert!(found.len() <= 10, "{kind} {detail:.20}: {}", found.len());
            testing::check_answer(&server, &found).unwrap();
        }
    }
}

#[test]
fn a_schema_that_is_too_deep_or_too_large_is_told_of_and_not_read() {
    let deep = format!("{}{{}}{}", r#"{"items":"#.repeat(5_000), "}".repeat(5_000));
    let wide = format!(r#"{{"type":"object","enum":[{}0]}}"#, "0,".repeat(500_000));
    let long = format!(r#"{{"type":"object","title":"{}"}}"#, "x".repeat(1 << 20));
    for schema in [deep, wide, long] {
        let server = with_schema(&schema);
        let found = check_natively::<Protocol>(&server, None).unwrap();
        assert_eq!(found.len(), 1);
        assert!(found.iter().all(|finding| finding.message.contains("was not judged")), "{found:?}");
        testing::check_answer(&server, &found).unwrap();
    }
}

#[test]
fn no_schema_of_a_thousand_hostile_tools_is_taken_for_clean() {
    let bad = r#"{"type":"object","properties":{"p":{"$ref":"https://evil.example/x.json"}}}"#;
    let padded = format!(r#"{{"type":"object","title":"{}","pattern":"^(a+)+$"}}"#, "x".repeat(400 << 10));
    let tools = (0..1_000)
        .map(|n| {
            let schema = if n % 2 == 0 { bad } else { &padded };
            Tool { input_schema: schema.into(), ..Tool::named(&format!("t{n}")) }
        })
        .collect();
    let server = Server { tools, ..Server::named("s") };
    let found = check_natively::<Protocol>(&server, None).unwrap();
    testing::check_answer(&server, &found).unwrap();
    assert!(found.iter().any(|finding| finding.message.contains("were not judged")), "{found:?}");
    assert!(found.iter().any(|finding| finding.severity == Some(Severity::Medium)));
}

#[test]
fn a_name_as_long_as_the_schema_does_not_multiply() {
    let name = "n".repeat(200 << 10);
    let children: Vec<String> = (0..2_000).map(|n| format!(r#""c{n}":{{"type":"no"}}"#)).collect();
    let schema = format!(
        r#"{{"type":"object","properties":{{"{name}":{{"properties":{{{}}}}}}}}}"#,
        children.join(",")
    );
    let server = with_schema(&schema);
    let found = check_natively::<Protocol>(&server, None).unwrap();
    assert_eq!(found.len(), 1);
    testing::check_answer(&server, &found).unwrap();
}

#[test]
fn a_finding_about_an_item_that_is_not_there_is_about_the_server() {
    let detail =
        r#"{"item":"tool","index":0,"pointer":"/Name","keys":["name","Name"],"values":["\"a\"","\"b\""]}"#;
    let server = Server {
        observations: vec![Observation::new("case-variant-key", "gone", detail)],
        ..Server::named("s")
    };
    let found = check_natively::<Protocol>(&server, None).unwrap();
    assert_eq!(found.len(), 1);
    testing::check_answer(&server, &found).unwrap();
}

#[test]
fn a_password_in_an_error_is_not_repeated() {
    let detail = r#"{"code":-32603,"message":"cannot connect to postgres://app:hunter2@db.internal/orders"}"#;
    let server = Server {
        observations: vec![Observation::new("list-error", "resources/list", detail)],
        ..Server::named("s")
    };
    let found = check_natively::<Protocol>(&server, None).unwrap();
    assert_eq!(found.len(), 1);
    assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
}

#[test]
fn only_what_is_enabled_is_judged() {
    let server = with_schema(r#"{"type":"str"}"#);
    let enabled = Enabled::new(["MCP-PROTO-006".to_owned()]);
    assert_eq!(Protocol::check(&server, &enabled, &None), Ok(Vec::new()));
}
