//! Rules: where a server comes from. Whose package its command line names, which version, and what else it grants.
//!
//! Not for: what the server offers once it runs (that is other packs' matter), nor for its dependencies, which no
//! command line names. It judges the command and the observation "launch"; what was not observed is not guessed at.
//!
//! Read [`Launch`](launch::Launch) first: it is the command line and its surroundings, taken apart once for all rules.

mod alike;
mod config;
mod known;
mod launch;
mod risky;
mod rules;
mod text;

use bartizan_sdk::prelude::*;

use crate::{config::Advisories, launch::Launch};

/// The pack that this component exports.
pub struct SupplyChain;

impl RulePack for SupplyChain {
    fn info() -> Info {
        Info::new(
            "bartizan/supply-chain",
            env!("CARGO_PKG_VERSION"),
            "Look-alike names, risky ways to start a server, known-vulnerable versions",
        )
        .config_schema(config::SCHEMA)
    }

    fn rules() -> Vec<Rule> {
        rules::all()
    }

    fn configure(config: &serde_json::Value) -> Result<(), String> {
        Advisories::from_config(config).map(|_| ())
    }

    fn check(server: &Server, enabled: &Enabled, config: &Config) -> Result<Vec<Finding>, Failure> {
        let launches = Launch::all_of(server);
        let mut findings = Vec::new();
        if enabled.has(rules::ALIKE) {
            findings.extend(alike::check(server, &launches));
        }
        if enabled.has(rules::RISKY) {
            findings.extend(risky::check(server, &launches));
        }
        if enabled.has(rules::KNOWN) {
            let advisories = || match config {
                Some(config) => Advisories::from_config(config).map_err(Failure::InvalidConfig),
                None => Ok(Advisories::shipped()),
            };
            findings.extend(known::check(server, &launches, advisories)?);
        }
        Ok(findings)
    }
}

bartizan_sdk::export_rule_pack!(SupplyChain);
