//! Keys that are replaced, and keys that were stolen.

use bartizan_registry::Signer;
use bartizan_repository::publish::{Lifetimes, PublishError, RepositoryFolder, RoleSetup, Rotation, Signers};
use serde_json::json;

use crate::world::{World, key, read};

#[test]
fn a_new_root_is_signed_by_enough_of_the_old_keys_and_enough_of_the_new() {
    let world = World::with_a_release();
    let new = [key(), key(), key()];
    let rotation = Rotation {
        root: Some(RoleSetup { keys: new.iter().map(Signer::public).collect(), threshold: 3 }),
        ..Rotation::default()
    };
    let [a, b, c] = &new;
    let [old_a, old_b, _] = &world.root_keys;
    let folder = world.open().unwrap();
    for too_few in [&[a, b, c][..], &[old_a, old_b, a, b], &[old_a, a, b, c], &[]] {
        let error = folder.rotate(&rotation, &Signers { root: too_few, ..Signers::default() }).unwrap_err();
        assert_eq!(error.code(), "repository-not-signed");
    }
    drop(folder);
    let mut folder = world.open().unwrap();
    let change =
        folder.rotate(&rotation, &Signers { root: &[old_a, old_b, a, b, c], ..Signers::default() }).unwrap();
    assert!(change.is_gapless());
    folder.apply(change).unwrap();
    drop(folder);
    // Whoever has the first root still gets there, and who was there before goes on.
    assert_eq!(world.outcome(), "ok");
    let repository = world.load().unwrap();
    assert_ne!(repository.root(), world.trusted_root);
    // The old keys count no more.
    world.forge_root(3, &[old_a, old_b], |_| {});
    assert_eq!(world.outcome(), "repository-not-signed");
}

#[test]
fn the_old_root_cannot_come_back_by_hiding_the_new() {
    let world = World::with_a_release();
    let old = world.backup();
    let new = key();
    rotate_online(&world, &new);
    assert_eq!(world.load().map(|_| ()).map_err(|error| error.code()), Ok(()));
    // The thief of the old timestamp key serves a state of before the rotation, signed anew.
    std::fs::remove_dir_all(world.folder()).unwrap();
    crate::world::copy(&old, &world.folder());
    world.forge("timestamp", &[&world.timestamp], |signed| signed["version"] = json!(1_000));
    assert_eq!(world.outcome(), "repository-not-signed");
}

/// Gives timestamp and snapshot one new key, with the old ones at hand.
fn rotate_online(world: &World, new: &Signer) {
    let rotation = Rotation {
        snapshot: Some(RoleSetup::one(new.public())),
        timestamp: Some(RoleSetup::one(new.public())),
        ..Rotation::default()
    };
    world
        .change(|folder, signers| {
            let signers = Signers {
                snapshot: &[&world.snapshot, new],
                timestamp: &[&world.timestamp, new],
                ..*signers
            };
            let change = folder.rotate(&rotation, &signers)?;
            assert!(change.is_gapless());
            Ok(change)
        })
        .unwrap();
}

#[test]
fn versions_that_a_thief_drove_up_do_not_outlive_the_thiefs_key() {
    let world = World::with_a_release();
    assert_eq!(world.outcome(), "ok");
    let good = world.backup();
    // The thief of both online keys locks the clients out of whatever comes next.
    let far = 1_u64 << 31;
    let snapshot = {
        let mut document = read(&world.file("snapshot"));
        document["signed"]["version"] = json!(far);
        document["signed"]["meta"]["targets.json"]["version"] = json!(far);
        crate::world::sign(&document["signed"], &[&world.snapshot])
    };
    std::fs::write(world.folder().join(format!("metadata/{far}.snapshot.json")), &snapshot).unwrap();
    world.forge("timestamp", &[&world.timestamp], |signed| {
        signed["version"] = json!(far);
        signed["meta"]["snapshot.json"] = json!({
            "version": far, "length": snapshot.len(), "hashes": { "sha256": bartizan_model::Digest::of(&snapshot) },
        });
    });
    assert_eq!(world.outcome(), "repository-file-missing");
    world.restore(&good, "timestamp.json");
    assert_eq!(world.outcome(), "repository-rolled-back", "the client is locked out, as the thief wants");
    // The keepers go on from their own copy with new keys; the old timestamp key is not even needed.
    let new = key();
    let rotation = Rotation {
        snapshot: Some(RoleSetup::one(new.public())),
        timestamp: Some(RoleSetup::one(new.public())),
        ..Rotation::default()
    };
    world
        .change(|folder, signers| {
            let change =
                folder.rotate(&rotation, &Signers { snapshot: &[&new], timestamp: &[&new], ..*signers })?;
            assert!(!change.is_gapless());
            Ok(change)
        })
        .unwrap();
    assert_eq!(world.outcome(), "ok", "the client recovered");
}

