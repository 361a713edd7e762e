//! An unchanged server costs no component call.

use std::fs;

use bartizan_tests::Bartizan;

use super::{harmless, poisoned};

fn calls(user: &Bartizan, more: &[&str]) -> u64 {
    let run = user.scan(["shop.json"].iter().chain(more));
    run.json()["stats"]["component_calls"].as_u64().unwrap()
}

#[test]
fn what_did_not_change_is_not_asked_again() {
    let user = Bartizan::new();
    user.write("shop.json", poisoned("shop"));
    let first = calls(&user, &[]);
    let again = calls(&user, &[]);
    // Judging together is asked anew: it depends on which servers there are.
    assert!(again < first / 3, "{again} of {first}");
    assert_eq!(calls(&user, &["--no-cache"]), first);
    user.write("shop.json", harmless("shop"));
    assert!(calls(&user, &[]) > first / 2);
}

#[test]
fn the_findings_are_the_same_with_and_without_it() {
    let user = Bartizan::new();
    user.write("shop.json", poisoned("shop"));
    let findings = |more: &[&str]| user.scan(["shop.json"].iter().chain(more)).findings();
    let first = findings(&[]);
    assert_eq!(first, findings(&[]));
    assert_eq!(first, findings(&["--no-cache"]));
}

#[test]
fn a_damaged_or_foreign_answer_is_not_believed() {
    let user = Bartizan::new();
    user.write("shop.json", poisoned("shop"));
    user.scan(["shop.json"]).expect_code(1);
    let folder = user.code_cache().parent().unwrap().join("results/1");
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("\"Findings\":[", "\"Findings\":[,")).unwrap();
        count += 1;
    }
    assert!(count > 0);
    user.scan(["shop.json"]).expect_code(1);
}
