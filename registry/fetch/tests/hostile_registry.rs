//! What a hostile registry can do to us.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

mod support;

use bartizan_fetch::oci::{Credentials, Login, Pulled, Registry, RegistryError};
use support::{Server, client, impatient, signed};

fn reference(server: &Server, repository: &str) -> String {
    format!("oci://127.0.0.1:{}/{repository}", server.port)
}

fn pull_as(server: &Server, repository: &str, login: Login) -> Result<Pulled, RegistryError> {
    let reference = reference(server, repository).parse().unwrap();
    let result = Registry::new(client(), login).pull(&reference, &mut |_, _| {});
    if let Err(error) = &result {
        assert!(!error.advice().is_empty());
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("s3cret"), "a secret is shown: {shown}");
    }
    result
}

fn pull(server: &Server, repository: &str) -> Result<Pulled, RegistryError> {
    pull_as(server, repository, Login::Anonymous)
}

fn login(server: &Server, password: &str) -> Login {
    Login::Given {
        registry: format!("127.0.0.1:{}", server.port),
        credentials: Credentials::Password { user: "user".to_owned(), password: password.to_owned().into() },
    }
}

/// The code of the refusal, and what it says.
fn refused(server: &Server, repository: &str) -> (&'static str, String) {
    let error = pull(server, repository).expect_err(repository);
    (error.code(), error.to_string())
}

#[test]
fn a_component_and_its_statement_are_found() {
    let server = Server::start("hostile_registry.py", &[]);
    let pulled = pull(&server, "good").unwrap();
    assert_eq!(pulled.component, b"\0asm\x0d\0\x01\0");
    assert_eq!(pulled.statements.len(), 1);
    assert_eq!(pulled.reference.digest(), Some(pulled.digest));
    assert_eq!(pulled.passed_over, Vec::<String>::new());
    assert_eq!(pull(&server, "two-pages").unwrap().statements.len(), 1);
}

#[test]
fn a_component_without_statements_is_not_an_error_here() {
    let server = Server::start("hostile_registry.py", &[]);
    assert_eq!(pull(&server, "unsigned").unwrap().statements, Vec::<Vec<u8>>::new());
}

#[test]
fn bytes_that_are_not_what_was_named_are_refused() {
    let server = Server::start("hostile_registry.py", &[]);
    for (repository, code, words) in [
        ("wrong-blob", "altered", "SHA-256"),
        ("layer-of-another", "malformed-oci", "layerDigests"),
        ("layer-is-config", "malformed-oci", "layerDigests"),
        ("says-smaller", "too-big", "at most 4 bytes"),
        ("says-bigger", "altered", "400"),
        ("endless-blob", "too-big", "at most 8 bytes"),
        ("digest-header-lies", "altered", "the registry says"),
    ] {
        let (actual, text) = refused(&server, repository);
        assert_eq!(actual, code, "{repository}: {text}");
        assert!(text.contains(words), "{repository}: {text}");
    }
}

#[test]
fn a_manifest_that_is_no_components_is_refused_before_its_blobs_are_fetched() {
    let server = Server::start("hostile_registry.py", &[]);
    for (repository, code) in [
        ("thousand-layers", "not-an-artifact"),
        ("no-layers", "not-an-artifact"),
        ("container-image", "not-an-artifact"),
        ("list-for-manifest", "not-an-artifact"),
        ("list-in-disguise", "not-an-artifact"),
        ("says-gigantic", "too-big"),
        ("says-negative", "malformed-oci"),
        ("weak-digest", "malformed-oci"),
        ("path-for-digest", "malformed-oci"),
        ("gigantic-manifest", "too-big"),
        ("deep", "malformed-oci"),
        ("not-json", "malformed-oci"),
    ] {
        let (actual, text) = refused(&server, repository);
        assert_eq!(actual, code, "{repository}: {text}");
    }
    assert!(!server.log().iter().any(|one| one["path"].as_str().unwrap().contains("/blobs/")));
}

#[test]
fn a_digest_in_the_reference_is_what_counts() {
    let server = Server::start("hostile_registry.py", &[]);
    let digest = pull(&server, "good").unwrap().digest;
    let by_digest = pull(&server, &format!("good@sha256:{digest}")).unwrap();
    assert_eq!(by_digest.digest, digest);
    // The tag is there and says something else: it is not even asked.
    let (code, text) = refused(&server, &format!("other-manifest:latest@sha256:{digest}"));
    assert_eq!(code, "altered", "{text}");
}

