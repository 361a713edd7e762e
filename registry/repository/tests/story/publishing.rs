//! What the publishing side takes, and what it refuses before anything is written.

use bartizan_registry::{Release, Revocation, Revoked, SignedComponent};
use bartizan_repository::publish::{
    NewRelease, PublishError, RepositoryFolder, RoleSetup, Rotation, Signers,
};

use crate::world::{World, component, component_with, files, key};

fn code(result: Result<(), PublishError>) -> &'static str {
    result.map_or_else(|error| error.code(), |()| "ok")
}

#[test]
fn what_a_publisher_may_not_publish_is_refused_and_nothing_is_written() {
    let world = World::with_a_release();
    let before = files(&world.folder());
    let publish = |publisher: &str, component: SignedComponent| {
        let release = NewRelease { component, summary: None };
        code(world.change(|folder, signers| folder.publish(publisher, &[release], &world.trust(), signers)))
    };
    let acme = &world.acme;
    assert_eq!(publish("evil", component("acme/rules", "2.0.0", acme)), "foreign-name");
    assert_eq!(publish("nobody", component("nobody/x", "1.0.0", acme)), "no-such-publisher");
    assert_eq!(publish("acme", component("acme/rules", "2.0.0", &key())), "unknown-signer");
    assert_eq!(publish("acme", component("acme/rules", "2.0.0", &world.evil)), "foreign-name");
    let altered = SignedComponent { component: b"other".to_vec(), ..component("acme/rules", "2.0.0", acme) };
    assert_eq!(publish("acme", altered), "altered");
    let no_statement = SignedComponent { component: b"x".to_vec(), statement: b"{}".to_vec() };
    assert_eq!(publish("acme", no_statement), "malformed-statement");
    assert_eq!(
        publish("acme", component_with("acme/rules", "1.0.0", 1 << 40, "other", acme)),
        "version-exists"
    );
    assert_eq!(
        publish("acme", component_with("acme/rules", "1.0.0+rebuilt", 1 << 41, "other", acme)),
        "version-exists"
    );
    assert_eq!(
        publish("acme", component_with("acme/rules", "0.9.0", 9 << 20, "old", acme)),
        "sequence-too-low"
    );
    assert_eq!(
        publish("acme", component_with("acme/rules", "2.0.0", 1 << 40, "same sequence", acme)),
        "sequence-too-low"
    );
    assert_eq!(files(&world.folder()), before);
    assert_eq!(publish("acme", component("acme/rules", "1.0.0", acme)), "ok", "the very same is no change");
    assert_eq!(publish("acme", component("acme/rules", "2.0.0", acme)), "ok");
    assert_eq!(
        publish("acme", component("acme/others", "0.1.0", acme)),
        "ok",
        "each component has its own sequence"
    );
}

#[test]
fn one_bad_component_keeps_all_of_a_batch_out() {
    let world = World::new();
    let releases = [
        NewRelease { component: component("acme/a", "1.0.0", &world.acme), summary: None },
        NewRelease { component: component("acme/b", "1.0.0", &world.evil), summary: None },
    ];
    let before = files(&world.folder());
    let published =
        world.change(|folder, signers| folder.publish("acme", &releases, &world.trust(), signers));
    assert_eq!(code(published), "foreign-name");
    assert_eq!(files(&world.folder()), before);
}

#[test]
fn a_batch_goes_in_whatever_its_order() {
    let world = World::new();
    let releases = ["2.0.0", "1.0.0", "1.5.0"].map(|version| NewRelease {
        component: component("acme/rules", version, &world.acme),
        summary: None,
    });
    world.change(|folder, signers| folder.publish("acme", &releases, &world.trust(), signers)).unwrap();
    let versions = world.load().unwrap().versions(&"acme/rules".parse().unwrap()).unwrap();
    assert_eq!(
        versions.iter().map(|entry| entry.version.to_string()).collect::<Vec<_>>(),
        ["2.0.0", "1.5.0", "1.0.0"]
    );
}

#[test]
fn a_signature_is_missing_before_anything_is_written() {
    let world = World::with_a_release();
    let before = files(&world.folder());
    let release = [NewRelease { component: component("acme/rules", "2.0.0", &world.acme), summary: None }];
    let stranger = key();
    for missing in ["publisher", "snapshot", "timestamp"] {
        let published = world.change(|folder, signers| {
            let mut signers = *signers;
            match missing {
                "publisher" => signers.publisher = &[],
                "snapshot" => signers.snapshot = &[],
                _ => signers.timestamp = &[],
            }
            folder.publish("acme", &release, &world.trust(), &signers)
        });
        assert_eq!(code(published), "repository-not-signed", "{missing}");
    }
    let published = world.change(|folder, signers| {
        folder.publish("acme", &release, &world.trust(), &Signers { publisher: &[&stranger], ..*signers })
    });
    assert_eq!(code(published), "repository-not-signed");
    assert_eq!(files(&world.folder()), before);
}

