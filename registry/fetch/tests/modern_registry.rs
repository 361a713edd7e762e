//! With a registry of the distribution specification 1.1, which lists referrers itself. Debian has none; this one is in Python.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

mod support;

use bartizan_fetch::oci::{Login, Reference, Registry};
use support::{Server, client, signed};

fn reference(server: &Server, repository: &str) -> Reference {
    format!("oci://127.0.0.1:{}/{repository}:1.0.0", server.port).parse().unwrap()
}

#[test]
fn a_registry_that_lists_referrers_is_left_to_it() {
    let server = Server::start("modern_registry.py", &[]);
    let (registry, signed) = (Registry::new(client(), Login::Anonymous), signed("1.0.0"));
    let pushed = registry.push(&reference(&server, "rules"), &signed).unwrap();
    let pulled = registry.pull(&pushed.reference, &mut |_, _| {}).unwrap();
    assert_eq!((pulled.component, pulled.statements), (signed.component, vec![signed.statement]));
    let fallback = format!("sha256-{}", pushed.digest);
    let asked = server.log();
    assert!(!asked.iter().any(|one| one["path"].as_str().unwrap().contains(&fallback)), "{asked:?}");
}

#[test]
fn the_tag_is_set_when_everything_else_is_there() {
    let server = Server::start("modern_registry.py", &[]);
    Registry::new(client(), Login::Anonymous).push(&reference(&server, "rules"), &signed("1.0.0")).unwrap();
    let log = server.log();
    let sent: Vec<&str> =
        log.iter().filter(|one| one["method"] == "PUT").map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(sent.len(), 7, "four blobs, two manifests, one tag: {sent:?}");
    assert!(
        sent[..4].iter().all(|path| path.contains("/blobs/")) && sent[6].ends_with("/manifests/1.0.0"),
        "{sent:?}"
    );
}

#[test]
fn a_token_that_is_over_is_replaced_within_a_push_and_a_pull() {
    let server = Server::start("modern_registry.py", &[]);
    let (registry, signed) = (Registry::new(client(), Login::Anonymous), signed("1.0.0"));
    let fickle = reference(&server, "fickle");
    registry.push(&fickle, &signed).unwrap();
    assert_eq!(registry.pull(&fickle, &mut |_, _| {}).unwrap().statements, [signed.statement]);
    let tokens =
        server.log().iter().filter(|one| one["path"].as_str().unwrap().starts_with("/token")).count();
    assert!(tokens > 2, "{tokens} tokens were asked for");
}

#[test]
fn a_registry_that_rewrites_manifests_is_told_of() {
    let server = Server::start("modern_registry.py", &[]);
    let registry = Registry::new(client(), Login::Anonymous);
    let error = registry.push(&reference(&server, "rewrites"), &signed("1.0.0")).unwrap_err();
    assert_eq!(error.code(), "altered", "{error}");
}
