//! Every rule on its vectors, and on input made to break it.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_credentials::Credentials;
use bartizan_sdk::{check_natively, prelude::*, testing};
use serde_json::{Value, json};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");
/// Made up for these tests.
const AWS: &str = "AKIAQ3EGRV7JZKXT2WPN";

#[test]
fn every_vector_holds() {
    testing::check_vectors::<Credentials>(VECTORS).unwrap();
}

#[test]
fn every_rule_has_vectors_on_both_sides() {
    testing::check_coverage::<Credentials>(VECTORS, 5).unwrap();
}

fn check(server: &Server) -> Vec<Finding> {
    check_natively::<Credentials>(server, None).unwrap()
}

fn tool(name: &str, description: &str, schema: &Value) -> Tool {
    Tool { description: Some(description.into()), input_schema: schema.to_string(), ..Tool::named(name) }
}

#[test]
fn no_finding_repeats_the_secret_it_found() {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAwmT3oM8v0dXz5R2k1QyWn7hJ4sLfPbC9uGtE6iVaKxO8rYeD\nq5ZlN0pHjF2cUo7mB1wSxRgT4kIvAe3yQn6uLd9fPzXs8hCbWtJrOa5iMlK0EjYG\n-----END RSA PRIVATE KEY-----";
    let secrets = [AWS, "hQ7vXk29LmZp4RwT8sBn", "Winter-2031-Snow!", "Zk3vPq9wLm2XtRb7NcYd"];
    let schema = json!({ "properties": {
        "api_key": { "type": "string", "default": secrets[1] },
        "password": { "type": "string", "default": secrets[2] },
    }, "x": { AWS: 1, "note": format!("postgres://app:{}@db.corp.net/x", secrets[3]) } });
    let transport = Transport {
        kind: "streamable-http".into(),
        address: format!("https://x:{}@mcp.corp.net/?api_key={}", secrets[3], secrets[1]),
        command: vec!["srv".into(), format!("--key={AWS}")],
    };
    let server = Server {
        tools: vec![tool("t", &format!("Use {AWS}. {key} password: {}", secrets[2]), &schema)],
        instructions: Some(format!("password={} {AWS}", secrets[3])),
        prompts: vec![Prompt { description: Some(AWS.into()), ..Prompt::named("p") }],
        resources: vec![Resource { description: Some(AWS.into()), ..Resource::at("a://b") }],
        transport,
        ..Server::named("s")
    };
    let found = check(&server);
    assert!(found.len() >= 5, "{found:#?}");
    let told = format!("{found:?}");
    for secret in secrets.iter().chain(&["MIIEpAIBAAKCAQEA"]) {
        assert!(!told.contains(secret), "{secret} in {told}");
        assert!(!told.contains(secret.get(5..).unwrap()), "the end of {secret} in {told}");
    }
}

#[test]
fn hostile_particulars_of_an_observation_are_survived() {
    let deep = "[".repeat(100_000);
    let many =
        json!({ "scopes_supported": vec!["x"; 100_000], "env": vec![json!({ "literal": true }); 50_000] })
            .to_string();
    for detail in [
        "",
        "null",
        "[]",
        "\"x\"",
        "{\"env\":7,\"headers\":{}}",
        "{\"scopes_supported\":{\"a\":1}}",
        &deep,
        &many,
    ] {
        for kind in ["http-auth", "auth-metadata", "launch"] {
            let observations = vec![Observation::new(kind, "\u{0}\u{202e}", detail)];
            let server = Server { observations, ..Server::at("https://mcp.corp.net/") };
            assert!(check_natively::<Credentials>(&server, None).is_ok(), "{kind} {detail:.20}");
        }
    }
}

#[test]
fn what_is_no_schema_is_looked_through_as_it_stands() {
    let deep = format!("{}\"{AWS}\"{}", "[".repeat(5_000), "]".repeat(5_000));
    for schema in [deep.as_str(), &format!("{{ {AWS}")] {
        let broken = Tool { input_schema: schema.into(), ..Tool::named("t") };
        let found = check(&Server { tools: vec![broken], ..Server::named("s") });
        assert!(found.iter().any(|finding| finding.rule == "MCP-SEC-048"), "{schema:.20}");
    }
    for schema in ["null", "[]", "true", "{\"properties\":[]}", "{\"properties\":{\"password\":7}}"] {
        let odd = Tool { input_schema: schema.into(), ..Tool::named("t") };
        assert_eq!(check(&Server { tools: vec![odd], ..Server::named("s") }), [], "{schema}");
    }
}

#[test]
fn texts_made_to_keep_the_search_busy_end_soon() {
    let texts = [
        "eyJ".repeat(300_000),
        "eyJ.eyJ.".repeat(120_000),
        "-----BEGIN PRIVATE KEY-----".repeat(30_000),
        "password=".repeat(100_000),
        "https://a:b@".repeat(80_000),
        ":AA".repeat(300_000),
        "sk-".repeat(300_000),
        "AKIA".repeat(250_000),
        "a".repeat(1_000_000),
        "?scope=".repeat(150_000),
        "token: token: ".repeat(70_000),
        "1".repeat(500_000) + ":AA",
    ];
    for text in texts {
        let server = Server { instructions: Some(text.clone()), ..Server::named("s") };
        let found = check(&server);
        assert!(found.len() <= 10, "{text:.20}: {}", found.len());
    }
}

#[test]
fn what_is_more_than_is_read_is_said() {
    let tools = (0..12).map(|n| tool(&format!("t{n}"), &"word ".repeat(200_000), &json!({}))).collect();
    let found = check(&Server { tools, ..Server::named("s") });
    assert!(found.iter().any(|finding| finding.message.contains("not looked at")), "{found:?}");
}

#[test]
fn a_schema_too_large_for_the_memory_of_a_component_is_told_and_looked_through_for_secrets() {
    let many: serde_json::Map<String, Value> =
        (0..40_000).map(|n| (format!("api_key_{n}"), json!({ "type": "string" }))).collect();
    let schema = json!({ "properties": many, "x": AWS });
    let found = check(&Server { tools: vec![tool("t", "T.", &schema)], ..Server::named("s") });
    let told = |rule: &str| found.iter().any(|finding| finding.rule == rule);
    assert!(told("MCP-AUTH-003") && told("MCP-SEC-048"), "{found:?}");
}

#[test]
fn many_alike_tools_make_one_finding() {
    let schema = json!({ "properties": { "api_key": { "type": "string" } }, "required": ["api_key"] });
    let tools = (0..200).map(|n| tool(&format!("get_{n}"), "Get a thing.", &schema)).collect();
    let found = check(&Server { tools, ..Server::named("s") });
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains("200 tools") && found[0].subject.kind == "server");
}

#[test]
fn only_what_is_enabled_is_judged() {
    let schema =
        json!({ "properties": { "password": { "type": "string" }, "access_token": { "type": "string" } } });
    let server = Server {
        tools: vec![tool("t", &format!("Get. {AWS} See https://a.net/authorize?scope=repo"), &schema)],
        ..Server::named("s")
    };
    for rule in Credentials::rules() {
        let found = Credentials::check(&server, &Enabled::new([rule.id.clone()]), &None).unwrap();
        assert!(found.iter().all(|finding| finding.rule == rule.id), "{found:?}");
    }
    // A token that the other rule does not claim is a credential like any other.
    let found = Credentials::check(&server, &Enabled::new(["MCP-AUTH-003".to_owned()]), &None).unwrap();
    assert!(found[0].message.contains("access_token"), "{found:?}");
}