#[test]
fn a_statement_about_something_else_does_not_count_and_does_not_hide_a_good_one() {
    let server = Server::start("hostile_registry.py", &[]);
    let (code, text) = refused(&server, "foreign-subject");
    assert_eq!(code, "mixed-up", "{text}");
    let pulled = pull(&server, "foreign-and-good").unwrap();
    assert_eq!((pulled.statements.len(), pulled.passed_over.len()), (1, 1));
    assert!(pulled.passed_over[0].contains("is about"), "{:?}", pulled.passed_over);
}

#[test]
fn a_list_of_statements_has_bounds() {
    let (other, server);
    other = Server::start("hostile_registry.py", &[]);
    server = Server::start("hostile_registry.py", &[&other.port.to_string()]);
    let pulled = pull(&server, "many-statements").unwrap();
    assert_eq!((pulled.statements.len(), pulled.passed_over.len()), (16, 1));
    for (repository, code) in [
        ("million-entries", "bad-referrers"),
        ("referrers-not-json", "bad-referrers"),
        ("pages-without-end", "bad-referrers"),
        ("pages-elsewhere", "bad-referrers"),
        ("tag-is-no-list", "bad-referrers"),
        ("lost-statement", "not-found"),
        ("big-statement", "too-big"),
    ] {
        let (actual, text) = refused(&server, repository);
        assert_eq!(actual, code, "{repository}: {text}");
    }
    assert_eq!(other.log(), Vec::<serde_json::Value>::new(), "the other host was asked");
}

#[test]
fn no_answer_about_statements_is_not_the_answer_that_there_are_none() {
    let server = Server::start("hostile_registry.py", &[]);
    let (code, text) = refused(&server, "referrers-broken");
    assert_eq!(code, "registry-refused", "{text}");
    let reference = reference(&server, "referrers-slow").parse().unwrap();
    let error =
        Registry::new(impatient(500, 2_000), Login::Anonymous).pull(&reference, &mut |_, _| {}).unwrap_err();
    assert_eq!(error.code(), "timeout", "{error}");
}

#[test]
fn many_answers_that_are_each_in_time_are_not_so_together() {
    let server = Server::start("hostile_registry.py", &[]);
    let reference = reference(&server, "slow-statements").parse().unwrap();
    let registry = Registry::new(impatient(20_000, 1_500), Login::Anonymous);
    let error = registry.pull(&reference, &mut |_, _| {}).unwrap_err();
    assert_eq!(error.code(), "timeout", "{error}");
}

#[test]
fn a_refusal_says_what_was_refused() {
    let server = Server::start("hostile_registry.py", &[]);
    for (repository, code) in
        [("broken", "registry-refused"), ("denied", "denied"), ("good:nothing", "not-found")]
    {
        let (actual, text) = refused(&server, repository);
        assert_eq!(actual, code, "{repository}: {text}");
    }
}

#[test]
fn a_missing_login_is_told_apart_from_a_wrong_one() {
    let server = Server::start("hostile_registry.py", &[]);
    for repository in ["basic", "token-useless"] {
        assert_eq!(refused(&server, repository).0, "login-needed", "{repository}");
    }
    for repository in ["basic", "token-useless"] {
        let error = pull_as(&server, repository, login(&server, "wrong-s3cret")).unwrap_err();
        assert_eq!((error.code(), error.to_string().contains("user")), ("login-refused", true), "{error}");
    }
    for repository in ["basic", "token"] {
        pull_as(&server, repository, login(&server, "s3cret")).unwrap();
    }
    // The token service of this one gives a token to anybody.
    pull(&server, "token").unwrap();
}

#[test]
fn a_login_goes_to_its_own_registry_and_to_no_other() {
    let (other, server);
    other = Server::start("hostile_registry.py", &[]);
    server = Server::start("hostile_registry.py", &[&other.port.to_string()]);
    // The wrong registry asks for it.
    let error = pull_as(&server, "basic", login(&other, "s3cret")).unwrap_err();
    assert_eq!(error.code(), "login-needed", "{error}");
    assert!(server.log().iter().all(|one| one["authorization"].is_null()));
    // The right one sends us elsewhere for a blob.
    pull_as(&server, "blob-elsewhere", login(&server, "s3cret")).unwrap();
    let asked = other.log();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0]["authorization"].is_null(), "{asked:?}");
    assert!(asked[0]["path"].as_str().unwrap().starts_with("/cdn/"));
}

#[test]
fn who_is_sent_elsewhere_and_back_comes_back_without_the_login() {
    let (other, server);
    other = Server::start("hostile_registry.py", &[]);
    server = Server::start("hostile_registry.py", &[&other.port.to_string()]);
    pull_as(&server, "there-and-back", login(&server, "s3cret")).unwrap_err();
    let log = server.log();
    let back: Vec<_> = log.iter().filter(|one| one["path"].as_str().unwrap().contains("/secret/")).collect();
    assert!(!back.is_empty() && back.iter().all(|one| one["authorization"].is_null()), "{back:?}");
}

