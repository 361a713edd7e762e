//! Findings of one rule at one severity belong together: the reader learns the rule once.

use std::collections::BTreeMap;

use super::{Finding, Severity};

/// The findings of one rule at one severity, in the order in which they came.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// Of each of them.
    pub severity: Severity,
    /// Id of the rule.
    pub rule: &'a str,
    /// At least one.
    pub findings: Vec<&'a Finding>,
}

/// The findings in groups, worst first; rules of one severity keep the order in which they first appear.
pub fn groups<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut places: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for finding in findings {
        let place = *places.entry((finding.severity, &finding.rule)).or_insert_with(|| {
            groups.push(Group { severity: finding.severity, rule: &finding.rule, findings: Vec::new() });
            groups.len().saturating_sub(1)
        });
        if let Some(group) = groups.get_mut(place) {
            group.findings.push(finding);
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.severity));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_worst_first_and_keep_the_order_within() {
        let finding = |rule: &str, severity: &str, fingerprint: &str| {
            let json = format!(
                r#"{{"rule":"{rule}","severity":"{severity}","confidence":"low","message":"m","fingerprint":"{fingerprint}",
                "subject":{{"kind":"server","server":"s"}},"plugin":{{"name":"a/b","version":"1.0.0","digest":"d"}}}}"#
            );
            serde_json::from_str::<Finding>(&json).expect("a finding")
        };
        let findings = [
            finding("B", "low", "1"),
            finding("A", "high", "2"),
            finding("B", "low", "3"),
            finding("B", "high", "4"),
        ];
        let groups = groups(&findings);
        let shown: Vec<_> = groups.iter().map(|g| (g.severity.as_str(), g.rule, g.findings.len())).collect();
        assert_eq!(shown, [("high", "A", 1), ("high", "B", 1), ("low", "B", 2)]);
    }
}
