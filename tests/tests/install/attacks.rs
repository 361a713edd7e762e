//! Attacks on installation, by name: each is refused, and leaves nothing.

use std::{fs, path::PathBuf};

use bartizan_registry::{AskedLimits, Claims, Grant};
use bartizan_tests::{Bartizan, Publisher, hostile_component, versioned, with_import};

use super::{ID, claims, component, flat, install, trusting, version};

/// Prepares a file that is then installed.
type Attack = fn(&Bartizan, &Publisher) -> PathBuf;

fn altered(user: &Bartizan, publisher: &Publisher, alter: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
    let path = publisher.package(user, &component(), &claims("1.0.0", 1));
    let mut bytes = fs::read(&path).unwrap();
    alter(&mut bytes);
    fs::write(&path, bytes).unwrap();
    path
}

fn claiming(user: &Bartizan, publisher: &Publisher, claims: &Claims) -> PathBuf {
    publisher.package(user, &component(), claims)
}

fn installed_newer(user: &Bartizan, publisher: &Publisher) {
    let newer = publisher.package(user, &versioned(&component(), "1.0.1"), &claims("1.0.1", 2));
    install(user, &newer).expect_code(0);
    user.run(["plugins", "remove", ID]).expect_code(0);
}

/// What is done, the exit code, and a piece of what the user is told.
const ATTACKS: &[(&str, i32, &str, Attack)] = &[
    ("a changed byte at the package's start", 4, "refused to install", |user, publisher| {
        altered(user, publisher, |bytes| bytes[0] ^= 1)
    }),
    ("a changed byte in the component", 4, "refused to install", |user, publisher| {
        altered(user, publisher, |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        })
    }),
    ("a truncated package", 4, "refused to install", |user, publisher| {
        altered(user, publisher, |bytes| bytes.truncate(bytes.len() / 2))
    }),
    ("an empty file", 4, "refused to install", |user, _| user.write("empty.oci.tar", "")),
    ("a text in place of a package", 4, "refused to install", |user, _| {
        user.write("text.oci.tar", "hello ".repeat(999))
    }),
    ("something behind the package's end", 4, "refused to install", |user, publisher| {
        altered(user, publisher, |bytes| bytes.extend_from_slice(&[1; 512]))
    }),
    ("a package that does not exist", 2, "cannot read", |user, _| user.work().join("none.oci.tar")),
    ("a folder in place of a package", 2, "not a plain file", |user, _| {
        let path = user.work().join("folder.oci.tar");
        fs::create_dir(&path).unwrap();
        path
    }),
    ("a device in place of a package", 2, "not a plain file", |_, _| PathBuf::from("/dev/zero")),
    ("a component without a statement", 4, "not signed", |user, _| user.write("x.wasm", component())),
    ("a component and a stranger's statement", 4, "signed by a stranger", |user, _| {
        claiming(user, &Publisher::new(), &claims("1.0.0", 1))
    }),
    ("a statement about other bytes", 4, "refused to install", |user, publisher| {
        user.write("x.intoto.jsonl", publisher.statement(b"\0asm other", &claims("1.0.0", 1)));
        user.write("x.wasm", component())
    }),
    ("a statement without a signature", 4, "refused to install", |user, publisher| {
        let signed = publisher.signed(&component(), &claims("1.0.0", 1));
        let text = String::from_utf8(signed.statement).unwrap();
        let start = text.find("\"signatures\":[").unwrap() + 14;
        let end = start + text[start..].find(']').unwrap();
        let statement = format!("{}{}", &text[..start], &text[end..]).into_bytes();
        user.write("x.intoto.jsonl", statement);
        user.write("x.wasm", component())
    }),
    ("a payload that was changed after signing", 4, "does not verify", |user, publisher| {
        let text = publisher.statement(&component(), &claims("1.0.0", 1));
        let at = text.find("\"payload\":\"").unwrap() + 60;
        let mut bytes = text.into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        user.write("x.intoto.jsonl", bytes);
        user.write("x.wasm", component())
    }),
    ("our own name, by another publisher's key", 4, "may sign for publisher `hostile`", |user, publisher| {
        claiming(
            user,
            publisher,
            &Claims { id: "bartizan/tool-poisoning".parse().unwrap(), ..claims("1.0.0", 1) },
        )
    }),
    ("another publisher's name", 4, "may sign for publisher `hostile`", |user, publisher| {
        Publisher::new().trusted_by(user, "acme");
        claiming(user, publisher, &Claims { id: "acme/by-config".parse().unwrap(), ..claims("1.0.0", 1) })
    }),
    ("a name that looks like a trusted publisher's", 4, "signed by a stranger", |user, _| {
        let id = "h0stile/by-config".parse().unwrap();
        claiming(user, &Publisher::new(), &Claims { id, ..claims("1.0.0", 1) })
    }),
    (
        "a statement with another name than the component's own",
        4,
        "but it was signed as",
        |user, publisher| {
            claiming(
                user,
                publisher,
                &Claims { id: "hostile/other-name".parse().unwrap(), ..claims("1.0.0", 1) },
            )
        },
    ),
    (
        "a statement with another version than the component's own",
        4,
        "but it was signed as",
        |user, publisher| claiming(user, publisher, &claims("2.0.0", 9)),
    ),
    ("an expired statement", 4, "expired", |user, publisher| {
        let expires = Some("2020-01-01T00:00:00Z".parse().unwrap());
        claiming(user, publisher, &Claims { expires, ..claims("1.0.0", 1) })
    }),
    ("a statement of the future", 4, "not valid before", |user, publisher| {
        let not_before = Some("2200-01-01T00:00:00Z".parse().unwrap());
        claiming(user, publisher, &Claims { not_before, ..claims("1.0.0", 1) })
    }),
    (
        "an older release, after the newer one was removed",
        4,
        "older than what was seen",
        |user, publisher| {
            installed_newer(user, publisher);
            claiming(user, publisher, &claims("1.0.0", 1))
        },
    ),
    ("other bytes under a sequence that was used", 4, "already used for other bytes", |user, publisher| {
        installed_newer(user, publisher);
        claiming(user, publisher, &claims("1.0.0", 2))
    }),
    ("a revoked release", 4, "it was revoked (bad)", |user, publisher| {
        user.run(["trust", "revoke", "hostile/by-config@1.0.0", "--reason", "bad"]).expect_code(0);
        claiming(user, publisher, &claims("1.0.0", 1))
    }),
    ("revoked bytes under a new version", 4, "it was revoked (bad)", |user, publisher| {
        let digest = format!("sha256:{}", bartizan_model::Digest::of(&component()));
        user.run(["trust", "revoke", &digest, "--reason", "bad"]).expect_code(0);
        claiming(user, publisher, &claims("1.0.0", 7))
    }),
    ("a stolen key, revoked", 4, "was revoked (stolen)", |user, publisher| {
        let key = publisher.signer().public().id().to_string();
        user.run(["trust", "revoke", &key, "--reason", "stolen"]).expect_code(0);
        claiming(user, publisher, &claims("1.0.0", u64::MAX))
    }),
    ("a rotated key, used again by its thief", 4, "has replaced", |user, publisher| {
        let new = user.write("new.pub", Publisher::new().signer().public().to_pem().unwrap());
        let key = publisher.signer().public().id().to_string();
        user.run(["trust", "rotate", "hostile", &key, new.to_str().unwrap()]).expect_code(0);
        claiming(user, publisher, &claims("1.0.0", u64::MAX))
    }),
    ("a grant that nobody gave", 4, "asks for wasi", |user, publisher| {
        claiming(
            user,
            publisher,
            &Claims { grants: [Grant::Wasi].into_iter().collect(), ..claims("1.0.0", 1) },
        )
    }),
    ("more memory than anybody gave", 4, "asks for memory=1024MiB", |user, publisher| {
        let limits = AskedLimits { memory: Some(1 << 30), fuel: None };
        claiming(user, publisher, &Claims { limits, ..claims("1.0.0", 1) })
    }),
    ("an import outside of the contract", 4, "import", |user, publisher| {
        let component = with_import(&component(), "wasi:filesystem/types@0.2.0");
        publisher.package(user, &component, &claims("1.0.0", 1))
    }),
    ("a rule of another's, claimed", 4, "MCP-PROTO-001", |user, publisher| {
        publisher.package(user, &hostile_component("rule-clash"), &Publisher::claims("hostile/rule-clash"))
    }),
    ("a format of another's, claimed", 4, "bartizan/", |user, publisher| {
        publisher.package(
            user,
            &hostile_component("format-clash"),
            &Publisher::claims("hostile/format-clash"),
        )
    }),
    ("a component that traps when it is asked who it is", 4, "not installed", |user, publisher| {
        publisher.package(
            user,
            &hostile_component("trap-in-describe"),
            &Publisher::claims("hostile/trap-in-describe"),
        )
    }),
    ("a component that never says what its rules are", 4, "not installed", |user, publisher| {
        publisher.package(
            user,
            &hostile_component("loop-in-rules"),
            &Publisher::claims("hostile/loop-in-rules"),
        )
    }),
    ("a component that is no WebAssembly", 4, "not installed", |user, publisher| {
        let script = b"#!/bin/sh\nrm -rf ~\n";
        user.write("x.intoto.jsonl", publisher.statement(script, &claims("1.0.0", 1)));
        user.write("x.wasm", script)
    }),
    ("a component larger than any may be", 4, "bytes", |user, publisher| {
        let huge = vec![0; 33 << 20];
        user.write("x.intoto.jsonl", publisher.statement(&huge, &claims("1.0.0", 1)));
        user.write("x.wasm", huge)
    }),
    ("a statement as long as a novel", 4, "malformed", |user, _| {
        user.write("x.intoto.jsonl", "x".repeat(100_000));
        user.write("x.wasm", component())
    }),
    ("a link to a component, with a statement beside the link", 4, "altered", |user, publisher| {
        user.write("secret.txt", "not yours to read");
        std::os::unix::fs::symlink(user.work().join("secret.txt"), user.work().join("x.wasm")).unwrap();
        user.write("x.intoto.jsonl", publisher.statement(&component(), &claims("1.0.0", 1)));
        user.work().join("x.wasm")
    }),
    ("words that steer the terminal, in the licence", 0, "installed", |user, publisher| {
        let license = Some("MIT\u{1b}[2J\u{1b}]0;owned\u{7}".to_owned());
        claiming(user, publisher, &Claims { license, ..claims("1.0.0", 1) })
    }),
    ("a damaged trust file", 4, "malformed", |user, publisher| {
        let path = claiming(user, publisher, &claims("1.0.0", 1));
        fs::write(user.config_folder().join("trust.toml"), "[[revoked]]\nkey = 'half").unwrap();
        path
    }),
    ("a damaged memory of what was seen", 4, "come back unseen", |user, publisher| {
        let path = claiming(user, publisher, &claims("1.0.0", 1));
        fs::create_dir_all(user.ratchet().parent().unwrap()).unwrap();
        fs::write(user.ratchet(), "{}").unwrap();
        path
    }),
    ("a damaged list of what is installed", 3, "malformed", |user, publisher| {
        let path = claiming(user, publisher, &claims("1.0.0", 1));
        fs::create_dir_all(user.installed()).unwrap();
        fs::write(user.installed().join("installed.toml"), "version = 1\n[[component]]\nname = 'x'").unwrap();
        path
    }),
];

