//! Findings of one rule at one severity belong together: the reader learns the rule once.

use bartizan_sdk::report::{Finding, Report, Severity};

/// How many lesser findings of one rule are still shown one by one.
const FEW: usize = 2;

/// The findings of one rule at one severity, in the report's order.
pub(crate) struct Group<'a> {
    pub(crate) severity: Severity,
    pub(crate) rule: &'a str,
    pub(crate) findings: Vec<&'a Finding>,
}

impl Group<'_> {
    /// Whether the group is told in a few lines. What a person should look at never is.
    pub(crate) fn is_folded(&self) -> bool {
        self.severity <= Severity::Low && self.findings.len() > FEW
    }
}

/// The findings in groups, worst first; rules keep the order in which the report first names them.
pub(crate) fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places: std::collections::BTreeMap<(Severity, &str), usize> = std::collections::BTreeMap::new();
    for finding in &report.findings {
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
