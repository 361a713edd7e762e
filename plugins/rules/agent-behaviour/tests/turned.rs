//! The hints of honest tools turned round: what its author marked as writing or destroying must be found when it is marked
//! as harmless. `cargo test -p bartizan-agent-behaviour --test turned -- --nocapture` shows what is missed.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::{fs, path::Path};

use bartizan_agent_behaviour::AgentBehaviour;
use bartizan_sdk::{check_natively, prelude::*, testing};
use serde_json::{Value, json};

/// Every tool of the honest servers whose author wrote this hint, with its server's name.
fn tools(hint: &str, value: bool) -> Vec<(String, Tool)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/data/corpus/captures");
    let mut tools = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let server =
            testing::server_from_value(&serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap());
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        tools.extend(server.tools.into_iter().filter_map(|tool| {
            let annotations: Value = serde_json::from_str(tool.annotations.as_deref()?).ok()?;
            (annotations.get(hint)? == value).then(|| (name.clone(), tool))
        }));
    }
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
