//! Runs a pack on recordings: a folder of snapshots of whole servers, one a file.

use std::{
    collections::BTreeMap,
    fmt, fs,
    ops::Deref,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{
    differences::Differences,
    found::{Found, found_by, severity_name},
    json_files,
    snapshot::server_from_value,
};
use crate::{
    RulePack,
    types::{Server, Severity},
};

const ADVICE: &str = "Read each one. What is true and worth a line is expected: write it down as it stands here, \
    `recording: severity RULE on subject`. Whatever else is raised is a false alarm, and whatever is missing was missed: \
    mend the rule.";

/// What one server presented, as it was recorded.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The name of its file, without the ending.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// All of it, for a test that changes something before it asks.
    pub snapshot: Value,
}

impl Recording {
    /// The server that was recorded.
    pub fn server(&self) -> Server {
        server_from_value(&self.snapshot)
    }
}

/// The recordings of this folder (`*.json`), by name. One that does not read is an error, and so is a folder without any.
pub fn recordings(folder: impl AsRef<Path>) -> Result<Vec<Recording>, Differences> {
    let folder = folder.as_ref();
    let files = json_files(folder).map_err(|error| Differences::one(folder, error.to_string()))?;
    if files.is_empty() {
        return Err(Differences::one(folder, "there are no recordings"));
    }
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).map_err(|error| error.to_string());
            let snapshot = text
                .and_then(|text| {
                    serde_json::from_str(&text).map_err(|error| format!("not a snapshot: {error}"))
                })
                .map_err(|why| Differences::one(&path, why))?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Ok(Recording { name, path, snapshot })
        })
        .collect()
}

/// Holds what a pack finds in the recordings of this folder against what is expected: at this severity and above, exactly
/// these findings, each written as `recording: severity RULE on subject`.
///
/// The findings that it returns are all of them, quieter ones too: `println!("{findings}")` in a test shows them.
pub fn check_recordings<P: RulePack>(
    folder: impl AsRef<Path>,
    least: Severity,
    expected: &[&str],
) -> Result<Findings, Differences> {
    let findings = find_in_recordings::<P>(folder)?;
    findings.exactly(least, expected)?;
    Ok(findings)
}

/// What a pack finds in the recordings of this folder, for a test that asks something else of it.
pub fn find_in_recordings<P: RulePack>(folder: impl AsRef<Path>) -> Result<Findings, Differences> {
    let recordings = recordings(folder)?;
    Findings::of::<P>(recordings.iter().map(|one| (one.path.clone(), one.server())))
}

/// A finding, and where.
#[derive(Clone, Debug)]
pub struct Raised {
    /// The recording's file, or the case (`cases.json#/honest/3`).
    pub path: PathBuf,
    /// What was found there.
    pub found: Found,
}

impl Raised {
    /// The name of the recording: its file's, without the ending. Of a case, its place in the file: `honest/3`.
    pub fn recording(&self) -> String {
        let path = self.path.to_string_lossy();
        match path.rsplit_once("#/") {
            Some((_, case)) => case.to_owned(),
            None => self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        }
    }

    /// `recording: severity RULE on subject`
    pub fn line(&self) -> String {
        format!("{}: {}", self.recording(), self.found.line())
    }
}

/// What a pack finds on several servers, in their order.
#[derive(Clone, Debug, Default)]
pub struct Findings(Vec<Raised>);

impl Findings {
    /// What the pack finds on each of these servers, with the file that each comes from. A pack that gives up on one of
    /// them is an error.
    pub fn of<P: RulePack>(
        servers: impl IntoIterator<Item = (impl Into<PathBuf>, Server)>,
    ) -> Result<Self, Differences> {
        let mut all = Vec::new();
        let mut failed = Differences::default();
        for (path, server) in servers {
            let path = path.into();
            match found_by::<P>(&server) {
                Ok(found) => all.extend(found.into_iter().map(|found| Raised { path: path.clone(), found })),
                Err(why) => failed.add(path, why),
            }
        }
        failed.or_ok(Self(all))
    }