#[test]
fn a_token_service_at_another_host_gets_this_registrys_login_and_not_its_own() {
    let (other, server);
    other = Server::start("hostile_registry.py", &[]);
    server = Server::start("hostile_registry.py", &[&other.port.to_string()]);
    // As Docker Hub has it. The login is the one for the registry that was named.
    pull_as(&server, "token-elsewhere", login(&server, "s3cret")).unwrap();
    let asked = other.log();
    assert_eq!(asked[0]["authorization"], "Basic dXNlcjpzM2NyZXQ=");
    let path = asked[0]["path"].as_str().unwrap();
    assert!(
        path.contains("service=here") && path.contains("scope=repository%3Atoken-elsewhere%3Apull"),
        "{path}"
    );
    // A login that is kept for the token service's host is not for whoever points at it.
    pull_as(&server, "token-elsewhere", login(&other, "s3cret")).unwrap();
    assert!(other.log()[1]["authorization"].is_null());
}

#[test]
fn a_token_service_that_redirects_does_not_pass_the_login_on() {
    let (other, server);
    other = Server::start("hostile_registry.py", &[]);
    server = Server::start("hostile_registry.py", &[&other.port.to_string()]);
    pull_as(&server, "token-redirects", login(&server, "s3cret")).unwrap();
    assert!(other.log()[0]["authorization"].is_null(), "{:?}", other.log());
}

#[test]
fn an_identity_token_is_exchanged_in_the_body_of_a_request() {
    let server = Server::start("hostile_registry.py", &[]);
    let given = Login::Given {
        registry: format!("127.0.0.1:{}", server.port),
        credentials: Credentials::IdentityToken("s3cret&x=y".to_owned().into()),
    };
    pull_as(&server, "token", given.clone()).unwrap();
    let log = server.log();
    let asked = log.iter().find(|one| one["path"] == "/token").unwrap();
    let body = asked["body"].as_str().unwrap();
    assert!(asked["method"] == "POST" && body.contains("refresh_token=s3cret%26x%3Dy"), "{asked}");
    assert!(body.contains("grant_type=refresh_token"), "{body}");
    let error = pull_as(&server, "basic", given).unwrap_err();
    assert_eq!(error.code(), "bad-challenge", "{error}");
}

#[test]
fn a_token_service_that_leads_astray_is_not_asked() {
    let server = Server::start("hostile_registry.py", &[]);
    let with_login = |repository| pull_as(&server, repository, login(&server, "s3cret")).unwrap_err();
    assert_eq!(with_login("token-over-http").code(), "login-in-clear");
    assert_eq!(refused(&server, "token-over-http").0, "bad-challenge");
    for repository in ["token-from-file", "no-realm", "negotiate", "token-newline", "token-html"] {
        let (code, text) = refused(&server, repository);
        assert_eq!(code, "bad-challenge", "{repository}: {text}");
    }
    assert_eq!(refused(&server, "token-endless").0, "too-big");
}

#[test]
fn a_push_sends_no_login_to_where_the_registry_says_that_bytes_go() {
    let (other, server);
    other = Server::start("hostile_registry.py", &[]);
    server = Server::start("hostile_registry.py", &[&other.port.to_string()]);
    let push = |repository: &str| {
        let reference = format!("{}:1.0.0", reference(&server, repository)).parse().unwrap();
        Registry::new(client(), login(&server, "s3cret")).push(&reference, &signed("1.0.0"))
    };
    // It takes the blobs elsewhere and then no manifest.
    assert_eq!(push("upload-elsewhere").unwrap_err().code(), "registry-refused");
    let asked = other.log();
    assert!(!asked.is_empty() && asked.iter().all(|one| one["authorization"].is_null()), "{asked:?}");
    assert_eq!(push("upload-to-file").unwrap_err().code(), "redirect-refused");
}

#[test]
fn a_push_without_a_name_or_of_something_else_is_refused_before_anything_is_sent() {
    let server = Server::start("hostile_registry.py", &[]);
    let registry = Registry::new(client(), Login::Anonymous);
    let push = |text: String, signed| registry.push(&text.parse().unwrap(), &signed).unwrap_err().code();
    assert_eq!(push(reference(&server, "x"), signed("1.0.0")), "no-tag");
    let other = format!("{}:1.0.0@sha256:{}", reference(&server, "x"), "0".repeat(64));
    assert_eq!(push(other, signed("1.0.0")), "altered");
    let mut mixed = signed("1.0.0");
    mixed.component = signed("2.0.0").component;
    assert_eq!(push(format!("{}:1.0.0", reference(&server, "x")), mixed), "mixed-up");
    assert_eq!(server.log(), Vec::<serde_json::Value>::new());
}
