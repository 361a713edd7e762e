//! Components that would be fine, were their signed promises kept.

use std::{fs, path::Path};

use bartizan_registry::{Claims, Grant, statement_path};
use bartizan_tests::{Bartizan, Publisher, hostile_component, together};

use super::{fails_alone, scan, shown, trusting, undisturbed};

const ID: &str = "hostile/by-config";

/// What a case does to the folder; it is given the component's path.
type Tamper = fn(&Bartizan, &Publisher, &Path);

fn flip(path: &Path, at: impl Fn(&[u8]) -> usize) {
    let mut bytes = fs::read(path).unwrap();
    let at = at(&bytes);
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn cut(path: &Path) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

fn signed_with(claims: impl FnOnce(Claims) -> Claims, publisher: &Publisher, path: &Path) {
    let claims = claims(Publisher::claims(ID));
    fs::write(statement_path(path), publisher.statement(&fs::read(path).unwrap(), &claims)).unwrap();
}

const CASES: &[(&str, &str, Tamper)] = &[
    ("no statement", "unsigned", |_, _, path| fs::remove_file(statement_path(path)).unwrap()),
    ("signed by a stranger", "unknown-signer", |_, _, path| signed_with(|c| c, &Publisher::new(), path)),
    ("a flipped bit at the component's start", "altered", |_, _, path| flip(path, |_| 0)),
    ("a flipped bit in the middle", "altered", |_, _, path| flip(path, |bytes| bytes.len() / 2)),
    ("a flipped bit at the end", "altered", |_, _, path| flip(path, |bytes| bytes.len() - 1)),
    ("a truncated component", "altered", |_, _, path| cut(path)),
    ("an empty component", "altered", |_, _, path| fs::write(path, "").unwrap()),
    ("a flipped bit in what was signed", "bad-signature", |_, _, path| {
        flip(&statement_path(path), |bytes| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            // Deep enough in the base64 to be in the statement, and a letter that stays base64.
            let start = text.find("\"payload\":\"").unwrap() + 11;
            start + text[start..].find(|c: char| matches!(c, 'b'..='y')).unwrap()
        });
    }),
    ("a flipped bit in the signature", "bad-signature", |_, _, path| {
        flip(&statement_path(path), |bytes| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let start = text.find("\"sig\":\"").unwrap() + 7;
            start + text[start..].find(|c: char| matches!(c, 'b'..='y')).unwrap()
        });
    }),
    ("a truncated statement", "malformed-statement", |_, _, path| cut(&statement_path(path))),
    ("an empty statement", "malformed-statement", |_, _, path| fs::write(statement_path(path), "").unwrap()),
    ("a statement that is no JSON", "malformed-statement", |_, _, path| {
        fs::write(statement_path(path), "-----BEGIN PGP SIGNATURE-----").unwrap();
    }),
    ("a statement as long as a novel", "malformed-statement", |_, _, path| {
        fs::write(statement_path(path), "x".repeat(100_000)).unwrap();
    }),
    ("a name of the first party", "foreign-name", |_, publisher, path| {
        signed_with(|c| Claims { id: "bartizan/by-config".parse().unwrap(), ..c }, publisher, path);
    }),
    ("a name of another publisher", "foreign-name", |_, publisher, path| {
        signed_with(|c| Claims { id: "acme/by-config".parse().unwrap(), ..c }, publisher, path);
    }),
    ("an older sequence than was seen", "rolled-back", |_, publisher, path| {
        signed_with(|c| Claims { sequence: 0, ..c }, publisher, path);
    }),
    ("a sequence that other bytes had", "sequence-reused", |_, publisher, path| {
        // A custom section: other bytes, the same component.
        let mut bytes = fs::read(path).unwrap();
        bytes.extend_from_slice(&[0, 2, 1, b'x']);
        fs::write(path, bytes).unwrap();
        signed_with(|c| c, publisher, path);
    }),
    ("expired", "expired", |_, publisher, path| {
        signed_with(
            |c| Claims { expires: Some("2020-01-01T00:00:00Z".parse().unwrap()), ..c },
            publisher,
            path,
        );
    }),
    ("not yet valid", "not-yet-valid", |_, publisher, path| {
        signed_with(
            |c| Claims { not_before: Some("2999-01-01T00:00:00Z".parse().unwrap()), ..c },
            publisher,
            path,
        );
    }),
    ("asks for a grant that it was not given", "not-granted", |_, publisher, path| {
        signed_with(
            |c| Claims { sequence: 2, grants: [Grant::Wasi].into_iter().collect(), ..c },
            publisher,
            path,
        );
    }),
    ("a grant given to somebody else", "not-granted", |user, publisher, path| {
        user.configure("[plugins.\"hostile/other\"]\ngrants = ['wasi']\n");
        signed_with(
            |c| Claims { sequence: 2, grants: [Grant::Wasi].into_iter().collect(), ..c },
            publisher,
            path,
        );
    }),
];

