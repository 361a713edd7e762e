//! Which of the things before is which of those after.

use std::collections::{HashMap, HashSet};

/// Things by a name.
pub(crate) struct Pairs<'t, T> {
    pub(crate) both: Vec<(&'t T, &'t T)>,
    pub(crate) gone: Vec<&'t T>,
    pub(crate) new: Vec<&'t T>,
}

/// Of several things with one name the first counts: a client takes that one.
pub(crate) fn pair<'t, T>(before: &'t [T], after: &'t [T], name: impl Fn(&T) -> &str) -> Pairs<'t, T> {
    let mut had: HashMap<&str, &T> = HashMap::new();
    for thing in before {
        had.entry(name(thing)).or_insert(thing);
    }
    let mut pairs: Pairs<'t, T> = Pairs { both: Vec::new(), gone: Vec::new(), new: Vec::new() };
    let mut met: HashSet<&str> = HashSet::new();
    for thing in after {
        if !met.insert(name(thing)) {
            continue;
        }
        match had.get(name(thing)).copied() {
            Some(old) => pairs.both.push((old, thing)),
            None => pairs.new.push(thing),
        }
    }
    let mut told: HashSet<&str> = HashSet::new();
    pairs.gone =
        before.iter().filter(|thing| !met.contains(name(thing)) && told.insert(name(thing))).collect();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_the_same_by_their_name() {
        let pairs = pair(&["a", "b", "b"], &["b", "c", "c"], |name: &&str| *name);
        assert_eq!((pairs.both, pairs.gone, pairs.new), (vec![(&"b", &"b")], vec![&"a"], vec![&"c"]));
    }
}