#[test]
fn a_publisher_with_a_threshold_needs_that_many() {
    let world = World::new();
    let (first, second) = (key(), key());
    let setup = RoleSetup { keys: vec![first.public(), second.public()], threshold: 2 };
    let both = |signers: &Signers<'_>, act: &dyn Fn(&Signers<'_>) -> Result<_, PublishError>| {
        act(&Signers { publisher: &[&first, &second], ..*signers })
    };
    world
        .change(|folder, signers| both(signers, &|signers| folder.delegate("duo", &setup, signers)))
        .unwrap();
    let mut trust = world.trust();
    trust.add("duo".to_owned(), first.public());
    let release = [NewRelease { component: component("duo/x", "1.0.0", &first), summary: None }];
    let alone = world.change(|folder, signers| {
        folder.publish("duo", &release, &trust, &Signers { publisher: &[&first], ..*signers })
    });
    assert_eq!(code(alone), "repository-not-signed");
    let twice = world.change(|folder, signers| {
        folder.publish("duo", &release, &trust, &Signers { publisher: &[&first, &first], ..*signers })
    });
    assert_eq!(code(twice), "repository-not-signed");
    world
        .change(|folder, signers| both(signers, &|signers| folder.publish("duo", &release, &trust, signers)))
        .unwrap();
    assert!(world.load().unwrap().versions(&"duo/x".parse().unwrap()).is_ok());
}

#[test]
fn names_of_the_repositorys_own_files_and_of_no_publisher_are_refused() {
    let world = World::new();
    for name in
        ["root", "targets", "snapshot", "timestamp", "mirrors", "", "Acme", "a/b", "..", "асme", "a.b"]
    {
        let setup = RoleSetup::one(world.acme.public());
        let delegated = world.change(|folder, signers| folder.delegate(name, &setup, signers));
        assert_eq!(code(delegated), "bad-publisher", "{name}");
    }
}

#[test]
fn a_folder_that_was_tampered_with_is_not_signed_on_top_of() {
    let world = World::with_a_release();
    // Somebody who can write to the web server makes a root of their own that names the keepers' targets key.
    let mine = [key(), key()];
    world.forge_root(2, &[&mine[0], &mine[1]], |signed| crate::attackers::root_of(signed, &mine, 2));
    assert_eq!(code(world.change(RepositoryFolder::refresh)), "repository-not-signed");
    std::fs::remove_file(world.folder().join("metadata/2.root.json")).unwrap();
    // Or gives themselves a delegation without anybody's signature.
    world.forge("targets", &[], |signed| signed["delegations"]["roles"] = serde_json::json!([]));
    world.reseal();
    assert_eq!(code(world.change(RepositoryFolder::refresh)), "repository-not-signed");
}

#[test]
fn two_publishers_at_once_wait_for_each_other() {
    let world = World::with_a_release();
    let first = world.open().unwrap();
    assert_eq!(world.open().unwrap_err().code(), "repository-busy");
    drop(first);
    world.open().unwrap();
}

#[test]
fn a_change_that_was_overtaken_is_not_applied() {
    let world = World::with_a_release();
    let mut folder = world.open().unwrap();
    let (one, other) =
        world.with_signers(|signers| (folder.refresh(signers).unwrap(), folder.refresh(signers).unwrap()));
    folder.apply(one).unwrap();
    assert_eq!(folder.apply(other).unwrap_err().code(), "change-stale");
    // A new root alone leaves the timestamp as it was.
    let rotate = |folder: &RepositoryFolder| {
        world.with_signers(|signers| folder.rotate(&Rotation::default(), signers)).unwrap()
    };
    let (one, other) = (rotate(&folder), rotate(&folder));
    folder.apply(one).unwrap();
    assert_eq!(folder.apply(other).unwrap_err().code(), "change-stale");
}

