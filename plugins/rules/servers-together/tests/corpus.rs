//! The pack on what real servers present, together. `cargo test -p bartizan-servers-together --test corpus -- --nocapture`
//! shows what is told.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::{fs, path::Path};

use bartizan_sdk::{judge_natively, prelude::*, testing};
use bartizan_servers_together::ServersTogether;

fn servers(folder: &str) -> Vec<(String, Server)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/data/corpus").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let snapshot = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
            (file.file_stem().unwrap().to_string_lossy().into_owned(), testing::server_from_value(&snapshot))
        })
        .collect()
}

fn judge(what: &str, servers: &[Server]) -> Vec<FleetFinding> {
    let found = judge_natively::<ServersTogether>(servers).unwrap();
    for finding in &found {
        let severity = testing::severity_name(finding.severity.unwrap());
        println!("{severity} {} {what}: {}", finding.rule, finding.message);
    }
    found
}

fn one(name: &str, from: &[(String, Server)]) -> Server {
    from.iter().find(|(file, _)| file == name).unwrap().1.clone()
}

#[test]
fn thirty_five_honest_servers_together_raise_no_alarm() {
    let all: Vec<Server> = servers("captures").into_iter().map(|(_, server)| server).collect();
    let found = judge("together", &all);
    let flows = found.iter().filter(|finding| finding.rule == "MCP-SEC-046").count();
    assert_eq!(flows, 1, "one finding a scan");
    let raised: Vec<_> = found
        .iter()
        .filter(|finding| finding.rule == "MCP-SEC-041" && finding.severity > Some(Severity::Info))
        .collect();
    assert!(raised.is_empty(), "{raised:#?}");
}

#[test]
fn no_honest_server_by_itself_is_raised_to_high() {
    for (name, server) in servers("captures") {
        for finding in judge(&name, &[server]) {
            assert!(finding.severity <= Some(Severity::Medium), "{name}: {finding:#?}");
            assert_eq!(finding.rule, "MCP-SEC-046", "{name}: nothing is shadowed where nobody else is");
        }
    }
}

#[test]
fn recorded_shadowing_is_told_beside_its_victim() {
    let malicious = servers("captures-malicious");
    let victim = |tool: &str, does: &str| Server {
        tools: vec![Tool { description: Some(does.into()), ..Tool::named(tool) }],
        ..Server::named("victim")
    };
    for (name, tool, does) in [
        ("everything-wrong", "send_email", "Sends an email."),
        ("cisco-server", "add", "Adds two numbers."),
        ("cisco-sse_server", "add", "Adds two numbers."),
        ("mcpsecbench-maliciousadd", "check", "Checks a signature."),
    ] {
        // In the recording attacker and victim are one server: the attacker's own tool of that name is taken out.
        let mut attacker = one(name, &malicious);
        attacker.tools.retain(|own| own.name != tool);
        let found = judge(name, &[attacker, victim(tool, does)]);
        let told = |finding: &FleetFinding| {
            finding.rule == "MCP-SEC-041" && finding.severity >= Some(Severity::Medium)
        };
        assert!(found.iter().any(told), "{name}: {found:#?}");
    }
}

#[test]
fn recorded_name_overlaps_are_told_beside_their_victim() {
    let malicious = servers("captures-malicious");
    for family in [
        "msb-duckduckgo_search_server-server",
        "msb-terminal_controller-terminal_controller",
        "msb-office_word_document_server-word_mcp_server",
    ] {
        let victim = one(family, &malicious);
        let attacker = one(&format!("{family}-name_overlap"), &malicious);
        let count = attacker.tools.len();
        let found = judge(family, &[victim, attacker]);
        let told = found
            .iter()
            .filter(|finding| finding.rule == "MCP-SEC-041" && finding.severity >= Some(Severity::Medium))
            .count();
        assert!(told * 4 >= count * 3, "{family}: {told} of {count}");
    }
}
