//! Runs a pack on test vectors. The module above says what a vector is.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;

use super::{
    differences::Differences,
    found::{Found, found_by, gave_up, severities, severity_of},
    json_files,
    snapshot::server_from_value,
};
use crate::{
    DriftPack, Enabled, FleetPack, RulePack, judge_natively,
    types::{Rule, Server, Severity},
};

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
    counted(run_vectors(folder.as_ref(), &own, |_, input| found_by::<P>(&server_from_value(input)))?)
}

/// As [`check_vectors`], for a drift pack. `input` is `{"pinned": SNAPSHOT, "present": SNAPSHOT}`.
pub fn check_drift_vectors<P: DriftPack>(folder: impl AsRef<Path>) -> Result<usize, Differences> {
    let own = severities(P::rules());
    let enabled = Enabled::all_of(P::rules());
    counted(run_vectors(folder.as_ref(), &own, |_, input| {
        let (pinned, present) = pinned_and_present(input)?;
        let (pinned, present) = (server_from_value(pinned), server_from_value(present));
        let found = P::compare(&pinned, &present, &enabled, &None).map_err(|failure| gave_up(&failure))?;
        Ok(found.iter().map(|finding| Found::of(finding, &own)).collect())
    })?)
}

/// As [`check_vectors`], for a fleet pack. `input` is `{"servers": [SNAPSHOT, …]}`; subjects are written
/// `server-name/tool:add`, or `server-name/server`.
pub fn check_fleet_vectors<P: FleetPack>(folder: impl AsRef<Path>) -> Result<usize, Differences> {
    let own = severities(P::rules());
    counted(run_vectors(folder.as_ref(), &own, |_, input| {
        let servers: Vec<Server> = servers_of(input)?.iter().map(server_from_value).collect();
        let found = judge_natively::<P>(&servers).map_err(|failure| gave_up(&failure))?;
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

/// How many vectors there were, if all of them hold.
fn counted(outcomes: Vec<Outcome>) -> Result<usize, Differences> {
    let count = outcomes.len();
    let differ = outcomes.into_iter().filter_map(|outcome| Some((outcome.path, outcome.verdict.err()?)));
    differ.collect::<Differences>().or_ok(count)
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
    let places = list(folder).map_err(|error| Differences::one(folder, error.to_string()))?;
    if places.is_empty() {
        return Err(Differences::one(folder, "there are no vectors"));
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
                differences.add(path, format!("holds {count} vectors, wants {at_least}"));
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
        let id = rule.file_name().to_string_lossy().into_owned();
        for (kind, positive) in [("positive", true), ("negative", false)] {
            let Ok(files) = json_files(&rule.path().join(kind)) else { continue };
            places.extend(files.into_iter().map(|path| Place { rule: id.clone(), positive, path }));
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

#[cfg(test)]
mod tests {
    use super::{
        super::toy::{Bad, Folder},
        *,
    };

    fn outcome(kind: &str, vector: &str) -> Result<usize, Differences> {
        let folder = Folder::with(&[(&format!("BAD-1/{kind}/v.json"), vector)]);
        check_vectors::<Bad>(folder.path())
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
    fn a_folder_without_vectors_is_not_a_pass() {
        assert!(check_vectors::<Bad>("no/such/folder").is_err());
        assert!(check_coverage::<Bad>("no/such/folder", 1).is_err());
    }
}
