//! Runs a pack on cases: many inputs in one file, to measure what a rule gets right that it was not written to.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;

use super::{
    differences::Differences,
    found::{Found, found_by, severity_of},
    recordings::Findings,
    snapshot::server_from_value,
};
use crate::{RulePack, types::Severity};

/// Characters of an input that are shown.
const SHOWN: usize = 300;

/// ```json
/// {
///   "about": "where they come from",
///   "honest": [SNAPSHOT, …],
///   "attacks": [{"rule": "ACME-001", "least": "medium", "input": SNAPSHOT}, …]
/// }
/// ```
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    #[serde(default, rename = "about")]
    _about: String,
    honest: Vec<Value>,
    attacks: Vec<Attack>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attack {
    rule: String,
    least: String,
    input: Value,
}

/// Whether no honest case of this file raises anything at this severity or above. What is found below it is returned.
///
/// The file is `{"about": "where they come from", "honest": [SNAPSHOT, …], "attacks": […]}`; a snapshot may be any part
/// of one. A case is called by its place: `cases.json#/honest/3`, from 0.
pub fn check_honest_cases<P: RulePack>(
    file: impl AsRef<Path>,
    least: Severity,
) -> Result<Findings, Differences> {
    let file = file.as_ref();
    let honest = read(file)?.honest;
    if honest.is_empty() {
        return Err(Differences::one(file, "there are no honest cases"));
    }
    let servers = honest.iter().enumerate();
    let servers = servers.map(|(place, input)| (called(file, "honest", place), server_from_value(input)));
    let findings = Findings::of::<P>(servers)?;
    let alarms = findings.iter().filter(|raised| raised.found.severity >= least);
    let alarms: Differences =
        alarms.map(|raised| (raised.path.clone(), format!("false alarm: {}", raised.found))).collect();
    alarms.advise("Teach the rule what sets these apart from attacks, not their words.").or_ok(findings)
}

/// Whether at least this many in a hundred attacks of this file are met: their rule finds something in them, at their
/// severity or above. Those that are missed are in what is returned, and in the error.
///
/// The file is `{"honest": […], "attacks": [{"rule": "ACME-001", "least": "medium", "input": SNAPSHOT}, …]}`.
pub fn check_attack_cases<P: RulePack>(file: impl AsRef<Path>, percent: usize) -> Result<Met, Differences> {
    let file = file.as_ref();
    let attacks = read(file)?.attacks;
    if attacks.is_empty() {
        return Err(Differences::one(file, "there are no attacks"));
    }
    let rules = P::rules();
    let mut missed = Vec::new();
    for (place, attack) in attacks.iter().enumerate() {
        let path = called(file, "attacks", place);
        if !rules.iter().any(|rule| rule.id == attack.rule) {
            return Err(Differences::one(&path, format!("the pack declares no rule {}", attack.rule)));
        }
        let least = severity_of(&attack.least).map_err(|why| Differences::one(&path, why))?;
        // A pack that gives up on an attack has missed it.
        let found = found_by::<P>(&server_from_value(&attack.input));
        let is_met = |found: &Found| found.rule == attack.rule && found.severity >= least;
        if !found.as_ref().is_ok_and(|found| found.iter().any(is_met)) {
            missed.push((path, told(attack, found)));
        }
    }
    let met = Met { met: attacks.len().saturating_sub(missed.len()), of: attacks.len(), missed };
    if met.met.saturating_mul(100) >= met.of.saturating_mul(percent) {
        return Ok(met);
    }
    let differences: Differences = met.missed.into_iter().collect();
    Err(differences.advise("Teach the rules what these have in common with what they know, not their words."))
}

/// How many attacks were met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// This many.
    pub met: usize,
    /// Of these.
    pub of: usize,
    /// The others: which, and what was found in them instead.
    pub missed: Vec<(PathBuf, String)>,
}

impl fmt::Display for Met {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} attacks met", self.met, self.of)?;
        for (path, what) in &self.missed {
            write!(f, "\n{}: {what}", path.display())?;
        }
        Ok(())
    }
}

fn read(file: &Path) -> Result<Cases, Differences> {
    let text = fs::read_to_string(file).map_err(|error| Differences::one(file, error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| Differences::one(file, format!("no file of cases: {error}")))
}

fn called(file: &Path, kind: &str, place: usize) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!("#/{kind}/{place}"));
    name.into()
}

