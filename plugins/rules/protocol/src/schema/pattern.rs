//! Patterns that take a backtracking engine for ever on a short text (ReDoS).
//!
//! Such a pattern can read one and the same text in two ways and come back to the same place: every such stretch doubles
//! the ways, and when the match fails in the end all of them are tried. That is decided here, not guessed from stars in
//! stars: `(?:[a-z](?:[a-z-]*[a-z])?\.)+` has those and is harmless.

use serde_json::Value;

use super::{
    Fault,
    document::Document,
    ecma::{self, Automaton, Positions, Unread},
};
use crate::seen::clipped;

/// Characters of a pattern that is judged.
const MAX_PATTERN: usize = 2_000;
/// Faults of this kind that one schema is told of.
const MAX_FAULTS: usize = 5;

/// Steps that are spent on all patterns of one server: a hostile one could ask for many.
pub(super) struct Effort {
    left: usize,
    /// Patterns that it did not reach for.
    pub(super) unjudged: usize,
}

/// What reading a character costs, in steps.
const STEPS_A_CHARACTER: usize = 8;

impl Default for Effort {
    fn default() -> Self {
        Self { left: 1_000_000, unjudged: 0 }
    }
}

impl Effort {
    fn spend(&mut self, steps: usize) -> Option<()> {
        self.left = self.left.checked_sub(steps)?;
        Some(())
    }
}

pub(super) fn faults(document: &Document<'_>, effort: &mut Effort) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, members) in document.objects() {
        let own = members.get("pattern").and_then(Value::as_str).map(|pattern| (pattern, "pattern"));
        let named = members.get("patternProperties").and_then(Value::as_object).into_iter().flatten();
        for (pattern, key) in
            own.into_iter().chain(named.map(|(name, _)| (name.as_str(), "patternProperties")))
        {
            if faults.len() >= MAX_FAULTS {
                return faults;
            }
            let what = match judge(pattern, effort) {
                Verdict::Catastrophic => {
                    "The schema has a pattern that a backtracking engine can be made to try for ever, by a text of \
                     some thirty characters."
                }
                Verdict::Invalid => "The schema has a pattern that is no regular expression.",
                Verdict::Fine => continue,
            };
            faults.push(Fault::low(what, clipped(pattern), document.pointer(at, key)));
        }
    }
    faults
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Fine,
    Invalid,
    Catastrophic,
}

fn judge(pattern: &str, effort: &mut Effort) -> Verdict {
    if pattern.len() > MAX_PATTERN {
        return Verdict::Fine;
    }
    let read = effort.spend(pattern.len().saturating_mul(STEPS_A_CHARACTER)).map(|()| ecma::parse(pattern));
    let verdict = match read {
        Some(Err(Unread::Invalid)) => Some(Verdict::Invalid),
        Some(Err(Unread::Unknown)) => Some(Verdict::Fine),
        Some(Ok(automaton)) => is_catastrophic(&automaton, effort)
            .map(|is| if is { Verdict::Catastrophic } else { Verdict::Fine }),
        None => None,
    };
    verdict.unwrap_or_else(|| {
        effort.unjudged = effort.unjudged.saturating_add(1);
        Verdict::Fine
    })
}

/// `None` if there were no steps left to find out.
fn is_catastrophic(automaton: &Automaton, effort: &mut Effort) -> Option<bool> {
    let count = automaton.classes.len();
    // Where nothing can fail afterwards, the first way that is tried is the last.
    let harmless = |position: usize| !automaton.anchored && automaton.last & 1 << position != 0;
    if members(automaton.doubled).any(|position| !harmless(position)) {
        return Some(true);
    }
    let precede = reversed(&automaton.follow);
    let reach = closure(&automaton.follow);
    for start in 0..count {
        let loops = reach.get(start).is_some_and(|reach| reach & 1 << start != 0);
        if loops && !harmless(start) && comes_back_twice(automaton, &precede, start, effort)? {
            return Some(true);
        }
    }
    Some(false)
}

fn reversed(edges: &[Positions]) -> Vec<Positions> {
    let mut reversed: Vec<Positions> = vec![0; edges.len()];
    for (from, follow) in edges.iter().enumerate() {
        for to in members(*follow) {
            if let Some(slot) = reversed.get_mut(to) {
                *slot |= 1 << from;
            }
        }
    }
    reversed
}

