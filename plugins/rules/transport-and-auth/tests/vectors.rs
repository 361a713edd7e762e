//! Every rule on its vectors, and on input made to break it.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_sdk::{check_natively, prelude::*, testing};
use bartizan_transport_and_auth::TransportAndAuth;

const KINDS: [&str; 7] =
    ["http-auth", "redirect", "tls", "probe", "auth-metadata", "session-id", "http-response"];
const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

#[test]
fn every_vector_holds() {
    testing::check_vectors::<TransportAndAuth>(VECTORS).unwrap();
}

#[test]
fn every_rule_has_vectors_on_both_sides() {
    testing::check_coverage::<TransportAndAuth>(VECTORS, 5).unwrap();
}

fn remote(address: &str, observations: Vec<Observation>) -> Server {
    Server { observations, ..Server::at(address) }
}

#[test]
fn hostile_particulars_of_an_observation_are_survived() {
    let deep = "[".repeat(100_000);
    for detail in ["", "null", "[]", "\"x\"", "{\"status\":\"200\"}", "{\"version\":{}}", deep.as_str()] {
        for kind in KINDS {
            let server =
                remote("https://mcp.example.com/mcp", vec![Observation::new(kind, "\u{0}\u{202e}", detail)]);
            assert_eq!(
                check_natively::<TransportAndAuth>(&server, None),
                Ok(Vec::new()),
                "{kind} {detail:.20}"
            );
        }
    }
}

#[test]
fn an_address_that_is_none_is_survived() {
    for address in [
        "",
        "http://",
        "mcp.example.com",
        "http://[::1",
        "http://%00/",
        "javascript:alert(1)",
        "http://\u{202e}/",
    ] {
        let server = remote(address, Vec::new());
        assert!(check_natively::<TransportAndAuth>(&server, None).is_ok(), "{address}");
    }
}

#[test]
fn secrets_in_an_address_are_not_repeated() {
    let detail = r#"{"status":200,"credentials_sent":false,"answered_without_credentials":true}"#;
    let server = remote(
        "http://user:hunter2@mcp.example.com/mcp?key=hunter3#hunter4",
        vec![Observation::new("http-auth", "", detail)],
    );
    let found = check_natively::<TransportAndAuth>(&server, None).unwrap();
    assert_eq!(found.len(), 2);
    assert!(!format!("{found:?}").contains("hunter"), "{found:?}");
}

#[test]
fn many_observations_make_one_finding_a_rule() {
    let bad = r#"{"verification_error":"invalid peer certificate: Expired"}"#;
    let many = (0..10_000).map(|n| Observation::new("tls", &format!("h{n}.example.com"), bad)).collect();
    let found = check_natively::<TransportAndAuth>(&remote("https://h0.example.com/", many), None).unwrap();
    assert_eq!(found.len(), 1);
    assert!(found.iter().all(|finding| finding.evidence.len() <= 5));
}

#[test]
fn hostile_particulars_of_a_probe_are_survived_and_stay_short() {
    let long = "x\u{202e}\n".repeat(20_000);
    let text = |value: &str| serde_json::Value::from(value).to_string();
    for name in ["bad-token", "foreign-origin", "cors-preflight", "second-session", "session-reuse"] {
        for value in ["null", "-1", "18446744073709551615", "1e308", "[]", "true", &text(&long)] {
            let detail = format!(
                r#"{{"ran":true,"outcome":"accepted","length":{value},"charset":"digits","common_prefix":{value},
                "numeric_step":{value},"same_id":{value},"allow_origin":{value},"credentials_left_out":{value}}}"#
            );
            let server = remote("http://127.0.0.1:1/mcp", vec![Observation::new("probe", name, &detail)]);
            let found = check_natively::<TransportAndAuth>(&server, None).unwrap();
            assert!(found.len() <= 1 && format!("{found:?}").len() < 4_000, "{name} {found:?}");
        }
    }
}

#[test]
fn what_was_not_looked_at_is_not_found() {
    for address in ["https://mcp.example.com/mcp", "https://10.0.0.1/mcp", "http://127.0.0.1:3000/mcp"] {
        assert_eq!(check_natively::<TransportAndAuth>(&remote(address, Vec::new()), None), Ok(Vec::new()));
    }
}

#[test]
fn only_what_is_enabled_is_judged() {
    let server = remote("http://mcp.example.com/", Vec::new());
    let enabled = Enabled::new(["MCP-TRANS-002".to_owned()]);
    assert_eq!(TransportAndAuth::check(&server, &enabled, &None), Ok(Vec::new()));
}
