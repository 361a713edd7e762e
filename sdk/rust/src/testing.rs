//! Runs a rule pack on test vectors: small JSON files that say what a server presents and what the pack must say of it.
//!
//! A vector lies at `<RULE-ID>/positive/<name>.json` or `<RULE-ID>/negative/<name>.json`:
//!
//! ```json
//! {
//!   "why": "one line: what this vector shows",
//!   "input": {"tools": [{"name": "add", "description": "…", "inputSchema": {"type": "object"}}]},
//!   "expect": [{"rule": "ACME-001", "subject": "tool:add", "severity": "high"}]
//! }
//! ```
//!
//! `input` is a snapshot as `bartizan scan` saves it, or any part of one. In a *positive* vector `expect` is complete:
//! everything the pack finds at medium or above, whichever rule found it, and everything the folder's own rule finds at
//! any severity. (`severity` may be left out: then it does not count.) In a *negative* vector the folder's rule must
//! stay silent, or at `"at_most": "low"` if the vector says so; what other rules find does not count.
//!
//! ```no_run
//! # use bartizan_sdk::prelude::*;
//! # struct Pack;
//! # impl RulePack for Pack {
//! #     fn info() -> Info { Info::new("a/b", "1.0.0", "") }
//! #     fn rules() -> Vec<Rule> { Vec::new() }
//! #     fn check(_: &Server, _: &Enabled, _: &Config) -> Result<Vec<Finding>, Failure> { Ok(Vec::new()) }
//! # }
//! // In a test:
//! bartizan_sdk::testing::check_vectors::<Pack>("vectors").unwrap();
//! bartizan_sdk::testing::check_coverage::<Pack>("vectors", 5).unwrap();
//! ```

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    RulePack, check_natively,
    types::{Failure, Finding, Observation, Prompt, Resource, Server, Severity, Tool, Transport},
};

/// Where a pack and its vectors differ, one entry a vector. `Debug` is readable, so that `unwrap` in a test shows it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Differences(Vec<(PathBuf, String)>);

impl Differences {
    /// The vectors that differ, and how.
    pub fn entries(&self) -> &[(PathBuf, String)] {
        &self.0
    }

    fn or_ok<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} vector(s) differ", self.0.len())?;
        for (path, what) in &self.0 {
            writeln!(f, "\n{}", path.display())?;
            for line in what.lines() {
                writeln!(f, "    {line}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Differences {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    why: String,
    input: Value,
    #[serde(default)]
    expect: Vec<Expected>,
    #[serde(default)]
    at_most: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    rule: String,
    subject: String,
    #[serde(default)]
    severity: Option<String>,
}

/// Runs every vector under this folder. Returns how many there were.
pub fn check_vectors<P: RulePack>(folder: impl AsRef<Path>) -> Result<usize, Differences> {
    let own: BTreeMap<String, Severity> =
        P::rules().into_iter().map(|rule| (rule.id, rule.severity)).collect();
    let outcomes = run_vectors(folder.as_ref(), &own, |_, input| {
        let found = check_natively::<P>(&server_from_value(input), None)
            .map_err(|failure| format!("the pack failed: {}", reason(&failure)))?;
        Ok(found.iter().map(|finding| Found::of(finding, &own)).collect())
    })?;
    let count = outcomes.len();
    let differ = outcomes.into_iter().filter_map(|outcome| Some((outcome.path, outcome.verdict.err()?)));
    Differences(differ.collect()).or_ok(count)
}

/// One vector that was run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its file.
    pub path: PathBuf,
    /// The rule of its folder.
    pub rule: String,
    /// Whether the rule must find something in it.
    pub positive: bool,
    /// How what was found differs from what was expected, one line each.
    pub verdict: Result<(), String>,
}

/// Runs every vector under this folder on whatever `check` is: the pack itself, or the component made of it.
/// `own` holds the pack's rules, with their severities. An error means that there are no vectors at all.
pub fn run_vectors(
    folder: &Path,
    own: &BTreeMap<String, Severity>,
    mut check: impl FnMut(&Path, &Value) -> Result<Vec<Found>, String>,
) -> Result<Vec<Outcome>, Differences> {
    let none = |why: String| Differences(vec![(folder.to_owned(), why)]);
    let places = list(folder).map_err(|error| none(error.to_string()))?;
    if places.is_empty() {
        return Err(none("there are no vectors".to_owned()));
    }
    let outcome = |place: Place| {
        let verdict = if own.contains_key(&place.rule) {
            run(&place, &mut check)
        } else {
            Err(format!("the pack declares no rule {}", place.rule))
        };
        Outcome { path: place.path, rule: place.rule, positive: place.positive, verdict }
    };
    Ok(places.into_iter().map(outcome).collect())
}

/// Whether every rule of the pack has at least this many positive and this many negative vectors.
pub fn check_coverage<P: RulePack>(folder: impl AsRef<Path>, at_least: usize) -> Result<(), Differences> {
    let rules: Vec<String> = P::rules().into_iter().map(|rule| rule.id).collect();
    coverage(folder.as_ref(), rules.iter().map(String::as_str), at_least)
}

/// As [`check_coverage`], for rules that are known by their ids.
pub fn coverage<'a>(
    folder: &Path,
    rules: impl Iterator<Item = &'a str>,
    at_least: usize,
) -> Result<(), Differences> {
    let vectors = list(folder).unwrap_or_default();
    let mut differences = Differences::default();
    for rule in rules {
        for positive in [true, false] {
            let count =
                vectors.iter().filter(|place| place.rule == rule && place.positive == positive).count();
            if count < at_least {
                let path = folder.join(rule).join(if positive { "positive" } else { "negative" });
                differences.0.push((path, format!("holds {count} vectors, wants {at_least}")));
            }
        }
    }
    differences.or_ok(())
}

