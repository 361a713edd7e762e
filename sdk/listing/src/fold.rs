//! A server of sixty file tools is one fact, not sixty.

use bartizan_sdk::types::{Finding, Server};

/// Items that a folded finding names.
const MAX_NAMED: usize = 100;
/// Items whose evidence it shows.
const MAX_SHOWN: usize = 8;

/// Where one rule says something of more than `at_most` items at one severity, one finding about the server says it of
/// all.
pub fn fold(server: &Server, findings: Vec<Finding>, at_most: usize) -> Vec<Finding> {
    let mut groups: Vec<Vec<Finding>> = Vec::new();
    for finding in findings {
        let like = |group: &&mut Vec<Finding>| {
            group.first().is_some_and(|first| {
                first.rule == finding.rule
                    && first.severity == finding.severity
                    && first.subject.kind == finding.subject.kind
            })
        };
        match groups.iter_mut().find(like) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
        .into_iter()
        .flat_map(|group| if group.len() > at_most { vec![folded(server, &group)] } else { group })
        .collect()
}

fn folded(server: &Server, group: &[Finding]) -> Finding {
    let first = group.first();
    let rule = first.map(|finding| finding.rule.as_str()).unwrap_or_default();
    let kind = first.map(|finding| finding.subject.kind.as_str()).unwrap_or_default();
    let said = first.map(|finding| finding.message.as_str()).unwrap_or_default();
    let name =
        first.map(|finding| finding.subject.name.chars().take(60).collect::<String>()).unwrap_or_default();
    let mut folded = Finding::new(
        rule,
        server,
        format!("{} {}s are alike in this; for example {name}: {said}", group.len(), kind),
    );
    folded.severity = first.and_then(|finding| finding.severity);
    folded.confidence = first.and_then(|finding| finding.confidence);
    folded.related = group.iter().take(MAX_NAMED).map(|finding| finding.subject.clone()).collect();
    // What a fingerprint is made of: a tool that joins or changes makes it another finding.
    for finding in group.iter().take(MAX_SHOWN) {
        for evidence in finding.evidence.iter().take(1) {
            let text: String = evidence.text.chars().take(200).collect();
            let subject: String = finding.subject.name.chars().take(60).collect();
            folded = folded.evidence(&subject, &text, "");
        }
    }
    folded
}
