//! One finding as a result.

use bartizan_sdk::report::{Finding, Report, Suppressed, visible};
use serde_json::{Value, json};

use crate::{
    location::{Place, logical, subject_words},
    message,
    rule::{Rules, level},
};

/// Evidence and related subjects of one result; services show no more than a hundred locations.
const MAX_RELATED: usize = 50;

pub(crate) fn result(report: &Report, rules: &Rules<'_>, finding: &Finding) -> Value {
    let place = Place::of(report, &finding.subject);
    let mut result = json!({
        "ruleId": visible(&finding.rule),
        "ruleIndex": rules.index(&finding.rule),
        "level": level(finding.severity),
        "message": { "text": text(finding) },
        "locations": [{
            "physicalLocation": place.physical(),
            "logicalLocations": [logical(&finding.subject, "")],
        }],
        "partialFingerprints": {
            "bartizan/v1": visible(&finding.fingerprint),
            // GitHub tells alerts apart by this one. Left out, it is computed from the line's text, which is the same
            // for every tool of a listing that stands on one line.
            "primaryLocationLineHash": format!("{}:1", visible(&finding.fingerprint)),
        },
        "properties": {
            "severity": finding.severity.as_str(),
            "confidence": finding.confidence.as_str(),
            "component": visible(&finding.plugin.name),
        },
    });
    let related = related(&place, report, finding);
    if let (Some(map), false) = (result.as_object_mut(), related.is_empty()) {
        map.insert("relatedLocations".into(), related.into());
    }
    result
}

/// One finding that somebody set aside: a result that says so (SARIF 2.1.0, 3.35).
pub(crate) fn suppressed(report: &Report, rules: &Rules<'_>, one: &Suppressed) -> Value {
    let mut result = result(report, rules, &one.finding);
    let kind = if one.by == "inline" { "inSource" } else { "external" };
    let more = [("owner", &one.owner), ("until", &one.expires)].into_iter().filter_map(|(what, value)| {
        value.as_ref().map(|value| format!(" ({what}: {})", message::plain(value)))
    });
    let reason: String = std::iter::once(message::plain(&one.reason)).chain(more).collect();
    if let Some(map) = result.as_object_mut() {
        map.insert(
            "suppressions".into(),
            json!([{ "kind": kind, "status": "accepted", "justification": reason }]),
        );
    }
    result
}

/// What it is, and what to do about it where the finding itself says so.
fn text(finding: &Finding) -> String {
    let what = message::plain(&finding.message);
    match finding.remediation.as_deref() {
        Some(fix) if !fix.is_empty() => format!("{what}\n\nHow to fix: {}", message::plain(fix)),
        _ => what,
    }
}

fn related(place: &Place, report: &Report, finding: &Finding) -> Vec<Value> {
    let evidence = finding.evidence.iter().map(|evidence| {
        let text = format!("{}: {}", message::plain(&evidence.label), message::plain(&evidence.text));
        (text, place.physical(), logical(&finding.subject, &evidence.pointer))
    });
    let others = finding.related.iter().map(|subject| {
        let physical = Place::of(report, subject).physical();
        (format!("Takes part: {}", message::plain(&subject_words(subject))), physical, logical(subject, ""))
    });
    evidence
        .chain(others)
        .take(MAX_RELATED)
        .enumerate()
        .map(|(id, (text, physical, logical))| {
            json!({
                "id": id,
                "message": { "text": text },
                "physicalLocation": physical,
                "logicalLocations": [logical],
            })
        })
        .collect()
}
