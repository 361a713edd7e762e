//! A server of sixty file tools is one fact, not sixty.

use bartizan_sdk::prelude::*;

/// Findings of one rule at one severity that are still told one by one. With four rules and three severities that
/// stays under the number of findings the host takes.
const MAX_EACH: usize = 8;
/// Tools that a folded finding names.
const MAX_NAMED: usize = 100;

/// Where one rule says the same of many tools, one finding about the server says it of all.
pub(crate) fn fold(server: &Server, findings: Vec<Finding>) -> Vec<Finding> {
    let mut groups: Vec<Vec<Finding>> = Vec::new();
    for finding in findings {
        let like = |group: &&mut Vec<Finding>| {
            group
                .first()
                .is_some_and(|first| first.rule == finding.rule && first.severity == finding.severity)
        };
        match groups.iter_mut().find(like) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
        .into_iter()
        .flat_map(|group| if group.len() > MAX_EACH { vec![folded(server, &group)] } else { group })
        .collect()
}

fn folded(server: &Server, group: &[Finding]) -> Finding {
    let first = group.first();
    let rule = first.map(|finding| finding.rule.as_str()).unwrap_or_default();
    let said = first.map(|finding| finding.message.as_str()).unwrap_or_default();
    let name =
        first.map(|finding| finding.subject.name.chars().take(60).collect::<String>()).unwrap_or_default();
    let mut folded = Finding::new(
        rule,
        server,
        format!("{} tools are alike in this; for example {name}: {said}", group.len()),
    );
    folded.severity = first.and_then(|finding| finding.severity);
    folded.confidence = first.and_then(|finding| finding.confidence);
    folded.related = group.iter().take(MAX_NAMED).map(|finding| finding.subject.clone()).collect();
    // What a fingerprint is made of: a tool that joins or changes makes it another finding.
    for finding in group.iter().take(MAX_EACH) {
        for evidence in finding.evidence.iter().take(1) {
            let text: String = evidence.text.chars().take(200).collect();
            let subject: String = finding.subject.name.chars().take(60).collect();
            folded = folded.evidence(&subject, &text, "");
        }
    }
    folded
}