/// By position: all that can come at any time after it (Warshall).
fn closure(edges: &[Positions]) -> Vec<Positions> {
    let mut reach = edges.to_vec();
    for through in 0..reach.len() {
        let Some(further) = reach.get(through).copied() else { continue };
        for slot in &mut reach {
            if *slot & 1 << through != 0 {
                *slot |= further;
            }
        }
    }
    reach
}

/// Whether two different ways lead from a position back to it by the same text.
fn comes_back_twice(
    automaton: &Automaton,
    precede: &[Positions],
    start: usize,
    effort: &mut Effort,
) -> Option<bool> {
    let forward = reached(automaton, &automaton.follow, start, effort)?;
    if forward.iter().enumerate().all(|(one, others)| others & !(1 << one) == 0) {
        return Some(false);
    }
    let backward = reached(automaton, precede, start, effort)?;
    let mut both = forward.iter().zip(&backward).enumerate();
    Some(both.any(|(one, (there, back))| there & back & !(1 << one) != 0))
}

/// The pairs of positions that two walks from `start` can be at after the same text, by the first of the pair.
fn reached(
    automaton: &Automaton,
    edges: &[Positions],
    start: usize,
    effort: &mut Effort,
) -> Option<Vec<Positions>> {
    let mut pairs: Vec<Positions> = vec![0; automaton.classes.len()];
    let mut stack = vec![(start, start)];
    while let Some((one, other)) = stack.pop() {
        let (Some(&ones), Some(&others)) = (edges.get(one), edges.get(other)) else { continue };
        for a in members(ones) {
            for b in members(others) {
                effort.spend(1)?;
                let meet = match (automaton.classes.get(a), automaton.classes.get(b)) {
                    (Some(a), Some(b)) => a.meets(*b),
                    _ => false,
                };
                let Some(known) = pairs.get_mut(a) else { continue };
                if meet && *known & 1 << b == 0 {
                    *known |= 1 << b;
                    stack.push((a, b));
                }
            }
        }
    }
    Some(pairs)
}

fn members(mut set: Positions) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = usize::try_from(set.trailing_zeros()).ok().filter(|_| set != 0)?;
        set &= set.wrapping_sub(1);
        Some(next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_can_be_tried_for_ever_is_known() {
        for bad in [
            "^(a+)+$",
            "^(a*)*$",
            "^(a|a)*$",
            "^(a|aa)+$",
            "^(\\w+\\s?)*$",
            "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
            "^(\\d+,?)*$",
            "(x+x+)+y",
            "^(.*,)*x$",
            "^(?:[a-z]{1,30}){1,30}$",
            "^((?:a?b?)*)*$",
        ] {
            // `(.*,)*x` is the one with stars in stars of which the comma may be read by either.
            assert_eq!(judge(bad, &mut Effort::default()), Verdict::Catastrophic, "{bad}");
        }
    }

    #[test]
    fn stars_in_stars_that_can_be_read_in_one_way_only_are_fine() {
        for fine in [
            "^[A-Z][A-Z0-9_]+-\\d+(?:-\\d+)*$",
            "^[a-zA-Z0-9._]+(?:[-._a-zA-Z0-9]*)$",
            "^I?\\d+[:|-]\\d+(?:;\\d+[:|-]\\d+)*$",
            "^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$",
            "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$",
            "^(\\d{1,3}\\.){3}\\d{1,3}$",
            "^(/[^/]+)+$",
            "^\\s*(?:[^,]+,)*[^,]+\\s*$",
            "^(foo|bar)+$",
            "^(?:\\+\\d{1,3})?\\d{4,14}$",
            "(a+)+",
            "^#([0-9a-f]{3}){1,2}$",
        ] {
            assert_eq!(judge(fine, &mut Effort::default()), Verdict::Fine, "{fine}");
        }
    }

    #[test]
    fn effort_on_hostile_patterns_is_bounded_and_what_was_not_judged_is_counted() {
        let mut effort = Effort::default();
        let hard = format!("^{}$", "[a-z]*".repeat(100));
        for _ in 0..50 {
            assert_eq!(judge(&hard, &mut effort), Verdict::Fine);
        }
        assert!(effort.unjudged >= 49, "{}", effort.unjudged);
    }
}
