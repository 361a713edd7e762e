//! Rule packs: what an author writes.

use crate::{
    Enabled,
    types::{Failure, Finding, Info, Rule, Server},
};

/// The JSON value a user configured the component with; `None` if nobody did.
pub type Config = Option<serde_json::Value>;

/// A family of rules that share one reading of a server.
pub trait RulePack: 'static {
    /// Who the component is. The name's first half must be the publisher who will sign it.
    fn info() -> Info;

    /// The rules. The same list at every call.
    fn rules() -> Vec<Rule>;

    /// Looks at a configuration before it is used. The error is a sentence for the person who wrote it.
    fn configure(config: &serde_json::Value) -> Result<(), String> {
        let _ = config;
        Err("this component takes no configuration".to_owned())
    }

    /// Judges one server. Must give the same answer for the same input: there is no clock, no randomness and no
    /// state from an earlier call. Everything in `server` is hostile: no `unwrap` on any of it.
    fn check(server: &Server, enabled: &Enabled, config: &Config) -> Result<Vec<Finding>, Failure>;
}

/// Runs a pack's rules, all enabled, in this process: for tests and for comparing with the component.
#[expect(clippy::needless_pass_by_value, reason = "a test passes `None`, or a value made on the spot")]
pub fn check_natively<P: RulePack>(server: &Server, config: Config) -> Result<Vec<Finding>, Failure> {
    if let Some(config) = &config {
        P::configure(config).map_err(Failure::InvalidConfig)?;
    }
    P::check(server, &Enabled::all_of(P::rules()), &config)
}
