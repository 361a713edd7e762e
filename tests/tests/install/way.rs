//! What a user does.

use std::fs;

use bartizan_registry::{AskedLimits, Claims, Grant};
use bartizan_tests::{Publisher, hostile_component, versioned};

use super::{ID, claims, component, flat, install, listing, trusting, user, version};

#[test]
fn a_package_is_installed_listed_used_disabled_enabled_and_removed() {
    let (user, publisher) = trusting();
    let package = publisher.package(&user, &component(), &claims("1.0.0", 1));
    let run = install(&user, &package).expect_code(0);
    assert_eq!(run.text(), "installed hostile/by-config 1.0.0\n");
    assert!(
        run.stderr.contains("asks for") && run.stderr.contains(&publisher.signer().public().id().to_string())
    );

    let found = || user.scan([listing()]).found().iter().any(|one| one.starts_with("HOSTILE-001"));
    assert!(found());
    let info = user.run(["plugins", "info", ID]).expect_code(0);
    for fact in ["HOSTILE-002", "server-rules", "by-config-1.0.0.oci.tar", "sequence"] {
        assert!(info.text().contains(fact), "{}", info.text());
    }
    user.run(["plugins", "verify"]).expect_code(0);

    user.run(["plugins", "disable", ID]).expect_code(0);
    assert!(!found());
    assert!(user.run(["plugins", "list"]).text().contains("it is disabled"));
    user.run(["plugins", "enable", ID]).expect_code(0);
    assert!(found());

    user.run(["plugins", "remove", ID]).expect_code(0);
    assert!(!found());
    assert_eq!(version(&user, ID), None);
    assert_eq!(
        fs::read_dir(user.installed().join("components")).unwrap().count(),
        0,
        "its bytes are still there"
    );
    user.run(["plugins", "remove", ID]).expect_code(2);
}

#[test]
fn a_component_with_its_statement_beside_it_is_installed_too() {
    let (user, publisher) = trusting();
    let path = user.write("by-config.wasm", component());
    user.write("by-config.intoto.jsonl", publisher.statement(&component(), &claims("1.0.0", 1)));
    install(&user, &path).expect_code(0);
    assert_eq!(version(&user, ID).as_deref(), Some("1.0.0"));
}

#[test]
fn what_is_asked_for_must_be_granted() {
    let (user, publisher) = trusting();
    let asking = Claims {
        grants: [Grant::Wasi].into_iter().collect(),
        limits: AskedLimits { memory: Some(64 << 20), fuel: None },
        ..claims("1.0.0", 1)
    };
    let package = publisher.package(&user, &component(), &asking);
    let package = package.to_str().unwrap();
    let refused = user.run(["plugins", "install", package]).expect_code(4);
    assert!(flat(&refused.stderr).contains("--grant wasi --grant memory=64MiB"), "{}", refused.stderr);
    user.run(["plugins", "install", package, "--grant", "wasi"]).expect_code(4);
    user.run(["plugins", "install", package, "--grant", "wasi", "--grant", "memory=63MiB"]).expect_code(4);
    user.run(["plugins", "install", package, "--grant", "network"]).expect_code(2);
    assert_eq!(version(&user, ID), None);
    user.run(["plugins", "install", package, "--grant", "wasi", "--grant", "memory=64MiB"]).expect_code(0);
    assert!(user.run(["plugins", "info", ID]).text().contains("wasi, memory=64MiB"));
}

#[test]
fn an_update_shows_what_changes_and_asks_again_for_more() {
    let (user, publisher) = trusting();
    install(&user, &publisher.package(&user, &component(), &claims("1.0.0", 1))).expect_code(0);
    // The place it came from has something newer by now.
    let newer = versioned(&component(), "1.0.1");
    let place = user.work().join("by-config-1.0.0.oci.tar");
    let replace = |claims: &Claims| {
        let path = publisher.package(&user, &newer, claims);
        fs::rename(path, &place).unwrap();
    };
    replace(&Claims { limits: AskedLimits { memory: None, fuel: Some(9 << 30) }, ..claims("1.0.1", 2) });
    let refused = user.run(["plugins", "update"]).expect_code(4);
    assert!(refused.stderr.contains("fuel=9663676416"), "{}", refused.stderr);
    assert_eq!(version(&user, ID).as_deref(), Some("1.0.0"));
    replace(&claims("1.0.1", 3));
    let run = user.run(["plugins", "update", ID]).expect_code(0);
    assert!(run.stderr.contains("replaces"), "{}", run.stderr);
    assert_eq!(version(&user, ID).as_deref(), Some("1.0.1"));
    assert_eq!(user.run(["plugins", "update"]).expect_code(0).text(), "nothing newer was found\n");
}

