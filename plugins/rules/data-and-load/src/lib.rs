//! Rules: what a server gives out, and how much work it takes on.
//!
//! Not for: what a server's words ask of a model, nor for where a parameter's value goes (those are other packs'). And not
//! for proving: a listing says what a tool is to return, not what it does return. What a tool is openly for is only
//! stated; what is graver needs the tool's own words, its output schema, or a look at the wire.
//!
//! What was not looked at is not guessed at. Read [`sensitive`] first: it is the rule with the most to weigh.

mod caching;
mod exposure;
mod giving;
mod lexicon;
#[allow(dead_code, reason = "one file for the packs that need it; this one asks only about URLs")]
mod rate;
mod reading;
mod rules;
mod seen;
mod sensitive;
mod sharing;
mod work;

use bartizan_sdk::prelude::*;

use crate::reading::Reading;

/// Items of which one rule says the same that are still told one by one.
const MAX_EACH: usize = 6;

/// Bytes of names, descriptions and schemas that are read of one server. Real ones stay far below.
const MAX_READ: usize = 1 << 20;

/// One rule's judgement of a tool; the flag says whether anybody in the world gets an answer.
type OfTool = fn(&Reading<'_>, bool) -> Option<Finding>;
/// One rule's judgement of the rest of a server.
type OfServer = fn(&Server, bool) -> Vec<Finding>;

const OF_TOOLS: [(&str, OfTool); 3] =
    [(rules::SENSITIVE, sensitive::tool), (rules::EXPOSURE, exposure::tool), (rules::WORK, work::tool)];
const OF_SERVERS: [(&str, OfServer); 5] = [
    (rules::SENSITIVE, sensitive::resources),
    (rules::EXPOSURE, exposure::rest),
    (rules::CACHING, caching::check),
    (rules::CACHING, sharing::check),
    (rules::RATE, rate::check),
];

/// The pack that this component exports.
pub struct DataAndLoad;

impl RulePack for DataAndLoad {
    fn info() -> Info {
        Info::new(
            "bartizan/data-and-load",
            env!("CARGO_PKG_VERSION"),
            "Secrets and personal data in answers, answers that caches keep, work without bounds",
        )
    }

    fn rules() -> Vec<Rule> {
        rules::all()
    }

    fn check(server: &Server, enabled: &Enabled, _config: &Config) -> Result<Vec<Finding>, Failure> {
        let open = seen::is_open_to_all(server);
        let mut findings = tools(server, enabled, open);
        let enabled = OF_SERVERS.into_iter().filter(|(id, _)| enabled.has(id));
        findings.extend(enabled.flat_map(|(_, check)| check(server, open)));
        Ok(bartizan_listing::fold(server, findings, MAX_EACH))
    }
}

fn tools(server: &Server, enabled: &Enabled, open: bool) -> Vec<Finding> {
    let checks: Vec<(&str, OfTool)> = OF_TOOLS.into_iter().filter(|(id, _)| enabled.has(id)).collect();
    let Some((rule, _)) = checks.first() else { return Vec::new() };
    let (mut findings, mut left, mut unread) = (Vec::new(), MAX_READ, 0_usize);
    for tool in &server.tools {
        let Some(rest) = left.checked_sub(reading::cost(tool)) else {
            unread = unread.saturating_add(1);
            continue;
        };
        left = rest;
        let schema = seen::schema(&tool.input_schema).unwrap_or_default();
        let reading = Reading::of(tool, &schema);
        findings.extend(checks.iter().filter_map(|(_, check)| check(&reading, open)));
    }
    if unread > 0 {
        let message = format!(
            "What {unread} tools say of themselves was not judged: more than {} KiB were read of the others.",
            MAX_READ >> 10
        );
        findings.push(Finding::new(rule, server, message).severity(Severity::Low));
    }
    findings
}

bartizan_sdk::export_rule_pack!(DataAndLoad);
