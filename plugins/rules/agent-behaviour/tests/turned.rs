//! The hints of honest tools turned round: what its author marked as writing or destroying must be found when it is marked
//! as harmless. `cargo test -p bartizan-agent-behaviour --test turned -- --nocapture` shows what is missed.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_agent_behaviour::AgentBehaviour;
use bartizan_sdk::{check_natively, prelude::*, testing};
use serde_json::{Value, json};

const HONEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/data/corpus/captures");

/// Every tool of the honest servers whose author wrote this hint, with its server's name.
fn tools(hint: &str, value: bool) -> Vec<(String, Tool)> {
    let recordings = testing::recordings(HONEST).unwrap();
    let mut tools: Vec<(String, Tool)> = recordings
        .into_iter()
        .flat_map(|recording| {
            let server = recording.server();
            server.tools.into_iter().map(move |tool| (recording.name.clone(), tool))
        })
        .filter(|(_, tool)| {
            let annotations = tool.annotations.as_deref().and_then(|text| serde_json::from_str(text).ok());
            annotations.is_some_and(|annotations: Value| annotations.get(hint).is_some_and(|is| *is == value))
        })
        .collect();
    tools.sort_by(|a, b| (&a.0, &a.1.name).cmp(&(&b.0, &b.1.name)));
    tools
}

/// How many are found at least at low once their hints are these, of how many.
fn found(what: &str, tools: Vec<(String, Tool)>, hints: &Value) -> (usize, usize) {
    let all = tools.len();
    let mut met = 0;
    for (server, tool) in tools {
        let name = tool.name.clone();
        let turned = Tool { annotations: Some(hints.to_string()), ..tool };
        let said = turned.description.clone().unwrap_or_default();
        let found =
            check_natively::<AgentBehaviour>(&Server { tools: vec![turned], ..Server::named("s") }, None)
                .unwrap();
        if found
            .iter()
            .any(|finding| finding.rule == "MCP-SEC-049" && finding.severity >= Some(Severity::Low))
        {
            met += 1;
        } else {
            println!("missed {what} {server}/{name}: {:.90}", said.trim().replace('\n', " "));
        }
    }
    println!("{what}: {met} of {all}");
    (met, all)
}

#[test]
fn what_writes_is_found_when_it_is_marked_as_reading() {
    let (met, all) = found("writes", tools("readOnlyHint", false), &json!({ "readOnlyHint": true }));
    assert!(all > 50 && met * 100 >= all * 50, "{met} of {all}");
}

#[test]
fn what_deletes_is_found_when_it_is_marked_as_harmless() {
    let mut tools = tools("destructiveHint", true);
    // Authors call updates and clicks destructive, too; that is not what this hint is held against.
    tools.retain(|(_, tool)| ["delete", "remove", "drop"].iter().any(|verb| tool.name.contains(verb)));
    let (met, all) = found("deletes", tools, &json!({ "destructiveHint": false }));
    assert!(all >= 15 && met * 100 >= all * 90, "{met} of {all}");
}