#[test]
fn a_yanked_release_is_found_by_who_pinned_it_and_by_nobody_else() {
    let world = World::with_a_release();
    world.release("1.1.0");
    let id = "acme/rules".parse().unwrap();
    let release = Release { name: "acme/rules".parse().unwrap(), version: "1.1.0".parse().unwrap() };
    world.change(|folder, signers| folder.yank(&release, "it forgets things", signers)).unwrap();
    let repository = world.load().unwrap();
    assert_eq!(repository.resolve(&id, &semver::VersionReq::STAR).unwrap().version.to_string(), "1.0.0");
    let pinned = repository.exactly(&id, &release.version).unwrap();
    assert_eq!(pinned.yanked.as_deref(), Some("it forgets things"));
    assert!(repository.fetch(&pinned).is_ok());
    let absent = Release { version: "7.0.0".parse().unwrap(), ..release };
    assert_eq!(code(world.change(|folder, signers| folder.yank(&absent, "x", signers))), "no-such-version");
}

#[test]
fn revocations_reach_the_client_and_need_the_targets_key() {
    let world = World::with_a_release();
    assert!(world.load().unwrap().revocations().unwrap().is_empty());
    let revocations = [
        Revoked::Key(world.evil.public().id()),
        Revoked::Release(Release { name: "acme/rules".parse().unwrap(), version: "1.0.0".parse().unwrap() }),
        Revoked::Sha256(bartizan_model::Digest::of(b"evil")),
    ]
    .map(|what| Revocation { what, reason: "stolen on a train".to_owned(), since: Some(world.now) });
    for revocation in &revocations {
        world.change(|folder, signers| folder.revoke(revocation.clone(), signers)).unwrap();
    }
    world.change(|folder, signers| folder.revoke(revocations[0].clone(), signers)).unwrap();
    assert_eq!(world.load().unwrap().revocations().unwrap(), revocations);
    let alone = world.change(|folder, signers| {
        folder.revoke(revocations[0].clone(), &Signers { targets: &[&world.acme], ..*signers })
    });
    assert_eq!(code(alone), "repository-not-signed");
}

#[test]
fn revocations_that_are_not_understood_are_an_error_and_not_an_empty_list() {
    for content in [
        "",
        "{}",
        r#"{"version":2,"revocations":[]}"#,
        r#"{"version":1,"revocations":[{"reason":"of nothing"}]}"#,
    ] {
        let world = World::with_a_release();
        let digest = bartizan_model::Digest::of(content.as_bytes());
        std::fs::write(world.folder().join(format!("targets/{digest}.revocations.json")), content).unwrap();
        world.forge("targets", &[&world.targets], |signed| {
            signed["targets"]["revocations.json"] =
                serde_json::json!({ "length": content.len(), "hashes": { "sha256": digest } });
        });
        world.reseal();
        assert_eq!(world.outcome(), "repository-malformed", "{content}");
    }
}

#[test]
fn texts_for_people_stay_on_one_line() {
    let world = World::with_a_release();
    let long = "x".repeat(201);
    for text in ["", " ", "two\nlines", "\u{1b}[31mred", long.as_str()] {
        let release = NewRelease {
            component: component("acme/new", "1.0.0", &world.acme),
            summary: Some(text.to_owned()),
        };
        let published =
            world.change(|folder, signers| folder.publish("acme", &[release], &world.trust(), signers));
        assert_eq!(code(published), "bad-text", "{text:?}");
    }
}

#[test]
fn a_repository_that_ran_out_is_refreshed_by_who_has_the_keys() {
    let mut world = World::with_a_release();
    let later = world.in_days(100);
    assert_eq!(world.load_at(later).unwrap_err().code(), "repository-expired");
    world.now = later;
    world.change(|folder, signers| folder.refresh(&Signers { targets: &[], ..*signers })).unwrap();
    assert_eq!(world.outcome(), "ok");
    assert!(world.load().unwrap().fresh_until() > later);
}

#[test]
fn an_old_state_put_into_the_folder_is_not_signed_as_the_present_one() {
    let world = World::with_a_release();
    let memory = world.temporary.path().join("publishers-memory");
    let open = || RepositoryFolder::open(&world.folder(), &world.trusted_root, Some(&memory), world.now);
    let old = world.backup();
    let mut folder = open().unwrap();
    let what = Revoked::Key(world.evil.public().id());
    let revocation = Revocation { what, reason: "stolen".to_owned(), since: None };
    let change = world.with_signers(|signers| folder.revoke(revocation, signers)).unwrap();
    folder.apply(change).unwrap();
    drop(folder);
    open().unwrap();
    world.restore(&old, "timestamp.json");
    assert_eq!(open().unwrap_err().code(), "repository-rolled-back");
}
