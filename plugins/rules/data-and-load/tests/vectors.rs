//! Every rule on its vectors, and on input made to break it.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_data_and_load::DataAndLoad;
use bartizan_sdk::{check_natively, prelude::*, testing};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

#[test]
fn every_vector_holds() {
    testing::check_vectors::<DataAndLoad>(VECTORS).unwrap();
}

#[test]
fn every_rule_has_vectors_on_both_sides() {
    testing::check_coverage::<DataAndLoad>(VECTORS, 5).unwrap();
}

fn remote(observations: Vec<Observation>) -> Server {
    Server { observations, ..Server::at("https://mcp.example.com/mcp") }
}

#[test]
fn hostile_particulars_of_an_observation_are_survived() {
    let deep = "[".repeat(100_000);
    for detail in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"sent":-1,"answered":1e99,"outcome":"accepted"}"#,
        r#"{"status":{}}"#,
        &deep,
    ] {
        for (kind, about) in [
            ("http-response", "u"),
            ("probe", "burst"),
            ("probe", "bad-token"),
            ("http-auth", "u"),
            ("cache-hint", "tools/list"),
        ] {
            let server = remote(vec![Observation::new(kind, about, detail)]);
            assert_eq!(check_natively::<DataAndLoad>(&server, None), Ok(Vec::new()), "{kind} {detail:.20}");
        }
    }
}

#[test]
fn hostile_texts_and_schemas_are_survived() {
    let bomb = format!("{}\"x\"{}", r#"{"properties":{"password":"#.repeat(5_000), "}}".repeat(5_000));
    let cycle = r##"{"properties":{"iterations":{"$ref":"#/properties/iterations"},"a":{"anyOf":[{"$ref":"#/properties/a"}]}}}"##;
    let words = "returns passwords and the ".repeat(50_000);
    let texts = [words.as_str(), "\u{202e}\u{0}", "", "ſ".repeat(10_000).leak()];
    for schema in [bomb.as_str(), cycle, "[", "null", "true", r#"{"properties":[]}"#] {
        for text in texts {
            let tool = Tool {
                description: Some(text.into()),
                input_schema: schema.into(),
                output_schema: Some(schema.into()),
                ..Tool::named(text)
            };
            let resource = Resource {
                description: Some(text.into()),
                name: text.into(),
                ..Resource::at(&format!("secrets://{text}"))
            };
            let server = Server { tools: vec![tool], resources: vec![resource], ..Server::named("s") };
            let found = check_natively::<DataAndLoad>(&server, None).unwrap();
            testing::check_answer(&server, &found).unwrap();
        }
    }
}

#[test]
fn a_thousand_tools_that_are_alike_are_one_finding() {
    let tools = (0..1_000).map(|n| Tool {
        description: Some("Returns the settings and the database passwords.".into()),
        ..Tool::named(&format!("settings_{n}"))
    });
    let server = Server { tools: tools.collect(), ..Server::named("s") };
    let found = check_natively::<DataAndLoad>(&server, None).unwrap();
    assert_eq!(found.len(), 1);
    testing::check_answer(&server, &found).unwrap();
}

#[test]
fn more_than_can_be_read_is_told_and_not_taken_for_clean() {
    let tools = (0..2_000).map(|n| Tool {
        description: Some("Returns the weather and nothing else. ".repeat(60)),
        ..Tool::named(&format!("weather_{n}"))
    });
    let server = Server { tools: tools.collect(), ..Server::named("s") };
    let found = check_natively::<DataAndLoad>(&server, None).unwrap();
    assert_eq!(found.len(), 1);
    assert!(found.iter().all(|finding| finding.message.contains("was not judged")));
}

#[test]
fn only_what_is_enabled_is_judged() {
    let tool = Tool { description: Some("Returns all passwords.".into()), ..Tool::named("report") };
    let server = Server { tools: vec![tool], ..Server::named("s") };
    let enabled = Enabled::new(["MCP-DOS-002".to_owned()]);
    assert_eq!(DataAndLoad::check(&server, &enabled, &None), Ok(Vec::new()));
}