fn told(attack: &Attack, found: Result<Vec<Found>, String>) -> String {
    let found = match found {
        Ok(found) if found.is_empty() => "nothing was found".to_owned(),
        Ok(found) => {
            format!("found instead: {}", found.iter().map(Found::line).collect::<Vec<_>>().join(", "))
        }
        Err(why) => why,
    };
    let input: String = attack.input.to_string().chars().take(SHOWN).collect();
    format!("missed: {} at {} or above; {found}\n{input}", attack.rule, attack.least)
}

#[cfg(test)]
mod tests {
    use super::{
        super::toy::{Bad, Folder},
        *,
    };

    fn file(cases: &str) -> (Folder, PathBuf) {
        let folder = Folder::with(&[("cases.json", cases)]);
        let path = folder.path().join("cases.json");
        (folder, path)
    }

    const HONEST: &str = r#"{"honest": [{"tools": [{"name": "t"}]}, {"tools": [{"name": "maybe", "description": "bad"}]}],
        "attacks": []}"#;

    #[test]
    fn an_honest_case_that_is_raised_is_named() {
        let (_folder, path) = file(HONEST);
        let quiet = check_honest_cases::<Bad>(&path, Severity::Medium).unwrap();
        assert!(quiet.to_string().starts_with("honest/1: low BAD-1 on tool:maybe: said it\n"), "{quiet}");
        let error = check_honest_cases::<Bad>(&path, Severity::Info).unwrap_err();
        let [(case, what)] = error.entries() else { panic!("{error}") };
        assert!(case.ends_with("cases.json#/honest/1"), "{error}");
        assert_eq!(what, "false alarm: low BAD-1 on tool:maybe: said it");
    }

    #[test]
    fn an_attack_is_met_by_its_own_rule_at_its_severity() {
        let (_folder, path) = file(
            r#"{"honest": [], "attacks": [
                {"rule": "BAD-1", "least": "medium", "input": {"tools": [{"name": "t", "description": "bad"}]}},
                {"rule": "BAD-1", "least": "medium", "input": {"tools": [{"name": "maybe", "description": "bad"}]}},
                {"rule": "BAD-1", "least": "info", "input": {"tools": [{"name": "t", "description": "broken"}]}},
                {"rule": "BAD-1", "least": "info", "input": {"tools": []}}]}"#,
        );
        let met = check_attack_cases::<Bad>(&path, 25).unwrap();
        assert_eq!((met.met, met.of), (1, 4));
        let error = check_attack_cases::<Bad>(&path, 26).unwrap_err();
        let said: Vec<&str> = error.entries().iter().filter_map(|(_, what)| what.lines().next()).collect();
        assert_eq!(
            said,
            [
                "missed: BAD-1 at medium or above; found instead: low BAD-1 on tool:maybe",
                "missed: BAD-1 at info or above; the pack failed: broken",
                "missed: BAD-1 at info or above; nothing was found",
            ]
        );
        assert!(error.to_string().contains("cases.json#/attacks/3"), "{error}");
    }

    #[test]
    fn a_file_that_measures_nothing_is_not_a_pass() {
        let (_folder, path) = file(HONEST);
        assert!(check_attack_cases::<Bad>(&path, 0).is_err());
        for cases in [
            r#"{"honest": [], "attacks": []}"#,
            r#"{"honest": [{}]}"#,
            r#"{"honest": [{}], "attacks": [], "attaks": []}"#,
            "[",
        ] {
            let (_folder, path) = file(cases);
            assert!(check_honest_cases::<Bad>(&path, Severity::Info).is_err(), "{cases}");
        }
        assert!(check_honest_cases::<Bad>("no/such/file.json", Severity::Info).is_err());
        for attack in [
            r#"{"rule": "NONE-1", "least": "info", "input": {}}"#,
            r#"{"rule": "BAD-1", "least": "grave", "input": {}}"#,
        ] {
            let (_folder, path) = file(&format!(r#"{{"honest": [], "attacks": [{attack}]}}"#));
            assert!(check_attack_cases::<Bad>(&path, 0).is_err(), "{attack}");
        }
    }
}
