//! Counts what was caught and what was falsely flagged.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::{
    corpus::{Case, Corpus, Expected, Set},
    judge::{Judge, Judged},
};

/// One labelled item and what was found in it.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// Server or text it belongs to.
    pub case: String,
    /// "tool", "prompt" …
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Class of the label.
    pub class: String,
    /// What was found, of any severity.
    pub found: Vec<Judged>,
}

impl Item {
    /// Whether something is at medium or above.
    pub fn flagged(&self) -> bool {
        self.found.iter().any(|judged| judged.flagged)
    }

    /// Whether something is at high or above.
    pub fn high(&self) -> bool {
        self.found.iter().any(|judged| judged.high)
    }
}

/// The items of one set.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Group {
    /// Attacks that show.
    pub attacks: Vec<Item>,
    /// Honest items.
    pub honest: Vec<Item>,
    /// Items of malicious servers in which nothing shows.
    pub unlabelled: Vec<Item>,
}

/// What a run ends in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tally {
    /// By name of the set.
    pub groups: BTreeMap<&'static str, Group>,
    /// Cases that could not be judged, and why.
    pub failed: Vec<(String, String)>,
    /// Every rule that was asked, by id, with its title.
    pub rules: Vec<(String, String)>,
}

impl Tally {
    /// Judges every case; `half` keeps only one half of the items, told by a hash of their names.
    pub fn of(corpus: &Corpus, judge: &Judge, half: Option<u64>) -> Self {
        let mut tally = Self { rules: judge.rules(), ..Self::default() };
        for case in &corpus.cases {
            match judge.judge(&case.snapshot) {
                Ok(judged) => tally.count(case, &judged, half),
                Err(why) => tally.failed.push((case.id.clone(), why)),
            }
        }
        tally
    }

    /// The items of a set; empty if there were none.
    pub fn group(&self, set: Set) -> Group {
        self.groups.get(set.as_str()).cloned().unwrap_or_default()
    }

    fn count(&mut self, case: &Case, judged: &[Judged], half: Option<u64>) {
        let mut by_item: HashMap<(&str, &str), Vec<Judged>> = HashMap::new();
        for finding in judged {
            by_item.entry((finding.kind, &finding.name)).or_default().push(finding.clone());
        }
        let group = self.groups.entry(case.set.as_str()).or_default();
        for (kind, name, expected) in &case.items {
            let key = if kind == "any" { case.id.clone() } else { format!("{}/{name}", case.id) };
            if half.is_some_and(|half| half_of(&key) != half) {
                continue;
            }
            let found = if kind == "any" {
                judged.to_vec()
            } else {
                by_item.get(&(kind.as_str(), name.as_str())).cloned().unwrap_or_default()
            };
            let (class, items) = match expected {
                Expected::Attack(class) => (class.clone(), &mut group.attacks),
                Expected::Honest(class) => (class.clone(), &mut group.honest),
                Expected::Unlabelled => (String::new(), &mut group.unlabelled),
            };
            items.push(Item { case: case.id.clone(), kind: kind.clone(), name: name.clone(), class, found });
        }
    }
}

/// FNV-1a, one bit: which half of the corpus an item is in.
fn half_of(key: &str) -> u64 {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 7) & 1
}
