//! Rules: credentials that a server asks for, passes on, shows, or that may do more than they should.
//!
//! A credential that goes through a model has left the hands of whom it was given to: it is in transcripts and logs, and
//! any text that the model reads can ask for it. Read [`name`] first (which names are those of credentials), then
//! [`secret`] (which texts are secrets).
//!
//! Not for: whether a server asks for credentials at all, and checks them (that is `bartizan/transport-and-auth`), nor for
//! words that talk a model into handing them over (that is `bartizan/tool-poisoning`). No secret is repeated: evidence
//! shows its first few characters and its length.

mod asked;
mod deputy;
mod launch;
mod name;
mod passthrough;
mod places;
mod rules;
mod scopes;
mod secret;
mod seen;
mod sentence;
mod shown;

use bartizan_sdk::prelude::*;

/// Findings of one rule at one severity that are still told one by one.
const MAX_EACH: usize = 4;

/// The pack that this component exports.
pub struct Credentials;

impl RulePack for Credentials {
    fn info() -> Info {
        Info::new(
            "bartizan/credentials",
            env!("CARGO_PKG_VERSION"),
            "Credentials that are asked for, passed on, shown, or that may do too much",
        )
    }

    fn rules() -> Vec<Rule> {
        rules::all()
    }

    fn check(server: &Server, enabled: &Enabled, _config: &Config) -> Result<Vec<Finding>, Failure> {
        let mut findings = Vec::new();
        if enabled.has(rules::PASSTHROUGH) {
            findings.extend(passthrough::server(server));
        }
        if enabled.has(rules::DEPUTY) {
            findings.extend(deputy::server(server));
            findings.extend(server.tools.iter().filter_map(deputy::tool));
        }
        findings.extend(server.tools.iter().flat_map(|tool| asked::tool(tool, enabled)));
        if enabled.has(rules::ASKED) {
            findings.extend(server.prompts.iter().filter_map(asked::prompt));
            findings.extend(server.resources.iter().filter_map(asked::resource));
        }
        findings.extend(in_texts(server, enabled));
        if enabled.has(rules::SCOPES) {
            findings.extend(scopes::server(server));
        }
        if enabled.has(rules::SECRETS) {
            findings.extend(shown::transport(server));
            findings.extend(launch::server(server));
        }
        Ok(bartizan_listing::fold(server, findings, MAX_EACH))
    }
}

/// What stands in any text of the server, each text looked at once.
fn in_texts(server: &Server, enabled: &Enabled) -> Vec<Finding> {
    let (scopes, secrets) = (enabled.has(rules::SCOPES), enabled.has(rules::SECRETS));
    let mut findings: Vec<Finding> = Vec::new();
    let mut gathered = Vec::new();
    let mut left = places::MAX_BYTES;
    let mut unread = 0_usize;
    if scopes || secrets {
        places::each(server, &mut |place| {
            if place.text.len() > left {
                unread = unread.saturating_add(1);
                return;
            }
            left = left.saturating_sub(place.text.len());
            if secrets {
                shown::gather(place, &mut gathered);
            }
            if scopes {
                let told = findings.iter().any(|finding| finding.subject == place.subject);
                findings.extend(scopes::place(place).filter(|_| !told));
            }
        });
    }
    findings.extend(shown::findings(gathered));
    if unread > 0 && secrets {
        let message = format!(
            "The server shows more text than is looked through for secrets: {unread} texts were not looked at."
        );
        findings.push(
            Finding::new(rules::SECRETS, server, message).severity(Severity::Low).confidence(Confidence::Low),
        );
    }
    findings
}

bartizan_sdk::export_rule_pack!(Credentials);
