//! Drift packs: what an author writes who judges what changed.

use crate::{
    Config, Enabled,
    types::{Failure, Finding, Info, Rule, Server},
};

/// A family of rules over what changed in a server since its definitions were approved.
///
/// As with [`crate::RulePack`], the same input gives the same answer, and everything in both servers is hostile.
pub trait DriftPack: 'static {
    /// Who the component is.
    fn info() -> Info;

    /// The rules. The same list at every call.
    fn rules() -> Vec<Rule>;

    /// Looks at a configuration before it is used. The error is a sentence for the person who wrote it.
    fn configure(config: &serde_json::Value) -> Result<(), String> {
        let _ = config;
        Err("this component takes no configuration".to_owned())
    }

    /// Judges the step from what was approved to what is presented now. A finding may be about a thing of either.
    fn compare(
        pinned: &Server,
        present: &Server,
        enabled: &Enabled,
        config: &Config,
    ) -> Result<Vec<Finding>, Failure>;
}
