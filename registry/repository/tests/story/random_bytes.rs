//! Damaged files are refused, never believed and never a panic.

use std::{cell::RefCell, fs};

use bartizan_repository::{FolderSource, LoadOptions, Repository, Source, SourceError};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::World;

/// Gives other bytes for one file.
struct Damaged<'a> {
    world: &'a World,
    file: &'a str,
    damage: &'a dyn Fn(Vec<u8>) -> Vec<u8>,
    was_read: RefCell<bool>,
}

impl Source for Damaged<'_> {
    fn read(&self, relative: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        if !relative.ends_with(self.file) {
            return FolderSource::new(self.world.folder()).read(relative, limit);
        }
        *self.was_read.borrow_mut() = true;
        // A root that is not there is made up from the one that is.
        let bytes =
            fs::read(self.world.folder().join(relative)).unwrap_or_else(|_| self.world.trusted_root.clone());
        Ok((self.damage)(bytes))
    }
}

const FILES: [&str; 8] = [
    "2.root.json",
    "timestamp.json",
    ".snapshot.json",
    ".targets.json",
    ".acme.json",
    ".wasm",
    ".intoto.jsonl",
    ".revocations.json",
];

fn load(world: &World, file: &str, damage: &dyn Fn(Vec<u8>) -> Vec<u8>) -> Result<(), String> {
    let source = Damaged { world, file, damage, was_read: RefCell::new(false) };
    let state = tempfile::tempdir().unwrap();
    let tried = Repository::load(&source, &world.trusted_root, state.path(), LoadOptions::at(world.now))
        .and_then(|repository| {
            repository.revocations()?;
            let entry = repository.resolve(&"acme/rules".parse().unwrap(), &semver::VersionReq::STAR)?;
            repository.fetch(&entry)
        });
    assert!(*source.was_read.borrow(), "{file} was not read");
    tried.map(|_| ()).map_err(|error| error.to_string())
}

fn world() -> World {
    let world = World::with_a_release();
    let what = bartizan_registry::Revoked::Key(world.evil.public().id());
    let revocation = bartizan_registry::Revocation { what, reason: "stolen".to_owned(), since: None };
    world.change(|folder, signers| folder.revoke(revocation, signers)).unwrap();
    world
}

thread_local! {
    static WORLD: World = world();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn random_bytes_are_refused(file in 0..FILES.len(), bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        WORLD.with(|world| { prop_assert!(load(world, FILES[file], &|_| bytes.clone()).is_err()); Ok(()) })?;
    }

    #[test]
    fn a_cut_file_is_refused(file in 0..FILES.len(), at in 0.0_f64..1.0) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "somewhere in the file")]
        let cut = |bytes: Vec<u8>| bytes[..(bytes.len() as f64 * at * 0.99) as usize].to_vec();
        WORLD.with(|world| { prop_assert!(load(world, FILES[file], &cut).is_err()); Ok(()) })?;
    }

    #[test]
    fn a_flipped_bit_is_refused_or_changes_nothing(file in 0..FILES.len(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let flip = |mut bytes: Vec<u8>| { let at = at.index(bytes.len()); bytes[at] ^= 1 << bit; bytes };
        // Only in the timestamp, whose digest nothing holds, could a flip fall on white space; there is none but the last line's end.
        WORLD.with(|world| {
            let outcome = load(world, FILES[file], &flip);
            prop_assert!(outcome.is_err() || FILES[file] == "timestamp.json", "{}: {outcome:?}", FILES[file]);
            Ok(())
        })?;
    }
}

/// Every place in a document.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn nonsense() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!(u64::MAX)),
        Just(json!(-1)),
        any::<u64>().prop_map(|number| json!(number)),
        "[ -~]{0,80}".prop_map(|text| json!(text)),
        Just(json!("../../../etc/passwd")),
        Just(json!("0000-00-00T00:00:00Z")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whoever holds a key can sign anything. That is refused or harmless, and nothing panics.
    #[test]
    fn nonsense_under_a_right_signature_is_survived(
        role in prop::sample::select(vec!["root", "timestamp", "snapshot", "targets", "acme"]),
        place in any::<prop::sample::Index>(),
        value in nonsense(),
    ) {
        let world = World::with_a_release();
        let edit = |signed: &mut Value| {
            let mut found = Vec::new();
            places(signed, "", &mut found);
            *signed.pointer_mut(place.get::<String>(&found)).unwrap() = value;
        };
        match role {
            "root" => world.forge_root(2, &[&world.root_keys[0], &world.root_keys[1]], edit),
            "timestamp" => world.forge(role, &[&world.timestamp], edit),
            "snapshot" => crate::attackers::newer(&world, |world| world.forge(role, &[&world.snapshot], edit)),
            "targets" => { world.forge(role, &[&world.targets], edit); world.reseal(); }
            _ => { world.forge(role, &[&world.acme], edit); world.reseal(); }
        }
        let outcome = world.outcome();
        // And a memory that came of it is no worse.
        prop_assert_eq!(world.outcome(), outcome);
    }
}

#[test]
fn deep_and_wide_json_is_refused() {
    WORLD.with(|world| {
        for text in [
            "[".repeat(60_000),
            r#"{"signed":"#.repeat(6_000),
            format!("{{\"signed\":{}1", "[".repeat(60_000)),
        ] {
            for file in ["2.root.json", "timestamp.json"] {
                assert!(load(world, file, &|_| text.clone().into_bytes()).is_err());
            }
        }
    });
}
