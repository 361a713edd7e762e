//! From an empty folder to a rule of one's own that finds something: the way that docs/writing-a-rule.md walks.

use std::fs;

use bartizan_tests::{Bartizan, Running, root};

const LIB: &str = r#"
use bartizan_sdk::prelude::*;

struct Shouting;

impl RulePack for Shouting {
    fn info() -> Info {
        Info::new("acme/shouting", "0.1.0", "Tools that shout")
    }

    fn rules() -> Vec<Rule> {
        vec![Rule::new("ACME-001", "Tool description shouts", Severity::High).help("Write it in plain words.")]
    }

    fn check(server: &Server, _enabled: &Enabled, _config: &Config) -> Result<Vec<Finding>, Failure> {
        let shouts = |text: &str| text.len() > 10 && text == text.to_uppercase();
        let loud = server.tools.iter().filter(|tool| tool.description.as_deref().is_some_and(shouts));
        Ok(loud.map(|tool| Finding::new("ACME-001", tool, "The whole description is in capitals.")).collect())
    }
}

bartizan_sdk::export_rule_pack!(Shouting);
"#;

#[test]
fn a_rule_of_ones_own_is_built_trusted_and_finds_something() {
    let user = Bartizan::new();
    let sdk = root().join("sdk/rust");
    let manifest = format!(
        "[package]\nname = \"shouting\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[package.metadata.bartizan]\nname = \"acme/shouting\"\n\n\
         [lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n\n[dependencies]\nbartizan-sdk = {{ path = \"{}\" }}\n",
        sdk.display()
    );
    let krate = user.work().join("shouting");
    fs::create_dir_all(krate.join("src")).unwrap();
    fs::write(krate.join("Cargo.toml"), manifest).unwrap();
    fs::write(krate.join("src/lib.rs"), LIB).unwrap();
    // The versions that are built already, where the other components are built: this test is not about cargo's patience.
    fs::copy(root().join("tests/fixtures/components/Cargo.lock"), krate.join("Cargo.lock")).unwrap();
    drop(bartizan_tests::hostile_component("by-config"));

    let mut build = user.command(["plugins", "build", "shouting", "--key", "acme.pem"]);
    build.arg("-o").arg(user.plugins()).env("CARGO_TARGET_DIR", root().join("target/hostile-components"));
    for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        let home = std::env::var_os("HOME").unwrap_or_default();
        build.env(
            name,
            std::env::var_os(name).unwrap_or_else(|| std::path::Path::new(&home).join(folder).into()),
        );
    }
    for name in ["BARTIZAN_COMPONENT_RUSTC", "BARTIZAN_COMPONENT_LINKER"] {
        build.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    let built = Running::start(build).finish().expect_code(0);
    assert!(
        built.text().contains("made a key") && built.text().contains("shouting-0.1.0.oci.tar"),
        "{}",
        built.text()
    );

    let listing = user.write(
        "loud.json",
        r#"{"tools":[{"name":"t","description":"TELLS THE TIME OF DAY.","inputSchema":{"type":"object"}}]}"#,
    );
    // Nobody trusts the key yet.
    let refused = user.scan([&listing]).expect_code(4);
    assert!(refused.not_checked()[0].ends_with("unknown-signer"), "{:?}", refused.not_checked());
    user.run(["trust", "add", "acme", "acme.pem.pub"]).expect_code(0);
    let run = user.scan([&listing]).expect_code(1);
    assert_eq!(run.found(), ["ACME-001 tool:t"]);
    assert_eq!(run.findings()[0]["plugin"]["name"], "acme/shouting");
    assert!(user.run(["rules", "ACME-001"]).expect_code(0).text().contains("plain words"));
    // The private key is its owner's alone, and is not made anew.
    let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(user.work().join("acme.pem")).unwrap());
    assert_eq!(mode & 0o777, 0o600);
    // It can be left out.
    user.scan(["--no-plugins".as_ref(), listing.as_os_str()]).expect_code(0);
}

#[test]
fn a_component_that_is_built_already_can_be_signed() {
    let user = Bartizan::new();
    let component = user.write("rules.wasm", bartizan_tests::hostile_component("by-config"));
    let sign = |more: &[&str]| {
        let mut command = user.command(["plugins", "sign", "--key", "k.pem", "-o"]);
        command
            .arg(user.plugins())
            .arg(&component)
            .args(["--name", "hostile/by-config", "--version", "1.0.0"])
            .args(more);
        Running::start(command).finish()
    };
    sign(&[]).expect_code(0);
    user.run(["trust", "add", "hostile", "k.pem.pub"]).expect_code(0);
    let found = user.scan([super::poisoned()]).expect_code(1).found();
    assert!(found.contains(&"HOSTILE-001 server".to_owned()), "{found:?}");
    sign(&["--expires", "2020-01-01T00:00:00Z"]).expect_code(0);
    let run = user.scan([super::poisoned()]).expect_code(4);
    assert!(run.not_checked()[0].ends_with(" expired"), "{:?}", run.not_checked());
    for wrong in [&["--expires", "tomorrow"][..], &["--grant", "network"]] {
        sign(wrong).expect_code(2);
    }
    // What would be refused is not signed in the first place.
    user.write(
        "rules.wasm",
        bartizan_tests::with_import(
            &bartizan_tests::hostile_component("by-config"),
            "wasi:sockets/tcp@0.2.6",
        ),
    );
    let refused = sign(&[]).expect_code(2);
    assert!(refused.stderr.contains("wasi:sockets"), "{}", refused.stderr);
    user.write("rules.wasm", "text");
    sign(&[]).expect_code(2);
}

#[test]
fn a_folder_without_a_plugin_crate_is_said_so() {
    let user = Bartizan::new();
    let run = user.run(["plugins", "build", "nowhere", "--key", "k.pem"]);
    assert!(matches!(run.code(), 2 | 3) && !run.stderr.is_empty(), "{}", run.stderr);
    assert!(!user.work().join("k.pem").exists(), "a key was made for nothing");
}
