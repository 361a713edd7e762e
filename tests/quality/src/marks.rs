//! What must hold, in figures.

use serde::Serialize;

use crate::{
    corpus::Set,
    rules::by_rule,
    tally::{Item, Tally},
};

/// One thing that must hold.
#[derive(Clone, Debug, Serialize)]
pub struct Mark {
    /// What is measured.
    pub what: &'static str,
    /// What came out.
    pub measured: String,
    /// What was asked for.
    pub wanted: String,
    /// Whether it holds.
    pub met: bool,
}

impl Mark {
    fn at_most(what: &'static str, measured: usize, wanted: usize) -> Self {
        Self {
            what,
            measured: measured.to_string(),
            wanted: format!("at most {wanted}"),
            met: measured <= wanted,
        }
    }

    /// A figure that is only told.
    fn told(what: &'static str, measured: usize) -> Self {
        Self { what, measured: measured.to_string(), wanted: "-".to_owned(), met: true }
    }

    /// A share, in whole numbers so that no rounding decides.
    fn share(what: &'static str, part: usize, whole: usize, percent: usize, at_least: bool) -> Self {
        let reached = if at_least { part * 100 >= percent * whole } else { part * 100 <= percent * whole };
        let word = if at_least { "at least" } else { "at most" };
        Self {
            what,
            measured: format!("{part} of {whole}"),
            wanted: format!("{word} {percent} %"),
            met: reached && whole > 0,
        }
    }
}

/// Classes of attack that a listing shows plainly.
const PLAIN: &[&str] = &["hidden-instruction", "instruction-override", "cross-tool", "shadowing"];

/// Classes that show only beside another server's listing.
const BESIDE_ANOTHER: &[&str] = &["name-overlap"];

/// Every mark, measured. An unjudged case fails its own mark: it is not "clean".
pub fn marks(tally: &Tally) -> Vec<Mark> {
    let flagged = |items: &[Item]| items.iter().filter(|item| item.flagged()).count();
    let honest = tally.group(Set::Honest);
    let tools: Vec<Item> = honest.honest.iter().filter(|item| item.kind == "tool").cloned().collect();
    // A copied name is an attack only beside the server it was copied from: a listing alone cannot show it.
    let (copied, malicious): (Vec<Item>, Vec<Item>) = tally
        .group(Set::Malicious)
        .attacks
        .into_iter()
        .partition(|item| BESIDE_ANOTHER.iter().any(|class| item.class.starts_with(class)));
    let plain: Vec<Item> = malicious
        .iter()
        .filter(|item| PLAIN.iter().any(|class| item.class.starts_with(class)))
        .cloned()
        .collect();
    let worst = by_rule(tally).into_values().map(|row| row.servers.len()).max().unwrap_or(0);
    let one_liners = tally.group(Set::OneLiners).attacks;
    let prose = tally.group(Set::Prose).attacks;
    let hard = tally.group(Set::HardNegatives);
    vec![
        Mark::at_most("cases that could not be judged", tally.failed.len(), 0),
        Mark::at_most("honest tools at medium or above", flagged(&tools), 2),
        Mark::at_most("honest servers one rule raises to medium", worst, 1),
        Mark::at_most(
            "honest items of any kind at high",
            honest.honest.iter().filter(|item| item.high()).count(),
            0,
        ),
        Mark::share("attacks on malicious servers", flagged(&malicious), malicious.len(), 70, true),
        Mark::share("  of these, in the plain classes", flagged(&plain), plain.len(), 75, true),
        Mark::told("  left out: copied names", copied.len()),
        Mark::share("one-liners", flagged(&one_liners), one_liners.len(), 90, true),
        Mark::share("fluent prose", flagged(&prose), prose.len(), 50, true),
        Mark::share("hard set: attacks", flagged(&hard.attacks), hard.attacks.len(), 80, true),
        Mark::share("hard set: honest flagged", flagged(&hard.honest), hard.honest.len(), 5, false),
    ]
}
