//! Every rule that ships has vectors of both kinds, and they hold for the signed component in the sandbox.
//!
//! The packs' own tests run them natively; here they go through the reader of listings and the contract.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, which is what it is for"
)]

mod loaded;

use std::path::PathBuf;

#[test]
fn every_rule_that_ships_keeps_its_vectors_in_the_sandbox() {
    let rules = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../plugins/rules");
    let plugins = loaded::plugins();
    let mut count = 0;
    let mut failures = Vec::new();
    for standing in plugins.loaded().iter().filter(|standing| standing.component.shape().judges()) {
        let component = &standing.component;
        let name = component.reference().name.trim_start_matches("bartizan/").to_owned();
        let folder = rules.join(&name).join("vectors");
        bartizan_vectors::uncovered(component, &folder).unwrap_or_else(|why| panic!("{name}: {why}"));
        for tested in bartizan_vectors::run(component, &folder).unwrap() {
            count += 1;
            if let Err(why) = tested.verdict {
                failures.push(format!("{}\n    {why}", tested.path.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} differ\n{}", failures.len(), failures.join("\n"));
    // As many as there were when this was written, or more: an empty folder is no pass.
    assert!(count >= 900, "only {count} vectors were found");
}
