//! Rules: how a server is reached. Who may call it, and who can read or change what is said on the way.
//!
//! Not for: what the server offers once it is reached (that is other packs' matter), and not for servers that were
//! started here or read from a file: nobody else can reach those.
//!
//! It judges only what the host has seen: its address, and the observations "http-auth", "redirect" and "tls". What
//! was not observed is not guessed at. Read [`Reached`](reached::Reached) first: each rule is a question to it.

mod auth;
mod cleartext;
mod place;
mod reached;
mod rules;
mod tls;

use bartizan_sdk::prelude::*;

use crate::reached::Reached;

/// One rule's question to what was seen.
type Check = fn(&Reached<'_>) -> Option<Finding>;

/// The pack that this component exports.
pub struct TransportAndAuth;

impl RulePack for TransportAndAuth {
    fn info() -> Info {
        Info::new(
            "bartizan/transport-and-auth",
            env!("CARGO_PKG_VERSION"),
            "Missing authentication, cleartext transports, weak TLS",
        )
    }

    fn rules() -> Vec<Rule> {
        rules::all()
    }

    fn check(server: &Server, enabled: &Enabled, _config: &Config) -> Result<Vec<Finding>, Failure> {
        let Some(reached) = Reached::over_http(server) else { return Ok(Vec::new()) };
        let checks: [(&str, Check); 3] =
            [(rules::AUTH, auth::check), (rules::CLEARTEXT, cleartext::check), (rules::TLS, tls::check)];
        Ok(checks
            .into_iter()
            .filter(|(id, _)| enabled.has(id))
            .filter_map(|(_, check)| check(&reached))
            .collect())
    }
}

bartizan_sdk::export_rule_pack!(TransportAndAuth);
