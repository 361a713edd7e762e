//! Tools in words that the rules were not written to. `unseen.json` says how the first look at them went.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_data_and_load::DataAndLoad;
use bartizan_sdk::{prelude::*, testing};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/unseen.json");

#[test]
fn what_gives_something_away_is_found_in_other_words_too() {
    testing::check_attack_cases::<DataAndLoad>(CASES, 100).unwrap();
}

#[test]
fn honest_tools_that_speak_of_the_same_things_are_left_in_peace() {
    testing::check_honest_cases::<DataAndLoad>(CASES, Severity::Info).unwrap();
}
