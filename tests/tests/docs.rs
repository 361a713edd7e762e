//! The pages that are made from the program are what the program says, and every rule's vectors hold in the real program.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of it is tests, and helpers outside of `#[test]` are not known to be"
)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use bartizan_tests::{Bartizan, root};
use serde_json::Value;

#[test]
fn the_page_of_rules_is_what_the_components_say() {
    let page = fs::read_to_string(root().join("docs/rules.md"))
        .expect("docs/rules.md is not there: run `./dev docs`");
    let run = Bartizan::new().run(["rules", "--format", "markdown"]).expect_code(0);
    assert!(page == run.text(), "docs/rules.md is not up to date: run `./dev docs`");
}

#[test]
fn the_schema_of_reports_is_the_programs() {
    let page = fs::read_to_string(root().join("docs/report.schema.json"))
        .expect("docs/report.schema.json is not there: run `./dev docs`");
    assert!(
        page == format!("{:#}\n", bartizan_model::report_schema()),
        "docs/report.schema.json is not up to date: run `./dev docs`"
    );
}

/// A vector: what a server presents, and what must be said of it. The format is documented in the SDK's `testing`.
struct Vector {
    path: PathBuf,
    rule: String,
    positive: bool,
    content: Value,
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).map(|f| f.map(|e| e.unwrap().path()).collect()).unwrap_or_default();
    paths.sort();
    paths
}

fn vectors() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for pack in folders(&root().join("plugins/rules")) {
        for rule in folders(&pack.join("vectors")) {
            for (kind, positive) in [("positive", true), ("negative", false)] {
                for path in folders(&rule.join(kind)) {
                    let content = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
                    let rule = rule.file_name().unwrap().to_str().unwrap().to_owned();
                    vectors.push(Vector { path, rule, positive, content });
                }
            }
        }
    }
    vectors
}

fn rules(user: &Bartizan) -> Vec<Value> {
    user.run(["rules", "--format", "json"]).expect_code(0).json().as_array().unwrap().clone()
}

#[test]
fn every_rule_has_vectors_of_both_kinds() {
    let vectors = vectors();
    let rules = rules(&Bartizan::new());
    for rule in &rules {
        for positive in [true, false] {
            let some = vectors.iter().any(|vector| vector.rule == rule["id"] && vector.positive == positive);
            assert!(some, "{} has no {} vector", rule["id"], if positive { "positive" } else { "negative" });
        }
    }
    for vector in &vectors {
        assert!(
            rules.iter().any(|rule| rule["id"] == vector.rule),
            "{} is of no rule",
            vector.path.display()
        );
    }
}

const SEVERITIES: [&str; 5] = ["info", "low", "medium", "high", "critical"];

fn level(severity: &str) -> usize {
    SEVERITIES
        .iter()
        .position(|known| *known == severity)
        .unwrap_or_else(|| panic!("no severity is called {severity}"))
}

/// Rule, subject and severity of a finding.
type Said = (String, String, String);

fn said(finding: &Value) -> Said {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let subject = match (text(&finding["subject"]["kind"]), text(&finding["subject"]["name"])) {
        (kind, name) if name.is_empty() => kind,
        (kind, name) => format!("{kind}:{name}"),
    };
    (text(&finding["rule"]), subject, text(&finding["severity"]))
}

/// The pack's own tests run it natively; here the signed component runs in the sandbox, and the file comes in through the reader.
#[test]
fn every_vector_holds_in_the_program() {
    let user = Bartizan::new();
    let owner: BTreeMap<String, String> = rules(&user)
        .iter()
        .map(|rule| (rule["id"].as_str().unwrap().to_owned(), rule["component"].as_str().unwrap().to_owned()))
        .collect();
    let vectors = vectors();
    // Servers may share a name, so each is scanned by itself: a finding names its server and not its file.
    let failures = std::sync::Mutex::new(Vec::new());
    bartizan_tests::together(
        &vectors.iter().collect::<Vec<_>>(),
        |vector| vector.path.display().to_string(),
        |vector| {
            let component = &owner[&vector.rule];
            let mut name = vector.path.strip_prefix(root()).unwrap().display().to_string().replace('/', "_");
            name.insert_str(0, "v_");
            let path = user.write(&name, vector.content["input"].to_string());
            let path = path.to_str().unwrap();
            let run = user.scan(["--fail-on", "critical", "--plugins", component, path]);
            let found: Vec<Said> = run.findings().iter().map(said).collect();
            if let Some(difference) = difference(vector, &found) {
                failures.lock().unwrap().push(format!("{}\n    {difference}", vector.path.display()));
            }
        },
    );
    let failures = failures.into_inner().unwrap();
    assert!(
        failures.is_empty(),
        "{} of {} vectors differ\n{}",
        failures.len(),
        vectors.len(),
        failures.join("\n")
    );
}

fn difference(vector: &Vector, found: &[Said]) -> Option<String> {
    let text = |value: &Value, key: &str| value[key].as_str().map(str::to_owned);
    if !vector.positive {
        let at_most = text(&vector.content, "at_most").map(|severity| level(&severity));
        let loud = found.iter().find(|(rule, _, severity)| {
            *rule == vector.rule && at_most.is_none_or(|most| level(severity) > most)
        });
        return loud.map(|finding| format!("must be silent, yet: {finding:?}"));
    }
    let mut left = found.to_vec();
    for expected in vector.content["expect"].as_array().unwrap() {
        let (rule, subject, severity) =
            (text(expected, "rule"), text(expected, "subject"), text(expected, "severity"));
        let met = left.iter().position(|(r, s, v)| {
            Some(r) == rule.as_ref()
                && Some(s) == subject.as_ref()
                && severity.as_ref().is_none_or(|severity| severity == v)
        });
        match met {
            Some(at) => drop(left.remove(at)),
            None => return Some(format!("missing: {expected}; found: {found:?}")),
        }
    }
    let surplus =
        left.iter().find(|(rule, _, severity)| *rule == vector.rule || level(severity) >= level("medium"));
    surplus.map(|finding| format!("not expected: {finding:?}"))
}
