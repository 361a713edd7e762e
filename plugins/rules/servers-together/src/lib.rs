//! Rules: servers that are harmless by themselves, and together are not.
//!
//! All servers of a client speak to one model. So a description of one can direct the model about another's tool, a
//! name can stand for two tools, and what one server reads can leave through another.
//!
//! Not for: what one server's texts do to the model by themselves (that is another pack's matter), nor for what really
//! flows when a model works (that is for a proxy). Nearly every set of useful servers has a way from a stranger's text
//! to private data and out: it is told once, as a fact to decide about.
//!
//! Read [`fact`] first: what is noted of each server, under which topic, so that what belongs together meets.

mod class;
mod fact;
mod flow;
mod lexicon;
mod mention;
mod name;
mod overlap;
mod rules;
mod shadow;
mod words;

use bartizan_sdk::prelude::*;

/// The pack that this component exports.
pub struct ServersTogether;

impl FleetPack for ServersTogether {
    fn info() -> Info {
        Info::new(
            "bartizan/servers-together",
            env!("CARGO_PKG_VERSION"),
            "Shadowed tools, and ways from strangers' texts to private data and out",
        )
    }

    fn rules() -> Vec<Rule> {
        rules::all()
    }

    fn note(server: &Server, enabled: &Enabled, _config: &Config) -> Result<Vec<Fact>, Failure> {
        let mut facts = Vec::new();
        // Flows first: they are few, and must not be cut off by a server of a thousand tools.
        if enabled.has(rules::FLOW) {
            facts.extend(flow::note(server));
        }
        if enabled.has(rules::SHADOW) {
            facts.extend(shadow::note(server));
        }
        Ok(fact::bounded(facts))
    }

    fn judge(group: &Group, enabled: &Enabled, _config: &Config) -> Result<Vec<FleetFinding>, Failure> {
        let mut findings = Vec::new();
        if enabled.has(rules::FLOW) && group.topic == fact::FLOW {
            findings.extend(flow::judge(group));
        }
        if enabled.has(rules::SHADOW) && group.topic != fact::FLOW {
            findings.extend(shadow::judge(group));
        }
        Ok(findings)
    }
}

bartizan_sdk::export_fleet_pack!(ServersTogether);