    /// Whether the findings at this severity and above are exactly these, each as [`Raised::line`] writes it.
    pub fn exactly(&self, least: Severity, expected: &[&str]) -> Result<(), Differences> {
        let mut missing: Vec<&str> = expected.to_vec();
        let mut differences = Differences::default();
        for raised in self.0.iter().filter(|raised| raised.found.severity >= least) {
            let line = raised.line();
            match missing.iter().position(|wanted| *wanted == line) {
                Some(place) => drop(missing.remove(place)),
                None => differences.add(raised.path.clone(), format!("not expected: {}", raised.found)),
            }
        }
        for line in missing {
            let recording = line.split_once(": ").map_or(line, |(recording, _)| recording);
            differences.add(recording.into(), format!("missing: {line}"));
        }
        differences.advise(ADVICE).or_ok(())
    }
}

impl Deref for Findings {
    type Target = [Raised];

    fn deref(&self) -> &[Raised] {
        &self.0
    }
}

/// A line a finding, with what it says, and then how many there are of each rule and severity.
impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut counts: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
        for raised in &self.0 {
            writeln!(f, "{}: {}", raised.recording(), raised.found)?;
            *counts.entry((raised.found.rule.as_str(), raised.found.severity)).or_default() += 1;
        }
        for ((rule, severity), count) in counts {
            writeln!(f, "{count} of {rule} at {}", severity_name(severity))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::toy::{Bad, Folder},
        *,
    };

    const GOOD: &str = r#"{"tools": [{"name": "t", "description": "good"}]}"#;
    const BAD: &str =
        r#"{"tools": [{"name": "t", "description": "bad"}, {"name": "maybe", "description": "bad"}]}"#;

    fn folder() -> Folder {
        Folder::with(&[("a.json", GOOD), ("b.json", BAD), ("b.txt", "no snapshot")])
    }

    #[test]
    fn exactly_what_is_expected_passes_and_all_that_was_found_is_shown() {
        let findings =
            check_recordings::<Bad>(folder().path(), Severity::Medium, &["b: medium BAD-1 on tool:t"])
                .unwrap();
        assert_eq!(findings.len(), 2);
        let shown = findings.to_string();
        assert!(shown.contains("b: low BAD-1 on tool:maybe: said it"), "{shown}");
        assert!(shown.ends_with("1 of BAD-1 at low\n1 of BAD-1 at medium\n"), "{shown}");
    }

    #[test]
    fn a_difference_names_the_file_the_rule_and_what_to_do() {
        let surplus = check_recordings::<Bad>(folder().path(), Severity::Medium, &[]).unwrap_err();
        let [(path, what)] = surplus.entries() else { panic!("{surplus}") };
        assert!(path.ends_with("b.json"));
        assert_eq!(what, "not expected: medium BAD-1 on tool:t: said it");
        assert!(surplus.to_string().contains("false alarm"), "{surplus}");
        let missed = ["b: medium BAD-1 on tool:t", "a: high BAD-1 on tool:t"];
        let missing = check_recordings::<Bad>(folder().path(), Severity::Medium, &missed).unwrap_err();
        assert_eq!(missing.entries(), [("a".into(), "missing: a: high BAD-1 on tool:t".to_owned())]);
    }

    #[test]
    fn a_finding_that_is_expected_twice_is_there_twice() {
        let line = "b: medium BAD-1 on tool:t";
        assert!(check_recordings::<Bad>(folder().path(), Severity::Medium, &[line, line]).is_err());
    }

    #[test]
    fn what_cannot_be_looked_at_is_not_a_pass() {
        let none = Folder::with(&[("notes.txt", "")]);
        assert!(check_recordings::<Bad>(none.path(), Severity::Medium, &[]).is_err());
        assert!(check_recordings::<Bad>("no/such/folder", Severity::Medium, &[]).is_err());
        let torn = Folder::with(&[("a.json", GOOD), ("torn.json", "{")]);
        let error = check_recordings::<Bad>(torn.path(), Severity::Medium, &[]).unwrap_err();
        assert!(error.to_string().contains("torn.json"), "{error}");
        let fails = Folder::with(&[("a.json", r#"{"tools": [{"name": "t", "description": "broken"}]}"#)]);
        let error = check_recordings::<Bad>(fails.path(), Severity::Medium, &[]).unwrap_err();
        assert!(error.to_string().contains("the pack failed: broken"), "{error}");
    }
}
