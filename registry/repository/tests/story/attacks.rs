//! How each attack on a repository ends: in a refusal that names it.

use std::fs;

use serde_json::json;

use crate::{
    attackers::{delegating, newer, resealed, root_of, target, target_file, truncate},
    world::{World, component, key, key_id, public, read},
};

/// What an attacker does to a repository that a client has already seen, and what the client says then.
#[test]
fn each_attack_ends_in_the_refusal_that_names_it() {
    type Attack = (&'static str, fn(&World), &'static str);
    let attacks: &[Attack] = &[
        ("nothing", |_| {}, "ok"),
        ("an unsigned timestamp", |w| w.forge("timestamp", &[], |_| {}), "repository-not-signed"),
        ("a stranger's timestamp", |w| w.forge("timestamp", &[&key()], |_| {}), "repository-not-signed"),
        (
            "a timestamp signed by the snapshot's key",
            |w| w.forge("timestamp", &[&w.snapshot], |_| {}),
            "repository-not-signed",
        ),
        (
            "a timestamp changed after signing",
            |w| {
                let mut document = read(&w.file("timestamp"));
                document["signed"]["expires"] = json!("2999-01-01T00:00:00Z");
                fs::write(w.file("timestamp"), document.to_string()).unwrap();
            },
            "repository-not-signed",
        ),
        (
            "another role's file for the timestamp",
            |w| {
                fs::copy(w.file("snapshot"), w.file("timestamp")).unwrap();
            },
            "repository-malformed",
        ),
        (
            "an older timestamp",
            |w| w.forge("timestamp", &[&w.timestamp], |s| s["version"] = json!(1)),
            "repository-rolled-back",
        ),
        (
            "another timestamp of the same version",
            |w| w.forge("timestamp", &[&w.timestamp], |s| s["expires"] = json!("2999-01-01T00:00:00Z")),
            "repository-equivocation",
        ),
        (
            "a newer timestamp of an older snapshot",
            |w| {
                w.forge("timestamp", &[&w.timestamp], |s| {
                    s["version"] = json!(99);
                    s["meta"]["snapshot.json"]["version"] = json!(1);
                });
            },
            "repository-rolled-back",
        ),
        (
            "a timestamp without a snapshot",
            |w| {
                w.forge("timestamp", &[&w.timestamp], |s| {
                    s["version"] = json!(99);
                    s["meta"] = json!({});
                });
            },
            "repository-malformed",
        ),
        (
            "a snapshot that is another file than the timestamp says",
            |w| w.forge("snapshot", &[&w.snapshot], |s| s["expires"] = json!("2999-01-01T00:00:00Z")),
            "repository-mixed-states",
        ),
        (
            "a snapshot that a stranger signed",
            |w| newer(w, |w| w.forge("snapshot", &[&key()], |_| {})),
            "repository-not-signed",
        ),
        (
            "a snapshot with older targets",
            |w| {
                newer(w, |w| {
                    w.forge("snapshot", &[&w.snapshot], |s| s["meta"]["targets.json"]["version"] = json!(1));
                });
            },
            "repository-rolled-back",
        ),
        (
            "a snapshot with an older list of a publisher",
            |w| {
                newer(w, |w| {
                    w.forge("snapshot", &[&w.snapshot], |s| s["meta"]["acme.json"]["version"] = json!(1));
                });
            },
            "repository-rolled-back",
        ),
        (
            "a snapshot in which a publisher vanished",
            |w| {
                newer(w, |w| {
                    w.forge("snapshot", &[&w.snapshot], |s| {
                        s["meta"].as_object_mut().unwrap().remove("acme.json");
                    });
                });
            },
            "repository-role-dropped",
        ),
        (
            "targets of another state",
            |w| {
                fs::copy(w.folder().join("metadata/1.targets.json"), w.file("targets")).unwrap();
            },
            "repository-mixed-states",
        ),
        (
            "a publisher's list of another state",
            |w| {
                fs::copy(w.folder().join("metadata/1.acme.json"), w.file("acme")).unwrap();
            },
            "repository-mixed-states",
        ),
        (
            "targets signed by snapshot's key, by a thief of the online keys",
            |w| resealed(w, "targets", |w| w.forge("targets", &[&w.snapshot], |_| {})),
            "repository-not-signed",
        ),
        (
            "a publisher's list signed by another publisher, by a thief of the online keys",
            |w| resealed(w, "acme", |w| w.forge("acme", &[&w.evil], |_| {})),
            "repository-not-signed",
        ),
        (
            "one signature twice",
            |w| w.forge("timestamp", &[&w.timestamp, &w.timestamp], |_| {}),
            "repository-duplicate-signature",
        ),
        ("a truncated timestamp", |w| truncate(w, "timestamp"), "repository-malformed"),
        ("a truncated snapshot", |w| truncate(w, "snapshot"), "repository-mixed-states"),
        ("a truncated list", |w| truncate(w, "acme"), "repository-mixed-states"),
        ("no timestamp", |w| fs::remove_file(w.file("timestamp")).unwrap(), "repository-file-missing"),
        ("no snapshot", |w| fs::remove_file(w.file("snapshot")).unwrap(), "repository-file-missing"),
        ("no targets", |w| fs::remove_file(w.file("targets")).unwrap(), "repository-file-missing"),
        ("no list", |w| fs::remove_file(w.file("acme")).unwrap(), "repository-file-missing"),
        ("a changed byte", |w| target(w, |bytes| bytes[0] ^= 1), "target-altered"),
        (
            "a missing byte",
            |w| {
                target(w, |bytes| {
                    bytes.pop();
                });
            },
            "target-wrong-length",
        ),
        ("an added byte", |w| target(w, |bytes| bytes.push(0)), "repository-endless-data"),
        (
            "a missing target",
            |w| fs::remove_file(target_file(w, ".wasm")).unwrap(),
            "repository-file-missing",
        ),
        (
            "another statement",
            |w| {
                let other = component("acme/rules", "9.0.0", &w.acme);
                fs::write(target_file(w, ".jsonl"), &other.statement).unwrap();
            },
            "target-altered",
        ),
        (
            "a listing that says something else than the statement",
            |w| {
                resealed(w, "acme", |w| {
                    w.forge("acme", &[&w.acme], |s| {
                        s["targets"]["acme/rules/rules-1.0.1.wasm"]["custom"]["license"] =
                            json!("GPL-3.0-only");
                    });
                });
            },
            "target-not-as-listed",
        ),
        (
            "a root below its threshold",
            |w| w.forge_root(2, &[&w.root_keys[0]], |_| {}),
            "repository-not-signed",
        ),
        (
            "a root below its threshold, with one key signing twice",
            |w| w.forge_root(2, &[&w.root_keys[0], &w.root_keys[0]], |_| {}),
            "repository-duplicate-signature",
        ),
        (
            "a root of strangers",
            |w| {
                let strangers = [key(), key()];
                w.forge_root(2, &[&strangers[0], &strangers[1]], |s| root_of(s, &strangers, 2));
            },
            "repository-not-signed",
        ),
        (
            "a root that the old keys signed and the new ones did not",
            |w| {
                let strangers = [key(), key()];
                w.forge_root(2, &[&w.root_keys[0], &w.root_keys[1]], |s| root_of(s, &strangers, 2));
            },
            "repository-not-signed",
        ),
        (
            "a root that skips a version",
            |w| {
                w.forge_root(2, &[&w.root_keys[0], &w.root_keys[1]], |s| s["version"] = json!(3));
            },
            "repository-root-out-of-order",
        ),
        (
            "an old root in the place of the next",
            |w| fs::write(w.folder().join("metadata/2.root.json"), &w.trusted_root).unwrap(),
            "repository-root-out-of-order",
        ),
        (
            "a root with a key under a foreign id",
            |w| {
                w.forge_root(2, &[&w.root_keys[0], &w.root_keys[1]], |s| {
                    let id = s["roles"]["timestamp"]["keyids"][0].as_str().unwrap().to_owned();
                    s["keys"][id]["keyval"]["public"] = json!(public(&key()));
                });
            },
            "repository-wrong-key-id",
        ),
        (
            "a root that asks for no signature at all",
            |w| {
                w.forge_root(2, &[&w.root_keys[0], &w.root_keys[1]], |s| {
                    s["roles"]["timestamp"]["threshold"] = json!(0);
                });
            },
            "repository-malformed",
        ),
        (
            "one key under two ids, to count twice",
            |w| {
                w.forge_root(2, &[&w.root_keys[0], &w.root_keys[1]], |s| {
                    let id = key_id(&w.root_keys[0]);
                    let mut again = s["keys"][&id].clone();
                    again["note"] = json!("the same key");
                    let second = bartizan_model::Digest::of(again.to_string().as_bytes()).to_string();
                    s["keys"][&second] = again;
                    s["roles"]["root"]["keyids"] = json!([id, second]);
                });
            },
            "repository-wrong-key-id",
        ),
        (
            "a publisher that delegates further",
            |w| {
                resealed(w, "acme", |w| {
                    w.forge("acme", &[&w.acme], |s| {
                        s["delegations"] = json!({ "keys": {}, "roles": [
                            { "name": "x", "keyids": [], "threshold": 1, "paths": ["*"], "terminating": false }
                        ] });
                    });
                });
            },
            "repository-malformed",
        ),
        (
            "a component without a statement",
            |w| {
                resealed(w, "acme", |w| {
                    w.forge("acme", &[&w.acme], |s| {
                        s["targets"].as_object_mut().unwrap().remove("acme/rules/rules-1.0.1.intoto.jsonl");
                    });
                });
            },
            "repository-malformed",
        ),
        (
            "a delegated key under a foreign id",
            |w| {
                delegating(w, |s| {
                    let id = s["delegations"]["roles"][0]["keyids"][0].as_str().unwrap().to_owned();
                    s["delegations"]["keys"][id]["keyval"]["public"] = json!(public(&key()));
                });
            },
            "repository-wrong-key-id",
        ),
        (
            "a delegation that asks for no signature at all",
            |w| delegating(w, |s| s["delegations"]["roles"][0]["threshold"] = json!(0)),
            "repository-malformed",
        ),
        (
            "a delegation to everything",
            |w| delegating(w, |s| s["delegations"]["roles"][1]["paths"] = json!(["*/*/*"])),
            "repository-bad-delegation",
        ),
        (
            "a delegation of another publisher's paths",
            |w| delegating(w, |s| s["delegations"]["roles"][1]["paths"] = json!(["acme/*/*"])),
            "repository-bad-delegation",
        ),
        (
            "a delegation that goes on to others",
            |w| delegating(w, |s| s["delegations"]["roles"][1]["terminating"] = json!(false)),
            "repository-bad-delegation",
        ),
        (
            "two delegations of one name",
            |w| delegating(w, |s| s["delegations"]["roles"][1] = s["delegations"]["roles"][0].clone()),
            "repository-bad-delegation",
        ),
        (
            "a publisher by the name of a file",
            |w| {
                delegating(w, |s| {
                    s["delegations"]["roles"][1]["name"] = json!("snapshot");
                    s["delegations"]["roles"][1]["paths"] = json!(["snapshot/*/*"]);
                });
            },
            "repository-bad-delegation",
        ),
        (
            "a component listed over its publisher's head",
            |w| {
                delegating(
                    w,
                    |s| s["targets"] = json!({ "acme/rules/rules-1.0.0.wasm": { "length": 1, "hashes": { "sha256": "0".repeat(64) } } }),
                );
            },
            "repository-foreign-path",
        ),
    ];
    for (name, attack, expected) in attacks {
        let world = World::with_a_release();
        world.release("1.0.1");
        world.change(bartizan_repository::publish::RepositoryFolder::refresh).unwrap();
        assert_eq!(world.outcome(), "ok", "before {name}");
        attack(&world);
        assert_eq!(world.outcome(), *expected, "{name}");
    }
}
