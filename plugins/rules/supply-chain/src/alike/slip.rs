//! Slips: what a hand or an eye does to a word.

/// Characters of a word that are compared. A hostile name may be longer; nothing well known is.
const MAX_WORD: usize = 64;

/// What was done to one word to make the other.
pub(crate) fn slip(word: &str, known: &str) -> Option<&'static str> {
    let (a, b): (Vec<char>, Vec<char>) =
        (word.chars().take(MAX_WORD).collect(), known.chars().take(MAX_WORD).collect());
    if a == b || b.len() < 5 || a.len().abs_diff(b.len()) > 1 {
        return (a != b && b.len() >= 5 && seen_alike(word) == seen_alike(known)).then_some("drawn like");
    }
    if seen_alike(word) == seen_alike(known) {
        return Some("drawn like");
    }
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    // Nobody misses the first letter of a name.
    if start == 0 {
        return None;
    }
    let (x, y) = (a.get(start..)?, b.get(start..)?);
    let swapped = x.first() == y.get(1) && x.get(1) == y.first() && x.get(2..) == y.get(2..) && x.len() > 1;
    if swapped {
        return Some("two letters swapped from");
    }
    // Short words are a letter away from each other all the time.
    if b.len() < 6 {
        return None;
    }
    let shorter = a.len().min(b.len());
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Less if start.saturating_add(end) >= shorter => {
            // A plural is another word.
            (start < shorter || b.last() != Some(&'s')).then_some("one letter short of")
        }
        std::cmp::Ordering::Greater if start.saturating_add(end) >= shorter => {
            let added = x.first()?;
            let before = a.get(start.saturating_sub(1));
            let after = a.get(start.saturating_add(1));
            if start == shorter && (added.is_ascii_digit() || matches!(added, 's' | 'x' | 'r' | 'd' | 'y')) {
                return None;
            }
            let doubled = before == Some(added) || after == Some(added);
            let beside = [before, after].into_iter().flatten().any(|next| neighbours(*added, *next));
            (doubled || beside).then_some("one letter more than")
        }
        std::cmp::Ordering::Equal => {
            let one = start.saturating_add(end).saturating_add(1) >= shorter;
            (one && neighbours(*x.first()?, *y.first()?)).then_some("one key beside")
        }
        _ => None,
    }
}

/// The word with what is drawn alike made the same.
pub(crate) fn seen_alike(word: &str) -> String {
    let lower: String = word.chars().take(MAX_WORD).flat_map(char::to_lowercase).collect();
    let lower = lower.replace("rn", "m").replace("vv", "w").replace("cl", "d");
    lower
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | 'i' | '|' => 'l',
            '5' => 's',
            c => c,
        })
        .collect()
}

/// Keys beside each other.
fn neighbours(a: char, b: char) -> bool {
    const ROWS: [&str; 4] = ["1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let place = |c: char| {
        ROWS.iter()
            .enumerate()
            .find_map(|(row, keys)| keys.chars().position(|key| key == c).map(|column| (row, column)))
    };
    match (place(a), place(b)) {
        // Each row stands half a key to the right of the one above.
        (Some((row, x)), Some((other, y))) if row == other => x.abs_diff(y) == 1,
        (Some((row, x)), Some((other, y))) if other == row.saturating_add(1) => {
            y == x || y.saturating_add(1) == x
        }
        (Some((row, x)), Some((other, y))) if row == other.saturating_add(1) => {
            x == y || x.saturating_add(1) == y
        }
        _ => false,
    }
}

/// Whether so many edits lie between two words: adding, leaving out, changing, swapping neighbours.
pub(crate) fn within(a: &str, b: &str, limit: usize) -> bool {
    let a: Vec<char> = a.chars().take(MAX_WORD).collect();
    let b: Vec<char> = b.chars().take(MAX_WORD).collect();
    if a.len().abs_diff(b.len()) > limit {
        return false;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i.saturating_add(1)];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut best = at(&row, j).saturating_add(usize::from(x != y));
            best =
                best.min(at(&row, j.saturating_add(1)).saturating_add(1)).min(at(&next, j).saturating_add(1));
            let swapped = i > 0
                && j > 0
                && a.get(i.saturating_sub(1)) == Some(y)
                && b.get(j.saturating_sub(1)) == Some(x);
            if swapped {
                best = best.min(at(&before, j.saturating_sub(1)).saturating_add(1));
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().is_some_and(|edits| *edits <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_finger_are_known() {
        for word in ["gihub", "gtihub", "githhub", "githib", "g1thub", "githun"] {
            assert!(slip(word, "github").is_some(), "{word}");
        }
        assert!(slip("filesystern", "filesystem").is_some());
        assert!(slip("playwrigth", "playwright").is_some());
        assert!(slip("postgers", "postgres").is_some());
    }

    #[test]
    fn other_words_are_other_words() {
        for (word, known) in [
            ("github", "github"),
            ("gitlab", "github"),
            ("motion", "notion"),
            ("postgrest", "postgres"),
            ("stripes", "stripe"),
            ("fetcher", "fetch"),
            ("sigma", "figma"),
            ("jina", "jira"),
            ("gin", "git"),
            ("slick", "slack"),
        ] {
            assert_eq!(slip(word, known), None, "{word}");
        }
    }

    #[test]
    fn distance_counts_swaps_once() {
        assert!(within("modelcontextprotocol", "modelcontextprotcool", 2));
        assert!(within("modelcontextprotocol", "modelcontextprotoco1", 2));
        assert!(!within("modelcontextprotocol", "modelcontextprotocolinc", 2));
        assert!(!within("", "abc", 2));
    }
}