#[test]
fn a_project_pins_and_runs_with_nothing_else() {
    let (user, publisher) = trusting();
    user.configure("");
    let package = publisher.package(&user, &component(), &claims("1.0.0", 1));
    install(&user, &package).expect_code(0);
    let lock = user.work().join("bartizan.lock");
    let pinned = fs::read_to_string(&lock).unwrap();
    assert!(pinned.contains("[[plugin]]") && pinned.contains(ID), "{pinned}");
    user.scan(["--locked", "--fail-on", "critical", listing().to_str().unwrap()]).expect_code(0);

    // What is pinned and switched off is not what was pinned.
    user.run(["plugins", "disable", ID]).expect_code(0);
    let run = user.scan(["--locked", listing().to_str().unwrap()]).expect_code(4);
    assert_eq!(run.not_checked(), ["hostile/by-config not-locked"]);
    user.run(["plugins", "enable", ID]).expect_code(0);

    // A colleague with the same project and nothing installed.
    let colleague = user_with(&publisher);
    colleague.configure("");
    colleague.write(
        "bartizan.lock",
        pinned.replace(user.work().to_str().unwrap(), colleague.work().to_str().unwrap()),
    );
    colleague.scan(["--locked", listing().to_str().unwrap()]).expect_code(4);
    publisher.package(&colleague, &component(), &claims("1.0.0", 1));
    colleague.run(["plugins", "install", "--locked"]).expect_code(0);
    colleague.scan(["--locked", "--fail-on", "critical", listing().to_str().unwrap()]).expect_code(0);

    // Something newer is not what is pinned, wherever it comes from.
    let newer = publisher.package(&colleague, &versioned(&component(), "1.0.1"), &claims("1.0.1", 2));
    colleague.run(["plugins", "install", "--locked", newer.to_str().unwrap()]).expect_code(4);
    publisher.install(&colleague, &hostile_component("misnamed"), &Publisher::claims("hostile/misnamed"));
    let run = colleague.scan(["--locked", listing().to_str().unwrap()]).expect_code(4);
    assert!(run.not_checked().iter().any(|one| one.ends_with("not-pinned")), "{:?}", run.not_checked());
}

#[test]
fn a_configuration_may_say_what_the_options_say() {
    let (user, publisher) = trusting();
    user.configure("[plugins]\nlocked = true");
    let package = publisher.package(&user, &component(), &claims("1.0.0", 1));
    // Nothing is pinned yet, and nothing but what is pinned may come in.
    install(&user, &package).expect_code(2);
    user.configure("");
    install(&user, &package).expect_code(0);
    user.configure("[plugins]\nlocked = true");
    user.scan(["--fail-on", "critical", listing().to_str().unwrap()]).expect_code(0);
    user.configure("[plugins]\nlocked = true\n[plugins.\"hostile/by-config\"]\nenabled = false");
    let run = user.scan([listing()]);
    assert!(!run.found().iter().any(|one| one.starts_with("HOSTILE-")));
    user.configure("[plugins]\nenabled = false");
    assert_eq!(version(&user, ID), None);
}

fn user_with(publisher: &Publisher) -> bartizan_tests::Bartizan {
    let user = user();
    publisher.trusted_by(&user, "hostile");
    user
}

#[test]
fn an_older_one_comes_back_only_for_who_names_it() {
    let (user, publisher) = trusting();
    let old = publisher.package(&user, &component(), &claims("1.0.0", 1));
    let new = publisher.package(&user, &versioned(&component(), "1.0.1"), &claims("1.0.1", 2));
    install(&user, &new).expect_code(0);
    let refused = install(&user, &old).expect_code(4);
    assert!(flat(&refused.stderr).contains("--allow-older hostile/by-config"), "{}", refused.stderr);
    user.run(["plugins", "install", old.to_str().unwrap(), "--allow-older", "hostile/other"]).expect_code(4);
    user.run(["plugins", "install", old.to_str().unwrap(), "--allow-older", ID]).expect_code(0);
    assert_eq!(version(&user, ID).as_deref(), Some("1.0.0"));
}

#[test]
fn a_retired_key_keeps_what_is_installed_and_brings_nothing_new() {
    let (user, old) = trusting();
    install(&user, &old.package(&user, &component(), &claims("1.0.0", 1))).expect_code(0);
    let new = Publisher::new();
    let pem = user.write("new.pub", new.signer().public().to_pem().unwrap());
    let id = old.signer().public().id().to_string();
    user.run(["trust", "rotate", "hostile", &id[..8], pem.to_str().unwrap()]).expect_code(0);
    assert_eq!(version(&user, ID).as_deref(), Some("1.0.0"));
    let newer = versioned(&component(), "1.0.1");
    let refused = install(&user, &old.package(&user, &newer, &claims("1.0.1", 2))).expect_code(4);
    assert!(flat(&refused.stderr).contains("has replaced"), "{}", refused.stderr);
    install(&user, &new.package(&user, &newer, &claims("1.0.1", 1))).expect_code(0);
    assert_eq!(version(&user, ID).as_deref(), Some("1.0.1"));
}

#[test]
fn what_is_revoked_does_not_load_at_the_next_start_and_the_reason_is_told() {
    let (user, publisher) = trusting();
    install(&user, &publisher.package(&user, &component(), &claims("1.0.0", 1))).expect_code(0);
    user.scan(["--fail-on", "critical", listing().to_str().unwrap()]).expect_code(0);
    user.run(["trust", "revoke", "hostile/by-config@1.0.0", "--reason", "it sleeps"]).expect_code(0);
    let run = user.scan([listing()]).expect_code(4);
    assert_eq!(run.not_checked(), ["hostile/by-config revoked"]);
    assert!(flat(&run.stderr).contains("it sleeps"), "{}", run.stderr);
    // The next release is fine, until the key itself is.
    install(&user, &publisher.package(&user, &versioned(&component(), "1.0.1"), &claims("1.0.1", 2)))
        .expect_code(0);
    assert_eq!(version(&user, ID).as_deref(), Some("1.0.1"));
    let key = publisher.signer().public().id().to_string();
    user.run(["trust", "revoke", &key, "--reason", "laptop stolen"]).expect_code(0);
    let run = user.scan([listing()]).expect_code(4);
    assert_eq!(run.not_checked(), ["hostile/by-config revoked-key"]);
    assert!(run.stderr.contains("laptop stolen"), "{}", run.stderr);
    assert!(user.run(["trust", "list"]).expect_code(0).text().contains("laptop stolen"));
}