struct Place {
    rule: String,
    positive: bool,
    path: PathBuf,
}

fn list(folder: &Path) -> io::Result<Vec<Place>> {
    let mut places = Vec::new();
    for rule in fs::read_dir(folder)? {
        let rule = rule?;
        for (kind, positive) in [("positive", true), ("negative", false)] {
            let Ok(files) = fs::read_dir(rule.path().join(kind)) else { continue };
            for file in files {
                let path = file?.path();
                if path.extension().is_some_and(|extension| extension == "json") {
                    places.push(Place {
                        rule: rule.file_name().to_string_lossy().into_owned(),
                        positive,
                        path,
                    });
                }
            }
        }
    }
    places.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(places)
}

fn run(
    place: &Place,
    check: &mut impl FnMut(&Path, &Value) -> Result<Vec<Found>, String>,
) -> Result<(), String> {
    let text = fs::read_to_string(&place.path).map_err(|error| error.to_string())?;
    let vector: Vector = serde_json::from_str(&text).map_err(|error| format!("not a vector: {error}"))?;
    let found = check(&place.path, &vector.input)?;
    let limit = vector.at_most.as_deref().map(severity_of).transpose()?;
    let mut lines = Vec::new();
    if place.positive {
        compare(place, &vector, &found, &mut lines)?;
    } else {
        if !vector.expect.is_empty() {
            return Err("a negative vector expects nothing".to_owned());
        }
        for finding in found.iter().filter(|finding| finding.rule == place.rule) {
            if limit.is_none_or(|limit| finding.severity > limit) {
                lines.push(format!("must be silent, yet: {finding}"));
            }
        }
    }
    if lines.is_empty() { Ok(()) } else { Err(format!("({})\n{}", vector.why, lines.join("\n"))) }
}

fn compare(place: &Place, vector: &Vector, found: &[Found], lines: &mut Vec<String>) -> Result<(), String> {
    if !vector.expect.iter().any(|expected| expected.rule == place.rule) {
        return Err(format!("a positive vector of {0} expects a finding of {0}", place.rule));
    }
    let mut met = vec![false; found.len()];
    for expected in &vector.expect {
        let severity = expected.severity.as_deref().map(severity_of).transpose()?;
        let hit = found.iter().zip(&mut met).find(|(finding, met)| {
            !**met
                && finding.rule == expected.rule
                && finding.subject == expected.subject
                && severity.is_none_or(|severity| severity == finding.severity)
        });
        match hit {
            Some((_, met)) => *met = true,
            None => lines.push(format!(
                "missing: {} {} on {}",
                expected.severity.as_deref().unwrap_or("any severity"),
                expected.rule,
                expected.subject
            )),
        }
    }
    for (finding, met) in found.iter().zip(met) {
        if !met && (finding.severity >= Severity::Medium || finding.rule == place.rule) {
            lines.push(format!("not expected: {finding}"));
        }
    }
    Ok(())
}

/// The few facts of a finding that vectors speak of.
#[derive(Clone, Debug)]
pub struct Found {
    /// The rule's id.
    pub rule: String,
    /// The finding's own, or its rule's.
    pub severity: Severity,
    /// "tool:add", or the kind alone where there is no name.
    pub subject: String,
    /// Message and evidence, for the person who looks at a difference.
    pub said: String,
}

