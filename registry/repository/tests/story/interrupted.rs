//! A publisher that is killed between any two writes leaves the old repository or the new one.

use std::fs;

use bartizan_registry::{Revocation, Revoked};
use bartizan_repository::{
    FolderSource, LoadOptions, Repository,
    publish::{Change, NewRelease, PublishError, RepositoryFolder, RoleSetup, Rotation, Signers},
};

use crate::world::{World, component, copy, key};

/// What a client that comes now sees, and what one sees that was there before the change.
fn seen(
    world: &World,
    folder: &std::path::Path,
    state: &std::path::Path,
) -> Result<(Vec<String>, usize), String> {
    let repository =
        Repository::load(FolderSource::new(folder), &world.trusted_root, state, LoadOptions::at(world.now))
            .map_err(|error| error.to_string())?;
    let versions = repository.versions(&"acme/rules".parse().unwrap()).map_err(|error| error.to_string())?;
    for entry in &versions {
        repository.fetch(entry).map_err(|error| error.to_string())?;
    }
    let revocations = repository.revocations().map_err(|error| error.to_string())?.len();
    Ok((versions.iter().map(|entry| entry.version.to_string()).collect(), revocations))
}

#[test]
fn a_kill_between_any_two_writes_leaves_the_old_or_the_new_repository() {
    type Make = fn(&World, &RepositoryFolder, &Signers<'_>) -> Result<Change, PublishError>;
    let changes: &[(&str, Make)] = &[
        ("publish", |world, folder, signers| {
            let release =
                NewRelease { component: component("acme/rules", "2.0.0", &world.acme), summary: None };
            folder.publish("acme", &[release], &world.trust(), signers)
        }),
        ("revoke", |world, folder, signers| {
            let what = Revoked::Key(world.evil.public().id());
            folder.revoke(Revocation { what, reason: "stolen".to_owned(), since: None }, signers)
        }),
        ("delegate", |world, folder, signers| {
            folder.delegate("new", &RoleSetup::one(world.acme.public()), signers)
        }),
        ("refresh", |_, folder, signers| folder.refresh(signers)),
        ("rotate", |world, folder, signers| {
            let new = key();
            let one = || Some(RoleSetup::one(new.public()));
            let rotation = Rotation { root: None, targets: one(), snapshot: one(), timestamp: one() };
            folder.rotate(
                &rotation,
                &Signers {
                    targets: &[&world.targets, &new],
                    snapshot: &[&world.snapshot, &new],
                    timestamp: &[&world.timestamp, &new],
                    ..*signers
                },
            )
        }),
    ];
    for (name, make) in changes {
        let world = World::with_a_release();
        let folder = world.open().unwrap();
        let change = world.with_signers(|signers| make(&world, &folder, signers)).unwrap();
        assert!(change.is_gapless(), "{name}");
        let files: Vec<_> = change.files().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect();
        assert!(!files.is_empty());
        let old = seen(&world, &world.folder(), &world.temporary.path().join("fresh")).unwrap();
        let new = {
            let done = world.temporary.path().join("done");
            copy(&world.folder(), &done);
            write(&done, &files);
            seen(&world, &done, &world.temporary.path().join("fresh-done")).unwrap()
        };
        let mut states = Vec::new();
        for killed_after in 0..=files.len() {
            let half = world.temporary.path().join(format!("killed-{killed_after}"));
            copy(&world.folder(), &half);
            write(&half, &files[..killed_after]);
            // One client that was there before, and comes at every moment; and a new one.
            for state in [world.state(), half.join("state")] {
                let state = seen(&world, &half, &state)
                    .unwrap_or_else(|error| panic!("{name} after {killed_after}: {error}"));
                assert!(state == old || state == new, "{name} after {killed_after}: {state:?}");
                states.push(state);
            }
            // Whoever comes to finish the work can.
            let mut folder = RepositoryFolder::open(&half, &world.trusted_root, None, world.now).unwrap();
            let again = world.with_signers(|signers| make(&world, &folder, signers));
            if *name != "rotate" {
                folder.apply(again.unwrap()).unwrap();
                drop(folder);
                seen(&world, &half, &half.join("state")).unwrap();
            }
        }
        assert_eq!((states.first(), states.last()), (Some(&old), Some(&new)), "{name}");
    }
}

fn write(folder: &std::path::Path, files: &[(String, Vec<u8>)]) {
    for (path, bytes) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn no_file_that_clients_may_be_reading_is_overwritten_but_the_timestamp() {
    let world = World::with_a_release();
    let before = world.backup();
    world.release("2.0.0");
    for file in crate::world::files(&before) {
        let (old, new) =
            (fs::read(before.join(&file)).unwrap(), fs::read(world.folder().join(&file)).unwrap());
        assert_eq!(old == new, file != "metadata/timestamp.json", "{file}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_reported_and_stays_readable() {
    let world = World::with_a_release();
    let mut folder = world.open().unwrap();
    let release = NewRelease { component: component("acme/other", "2.0.0", &world.acme), summary: None };
    let change =
        world.with_signers(|signers| folder.publish("acme", &[release], &world.trust(), signers)).unwrap();
    // A file stands where a folder must be made.
    fs::write(world.folder().join("targets/acme/other"), b"").unwrap();
    assert_eq!(folder.apply(change).unwrap_err().code(), "change-incomplete");
    drop(folder);
    assert_eq!(world.outcome(), "ok");
}
