//! Records in the OSV format, read as its specification says (https://ossf.github.io/osv-schema/).

use std::cmp::Ordering;

use bartizan_sdk::prelude::*;
use serde_json::Value;

use super::version::Version;
use crate::launch::Ecosystem;

/// Events of one range that are read.
const MAX_EVENTS: usize = 1_000;

/// Whether a version is among those a record names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Affects {
    Yes,
    No,
    /// The record names the package, and its versions or ours cannot be ordered.
    Unknown,
}

/// One record.
#[derive(Clone, Debug)]
pub(crate) struct Record<'r> {
    pub(crate) id: &'r str,
    pub(crate) summary: &'r str,
    value: &'r Value,
}

/// Whether the record is about this package.
pub(crate) fn names(record: &Value, ecosystem: Ecosystem, name: &str) -> bool {
    affected(record).any(|one| is_package(one, ecosystem, name))
}

fn affected(record: &Value) -> impl Iterator<Item = &Value> {
    record.get("affected").and_then(Value::as_array).into_iter().flatten()
}

fn is_package(affected: &Value, ecosystem: Ecosystem, name: &str) -> bool {
    let text = |key| affected.get("package").and_then(|package| package.get(key)).and_then(Value::as_str);
    // "PyPI", or with a suffix: "PyPI:https://…".
    let same = text("ecosystem").and_then(|text| text.split(':').next()) == ecosystem.osv();
    ecosystem.osv().is_some()
        && same
        && text("name").is_some_and(|text| normal(ecosystem, text) == normal(ecosystem, name))
}

/// The name as its registry compares it.
pub(crate) fn normal(ecosystem: Ecosystem, name: &str) -> String {
    let lower = name.to_lowercase();
    if ecosystem != Ecosystem::PyPi {
        return lower;
    }
    // PEP 503: runs of `-`, `_` and `.` are one `-`.
    let mut out = String::with_capacity(lower.len());
    for c in lower.chars() {
        let c = if matches!(c, '_' | '.') { '-' } else { c };
        if c != '-' || !out.ends_with('-') {
            out.push(c);
        }
    }
    out
}

impl<'r> Record<'r> {
    /// `None` for a record that was withdrawn.
    pub(crate) fn read(value: &'r Value) -> Option<Self> {
        if value.get("withdrawn").is_some_and(|withdrawn| !withdrawn.is_null()) {
            return None;
        }
        let text = |key| value.get(key).and_then(Value::as_str);
        let summary = text("summary").or_else(|| text("details")).unwrap_or("no summary");
        Some(Self { id: text("id")?, summary, value })
    }

    pub(crate) fn cve(&self) -> Option<&'r str> {
        let aliases = self.value.get("aliases").and_then(Value::as_array).into_iter().flatten();
        aliases.filter_map(Value::as_str).find(|alias| alias.starts_with("CVE-") && alias.len() < 32)
    }

    pub(crate) fn reference(&self) -> &'r str {
        let references = self.value.get("references").and_then(Value::as_array);
        references.and_then(|list| list.first()?.get("url")?.as_str()).unwrap_or_default()
    }

    /// As the database that published it rates it; medium if it says nothing.
    pub(crate) fn severity(&self) -> Severity {
        let specific = self.value.get("database_specific");
        let rated = specific.and_then(|specific| specific.get("severity")?.as_str()).unwrap_or_default();
        match rated.to_ascii_uppercase().as_str() {
            _ if self.is_malicious() => Severity::Critical,
            "CRITICAL" => Severity::Critical,
            "HIGH" => Severity::High,
            "LOW" => Severity::Low,
            _ => Severity::Medium,
        }
    }

    /// OpenSSF's records of malicious packages are named so; others say it.
    pub(crate) fn is_malicious(&self) -> bool {
        let specific = self.value.get("database_specific");
        self.id.starts_with("MAL-")
            || specific.and_then(|specific| specific.get("malicious")?.as_bool()) == Some(true)
    }

    /// The latest version that the record calls fixed.
    pub(crate) fn fixed(&self, ecosystem: Ecosystem, name: &str) -> Option<&'r str> {
        let ours = affected(self.value).filter(|one| is_package(one, ecosystem, name));
        let events = ours.flat_map(ranges).flat_map(events);
        Version::newest(ecosystem, events.filter_map(|event| event.get("fixed")?.as_str()))
    }

    /// OSV's evaluation: listed by name, or within a range.
    ///
    /// `text` is the version as it was written; without one the question is whether every version is affected.
    pub(crate) fn affects(
        &self,
        ecosystem: Ecosystem,
        name: &str,
        text: Option<&str>,
        version: Option<&Version>,
    ) -> Affects {
        let mut verdict = Affects::No;
        for one in affected(self.value).filter(|one| is_package(one, ecosystem, name)) {
            let mut listed =
                one.get("versions").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            if text.is_some_and(|text| listed.any(|version| version == text)) {
                return Affects::Yes;
            }
            let mut any_range = false;
            for range in ranges(one) {
                any_range = true;
                match within(range, ecosystem, version) {
                    Affects::Yes => return Affects::Yes,
                    Affects::Unknown => verdict = Affects::Unknown,
                    Affects::No => {}
                }
            }
            // A package without versions and ranges is affected as a whole.
            if !any_range && one.get("versions").and_then(Value::as_array).is_none_or(Vec::is_empty) {
                return Affects::Yes;
            }
        }
        verdict
    }
}

/// Ranges of versions. Those of commits say nothing about a release.
fn ranges(affected: &Value) -> impl Iterator<Item = &Value> {
    let all = affected.get("ranges").and_then(Value::as_array).into_iter().flatten();
    all.filter(|range| matches!(range.get("type").and_then(Value::as_str), Some("SEMVER" | "ECOSYSTEM")))
}