#[test]
fn every_attack_is_refused_and_leaves_nothing() {
    let mut wrong = Vec::new();
    for (name, code, told, attack) in ATTACKS {
        let (user, publisher) = trusting();
        let path = attack(&user, &publisher);
        let run = install(&user, &path);
        let flat = flat(&format!("{}{}", run.text(), run.stderr));
        if run.code() != *code || !flat.contains(told) || flat.contains('\u{1b}') {
            wrong.push(format!("{name}: exit {}, wanted {code} and {told:?}: {flat}", run.code()));
        }
        if *code == 0 {
            continue;
        }
        let left = fs::read_dir(user.installed().join("components")).map_or(0, Iterator::count);
        if left != 0 {
            wrong.push(format!("{name}: {left} files were left"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ATTACKS.len() >= 40);
}

/// What is done to what is installed, and the code that the next scan gives.
type Tampering = fn(&Bartizan);

fn blob(user: &Bartizan, extension: &str) -> PathBuf {
    let files = fs::read_dir(user.installed().join("components")).unwrap();
    files.map(|file| file.unwrap().path()).find(|path| path.to_string_lossy().ends_with(extension)).unwrap()
}

const AFTERWARDS: &[(&str, &str, Tampering)] = &[
    ("a changed byte in the installed component", "altered", |user| {
        let path = blob(user, ".wasm");
        let mut bytes = fs::read(&path).unwrap();
        bytes[100] ^= 1;
        fs::write(path, bytes).unwrap();
    }),
    ("the installed component taken away", "unreadable", |user| {
        fs::remove_file(blob(user, ".wasm")).unwrap();
    }),
    ("the statement taken away", "unsigned", |user| fs::remove_file(blob(user, ".jsonl")).unwrap()),
    ("another digest written into the list", "unreadable", |user| {
        let path = user.installed().join("installed.toml");
        let text = fs::read_to_string(&path).unwrap();
        let digest = bartizan_model::Digest::of(&component()).to_string();
        fs::write(path, text.replace(&digest, &bartizan_model::Digest::of(b"other").to_string())).unwrap();
    }),
    ("the trust in its publisher taken away", "unknown-signer", |user| {
        fs::remove_file(user.config_folder().join("trust.toml")).unwrap();
    }),
];

#[test]
fn what_is_done_to_an_installed_component_is_seen_at_the_next_start() {
    for (name, code, tamper) in AFTERWARDS {
        let (user, publisher) = trusting();
        install(&user, &claiming(&user, &publisher, &claims("1.0.0", 1))).expect_code(0);
        assert_eq!(version(&user, ID).as_deref(), Some("1.0.0"));
        tamper(&user);
        let run = user.scan([super::listing()]);
        assert_eq!(run.not_checked(), [format!("{ID} {code}")], "{name}: {}", run.stderr);
        assert_ne!(run.code(), 0, "{name}");
        assert_ne!(user.run(["plugins", "verify"]).code(), 0, "{name}");
    }
}