#[test]
fn a_broken_promise_is_refused_and_named() {
    let component = hostile_component("by-config");
    together(
        CASES,
        |(name, ..)| (*name).to_owned(),
        |(_, code, tamper)| {
            let (user, publisher) = trusting();
            let path = publisher.install(&user, &component, &Publisher::claims(ID));
            // It is accepted once: what follows is refused for what was done to it and for nothing else.
            scan(&user, &[]).expect_code(0);
            tamper(&user, &publisher, &path);
            fails_alone(scan(&user, &[]), &shown(&path), code, 4);
        },
    );
}

#[test]
fn a_refusal_outweighs_findings() {
    let (user, publisher) = trusting();
    let path = publisher.install(&user, &hostile_component("by-config"), &Publisher::claims(ID));
    fs::remove_file(statement_path(&path)).unwrap();
    let run = user.scan([super::listing()]).expect_code(4);
    assert_eq!(run.found(), undisturbed());
    // The text report tells it, and what to do, in so many words.
    let listing = super::listing();
    let told = user.run([Path::new("scan"), &listing]).expect_code(4);
    assert!(
        told.text().contains("not signed") && told.stderr.contains("plugins sign"),
        "{}\n{}",
        told.text(),
        told.stderr
    );
}

#[test]
fn a_newer_release_is_accepted_and_the_one_before_it_is_not_any_more() {
    let (user, publisher) = trusting();
    let old = hostile_component("by-config");
    let newer = [old.clone(), vec![0, 2, 1, b'x']].concat();
    publisher.install(&user, &old, &Publisher::claims(ID));
    scan(&user, &[]).expect_code(0);
    publisher.install(&user, &newer, &Claims { sequence: 2, ..Publisher::claims(ID) });
    scan(&user, &[]).expect_code(0);
    let path = publisher.install(&user, &old, &Publisher::claims(ID));
    fails_alone(scan(&user, &[]), &shown(&path), "rolled-back", 4);
}

#[test]
fn a_damaged_memory_of_sequences_lets_nothing_run() {
    let (user, publisher) = trusting();
    publisher.install(&user, &hostile_component("by-config"), &Publisher::claims(ID));
    scan(&user, &[]).expect_code(0);
    fs::write(user.ratchet(), "{").unwrap();
    let run = scan(&user, &[]).expect_code(4);
    assert!(run.stdout.is_empty() && run.stderr.contains("ratchet.json"), "{}", run.stderr);
}

#[test]
fn a_damaged_trust_store_lets_nothing_run() {
    let (user, _) = trusting();
    fs::write(user.config_folder().join("trust.toml"), "[publishers.hostile]\nkeys = ['x']\n").unwrap();
    let run = scan(&user, &[]).expect_code(4);
    assert!(run.stdout.is_empty() && run.stderr.contains("trust.toml"), "{}", run.stderr);
}

#[test]
fn a_third_party_cannot_bring_compiled_code() {
    // The statement vouches for native code; only the first party's would be heeded, and there is no file to take it from.
    let (user, publisher) = trusting();
    let digest = bartizan_model::Digest::of(b"code");
    let compiled = Some(bartizan_registry::CompiledCode { settings: digest, code: digest });
    let path = publisher.install(
        &user,
        &hostile_component("by-config"),
        &Claims { compiled, ..Publisher::claims(ID) },
    );
    fs::write(path.with_extension("code"), b"code").unwrap();
    let run = user.run(["plugins", "info", ID]).expect_code(0);
    assert!(run.text().contains("compiled just now") || run.text().contains("earlier run"), "{}", run.text());
    assert!(!run.text().contains("compiled ahead"), "{}", run.text());
}
