//! A client that is not ours reads our repositories: python-tuf, the reference implementation.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use bartizan_registry::{Revocation, Revoked};
use bartizan_repository::publish::{RoleSetup, Rotation, Signers};
use serde_json::json;

use crate::world::{World, component, key};

type Forge = fn(&World);

/// A Python that has python-tuf: of `BARTIZAN_TEST_PYTHON`, or of the project's test setup.
fn python() -> Option<PathBuf> {
    let of_setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/venv/bin/python");
    let candidates =
        std::env::var_os("BARTIZAN_TEST_PYTHON").map(PathBuf::from).into_iter().chain([of_setup]);
    let has_tuf = |python: &PathBuf| {
        Command::new(python)
            .args(["-c", "import tuf.ngclient, cryptography"])
            .output()
            .is_ok_and(|output| output.status.success())
    };
    let found = candidates.into_iter().find(has_tuf);
    if found.is_none() {
        // Not `eprintln!`, which the test harness swallows.
        let _ = writeln!(
            std::io::stderr(),
            "NOT TESTED: no Python with `tuf` and `cryptography`; set BARTIZAN_TEST_PYTHON, or run the test setup"
        );
    }
    found
}

fn read_by(python: &Path, world: &World, targets: &[&str]) -> Output {
    let root = world.temporary.path().join("trusted-root.json");
    std::fs::write(&root, &world.trusted_root).unwrap();
    Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python_tuf.py"))
        .args([world.folder(), root, world.temporary.path().join("python-state")])
        .args(targets)
        .output()
        .unwrap()
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn python_tuf_reads_what_we_write_through_every_kind_of_change() {
    let Some(python) = python() else { return };
    let world = World::with_a_release();
    let path = "acme/rules/rules-1.0.0.wasm";
    let digest = |version| component("acme/rules", version, &world.acme).digest();
    let expected = format!("{path} {}\n", digest("1.0.0"));
    assert_eq!(printed(&read_by(&python, &world, &[path])), expected);

    world.release("1.1.0");
    let what = Revoked::Key(world.evil.public().id());
    let revocation =
        Revocation { what, reason: "gestohlen – \"weg\" \\ 😀".to_owned(), since: Some(world.now) };
    world.change(|folder, signers| folder.revoke(revocation, signers)).unwrap();
    let output = printed(&read_by(
        &python,
        &world,
        &["revocations.json", "acme/rules/rules-1.1.0.wasm", "acme/rules/rules-1.1.0.intoto.jsonl"],
    ));
    assert!(output.contains(&format!("acme/rules/rules-1.1.0.wasm {}\n", digest("1.1.0"))), "{output}");
    assert!(!output.contains("none"), "{output}");

    let new = key();
    let one = || Some(RoleSetup::one(new.public()));
    let rotation = Rotation { root: None, targets: one(), snapshot: one(), timestamp: one() };
    world
        .change(|folder, signers| {
            let signers = Signers {
                targets: &[&world.targets, &new],
                snapshot: &[&world.snapshot, &new],
                timestamp: &[&world.timestamp, &new],
                ..*signers
            };
            folder.rotate(&rotation, &signers)
        })
        .unwrap();
    assert_eq!(printed(&read_by(&python, &world, &[path])), expected);

    // What is not there, and what another role lists, is not found by it either.
    let missing = ["acme/rules/rules-9.0.0.wasm", "nobody/x/x-1.0.0.wasm"];
    assert_eq!(
        printed(&read_by(&python, &world, &missing)),
        format!("{} none\n{} none\n", missing[0], missing[1])
    );
}

#[test]
fn python_tuf_and_we_refuse_the_same_forgeries() {
    let Some(python) = python() else { return };
    let forgeries: [(&str, Forge); 5] = [
        ("a stranger's timestamp", |w| w.forge("timestamp", &[&key()], |_| {})),
        ("an older timestamp", |w| w.forge("timestamp", &[&w.timestamp], |s| s["version"] = json!(1))),
        ("another snapshot", |w| w.forge("snapshot", &[&w.snapshot], |s| s["version"] = json!(9))),
        ("a stranger's list", |w| {
            w.forge("acme", &[&key()], |_| {});
            w.reseal();
        }),
        ("a root of strangers", |w| w.forge_root(2, &[&key(), &key()], |_| {})),
    ];
    for (name, forge) in forgeries {
        let world = World::with_a_release();
        let path = "acme/rules/rules-1.0.0.wasm";
        printed(&read_by(&python, &world, &[path]));
        assert_eq!(world.outcome(), "ok");
        forge(&world);
        // It reads nothing again that it has; of what it remembers only the timestamp is at stake here.
        if name != "an older timestamp" {
            std::fs::remove_dir_all(world.temporary.path().join("python-state")).unwrap();
        }
        assert!(!read_by(&python, &world, &[path]).status.success(), "python-tuf takes {name}");
        assert_ne!(world.outcome(), "ok", "we take {name}");
    }
}
