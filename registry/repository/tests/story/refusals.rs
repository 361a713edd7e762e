//! Attacks that take more than one step, and what they end in.

use std::fs;

use bartizan_repository::{LoadOptions, Repository, RepositoryError, Source, SourceError};
use serde_json::json;

use crate::{
    attackers::resealed,
    world::{World, read, sign},
};

#[test]
fn a_repository_put_back_as_a_whole_is_seen() {
    let world = World::with_a_release();
    let old = world.backup();
    world.release("1.1.0");
    assert_eq!(world.outcome(), "ok");
    fs::remove_dir_all(world.folder()).unwrap();
    crate::world::copy(&old, &world.folder());
    assert_eq!(world.outcome(), "repository-rolled-back");
}

#[test]
fn a_repository_that_is_held_back_runs_out() {
    let world = World::with_a_release();
    assert!(world.load_at(world.in_days(6)).is_ok());
    let error = world.load_at(world.in_days(8)).unwrap_err();
    assert!(
        matches!(error, RepositoryError::Expired { ref file, .. } if file == "metadata/timestamp.json"),
        "{error}"
    );
}

#[test]
fn each_role_runs_out_on_its_own() {
    for (role, days) in [("snapshot", 40), ("targets", 200), ("acme", 200), ("root", 400)] {
        let world = World::with_a_release();
        let far = json!(world.in_days(999).strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        let [first, second, _] = &world.root_keys;
        for (other, signer) in [
            ("targets", &world.targets),
            ("acme", &world.acme),
            ("snapshot", &world.snapshot),
            ("timestamp", &world.timestamp),
        ] {
            if other != role {
                world.forge(other, &[signer], |signed| signed["expires"] = far.clone());
            }
            world.reseal();
        }
        if role != "root" {
            world.forge_root(2, &[first, second], |signed| signed["expires"] = far.clone());
        }
        let at = |days| {
            world
                .load_at(world.in_days(days))
                .and_then(|repository| repository.versions(&"acme/rules".parse().unwrap()))
        };
        assert!(at(1).is_ok(), "{role}");
        let error = at(days).unwrap_err();
        let RepositoryError::Expired { file, .. } = &error else { panic!("{role}: {error}") };
        assert!(file.ends_with(&format!(".{role}.json")), "{role}: {file}");
    }
}

#[test]
fn expired_metadata_is_taken_only_for_a_reason_and_is_reported() {
    let world = World::with_a_release();
    let load = |reason: &str| {
        let options = LoadOptions { now: world.in_days(60), allow_expired: Some(reason.to_owned()) };
        let source = bartizan_repository::FolderSource::new(world.folder());
        Repository::load(source, &world.trusted_root, &world.state(), options)
    };
    assert_eq!(load(" ").unwrap_err().code(), "no-reason");
    let repository = load("air gap, copied by hand each quarter").unwrap();
    let expired: Vec<_> = repository.expired().into_iter().map(|expired| expired.file).collect();
    assert_eq!(expired, ["metadata/timestamp.json", "metadata/4.snapshot.json"]);
    // Allowing what is old does not allow what is older.
    world.forge("timestamp", &[&world.timestamp], |signed| signed["version"] = json!(1));
    assert_eq!(load("air gap").unwrap_err().code(), "repository-rolled-back");
}

#[test]
fn another_publishers_paths_cost_a_publisher_its_own_list_and_nobody_elses() {
    let world = World::with_a_release();
    resealed(&world, "evil", |world| {
        let stolen = read(&world.file("acme"))["signed"]["targets"].clone();
        world.forge("evil", &[&world.evil], |signed| signed["targets"] = stolen);
    });
    assert_eq!(world.outcome(), "ok");
    let found = world.load().unwrap().search(&[]);
    assert_eq!(found.entries.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>(), ["acme/rules"]);
    assert!(
        matches!(found.not_searched.as_slice(), [(who, RepositoryError::ForeignPath { .. })] if who == "evil"),
        "{:?}",
        found.not_searched
    );
}

#[test]
fn a_path_that_climbs_is_a_foreign_path() {
    for path in [
        "acme/../evil/x-1.0.0.wasm",
        "acme",
        "acmé/x/x-1.0.0.wasm",
        "/acme/x/x-1.0.0.wasm",
        "acme/x/..\\x-1.0.0.wasm",
    ] {
        let world = World::with_a_release();
        resealed(&world, "acme", |world| {
            world.forge("acme", &[&world.acme], |signed| {
                let target = signed["targets"]["acme/rules/rules-1.0.0.wasm"].clone();
                signed["targets"][path] = target;
            });
        });
        assert_eq!(world.outcome(), "repository-foreign-path", "{path}");
    }
}

/// A source that never stops giving.
struct Endless<'a>(&'a World, &'static str);

impl Source for Endless<'_> {
    fn read(&self, relative: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        if relative.ends_with(self.1) {
            // It ignores its bound, too.
            return Ok(vec![b' '; usize::try_from(limit).unwrap() + 1]);
        }
        bartizan_repository::FolderSource::new(self.0.folder()).read(relative, limit)
    }
}

