//! What was looked for: every rule that was asked, with its help.

use std::collections::BTreeMap;

use bartizan_sdk::report::Rule;

use crate::{
    escape, help,
    page::{Share, View},
    summary::{capital, findings},
};

/// Bytes of the section.
const MOST_BYTES: usize = 1_200_000;
/// Bytes of Markdown that are read for all rules; what was found comes first.
const MOST_HELP: usize = 600_000;

pub(crate) fn write(out: &mut String, view: &View<'_>) {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &view.report.findings {
        let count = found.entry(&finding.rule).or_default();
        *count = count.saturating_add(1);
    }
    let count = |rule: &Rule| found.get(rule.id.as_str()).copied().unwrap_or_default();
    let mut rules: Vec<&Rule> = view.report.rules.iter().collect();
    rules.sort_by_key(|rule| (count(rule) == 0, rule.id.as_str()));
    out.push_str(&format!(
        "<section id=rules aria-labelledby=rules-title>\n<h2 id=rules-title>Rules <span class=count>{}</span></h2>\n\
         <p class=dim>What was looked for. A rule that stands here was asked; where it could not answer, that is \
         under “Not checked”.</p>\n",
        rules.len()
    ));
    let mut help_left = MOST_HELP;
    let share = Share::new(out, MOST_BYTES);
    for (index, rule) in rules.iter().enumerate() {
        if !share.has_room(out) {
            out.push_str(&format!("<p>and {} more</p>\n", rules.len().saturating_sub(index)));
            break;
        }
        one(out, rule, count(rule), &mut help_left);
    }
    out.push_str("</section>\n");
}

fn one(out: &mut String, rule: &Rule, found: usize, help_left: &mut usize) {
    let severity = rule.severity;
    let found =
        if found == 0 { String::new() } else { format!(" <span class=count>{}</span>", findings(found)) };
    out.push_str(&format!(
        "<details class=rule id={}><summary><h3><code class=id>{}</code> {}{found}</h3></summary>\n<div class=help>\n",
        escape::anchor("rule", &rule.id),
        escape::line(&rule.id, 64),
        escape::name(&rule.title, 240),
    ));
    match help_left.checked_sub(rule.help.len()) {
        Some(left) => {
            *help_left = left;
            help::push(out, &rule.help);
        }
        None => {
            out.push_str("<p class=dim>The help is left out for want of room; the JSON report has it.</p>\n");
        }
    }
    let tags: Vec<String> =
        rule.tags.iter().take(24).map(|tag| format!("<code>{}</code>", escape::line(tag, 80))).collect();
    out.push_str(&format!(
        "</div>\n<p class=meta><span>usually {}, confidence {}</span><span>{}</span><span>{}</span></p></details>\n",
        capital(severity).to_lowercase(),
        rule.confidence.as_str(),
        escape::name(&rule.component, 120),
        tags.join(" "),
    ));
}
