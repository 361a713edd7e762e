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

mod snapshot;

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;

pub use self::snapshot::server_from_value;

use crate::{
    DriftPack, Enabled, FleetPack, RulePack, check_natively, judge_natively,
    types::{Evidence, Failure, Finding, FleetFinding, Rule, Server, Severity, Subject},
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
    let own = severities(P::rules());
    counted(run_vectors(folder.as_ref(), &own, |_, input| {
        let found = check_natively::<P>(&server_from_value(input), None)
            .map_err(|failure| format!("the pack failed: {}", reason(&failure)))?;
        Ok(found.iter().map(|finding| Found::of(finding, &own)).collect())
    })?)
}

/// As [`check_vectors`], for a drift pack. `input` is `{"pinned": SNAPSHOT, "present": SNAPSHOT}`.
pub fn check_drift_vectors<P: DriftPack>(folder: impl AsRef<Path>) -> Result<usize, Differences> {
    let own = severities(P::rules());
    let enabled = Enabled::all_of(P::rules());
    counted(run_vectors(folder.as_ref(), &own, |_, input| {
        let (pinned, present) = pinned_and_present(input)?;
        let (pinned, present) = (server_from_value(pinned), server_from_value(present));
        let found = P::compare(&pinned, &present, &enabled, &None)
            .map_err(|failure| format!("the pack failed: {}", reason(&failure)))?;
        Ok(found.iter().map(|finding| Found::of(finding, &own)).collect())
    })?)
}

/// As [`check_vectors`], for a fleet pack. `input` is `{"servers": [SNAPSHOT, …]}`; subjects are written
/// `server-name/tool:add`, or `server-name/server`.
pub fn check_fleet_vectors<P: FleetPack>(folder: impl AsRef<Path>) -> Result<usize, Differences> {
    let own = severities(P::rules());
    counted(run_vectors(folder.as_ref(), &own, |_, input| {
        let servers: Vec<Server> = servers_of(input)?.iter().map(server_from_value).collect();
        let found = judge_natively::<P>(&servers)
            .map_err(|failure| format!("the pack failed: {}", reason(&failure)))?;
        found.iter().map(|finding| Found::of_fleet(finding, &servers, &own)).collect()
    })?)
}

/// Whether every rule has at least this many vectors of either kind: for packs of any sort, by their rules.
pub fn check_coverage_of(
    rules: &[Rule],
    folder: impl AsRef<Path>,
    at_least: usize,
) -> Result<(), Differences> {
    coverage(folder.as_ref(), rules.iter().map(|rule| rule.id.as_str()), at_least)
}

/// The two snapshots in the input of a drift vector.
pub fn pinned_and_present(input: &Value) -> Result<(&Value, &Value), String> {
    input
        .get("pinned")
        .zip(input.get("present"))
        .ok_or_else(|| "not a vector: its input wants `pinned` and `present`".to_owned())
}

/// The snapshots in the input of a fleet vector.
pub fn servers_of(input: &Value) -> Result<&[Value], String> {
    let servers = input.get("servers").and_then(Value::as_array);
    Ok(servers.ok_or("not a vector: its input wants a list of `servers`")?)
}

fn severities(rules: Vec<Rule>) -> BTreeMap<String, Severity> {
    rules.into_iter().map(|rule| (rule.id, rule.severity)).collect()
}

/// How many vectors there were, if all of them hold.
fn counted(outcomes: Vec<Outcome>) -> Result<usize, Differences> {
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
        Self {
            rule: finding.rule.clone(),
            severity: finding.severity.or_else(|| own.get(&finding.rule).copied()).unwrap_or(Severity::Info),
            subject: shown_subject(&finding.subject),
            said: said(&finding.message, &finding.evidence),
        }
    }

    fn of_fleet(
        finding: &FleetFinding,
        servers: &[Server],
        own: &BTreeMap<String, Severity>,
    ) -> Result<Self, String> {
        let number = finding.subject.server;
        let server = usize::try_from(number).ok().and_then(|number| servers.get(number));
        let server = server.ok_or_else(|| format!("a finding about server {number}, which there is not"))?;
        Ok(Self {
            rule: finding.rule.clone(),
            severity: finding.severity.or_else(|| own.get(&finding.rule).copied()).unwrap_or(Severity::Info),
            subject: format!("{}/{}", server.name, shown_subject(&finding.subject.subject)),
            said: said(&finding.message, &finding.evidence),
        })
    }
}

fn shown_subject(subject: &Subject) -> String {
    match (subject.kind.as_str(), subject.name.as_str()) {
        (kind, "") => kind.to_owned(),
        (kind, name) => format!("{kind}:{name}"),
    }
}

fn said(message: &str, evidence: &[Evidence]) -> String {
    let shown =
        evidence.iter().map(|piece| format!("\n  {} at {:?}: {:?}", piece.label, piece.pointer, piece.text));
    std::iter::once(message.to_owned()).chain(shown).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Config,
        types::{Info, Tool},
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