#[test]
fn the_highest_version_there_is_locks_nobody_in() {
    let world = World::with_a_release();
    world.forge("timestamp", &[&world.timestamp], |signed| signed["version"] = json!(u64::MAX));
    let error = world.change(RepositoryFolder::refresh).unwrap_err();
    assert!(matches!(error, PublishError::VersionsExhausted(_)), "{error}");
    rotate_online(&world, &key());
    assert_eq!(world.outcome(), "ok");
}

#[test]
fn the_highest_version_of_targets_is_undone_with_new_online_keys() {
    let world = World::with_a_release();
    let max = u64::MAX;
    let mut document = read(&world.file("targets"));
    document["signed"]["version"] = json!(max);
    let forged = crate::world::sign(&document["signed"], &[&world.targets]);
    std::fs::write(world.folder().join(format!("metadata/{max}.targets.json")), forged).unwrap();
    crate::attackers::newer(&world, |world| {
        world.forge("snapshot", &[&world.snapshot], |signed| {
            signed["meta"]["targets.json"]["version"] = json!(max);
        });
        world.reseal();
    });
    assert_eq!(world.outcome(), "ok", "every signature on it is right");
    let new = key();
    let one = || Some(RoleSetup::one(new.public()));
    let rotate = |rotation: Rotation| {
        world.change(|folder, signers| {
            let both = Signers {
                targets: &[&new],
                snapshot: &[&world.snapshot, &new],
                timestamp: &[&world.timestamp, &new],
                ..*signers
            };
            folder.rotate(&rotation, &both)
        })
    };
    let error = rotate(Rotation { targets: one(), ..Rotation::default() }).unwrap_err();
    assert!(matches!(error, PublishError::VersionsExhausted(_)), "clients would not forget: {error}");
    rotate(Rotation { root: None, targets: one(), snapshot: one(), timestamp: one() }).unwrap();
    assert_eq!(world.outcome(), "ok");
}

#[test]
fn a_publishers_stolen_key_is_worth_nothing_once_it_was_replaced() {
    let world = World::with_a_release();
    let new = key();
    world
        .change(|folder, signers| {
            folder.delegate(
                "acme",
                &RoleSetup::one(new.public()),
                &Signers { publisher: &[&new], ..*signers },
            )
        })
        .unwrap();
    assert_eq!(world.outcome(), "ok", "what was there is there still, under the new key");
    // The thief publishes with the old key, and the keepers' machine takes it in.
    let error = world.try_release(&crate::world::component("acme/rules", "6.6.6", &world.acme)).unwrap_err();
    assert_eq!(error.code(), "repository-not-signed");
    // With the online keys stolen as well, clients are still left.
    crate::attackers::resealed(&world, "acme", |world| world.forge("acme", &[&world.acme], |_| {}));
    assert_eq!(world.outcome(), "repository-not-signed");
}

