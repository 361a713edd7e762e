//! Weighs the signals of one item.

use std::collections::BTreeMap;

use crate::signal::{Kind, Shown};

/// From here on a person should look.
pub(crate) const MEDIUM: u8 = 3;
/// From here on, if different kinds of signal agree, it is an attack.
pub(crate) const HIGH: u8 = 5;

/// One signal where it was seen.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) weight: u8,
    /// Which of the item's texts.
    pub(crate) field: usize,
    /// Byte range in its canonical form.
    pub(crate) range: std::ops::Range<usize>,
}

/// The signals of an item, the strongest of each kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Score {
    seen: BTreeMap<Kind, Seen>,
    /// The total if nothing had been taken for an illustration.
    unlowered: BTreeMap<Kind, u8>,
}

impl Score {
    /// Adds a signal. One that is told of counts half, one that is quoted not at all.
    pub(crate) fn add(
        &mut self,
        kind: Kind,
        weight: u8,
        shown: Shown,
        field: usize,
        range: std::ops::Range<usize>,
    ) {
        let full = self.unlowered.entry(kind).or_default();
        *full = weight.max(*full);
        let weight = match shown {
            Shown::Not => weight,
            Shown::Told => weight / 2,
            Shown::Quoted => 0,
        };
        // Speaking as the system twice is no slip.
        let again = self
            .seen
            .get(&kind)
            .is_some_and(|seen| kind == Kind::Role && (seen.field, &seen.range) != (field, &range));
        let weight = if again && weight > 0 { weight.max(3) } else { weight };
        let better = self.seen.get(&kind).is_none_or(|seen| seen.weight < weight);
        if better {
            self.seen.insert(kind, Seen { weight, field, range });
        }
    }

    /// The sum over kinds.
    pub(crate) fn total(&self) -> u8 {
        self.seen.values().fold(0_u8, |sum, seen| sum.saturating_add(seen.weight))
    }

    /// The sum, had nothing been taken for an illustration.
    pub(crate) fn unlowered(&self) -> u8 {
        self.unlowered.values().fold(0_u8, |sum, &weight| sum.saturating_add(weight))
    }

    /// Strong kinds that weigh something. A threat presses an order and is no second one.
    pub(crate) fn strong(&self) -> usize {
        self.seen
            .iter()
            .filter(|(kind, seen)| kind.is_strong() && **kind != Kind::Threat && seen.weight > 0)
            .count()
    }

    /// Every kind with where it was seen best.
    pub(crate) fn seen(&self) -> impl Iterator<Item = (Kind, &Seen)> {
        self.seen.iter().map(|(&kind, seen)| (kind, seen))
    }
}
