//! Rules: what changed in a server since its definitions were approved, and whether anybody needs to look again.
//!
//! Not for: telling that something changed (the host sees that), nor for what was wrong from the start (that is other
//! packs' matter). Honest servers change all the time: words move, counts and dates go on, regions are added, a release
//! brings tools. So a change is told by what it can do: words that direct the model, a schema that takes what it did
//! not take, a tool that only read and now writes. Of a text that is what its new sentences do, not how many there are.
//!
//! Read [`Change`](change::Change) first: everything that is compared comes to a list of them.

mod annotations;
mod change;
mod lexicon;
mod own;
mod pairs;
mod part;
mod parts;
mod place;
mod power;
mod rename;
mod rules;
mod schema;
mod signal;
mod steer;
#[cfg(test)]
mod testing;
mod text;
mod tool;
mod walk;
mod words;

use bartizan_sdk::prelude::*;

/// The pack that this component exports.
pub struct Drift;

impl DriftPack for Drift {
    fn info() -> Info {
        Info::new(
            "bartizan/drift",
            env!("CARGO_PKG_VERSION"),
            "What changed in a server since it was approved",
        )
    }

    fn rules() -> Vec<Rule> {
        rules::all()
    }

    fn compare(
        pinned: &Server,
        present: &Server,
        enabled: &Enabled,
        _config: &Config,
    ) -> Result<Vec<Finding>, Failure> {
        if !enabled.has(rules::RUG_PULL) {
            return Ok(Vec::new());
        }
        let mut budget = change::Budget::new();
        let own = own::Own::of(pinned, present);
        let mut changes = tool::compare(pinned, present, &own, &mut budget);
        changes.extend(parts::compare(pinned, present, &own, &mut budget));
        Ok(change::findings(present, changes))
    }
}

bartizan_sdk::export_drift_pack!(Drift);