#[test]
fn after_a_rotation_without_the_publisher_nothing_is_taken_until_it_signs_anew() {
    let world = World::with_a_release();
    let new = key();
    world
        .change(|folder, signers| {
            folder.delegate("acme", &RoleSetup::one(new.public()), &Signers { publisher: &[], ..*signers })
        })
        .unwrap();
    assert_eq!(world.outcome(), "repository-not-signed");
    // It looks at what is there, and leaves out what is not its own.
    let mut folder = world.open().unwrap();
    assert_eq!(folder.listed("acme").unwrap().len(), 1);
    let change = world
        .with_signers(|signers| {
            folder.resign(
                "acme",
                |entry| entry.version.major == 1,
                &Signers { publisher: &[&new], ..*signers },
            )
        })
        .unwrap();
    folder.apply(change).unwrap();
    drop(folder);
    assert_eq!(world.outcome(), "ok");
}

#[test]
fn a_publisher_that_was_removed_provides_nothing() {
    let world = World::with_a_release();
    world.change(|folder, signers| folder.remove_publisher("acme", signers)).unwrap();
    assert_eq!(world.outcome(), "no-such-publisher");
    // It may come back, with versions that go on.
    world
        .change(|folder, signers| folder.delegate("acme", &RoleSetup::one(world.acme.public()), signers))
        .unwrap();
    assert_eq!(world.outcome(), "ok");
}

#[test]
fn every_top_level_role_can_be_given_new_keys_while_clients_read() {
    let world = World::with_a_release();
    let new = key();
    let one = || Some(RoleSetup::one(new.public()));
    for rotation in [
        Rotation { targets: one(), ..Rotation::default() },
        Rotation { snapshot: one(), ..Rotation::default() },
        Rotation { timestamp: one(), ..Rotation::default() },
        Rotation::default(),
    ] {
        let [a, b, c] = &world.root_keys;
        let signers = Signers {
            root: &[a, b, c],
            targets: &[&world.targets, &new],
            snapshot: &[&world.snapshot, &new],
            timestamp: &[&world.timestamp, &new],
            publisher: &[&world.acme],
        };
        let mut folder = world.open().unwrap();
        let change = folder.rotate(&rotation, &signers).unwrap();
        assert!(change.is_gapless());
        folder.apply(change).unwrap();
        drop(folder);
        assert_eq!(world.outcome(), "ok", "{rotation:?}");
        let mut folder = world.open().unwrap();
        let change = folder.refresh(&signers).unwrap();
        folder.apply(change).unwrap();
        drop(folder);
        assert_eq!(world.outcome(), "ok", "{rotation:?}");
    }
}

#[test]
fn a_threshold_that_cannot_be_met_or_asks_for_nobody_is_refused() {
    let world = World::new();
    let folder = world.open().unwrap();
    for (keys, threshold) in [(1, 0), (1, 2), (0, 0), (0, 1)] {
        let keys = vec![world.acme.public(); keys];
        let error =
            world.with_signers(|signers| folder.delegate("new", &RoleSetup { keys, threshold }, signers));
        assert_eq!(error.unwrap_err().code(), "bad-threshold");
    }
    // One key given twice is one key.
    let twice = RoleSetup { keys: vec![world.acme.public(), world.acme.public()], threshold: 2 };
    let error = world.with_signers(|signers| folder.delegate("new", &twice, signers));
    assert_eq!(error.unwrap_err().code(), "bad-threshold");
}

#[test]
fn a_folder_is_made_once() {
    let world = World::new();
    let [a, b, _] = &world.root_keys;
    let top_level = bartizan_repository::publish::TopLevel {
        root: RoleSetup { keys: vec![a.public(), b.public()], threshold: 2 },
        targets: RoleSetup::one(a.public()),
        snapshot: RoleSetup::one(a.public()),
        timestamp: RoleSetup::one(a.public()),
    };
    let signers = Signers { root: &[a, b], targets: &[a], snapshot: &[a], timestamp: &[a], publisher: &[] };
    let before = world.backup();
    let error =
        RepositoryFolder::init(&world.folder(), &top_level, &signers, Lifetimes::default(), world.now)
            .unwrap_err();
    assert_eq!(error.code(), "repository-exists");
    assert_eq!(crate::world::files(&before), crate::world::files(&world.folder()));
}
