//! Tools in words that the rules were not written to. `unseen.json` says how the first look at them went.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_data_and_load::DataAndLoad;
use bartizan_sdk::{check_natively, prelude::*, testing};
use serde_json::{Value, json};

fn judged(tool: &Value) -> Vec<Finding> {
    let server = testing::server_from_value(&json!({ "tools": [tool] }));
    check_natively::<DataAndLoad>(&server, None).unwrap()
}

fn cases() -> Value {
    serde_json::from_str(include_str!("unseen.json")).unwrap()
}

#[test]
fn what_gives_something_away_is_found_in_other_words_too() {
    for case in cases()["found"].as_array().unwrap() {
        let rule = case["rule"].as_str().unwrap();
        let found = judged(&case["tool"]);
        assert!(found.iter().any(|finding| finding.rule == rule), "{case}");
    }
}

#[test]
fn honest_tools_that_speak_of_the_same_things_are_left_in_peace() {
    for tool in cases()["honest"].as_array().unwrap() {
        assert_eq!(judged(tool), [], "{tool}");
    }
}