impl Found {
    fn of(finding: &Finding, own: &BTreeMap<String, Severity>) -> Self {
        let subject = match (finding.subject.kind.as_str(), finding.subject.name.as_str()) {
            (kind, "") => kind.to_owned(),
            (kind, name) => format!("{kind}:{name}"),
        };
        let mut said = finding.message.clone();
        for evidence in &finding.evidence {
            let shown = format!("\n  {} at {:?}: {:?}", evidence.label, evidence.pointer, evidence.text);
            said.push_str(&shown);
        }
        Self {
            rule: finding.rule.clone(),
            severity: finding.severity.or_else(|| own.get(&finding.rule).copied()).unwrap_or(Severity::Info),
            subject,
            said,
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} on {}: {}", severity_name(self.severity), self.rule, self.subject, self.said)
    }
}

fn reason(failure: &Failure) -> &str {
    match failure {
        Failure::InvalidConfig(why) | Failure::Unsupported(why) | Failure::Other(why) => why,
    }
}

/// The lower-case word for a severity.
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

fn severity_of(name: &str) -> Result<Severity, String> {
    [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical]
        .into_iter()
        .find(|&severity| severity_name(severity) == name)
        .ok_or_else(|| format!("no severity is called {name:?}"))
}

/// The server that a snapshot, or a part of one, describes.
///
/// Lenient as the host is: a member of the wrong type goes to `extra`, an absent list is empty. Unlike the host's
/// reader it works on parsed JSON, so white space and doubled keys inside schemas are gone.
pub fn server_from_value(snapshot: &Value) -> Server {
    let initialize = snapshot.get("initialize").cloned().unwrap_or_default();
    let info = initialize
        .get("serverInfo")
        .or_else(|| snapshot.get("serverInfo"))
        .cloned()
        .unwrap_or_else(json_object);
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let resources = items(snapshot, "resources").map(|item| resource(item, false));
    let templates = items(snapshot, "resourceTemplates").map(|item| resource(item, true));
    Server {
        name: text(&info, "name").or_else(|| text(snapshot, "name")).unwrap_or_default(),
        title: text(&info, "title"),
        version: text(&info, "version").or_else(|| text(snapshot, "version")).unwrap_or_default(),
        protocol_version: text(&initialize, "protocolVersion").unwrap_or_default(),
        transport: transport(snapshot),
        instructions: text(&initialize, "instructions").or_else(|| text(snapshot, "instructions")),
        capabilities: initialize.get("capabilities").cloned().unwrap_or_else(json_object).to_string(),
        server_info: info.to_string(),
        tools: items(snapshot, "tools").map(tool).collect(),
        prompts: items(snapshot, "prompts").map(prompt).collect(),
        resources: resources.chain(templates).collect(),
        observations: items(snapshot, "observations").map(|item| observation(&item)).collect(),
    }
}

fn json_object() -> Value {
    Value::Object(Map::new())
}

fn items<'a>(snapshot: &'a Value, key: &str) -> impl Iterator<Item = Map<String, Value>> + use<'a> {
    let list = snapshot.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|item| item.as_object().cloned())
}

