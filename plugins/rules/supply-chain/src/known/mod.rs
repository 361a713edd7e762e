//! MCP-SEC-054: a version that a published advisory names.

mod identity;
mod osv;
mod version;

use bartizan_sdk::prelude::*;

use self::{
    identity::{Identity, Known},
    osv::{Affects, Record},
    version::Version,
};
use crate::{config::Advisories, launch::Launch, rules, text::clipped};

/// Advisories of one package that are named.
const MAX_NAMED: usize = 8;

pub(crate) fn check(
    server: &Server,
    launches: &[Launch],
    advisories: impl FnOnce() -> Result<Advisories, Failure>,
) -> Result<Vec<Finding>, Failure> {
    let identities = identity::all_of(server, launches);
    if identities.is_empty() {
        // Most servers say nothing of what they are: their advisories need not be read.
        return Ok(Vec::new());
    }
    let advisories = advisories()?;
    Ok(identities.iter().filter_map(|identity| judge(server, identity, &advisories)).collect())
}

fn judge(server: &Server, identity: &Identity, advisories: &Advisories) -> Option<Finding> {
    let version = identity.version.as_deref().and_then(|text| Version::parse(identity.ecosystem, text));
    let mut hits: Vec<(Record<'_>, Affects)> = advisories
        .records()
        .filter(|record| osv::names(record, identity.ecosystem, &identity.name))
        .filter_map(Record::read)
        .map(|record| {
            let affects = record.affects(
                identity.ecosystem,
                &identity.name,
                identity.version.as_deref(),
                version.as_ref(),
            );
            (record, affects)
        })
        .filter(|(_, affects)| *affects != Affects::No)
        .collect();
    // What cannot be compared is told only where nothing else is: one line says to look.
    if hits.iter().any(|(_, affects)| *affects == Affects::Yes) {
        hits.retain(|(_, affects)| *affects == Affects::Yes);
    } else if version.is_none() && identity.version.is_none() {
        return None;
    }
    hits.sort_by(|(a, _), (b, _)| b.severity().cmp(&a.severity()).then_with(|| a.id.cmp(b.id)));
    let (worst, affects) = hits.first()?;
    Some(finding(server, identity, &hits, worst, *affects))
}

fn finding(
    server: &Server,
    identity: &Identity,
    hits: &[(Record<'_>, Affects)],
    worst: &Record<'_>,
    affects: Affects,
) -> Finding {
    let what = identity.shown();
    let (count, is) = match hits.len() {
        1 => ("a published advisory".to_owned(), "it is"),
        many => (format!("{many} published advisories"), "the gravest is"),
    };
    let named = format!(
        "{}{}: {}",
        clipped(worst.id),
        worst.cve().map(|cve| format!(" ({cve})")).unwrap_or_default(),
        clipped(worst.summary)
    );
    let message = match affects {
        Affects::Unknown => format!(
            "{what} is named by {count}, whose versions cannot be compared with this one; {is} {named}. Look whether it applies."
        ),
        _ if worst.is_malicious() => format!("{what} is known malware: {named}."),
        _ => format!("{what} is affected by {count}; {is} {named}."),
    };
    let (severity, confidence) = match (affects, identity.known) {
        (Affects::Unknown, _) => (Severity::Info, Confidence::Low),
        (_, Known::CommandLine) => (worst.severity(), Confidence::High),
        (_, Known::EveryVersion) => (worst.severity(), Confidence::Medium),
        // What a server says of its version may be its library's.
        (_, Known::ServerInfo) => (worst.severity().min(Severity::Medium), Confidence::Low),
    };
    let mut finding = Finding::new(rules::KNOWN, server, message).severity(severity).confidence(confidence);
    finding = finding.evidence(identity.known.label(), &what, "");
    for (record, _) in hits.iter().take(MAX_NAMED) {
        let text =
            format!("{}: {} {}", clipped(record.id), clipped(record.summary), clipped(record.reference()));
        finding = finding.evidence("advisory", text.trim(), "");
    }
    let fixed = Version::newest(
        identity.ecosystem,
        hits.iter().filter_map(|(record, _)| record.fixed(identity.ecosystem, &identity.name)),
    );
    let every_one_fixed =
        hits.iter().all(|(record, _)| record.fixed(identity.ecosystem, &identity.name).is_some());
    finding.remediation(match fixed {
        _ if worst.is_malicious() => {
            "Remove the server and change every secret that it could reach.".to_owned()
        }
        Some(fixed) if every_one_fixed => format!("Start version {fixed} or a later one."),
        _ => "No fixed version is published: use another server, or keep this one away from what is not trusted.".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launch::Ecosystem;

    #[test]
    fn every_shipped_range_can_be_compared() {
        let advisories = Advisories::shipped();
        for value in advisories.records() {
            let record = Record::read(value).unwrap();
            for one in value["affected"].as_array().unwrap() {
                let ecosystem = match one["package"]["ecosystem"].as_str() {
                    Some("npm") => Ecosystem::Npm,
                    Some("PyPI") => Ecosystem::PyPi,
                    other => panic!("{}: {other:?}", record.id),
                };
                let name = one["package"]["name"].as_str().unwrap();
                let version = Version::parse(ecosystem, "9999.0.0");
                let affects = record.affects(ecosystem, name, Some("9999.0.0"), version.as_ref());
                assert_ne!(affects, Affects::Unknown, "{}", record.id);
                // Only what was never fixed affects a version that is yet to come.
                assert_eq!(
                    affects == Affects::Yes,
                    record.fixed(ecosystem, name).is_none() && !value.to_string().contains("last_affected"),
                    "{}",
                    record.id
                );
            }
        }
    }
}
