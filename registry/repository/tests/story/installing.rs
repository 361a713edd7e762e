//! Looking for components and getting them.

use bartizan_registry::{Granted, Ratchet, Verifier};
use bartizan_repository::publish::NewRelease;
use semver::VersionReq;

use crate::world::{World, component, component_with};

fn req(text: &str) -> VersionReq {
    text.parse().unwrap()
}

#[test]
fn a_component_comes_out_as_it_went_in_and_passes_the_verifier() {
    let world = World::new();
    let published = component("acme/rules", "1.0.0", &world.acme);
    world.try_release(&published).unwrap();
    let repository = world.load().unwrap();
    let entry = repository.resolve(&"acme/rules".parse().unwrap(), &req("^1")).unwrap();
    assert_eq!(entry.license.as_deref(), Some("MIT"));
    assert_eq!(entry.limits.get("memory"), Some(&(64 << 20)));
    let fetched = repository.fetch(&entry).unwrap();
    assert_eq!(fetched, published);
    let examined = Verifier::at(world.trust(), Ratchet::in_memory(), world.now)
        .examine(fetched.component, &fetched.statement, None)
        .unwrap();
    let granted = Granted { limits: examined.claims().limits, ..Granted::default() };
    assert!(examined.grant(&granted).is_ok());
}

#[test]
fn the_highest_version_that_fits_is_taken_by_the_rules_of_semantic_versioning() {
    let world = World::new();
    for (sequence, version) in ["1.2.3", "1.10.0", "2.0.0-rc.1", "2.0.0-rc.2", "1.10.1"].iter().enumerate() {
        let release = component_with("acme/rules", version, sequence as u64 + 1, version, &world.acme);
        world.try_release(&release).unwrap();
    }
    let repository = world.load().unwrap();
    let id = "acme/rules".parse().unwrap();
    for (wanted, expected) in [
        ("*", "1.10.1"),
        ("^1.2", "1.10.1"),
        ("~1.2", "1.2.3"),
        ("=1.10.0", "1.10.0"),
        (">=2.0.0-rc", "2.0.0-rc.2"),
        ("=2.0.0-rc.1", "2.0.0-rc.1"),
    ] {
        assert_eq!(repository.resolve(&id, &req(wanted)).unwrap().version.to_string(), expected, "{wanted}");
    }
    for nothing in ["^2", ">2.0.0", "^3"] {
        let error = repository.resolve(&id, &req(nothing)).unwrap_err();
        assert_eq!(error.code(), "no-such-version");
        assert!(error.to_string().contains("1.10.1"), "it says what there is: {error}");
    }
}

#[test]
fn names_match_exactly_or_not_at_all() {
    let world = World::with_a_release();
    let repository = world.load().unwrap();
    for (name, expected) in [
        ("acme/rule", "no-such-component"),
        ("acme/rules-", "not a name"),
        ("acme/ruIes", "not a name"),
        ("acme/rules2", "no-such-component"),
        ("acm/rules", "no-such-publisher"),
        ("acme-/rules", "not a name"),
        ("evil/rules", "no-such-component"),
        ("targets/rules", "no-such-publisher"),
    ] {
        let outcome = name.parse().map_or("not a name", |id| {
            repository.resolve(&id, &VersionReq::STAR).map_or_else(|error| error.code(), |_| "found")
        });
        assert_eq!(outcome, expected, "{name}");
    }
}

#[test]
fn a_search_looks_at_names_and_summaries_and_downloads_nothing() {
    let world = World::new();
    for (id, publisher, signer, summary) in [
        ("acme/secrets", "acme", &world.acme, "Finds tokens in tool descriptions."),
        ("acme/network", "acme", &world.acme, "Finds internal hosts."),
        ("evil/tokens", "evil", &world.evil, "Wants your attention."),
    ] {
        for version in ["1.0.0", "1.1.0"] {
            let release =
                NewRelease { component: component(id, version, signer), summary: Some(summary.to_owned()) };
            world
                .change(|folder, signers| folder.publish(publisher, &[release], &world.trust(), signers))
                .unwrap();
        }
    }
    std::fs::remove_dir_all(world.folder().join("targets")).unwrap();
    let repository = world.load().unwrap();
    let ids = |words: &[&str]| {
        let found = repository.search(words);
        assert!(found.not_searched.is_empty());
        assert!(found.entries.iter().all(|entry| entry.version.to_string() == "1.1.0"));
        found.entries.iter().map(|entry| entry.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["TOKENS"]), ["acme/secrets", "evil/tokens"]);
    assert_eq!(ids(&["finds", "acme"]), ["acme/network", "acme/secrets"]);
    assert_eq!(ids(&["nothing-like-it"]), Vec::<String>::new());
    assert_eq!(ids(&[]).len(), 3);
}

#[test]
fn a_pre_release_is_found_where_there_is_nothing_else() {
    let world = World::new();
    world.try_release(&component_with("acme/rules", "1.0.0-beta", 1, "beta", &world.acme)).unwrap();
    let version = |world: &World| world.load().unwrap().search(&["rules"]).entries[0].version.to_string();
    assert_eq!(version(&world), "1.0.0-beta");
    world.try_release(&component_with("acme/rules", "0.9.0", 2, "stable", &world.acme)).unwrap();
    assert_eq!(version(&world), "0.9.0");
}

#[test]
fn a_client_that_comes_again_goes_on_from_where_it_was() {
    let world = World::with_a_release();
    for version in ["1.1.0", "1.2.0", "2.0.0"] {
        world.release(version);
        let entry = world.load().unwrap().resolve(&"acme/rules".parse().unwrap(), &VersionReq::STAR).unwrap();
        assert_eq!(entry.version.to_string(), version);
    }
}

#[test]
fn clients_at_once_share_one_memory() {
    let world = World::with_a_release();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4).map(|_| scope.spawn(|| world.outcome())).collect();
        for client in clients {
            assert_eq!(client.join().unwrap(), "ok");
        }
    });
}
