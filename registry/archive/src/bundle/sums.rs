//! `SHA256SUMS`, as `sha256sum` writes and checks it.

use std::collections::BTreeMap;

use bartizan_model::{Digest, printable, truncate_chars};

use super::{SIGNATURE, SUMS};
use crate::{Refusal, container::Members};

/// The list for these members: all but the list itself and its signature.
pub(super) fn of(members: &Members) -> Vec<u8> {
    let lines: Vec<String> =
        listed(members).map(|(name, bytes)| format!("{}  {name}\n", Digest::of(bytes))).collect();
    lines.concat().into_bytes()
}

/// Whether the members are those of the list, no more and no fewer, each with the bytes that it says.
pub(super) fn check(list: &[u8], members: &Members) -> Result<(), Refusal> {
    let signed = parse(list)?;
    for (name, bytes) in listed(members) {
        let Some(digest) = signed.get(name.as_str()) else {
            return Err(Refusal::NotListed { member: name.clone() });
        };
        let actual = Digest::of(bytes);
        if actual != *digest {
            return Err(Refusal::Altered { member: name.clone(), actual, signed: *digest });
        }
    }
    match signed.keys().find(|name| !members.contains_key(**name)) {
        Some(name) => Err(Refusal::TakenOut { member: truncate_chars(&printable(name), 120) }),
        None => Ok(()),
    }
}

fn listed(members: &Members) -> impl Iterator<Item = (&String, &Vec<u8>)> {
    members.iter().filter(|(name, _)| *name != SUMS && *name != SIGNATURE)
}

fn parse(list: &[u8]) -> Result<BTreeMap<&str, Digest>, Refusal> {
    let malformed = |why: String| Refusal::MalformedSums { why };
    let text = str::from_utf8(list).map_err(|error| malformed(error.to_string()))?;
    let mut signed = BTreeMap::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        let (digest, name) = line
            .split_once("  ")
            .and_then(|(digest, name)| Some((digest.parse::<Digest>().ok()?, name)))
            .ok_or_else(|| malformed(format!("line {number} is not a digest, two spaces and a name")))?;
        if [SUMS, SIGNATURE].contains(&name) {
            return Err(malformed(format!("line {number} is about the list itself")));
        }
        if signed.insert(name, digest).is_some() {
            return Err(malformed(format!("line {number} names a member for the second time")));
        }
    }
    Ok(signed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members() -> Members {
        ["b", "a", SUMS, SIGNATURE].map(|name| (name.to_owned(), name.as_bytes().to_vec())).into()
    }

    #[test]
    fn the_list_names_every_member_but_itself_and_its_signature() {
        let text = String::from_utf8(of(&members())).unwrap();
        assert_eq!(text, format!("{}  a\n{}  b\n", Digest::of(b"a"), Digest::of(b"b")));
        assert_eq!(check(text.as_bytes(), &members()), Ok(()));
    }

    #[test]
    fn what_differs_from_the_list_is_named() {
        let list = of(&members());
        let refusal = |change: fn(&mut Members)| {
            let mut members = members();
            change(&mut members);
            check(&list, &members).unwrap_err()
        };
        assert!(
            matches!(refusal(|m| drop(m.insert("c".into(), vec![]))), Refusal::NotListed { member } if member == "c")
        );
        assert!(matches!(refusal(|m| drop(m.remove("a"))), Refusal::TakenOut { member } if member == "a"));
        assert!(
            matches!(refusal(|m| drop(m.insert("a".into(), vec![]))), Refusal::Altered { member, .. } if member == "a")
        );
    }

    #[test]
    fn what_is_no_list_is_malformed() {
        let digest = Digest::of(b"a");
        for list in [
            format!("{digest} a\n"),
            format!("{digest} *a\n"),
            "a\n".to_owned(),
            format!("{digest}  a\n\n"),
            format!("{digest}  a\n{digest}  a\n"),
            format!("{digest}  {SUMS}\n"),
        ] {
            assert!(
                matches!(check(list.as_bytes(), &members()), Err(Refusal::MalformedSums { .. })),
                "{list}"
            );
        }
    }
}
