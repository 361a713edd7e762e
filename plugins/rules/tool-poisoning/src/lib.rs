//! Rules: instructions to the model, and hidden text, in what a server shows.
//!
//! Everything a server presents is read by a language model, and a model cannot tell a description from an order. The
//! pack reads every string of every item once ([`bartizan_text`]), finds sentences that say what an honest description
//! would not (`signal`), and weighs those that agree (`score`). It judges by classes of words and small grammars, never
//! by the wording of a known attack.
//!
//! Not for: parameters that invite injection into a command or a query, transports, or what a tool returns when called.
//!
//! Read [`Pack`] first, then `item`.

mod class;
mod face;
mod field;
mod finding;
#[cfg(test)]
mod hostile;
mod item;
mod json;
mod lexicon;
mod number;
mod purpose;
mod rules;
mod score;
mod signal;
mod token;
mod tongue;
#[cfg(test)]
mod vectors;
mod written;

use std::{cell::Cell, collections::HashSet};

use bartizan_sdk::prelude::*;
use smol_str::SmolStr;

use crate::{
    field::{Field, Fields, Place},
    item::{Item, Surroundings, name_words},
};

/// The rule pack.
#[derive(Clone, Copy, Debug)]
pub struct Pack;

impl RulePack for Pack {
    fn info() -> Info {
        Info::new(
            "bartizan/tool-poisoning",
            "0.1.0",
            "Instructions to the model and hidden text in what a server shows",
        )
    }

    fn rules() -> Vec<Rule> {
        rules::all()
    }

    fn check(server: &Server, enabled: &Enabled, _config: &Config) -> Result<Vec<Finding>, Failure> {
        let fields: Vec<Fields<'_>> = server.tools.iter().map(Fields::of_tool).collect();
        let names = names(server, &fields);
        let mut around = Surroundings { names: &names, left: Cell::new(item::MAX_SERVER), hostile: false };
        let tools: Vec<_> = server
            .tools
            .iter()
            .zip(fields)
            .map(|(tool, fields)| (tool, Item::read(fields, true, &around)))
            .collect();
        let attacks = tools.iter().filter(|(_, item)| item.malice().weight > 0).count();
        around.hostile = attacks >= 4 && attacks * 4 >= tools.len();

        let mut findings = Item::read(Fields::of_server(server), false, &around).findings(server, &around);
        for (tool, item) in tools {
            findings.extend(item.findings(tool, &around));
        }
        for prompt in &server.prompts {
            findings.extend(Item::read(Fields::of_prompt(prompt), false, &around).findings(prompt, &around));
        }
        for resource in &server.resources {
            findings.extend(
                Item::read(Fields::of_resource(resource), false, &around).findings(resource, &around),
            );
        }
        findings.retain(|finding| enabled.has(&finding.rule));
        Ok(findings)
    }
}

/// The words of every name that this server's texts may rightly speak of.
fn names(server: &Server, tools: &[Fields<'_>]) -> HashSet<SmolStr> {
    let mut names = HashSet::new();
    names.extend(server.tools.iter().flat_map(|tool| name_words(&tool.name)));
    names.extend(server.prompts.iter().flat_map(|prompt| name_words(&prompt.name)));
    // Values it offers by name, too: "use `compact`" is no call.
    let value = |field: &&Field<'_>| field.place == Place::Data && !field.text.contains(' ');
    let given =
        tools.iter().flat_map(|fields| fields.0.iter().filter(|field| field.parameter || value(field)));
    names.extend(given.flat_map(|field| name_words(&field.text)));
    names
}

bartizan_sdk::export_rule_pack!(Pack);