#[test]
fn endless_data_is_cut_off() {
    for file in [
        "2.root.json",
        "timestamp.json",
        ".snapshot.json",
        ".targets.json",
        ".acme.json",
        ".wasm",
        ".intoto.jsonl",
    ] {
        let world = World::with_a_release();
        let tried = Repository::load(
            Endless(&world, file),
            &world.trusted_root,
            &world.state(),
            LoadOptions::at(world.now),
        )
        .and_then(|repository| {
            let entry = repository.resolve(&"acme/rules".parse().unwrap(), &semver::VersionReq::STAR)?;
            repository.fetch(&entry)
        });
        assert_eq!(tried.unwrap_err().code(), "repository-endless-data", "{file}");
    }
}

#[test]
fn a_list_that_signs_for_a_huge_file_is_refused_before_the_file_is_asked_for() {
    let world = World::with_a_release();
    resealed(&world, "acme", |world| {
        world.forge("acme", &[&world.acme], |signed| {
            signed["targets"]["acme/rules/rules-1.0.0.wasm"]["length"] = json!(1_u64 << 40);
        });
    });
    assert_eq!(world.outcome(), "repository-malformed");
}

#[test]
fn what_was_accepted_before_a_failure_is_remembered() {
    let world = World::with_a_release();
    let old = world.backup();
    world.release("1.1.0");
    // The new timestamp comes through, its snapshot does not; then the old state is offered.
    fs::remove_file(world.file("snapshot")).unwrap();
    assert_eq!(world.outcome(), "repository-file-missing");
    world.restore(&old, "timestamp.json");
    assert_eq!(world.outcome(), "repository-rolled-back");
}

#[test]
fn a_source_that_fails_on_the_next_root_is_not_taken_to_have_none() {
    struct NoRoots<'a>(&'a World);
    impl Source for NoRoots<'_> {
        fn read(&self, relative: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
            if relative.ends_with("root.json") {
                return Err(SourceError::Failed {
                    path: relative.to_owned(),
                    source: "connection reset".into(),
                });
            }
            bartizan_repository::FolderSource::new(self.0.folder()).read(relative, limit)
        }
    }
    let world = World::with_a_release();
    let tried =
        Repository::load(NoRoots(&world), &world.trusted_root, &world.state(), LoadOptions::at(world.now));
    assert_eq!(tried.unwrap_err().code(), "repository-unreadable");
}

#[test]
fn a_root_of_another_repository_is_not_mixed_with_what_was_seen() {
    let (world, other) = (World::new(), World::another());
    world.load().unwrap();
    let source = bartizan_repository::FolderSource::new(other.folder());
    let tried = Repository::load(source, &other.trusted_root, &world.state(), LoadOptions::at(world.now));
    assert_eq!(tried.unwrap_err().code(), "repository-foreign-root");
}

#[test]
fn a_member_that_stands_twice_is_refused_although_the_signature_would_hold() {
    let world = World::with_a_release();
    let document = read(&world.file("timestamp"));
    let signed = sign(&document["signed"], &[&world.timestamp]);
    let text = String::from_utf8(signed).unwrap().replacen("\"version\":", "\"version\":1,\"version\":", 1);
    fs::write(world.file("timestamp"), text).unwrap();
    assert_eq!(world.outcome(), "repository-malformed");
}

#[test]
fn a_file_that_nobody_signed_for_cannot_be_asked_for() {
    let world = World::with_a_release();
    let stray = crate::world::component("acme/stray", "1.0.0", &world.acme);
    fs::create_dir_all(world.folder().join("targets/acme/stray")).unwrap();
    let name = format!("targets/acme/stray/{}.stray-1.0.0.wasm", stray.digest());
    fs::write(world.folder().join(name), &stray.component).unwrap();
    let repository = world.load().unwrap();
    assert_eq!(repository.versions(&"acme/stray".parse().unwrap()).unwrap_err().code(), "no-such-component");
    assert_eq!(repository.search(&["stray"]).entries, []);
}

#[test]
fn what_a_publisher_writes_of_itself_does_no_harm_on_a_terminal() {
    let world = World::with_a_release();
    resealed(&world, "acme", |world| {
        world.forge("acme", &[&world.acme], |signed| {
            let custom = &mut signed["targets"]["acme/rules/rules-1.0.0.wasm"]["custom"];
            custom["summary"] = json!(format!("ok \u{1b}[2J{}", "x".repeat(10_000)));
            custom["yanked"] = json!("\u{202e}gnol");
        });
    });
    let entry = world.load().unwrap().versions(&"acme/rules".parse().unwrap()).unwrap().remove(0);
    for text in [entry.summary.unwrap(), entry.yanked.unwrap()] {
        assert!(text.chars().count() <= 201 && !text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}
