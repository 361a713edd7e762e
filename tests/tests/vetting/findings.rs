//! Living with findings.

use bartizan_tests::Bartizan;
use serde_json::Value;

use super::{notices, poisoned};

fn user() -> Bartizan {
    let user = Bartizan::new();
    user.write("shop.json", poisoned("shop"));
    user
}

fn suppressed(report: &Value) -> usize {
    report["suppressed"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_suppression_counts_until_its_day_and_is_told_of_afterwards() {
    let user = user();
    let table = |expires: &str| {
        format!(
            "[[suppress]]\nrule = \"MCP-*\"\nsubject = \"tool:shop/notes\"\nreason = \"a test server\"\n\
             owner = \"platform\"\nexpires = {expires}\n"
        )
    };
    user.write("bartizan.toml", table("2999-01-01"));
    let run = user.scan(["shop.json"]).expect_code(0);
    assert!(run.findings().is_empty() && suppressed(&run.json()) > 0);
    assert_eq!(run.json()["suppressed"][0]["owner"], "platform");
    user.write("bartizan.toml", table("2020-01-01"));
    let run = user.scan(["shop.json"]).expect_code(1);
    assert_eq!(notices(&run), ["suppression-expired"]);
    assert!(run.stderr.contains("platform answers for it"), "{}", run.stderr);
}

#[test]
fn a_suppression_that_matches_nothing_is_told_of() {
    let user = user();
    user.write("bartizan.toml", "[[suppress]]\nrule = \"MCP-TRANS-001\"\nreason = \"long gone\"\n");
    assert_eq!(notices(&user.scan(["shop.json"]).expect_code(1)), ["suppression-unused"]);
}

#[test]
fn a_suppression_wants_a_reason() {
    let user = user();
    user.write("bartizan.toml", "[[suppress]]\nrule = \"MCP-*\"\n");
    let run = user.scan(["shop.json"]).expect_code(2);
    assert!(run.stderr.contains("no reason"), "{}", run.stderr);
}

#[test]
fn only_what_is_new_counts_beside_a_baseline() {
    let user = user();
    user.run(["scan", "shop.json", "--save-baseline", "known.json"]).expect_code(1);
    let run = user.scan(["shop.json", "--baseline", "known.json"]).expect_code(0);
    assert!(run.findings().is_empty() && suppressed(&run.json()) > 0);
    // Another text in the same tool is another finding.
    user.write("shop.json", poisoned("shop").replace("id_rsa", "id_ed25519"));
    user.scan(["shop.json", "--baseline", "known.json"]).expect_code(1);
    user.run(["scan", "shop.json", "--baseline", "shop.json"]).expect_code(2);
}

#[test]
fn severities_and_profiles_are_the_users() {
    let user = user();
    user.write("bartizan.toml", "[rules.\"MCP-*\"]\nseverity = \"low\"\n");
    let run = user.scan(["shop.json"]).expect_code(0);
    let findings = run.findings();
    assert!(!findings.is_empty());
    assert!(findings.iter().all(|finding| finding["severity"] == "low"));
    assert!(findings.iter().any(|finding| finding["declared_severity"] == "high"));
    user.write("bartizan.toml", "[rules.\"MCP-*\"]\nenabled = false\n");
    user.scan(["shop.json"]).expect_code(2);
    user.write("bartizan.toml", "");
    let rules = |profile: &str| {
        user.scan(["shop.json", "--profile", profile]).json()["rules"].as_array().map_or(0, Vec::len)
    };
    assert!(rules("quick") < rules("standard"));
}

#[test]
fn what_is_below_the_minimum_is_counted_and_not_shown() {
    let user = user();
    let run = user.scan(["shop.json", "--min-severity", "critical"]).expect_code(0);
    assert_eq!(notices(&run), ["below-minimum"]);
}

#[test]
fn advisories_of_ones_own_are_read_from_a_file() {
    let user = Bartizan::new();
    user.write(
        "mcp.json",
        r#"{"mcpServers": {"one": {"command": "npx", "args": ["-y", "acme-mcp-server@1.2.0"]}}}"#,
    );
    let vulnerable = || user.scan(["mcp.json", "--no-start", "--rules", "MCP-SEC-054"]).found();
    assert_eq!(vulnerable(), [""; 0]);
    user.write(
        "osv.json",
        r#"[{"id": "ACME-2026-1", "modified": "2026-01-01T00:00:00Z", "summary": "Answers everybody", "affected": [
            {"package": {"ecosystem": "npm", "name": "acme-mcp-server"},
             "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.1"}]}]}]}]"#,
    );
    user.write(
        "bartizan.toml",
        "[plugins.\"bartizan/supply-chain\"]\nconfig = { advisories = { \"$file\" = \"osv.json\" } }\n",
    );
    assert_eq!(vulnerable(), ["MCP-SEC-054 server"]);
}
