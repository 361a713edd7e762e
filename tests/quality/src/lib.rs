//! Measures rules on recorded servers: what they catch, and what they flag that is honest.
//!
//! [`Corpus::load`] reads the recorded servers and the labels, [`Judge`] says what the rules find in one of them, and
//! [`Tally`] counts. Read [`Tally`] first: it is what a run ends in.
//!
//! Not for: judging. It knows no rule by name except in tables, and it has no part in what Bartizan ships.

mod corpus;
mod judge;
mod marks;
mod rules;
mod table;
mod tally;

pub use corpus::{Case, Corpus, CorpusError, Expected, Set};
pub use judge::{Judge, Judged};
pub use marks::{Mark, marks};
pub use rules::{RuleRow, by_rule};
pub use table::render;
pub use tally::{Group, Item, Tally};
