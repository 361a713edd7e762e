//! The commands beside `scan`.

use bartizan_tests::Bartizan;
use serde_json::Value;

#[test]
fn doctor_sends_a_canary_through_every_component() {
    let run = Bartizan::new().run(["doctor"]).expect_code(0);
    for component in ["tool-poisoning", "injection-surface", "transport-and-auth", "json", "sarif", "text"] {
        assert!(run.text().contains(&format!("bartizan/{component}")), "{}", run.text());
    }
    assert!(!run.text().contains("FAILED"), "{}", run.text());
}

#[test]
fn rules_are_listed_and_explained() {
    let user = Bartizan::new();
    let list = user.run(["rules"]).expect_code(0);
    let json: Value = user.run(["rules", "--format", "json"]).expect_code(0).json();
    let ids: Vec<&str> = json.as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert!(ids.len() >= 11, "{ids:?}");
    assert!(ids.is_sorted());
    for (id, rule) in ids.iter().zip(json.as_array().unwrap()) {
        assert!(list.text().contains(id), "{id} is not in the list");
        let one = user.run(["rules", id]).expect_code(0);
        assert!(one.text().contains(rule["title"].as_str().unwrap()), "{id}");
        let help = rule["help"].as_str().unwrap();
        assert!(help.len() > 200 && one.text().contains(help.trim()), "{id} is not explained: {help}");
        assert!(!rule["tags"].as_array().unwrap().is_empty(), "{id} names no catalogue");
    }
}

#[test]
fn components_are_listed_and_described() {
    let user = Bartizan::new();
    let list = user.run(["plugins", "list"]).expect_code(0);
    assert!(
        list.text().contains("bartizan/tool-poisoning") && list.text().contains("reports as sarif"),
        "{}",
        list.text()
    );
    let info = user.run(["plugins", "info", "bartizan/tool-poisoning"]).expect_code(0);
    for fact in ["MCP-PROTO-001", "sha256:", "it can reach nothing", "compiled ahead"] {
        assert!(info.text().contains(fact), "{fact}: {}", info.text());
    }
    let none = user.run(["plugins", "info", "acme/nope"]).expect_code(2);
    assert!(none.stderr.contains("acme/nope"), "{}", none.stderr);
}

#[test]
fn keys_are_trusted_and_listed_and_the_first_partys_name_is_not_to_be_had() {
    let user = Bartizan::new();
    let listed = user.run(["trust", "list"]).expect_code(0);
    assert!(!listed.text().contains("acme"));
    let publisher = bartizan_tests::Publisher::new();
    publisher.trusted_by(&user, "acme");
    assert!(user.run(["trust", "list"]).expect_code(0).text().contains("acme"));
    let again = user.run(["trust", "add", "acme", "publisher.pem.pub"]).expect_code(0);
    assert!(again.text().contains("already trusted"), "{}", again.text());
    let refused = user.run(["trust", "add", "bartizan", "publisher.pem.pub"]).expect_code(4);
    assert!(refused.stderr.contains("bartizan"));
    for (name, key) in [
        ("Acme", "publisher.pem.pub"),
        ("../x", "publisher.pem.pub"),
        ("acme", "missing.pem"),
        ("acme", "text.pem"),
    ] {
        user.write("text.pem", "no key");
        user.run(["trust", "add", name, key]).expect_code(2);
    }
    assert_eq!(user.run(["trust", "list"]).text().matches("acme").count(), 1);
}

#[test]
fn completions_are_printed_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = Bartizan::new().run(["completions", shell]).expect_code(0);
        assert!(run.text().contains("bartizan") && run.text().contains("snapshot"), "{shell}");
    }
}