fn transport(snapshot: &Value) -> Transport {
    let strings = |value: Option<&Value>| -> Vec<String> {
        let list = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    match snapshot.get("transport") {
        Some(Value::String(kind)) => Transport {
            kind: kind.clone(),
            address: snapshot.get("address").and_then(Value::as_str).unwrap_or_default().to_owned(),
            command: strings(snapshot.get("command")),
        },
        _ => Transport { kind: "file".into(), address: String::new(), command: Vec::new() },
    }
}

/// Takes a member out if it is a string; leaves it for `extra` if it is something else.
fn take_text(item: &mut Map<String, Value>, key: &str) -> Option<String> {
    if !item.get(key)?.is_string() {
        return None;
    }
    match item.shift_remove(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn take_json(item: &mut Map<String, Value>, key: &str) -> Option<String> {
    item.shift_remove(key).map(|value| value.to_string())
}

fn tool(mut item: Map<String, Value>) -> Tool {
    Tool {
        name: take_text(&mut item, "name").unwrap_or_default(),
        title: take_text(&mut item, "title"),
        description: take_text(&mut item, "description"),
        input_schema: take_json(&mut item, "inputSchema").unwrap_or_else(|| "null".into()),
        output_schema: take_json(&mut item, "outputSchema"),
        annotations: take_json(&mut item, "annotations"),
        meta: take_json(&mut item, "_meta"),
        extra: Value::Object(item).to_string(),
    }
}

fn prompt(mut item: Map<String, Value>) -> Prompt {
    let arguments = match item.get("arguments") {
        Some(Value::Array(_)) => take_json(&mut item, "arguments"),
        _ => None,
    };
    Prompt {
        name: take_text(&mut item, "name").unwrap_or_default(),
        title: take_text(&mut item, "title"),
        description: take_text(&mut item, "description"),
        arguments: arguments.unwrap_or_else(|| "[]".into()),
        meta: take_json(&mut item, "_meta"),
        extra: Value::Object(item).to_string(),
    }
}

fn resource(mut item: Map<String, Value>, is_template: bool) -> Resource {
    Resource {
        uri: take_text(&mut item, if is_template { "uriTemplate" } else { "uri" }).unwrap_or_default(),
        is_template,
        name: take_text(&mut item, "name").unwrap_or_default(),
        title: take_text(&mut item, "title"),
        description: take_text(&mut item, "description"),
        mime_type: take_text(&mut item, "mimeType"),
        annotations: take_json(&mut item, "annotations"),
        meta: take_json(&mut item, "_meta"),
        extra: Value::Object(item).to_string(),
    }
}

fn observation(item: &Map<String, Value>) -> Observation {
    let text = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    Observation {
        kind: text("kind"),
        about: text("about"),
        detail: item.get("detail").cloned().unwrap_or_default().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Config, Enabled,
        types::{Info, Rule},
    };

    /// Finds the word "bad" in tool descriptions: medium, or low when the name says "maybe".
    struct Bad;

    impl RulePack for Bad {
        fn info() -> Info {
            Info::new("test/bad", "1.0.0", "")
        }

        fn rules() -> Vec<Rule> {
            vec![Rule::new("BAD-1", "bad", Severity::Medium)]
        }

        fn check(server: &Server, _: &Enabled, _: &Config) -> Result<Vec<Finding>, Failure> {
            let bad = |tool: &&Tool| tool.description.as_deref().is_some_and(|text| text.contains("bad"));
            Ok(server
                .tools
                .iter()
                .filter(bad)
                .map(|tool| {
                    let finding = Finding::new("BAD-1", tool, "said it");
                    if tool.name == "maybe" { finding.severity(Severity::Low) } else { finding }
                })
                .collect())
        }
    }

    fn outcome(kind: &str, vector: &str) -> Result<usize, Differences> {
        let id = format!(
            "{:x}",
            vector.bytes().chain(kind.bytes()).fold(7_u64, |h, b| h.wrapping_mul(31) ^ u64::from(b))
        );
        let root = std::env::temp_dir().join(format!("bartizan-vectors-{}-{id}", std::process::id()));
        fs::create_dir_all(root.join("BAD-1").join(kind)).unwrap();
        fs::write(root.join("BAD-1").join(kind).join("v.json"), vector).unwrap();
        let outcome = check_vectors::<Bad>(&root);
        fs::remove_dir_all(root).unwrap();
        outcome
    }

    #[test]
    fn a_vector_that_holds_passes() {
        let expected = r#"{"why": "w", "input": {"tools": [{"name": "t", "description": "bad"}]},
            "expect": [{"rule": "BAD-1", "subject": "tool:t", "severity": "medium"}]}"#;
        assert_eq!(outcome("positive", expected), Ok(1));
        assert_eq!(outcome("negative", r#"{"why": "w", "input": {"tools": [{"name": "t"}]}}"#), Ok(1));
    }

    #[test]
    fn a_finding_that_is_missing_or_not_expected_is_a_difference() {
        let missing = r#"{"why": "w", "input": {"tools": [{"name": "t"}]}, "expect": [{"rule": "BAD-1", "subject": "tool:t"}]}"#;
        assert!(outcome("positive", missing).unwrap_err().to_string().contains("missing"));
        let surplus = r#"{"why": "w", "input": {"tools": [{"name": "t", "description": "bad"}, {"name": "u", "description": "bad"}]},
            "expect": [{"rule": "BAD-1", "subject": "tool:t"}]}"#;
        assert!(outcome("positive", surplus).unwrap_err().to_string().contains("tool:u"));
    }

    #[test]
    fn a_negative_vector_is_silent_or_as_quiet_as_it_says() {
        let low = r#"{"why": "w", "at_most": "low", "input": {"tools": [{"name": "maybe", "description": "bad"}]}}"#;
        assert_eq!(outcome("negative", low), Ok(1));
        assert!(outcome("negative", &low.replace(r#""at_most": "low","#, "")).is_err());
    }

    #[test]
    fn a_member_of_the_wrong_type_is_kept_in_extra() {
        let server =
            server_from_value(&serde_json::json!({"tools": [{"name": "t", "description": ["not", "text"]}]}));
        assert_eq!(server.tools[0].description, None);
        assert_eq!(server.tools[0].extra, r#"{"description":["not","text"]}"#);
    }

    #[test]
    fn a_folder_without_vectors_is_not_a_pass() {
        assert!(check_vectors::<Bad>("no/such/folder").is_err());
        assert!(check_coverage::<Bad>("no/such/folder", 1).is_err());
    }
}
