//! The report has two descriptions: the host writes by one, of which `docs/report.schema.json` is made, and reporters read
//! by the other, `bartizan_sdk::report`. This holds them together.
//!
//! They are two because they promise different things. The host's is exact. A reporter's lets a newer host say more than it
//! knows, has open codes where the host has a closed list, and must not bring the host's dependencies into every component.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::{fs, path::Path};

use bartizan_sdk::report::Report;
use serde_json::{Map, Value, json};

/// What reporters do not read, and why.
const UNREAD: [(&str, &str); 3] = [
    ("/summary", "`Report::count`, `verdict` and the rest count anew"),
    ("/servers/0/severities", "as above"),
    ("/servers/0/observations/0/detail", "any JSON at all, and of any depth"),
];

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report.schema.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Which of the values that a schema allows.
#[derive(Clone, Copy)]
struct Wanted<'s> {
    schema: &'s Value,
    /// Members that may be left out are there.
    whole: bool,
    /// What may be null is null.
    nulls: bool,
    /// Of what is one of a list, the one at this place, or the last.
    choice: usize,
}

/// Everything that the schema knows.
fn whole(schema: &Value) -> Wanted<'_> {
    Wanted { schema, whole: true, nulls: false, choice: 0 }
}

impl Wanted<'_> {
    /// A value as the schema allows it; none of it is what a reader would put in place of what is not there.
    fn value(self, node: &Value) -> Value {
        if self.nulls && may_be_null(node) {
            return Value::Null;
        }
        if let Some(target) = node["$ref"].as_str() {
            return self.value(self.schema.pointer(target.trim_start_matches('#')).unwrap());
        }
        if let Some(constant) = node.get("const") {
            return constant.clone();
        }
        for branches in ["oneOf", "anyOf"] {
            if let Some(branches) = node[branches].as_array() {
                let branches: Vec<&Value> = branches.iter().filter(|one| one["type"] != "null").collect();
                return self.value(branches[self.choice.min(branches.len() - 1)]);
            }
        }
        let kinds = node["type"].as_array().cloned().unwrap_or_else(|| vec![node["type"].clone()]);
        match kinds[0].as_str() {
            Some("object") => self.object(node),
            Some("array") => json!([self.value(&node["items"])]),
            Some("string") => json!("text"),
            Some("integer") => json!(7),
            None => json!({ "any": ["thing"] }),
            Some(other) => panic!("a value of type {other}: {node}"),
        }
    }

    fn object(self, node: &Value) -> Value {
        let required = node["required"].as_array().cloned().unwrap_or_default();
        let members = node["properties"].as_object().unwrap().iter();
        let members =
            members.filter(|(name, _)| self.whole || required.iter().any(|one| one == name.as_str()));
        Value::Object(members.map(|(name, member)| (name.clone(), self.value(member))).collect::<Map<_, _>>())
    }

    fn report(self) -> Value {
        let mut report = self.value(self.schema);
        report["schema_version"] = bartizan_sdk::report::SCHEMA_VERSION.into();
        report
    }
}

fn may_be_null(node: &Value) -> bool {
    let null = |one: &Value| *one == "null" || one["type"] == "null";
    ["type", "anyOf"].iter().any(|key| node[key].as_array().is_some_and(|list| list.iter().any(null)))
}

/// The place of every member, at any depth.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, child)| (name.clone(), child)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(n, child)| (n.to_string(), child)).collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        let place = format!("{at}/{name}");
        places(child, &place, found);
        if value.is_object() {
            found.push(place);
        }
    }
}

fn without(report: &Value, place: &str) -> Value {
    let mut report = report.clone();
    let (parent, name) = place.rsplit_once('/').unwrap();
    report.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    report
}

#[test]
fn every_member_of_the_schema_is_read() {
    let schema = schema();
    let report = whole(&schema).report();
    let read = Report::from_json(&report.to_string()).unwrap();
    let mut all = Vec::new();
    places(&report, "", &mut all);
    assert!(all.len() > 100, "{all:?}");
    // What is left out of a report and does not change what is read of it was not read.
    let mut unread: Vec<&str> = all
        .iter()
        .filter(|place| Report::from_json(&without(&report, place).to_string()).as_ref() == Ok(&read))
        .map(String::as_str)
        .collect();
    for (known, why) in UNREAD {
        assert!(unread.contains(&known), "{known} is read, or gone ({why})");
        unread.retain(|place| *place != known && !place.starts_with(&format!("{known}/")));
    }
    assert!(unread.is_empty(), "the SDK does not read {unread:?}: add them to `bartizan_sdk::report`");
}

#[test]
fn everything_that_is_read_is_in_the_schema() {
    let schema = schema();
    let report = whole(&schema).report();
    let read = format!("{:#?}", Report::from_json(&report.to_string()).unwrap());
    // A member that the schema does not have could only be filled with what stands for nothing.
    let is_nothing =
        |line: &&str| [": None,", ": \"\",", ": [],", ": 0,"].iter().any(|end| line.ends_with(end));
    let empty: Vec<&str> = read.lines().filter(is_nothing).map(str::trim).collect();
    assert!(empty.is_empty(), "the schema has no such member of a report any more: {empty:?} in {read}");
}

#[test]
fn the_least_that_the_schema_asks_for_is_a_report() {
    let schema = schema();
    let least = Wanted { whole: false, ..whole(&schema) }.report();
    Report::from_json(&least.to_string()).unwrap();
}

#[test]
fn each_of_a_list_of_codes_is_read() {
    let schema = schema();
    for choice in 0..8 {
        let report = Wanted { choice, ..whole(&schema) }.report();
        Report::from_json(&report.to_string()).unwrap();
    }
}

#[test]
fn what_may_be_null_is_read_as_if_it_were_not_there() {
    let schema = schema();
    let nulls = Wanted { nulls: true, ..whole(&schema) }.report();
    let mut all = Vec::new();
    places(&nulls, "", &mut all);
    all.retain(|place| nulls.pointer(place).is_some_and(Value::is_null));
    assert!(all.len() > 5, "{all:?}");
    let left_out = all.iter().fold(nulls.clone(), |report, place| without(&report, place));
    let read = Report::from_json(&left_out.to_string()).unwrap();
    assert_eq!(Report::from_json(&nulls.to_string()), Ok(read));
}
