//! Rules: does the server speak the protocol as it is written? Where it does not, two clients can hear two things, and
//! what a person approved is not what another program calls.
//!
//! Not for: what its words ask of a model (that is tool poisoning), nor for who may call it (transport and auth).
//! Sloppiness is common among honest servers, so most of what is found here is low or stated only; what changes
//! what a client sees or reaches weighs more.
//!
//! It judges the listing's schemas and what the host has seen. What was not looked at is not guessed at. Read [`seen`]
//! first: it is how every rule but [`schema`] asks what was observed.

mod capabilities;
mod errors;
mod headers;
mod keys;
mod messages;
mod rules;
mod schema;
mod seen;
mod version;

use bartizan_sdk::prelude::*;

/// Tools of which one rule says the same that are still told one by one.
const MAX_EACH: usize = 6;

/// One rule's judgement of a server.
type Check = fn(&Server) -> Vec<Finding>;

/// The pack that this component exports.
pub struct Protocol;

impl RulePack for Protocol {
    fn info() -> Info {
        Info::new(
            "bartizan/protocol",
            env!("CARGO_PKG_VERSION"),
            "Invalid messages, hostile schemas, ambiguous keys, broken promises",
        )
    }

    fn rules() -> Vec<Rule> {
        rules::all()
    }

    fn check(server: &Server, enabled: &Enabled, _config: &Config) -> Result<Vec<Finding>, Failure> {
        let checks: [(&str, Check); 7] = [
            (rules::MESSAGES, messages::check),
            (rules::ERRORS, errors::check),
            (rules::VERSION, version::check),
            (rules::SCHEMA, schema::check),
            (rules::KEYS, keys::check),
            (rules::HEADERS, headers::check),
            (rules::CAPABILITIES, capabilities::check),
        ];
        let findings =
            checks.into_iter().filter(|(id, _)| enabled.has(id)).flat_map(|(_, check)| check(server));
        Ok(bartizan_listing::fold(server, findings.collect(), MAX_EACH))
    }
}

bartizan_sdk::export_rule_pack!(Protocol);
