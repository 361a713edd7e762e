//! Keeps an answer within what the host takes.
//!
//! A server with a thousand poisoned tools must not be able to make a pack's whole answer too long, and so unheard.

use crate::types::{Finding, Rule, Server, Severity};

/// Findings of one call that the host takes unless it is set otherwise; the contract says so.
const MAX_FINDINGS: usize = 1_000;
/// Bytes of text in them; the contract says so. Some room is left for the finding that tells of the rest.
const MAX_BYTES: usize = (1 << 20) - (16 << 10);

/// The findings if they are within bounds; else the worst of them, and one that says how many were left out.
pub(crate) fn worst_within_limits(
    mut findings: Vec<Finding>,
    rules: &[Rule],
    server: &Server,
) -> Vec<Finding> {
    let total: usize = findings.iter().map(bytes).sum();
    if findings.len() <= MAX_FINDINGS && total <= MAX_BYTES {
        return findings;
    }
    // Stable, so that the same findings stay in the same order.
    findings.sort_by_key(|finding| std::cmp::Reverse(severity(finding, rules)));
    let mut used = 0;
    let kept = findings
        .iter()
        .take(MAX_FINDINGS - 1)
        .take_while(|finding| {
            used += bytes(finding);
            used <= MAX_BYTES
        })
        .count();
    let left_out = findings.split_off(kept);
    if let Some(worst) = left_out.first() {
        findings.push(
            Finding::new(
                &worst.rule,
                server,
                format!(
                    "{} more findings were left out because there are too many to tell: the worst {kept} are told.",
                    left_out.len()
                ),
            )
            .severity(severity(worst, rules)),
        );
    }
    findings
}

fn severity(finding: &Finding, rules: &[Rule]) -> Severity {
    let own = || rules.iter().find(|rule| rule.id == finding.rule).map(|rule| rule.severity);
    finding.severity.or_else(own).unwrap_or(Severity::Info)
}

fn bytes(finding: &Finding) -> usize {
    let evidence: usize =
        finding.evidence.iter().map(|e| e.label.len() + e.text.len() + e.pointer.len()).sum();
    let related: usize = finding.related.iter().map(|subject| subject.kind.len() + subject.name.len()).sum();
    let remediation = finding.remediation.as_ref().map_or(0, String::len);
    let subject = finding.subject.kind.len() + finding.subject.name.len();
    finding.rule.len() + finding.message.len() + subject + remediation + evidence + related
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Tool;

    fn finding(severity: Severity, text: &str) -> Finding {
        Finding::new("R-1", &Tool::named("t"), "m").severity(severity).evidence("e", text, "")
    }

    #[test]
    fn what_is_within_bounds_is_left_as_it_is() {
        let findings = vec![finding(Severity::Low, "a"), finding(Severity::High, "b")];
        assert_eq!(worst_within_limits(findings.clone(), &[], &Server::named("s")), findings);
    }

    #[test]
    fn of_too_many_the_worst_are_told_and_the_rest_is_counted() {
        let mut findings = vec![finding(Severity::Low, "a"); 1_500];
        findings.push(finding(Severity::High, "the one that counts"));
        let told = worst_within_limits(findings, &[], &Server::named("s"));
        assert_eq!(told.len(), MAX_FINDINGS);
        assert_eq!(told[0].evidence[0].text, "the one that counts");
        assert!(
            told[MAX_FINDINGS - 1].message.starts_with("502 more findings"),
            "{}",
            told[MAX_FINDINGS - 1].message
        );
    }

    #[test]
    fn too_much_text_is_cut_to_whole_findings() {
        let findings = vec![finding(Severity::Medium, &"x".repeat(4_000)); 600];
        let told = worst_within_limits(findings, &[], &Server::named("s"));
        assert!(told.iter().map(bytes).sum::<usize>() <= 1 << 20);
        assert!(told.len() < 600 && told.last().unwrap().message.contains("more findings"));
    }
}
