//! A component that was given WASI: it runs, and sees nothing.

use bartizan_registry::{Claims, Grant};
use bartizan_tests::{Publisher, hostile_component};

use super::{fails_alone, scan, shown, trusting};

const ID: &str = "hostile/wasi-probe";

fn asking() -> Claims {
    Claims { grants: [Grant::Wasi].into_iter().collect(), ..Publisher::claims(ID) }
}

#[test]
fn what_wasi_shows_is_empty_and_always_the_same() {
    let (user, publisher) = trusting();
    publisher.install(&user, &hostile_component("wasi-probe"), &asking());
    user.configure(&format!("[plugins.\"{ID}\"]\ngrants = ['wasi']\n"));
    let seen = || {
        let run = scan(&user, &[]).expect_code(0);
        let probe = run.findings().into_iter().find(|finding| finding["rule"] == "PROBE-001").unwrap();
        probe["message"].as_str().unwrap().to_owned()
    };
    let first = seen();
    assert!(
        first.starts_with(
            "environment 0, arguments 0, cwd None, folders 0, wall clock moved false, monotonic clock moved false, random "
        ),
        "{first}"
    );
    assert_eq!(first, seen(), "the random source differs from one run to the next");
}

#[test]
fn a_grant_must_be_asked_for_in_the_statement() {
    // The user gives it; the publisher never signed that it is wanted.
    let (user, publisher) = trusting();
    publisher.install(&user, &hostile_component("wasi-probe"), &Publisher::claims(ID));
    user.configure(&format!("[plugins.\"{ID}\"]\ngrants = ['wasi']\n"));
    fails_alone(scan(&user, &[]), ID, "forbidden-import", 4);
}

#[test]
fn a_grant_must_be_given_by_the_user() {
    let (user, publisher) = trusting();
    let path = publisher.install(&user, &hostile_component("wasi-probe"), &asking());
    fails_alone(scan(&user, &[]), &shown(&path), "not-granted", 4);
}