fn events(range: &Value) -> impl Iterator<Item = &Value> {
    range.get("events").and_then(Value::as_array).into_iter().flatten().take(MAX_EVENTS)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Introduced,
    Fixed,
    LastAffected,
    Limit,
}

fn within(range: &Value, ecosystem: Ecosystem, version: Option<&Version>) -> Affects {
    // `None` is "0": before every version.
    let mut sorted: Vec<(Kind, Option<Version>)> = Vec::new();
    for event in events(range) {
        let kinds = [
            ("introduced", Kind::Introduced),
            ("fixed", Kind::Fixed),
            ("last_affected", Kind::LastAffected),
            ("limit", Kind::Limit),
        ];
        for (key, kind) in kinds {
            let Some(text) = event.get(key).and_then(Value::as_str) else { continue };
            match (text, Version::parse(ecosystem, text)) {
                ("0", _) => sorted.push((kind, None)),
                ("*", _) if kind == Kind::Limit => {}
                (_, Some(at)) => sorted.push((kind, Some(at))),
                (_, None) => return Affects::Unknown,
            }
        }
    }
    let Some(version) = version else {
        let open = sorted.iter().all(|(kind, at)| *kind == Kind::Introduced && at.is_none());
        return if open && !sorted.is_empty() { Affects::Yes } else { Affects::Unknown };
    };
    sorted.sort_by(|(kind_a, a), (kind_b, b)| match (a, b) {
        (None, None) => kind_a.cmp(kind_b),
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) => a.order(b).then_with(|| kind_a.cmp(kind_b)),
    });
    let against = |at: &Option<Version>| at.as_ref().map_or(Ordering::Greater, |at| version.order(at));
    let mut limits = sorted.iter().filter(|(kind, _)| *kind == Kind::Limit).peekable();
    if limits.peek().is_some() && !limits.any(|(_, at)| against(at) == Ordering::Less) {
        return Affects::No;
    }
    let mut affected = false;
    for (kind, at) in &sorted {
        match (kind, against(at)) {
            (Kind::Introduced, Ordering::Equal | Ordering::Greater) => affected = true,
            (Kind::Fixed, Ordering::Equal | Ordering::Greater) | (Kind::LastAffected, Ordering::Greater) => {
                affected = false;
            }
            _ => {}
        }
    }
    if affected { Affects::Yes } else { Affects::No }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ask(affected: &Value, version: &str) -> Affects {
        let value = json!({ "id": "X", "affected": [affected] });
        let record = Record::read(&value).unwrap();
        let parsed = Version::parse(Ecosystem::Npm, version);
        record.affects(Ecosystem::Npm, "a", (!version.is_empty()).then_some(version), parsed.as_ref())
    }

    fn range(events: &Value) -> Value {
        json!({ "package": { "ecosystem": "npm", "name": "a" }, "ranges": [{ "type": "SEMVER", "events": events }] })
    }

    #[test]
    fn ranges_are_evaluated_as_osv_says() {
        let two = range(
            &json!([{ "fixed": "2.5.0" }, { "introduced": "2.0.0" }, { "introduced": "0" }, { "fixed": "1.5.0" }]),
        );
        for (version, affects) in [
            ("1.4.9", Affects::Yes),
            ("1.5.0", Affects::No),
            ("1.5.0-rc.1", Affects::Yes),
            ("2.0.0", Affects::Yes),
            ("2.5.0", Affects::No),
        ] {
            assert_eq!(ask(&two, version), affects, "{version}");
        }
        let last = range(&json!([{ "introduced": "1.0.0" }, { "last_affected": "1.2.0" }]));
        assert_eq!(ask(&last, "1.2.0"), Affects::Yes);
        assert_eq!(ask(&last, "1.2.1"), Affects::No);
        let limited = range(&json!([{ "introduced": "0" }, { "limit": "2.0.0" }]));
        assert_eq!(ask(&limited, "1.0.0"), Affects::Yes);
        assert_eq!(ask(&limited, "2.0.0"), Affects::No);
    }

    #[test]
    fn versions_that_are_listed_are_affected() {
        let listed = json!({ "package": { "ecosystem": "npm", "name": "a" }, "versions": ["1.0.0"] });
        assert_eq!(ask(&listed, "1.0.0"), Affects::Yes);
        assert_eq!(ask(&listed, "1.0.1"), Affects::No);
    }

    #[test]
    fn without_a_version_only_a_package_that_was_never_fixed_is_affected() {
        assert_eq!(ask(&range(&json!([{ "introduced": "0" }])), ""), Affects::Yes);
        assert_eq!(ask(&range(&json!([{ "introduced": "0" }, { "fixed": "1.0.0" }])), ""), Affects::Unknown);
    }

    #[test]
    fn what_cannot_be_ordered_is_not_taken_for_unaffected() {
        assert_eq!(
            ask(&range(&json!([{ "introduced": "0" }, { "fixed": "one" }])), "1.0.0"),
            Affects::Unknown
        );
        let other = json!({ "package": { "ecosystem": "npm", "name": "b" } });
        assert_eq!(ask(&other, "1.0.0"), Affects::No);
    }

    #[test]
    fn python_names_are_compared_as_pypi_does() {
        let record = json!({ "id": "X", "affected": [{ "package": { "ecosystem": "PyPI", "name": "awslabs.core_MCP" } }] });
        assert!(names(&record, Ecosystem::PyPi, "awslabs-core-mcp"));
        assert!(!names(&record, Ecosystem::Npm, "awslabs-core-mcp"));
    }

    #[test]
    fn a_withdrawn_record_says_nothing() {
        assert!(Record::read(&json!({ "id": "X", "withdrawn": "2026-01-01T00:00:00Z" })).is_none());
    }
}
