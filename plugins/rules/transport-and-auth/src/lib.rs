//! Rules: how a server is reached. Who may call it, and who can read or change what is said on the way.
//!
//! Not for: what the server offers once it is reached (that is other packs' matter), and not for servers that were
//! started here or read from a file: nobody else can reach those.
//!
//! It judges only what the host has seen: its address, what was observed of the way there, and what was tried. What
//! was not observed is not guessed at. Read [`Reached`](reached::Reached) first: each rule is a question to it.

mod auth;
mod cleartext;
mod cors;
mod origin;
mod probes;
mod reached;
mod rules;
mod session;
mod tls;
mod token;

use bartizan_sdk::prelude::*;

use crate::reached::Reached;

/// One rule's question to what was seen.
type Check = fn(&Reached<'_>) -> Vec<Finding>;

/// The pack that this component exports.
pub struct TransportAndAuth;

impl RulePack for TransportAndAuth {
    fn info() -> Info {
        Info::new(
            "bartizan/transport-and-auth",
            env!("CARGO_PKG_VERSION"),
            "Missing or weak authentication, cleartext transports, weak TLS, open doors for web pages, weak sessions",
        )
    }

    fn rules() -> Vec<Rule> {
        rules::all()
    }

    fn check(server: &Server, enabled: &Enabled, _config: &Config) -> Result<Vec<Finding>, Failure> {
        let Some(reached) = Reached::over_http(server) else { return Ok(Vec::new()) };
        let checks: [(&str, Check); 7] = [
            (rules::AUTH, auth::check),
            (rules::TOKEN, token::check),
            (rules::CLEARTEXT, cleartext::check),
            (rules::TLS, tls::check),
            (rules::ORIGIN, origin::check),
            (rules::CORS, cors::check),
            (rules::SESSION, session::check),
        ];
        let enabled = checks.into_iter().filter(|(id, _)| enabled.has(id));
        Ok(enabled.flat_map(|(_, check)| check(&reached)).collect())
    }
}

bartizan_sdk::export_rule_pack!(TransportAndAuth);
