//! Files that are signed, and are not the component that the contract asks for.

use bartizan_tests::{Publisher, hostile_component, together, with_core_module, with_import};
use wasmparser::{Parser, Payload};

use super::{fails_alone, scan, trusting, user};

/// Exports of the contract's names; what is behind them is up to the case.
fn exporting(types: &str, meta: &str) -> Vec<u8> {
    let text = format!(
        r#"(component {types}
            (component $empty) (instance $rules (instantiate $empty))
            (instance $meta {meta})
            (export "bartizan:plugin/meta@0.1.0" (instance $meta))
            (export "bartizan:plugin/server-rules@0.1.0" (instance $rules)))"#
    );
    wat::parse_str(text).unwrap()
}

/// A component that is fine, with another contract version in its names.
fn of_contract(version: &str) -> Vec<u8> {
    let (old, new) = (b"@0.1.0", format!("@{version}"));
    assert_eq!(old.len(), new.len(), "the names must keep their length");
    let mut bytes = hostile_component("by-config");
    while let Some(at) = bytes.windows(old.len()).position(|window| window == old) {
        bytes.splice(at..at + old.len(), new.bytes());
    }
    bytes
}

fn with_module(module: &str) -> Vec<u8> {
    let component = hostile_component("by-config");
    let (mut depth, mut modules) = (0_u32, 0);
    for payload in Parser::new(0).parse_all(&component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } => {
                modules += u32::from(depth == 0);
                depth += 1;
            }
            Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    with_core_module(&component, modules, &wat::parse_str(module).unwrap())
}

#[test]
fn a_file_that_is_no_component_of_ours_is_named_and_left_out() {
    let good = || hostile_component("by-config");
    let numbers = r#"(core module $m (func (export "f") (result i32) i32.const 0)) (core instance $i (instantiate $m))
        (func $f (result u32) (canon lift (core func $i "f")))"#;
    let importing = |name: &str| with_import(&good(), name);
    let cases: Vec<(&str, Vec<u8>, &str, i32)> = vec![
        ("exports without functions", exporting("", "(instantiate $empty)"), "wrong-type", 3),
        (
            "a describe of another type",
            exporting(numbers, r#"(export "describe" (func $f)) (export "configure" (func $f))"#),
            "wrong-type",
            3,
        ),
        (
            "an import that the contract does not have",
            importing("bartizan:plugin/secrets@0.1.0"),
            "wrong-type",
            3,
        ),
        ("imports files", importing("wasi:filesystem/types@0.2.6"), "forbidden-import", 4),
        ("imports sockets", importing("wasi:sockets/tcp@0.2.6"), "forbidden-import", 4),
        ("imports http", importing("wasi:http/outgoing-handler@0.2.6"), "forbidden-import", 4),
        ("imports clocks", importing("wasi:clocks/wall-clock@0.2.6"), "forbidden-import", 4),
        ("imports the environment", importing("wasi:cli/environment@0.2.6"), "forbidden-import", 4),
        ("imports something unheard of", importing("acme:secret/door@1.0.0"), "forbidden-import", 4),
        ("contract 0.2.0", of_contract("0.2.0"), "unknown-contract", 3),
        ("contract 1.0.0", of_contract("1.0.0"), "unknown-contract", 3),
        ("contract 7.0.0", of_contract("7.0.0"), "unknown-contract", 3),
        ("a core module", wat::parse_str("(module (func (export \"f\")))").unwrap(), "core-module", 3),
        ("an empty component", wat::parse_str("(component)").unwrap(), "no-contract", 3),
        ("half of a component", good()[..good().len() / 2].to_vec(), "invalid-component", 3),
        ("a component with bytes behind it", [good(), b"surplus".to_vec()].concat(), "invalid-component", 3),
        ("text", b"#!/bin/sh\nrm -rf ~\n".to_vec(), "invalid-component", 3),
        ("an empty file", Vec::new(), "invalid-component", 3),
        ("a huge memory", with_module("(module (memory 65536))"), "memory", 3),
        ("two memories that are too much together", with_module("(module (memory 255))"), "memory", 3),
        ("a huge table", with_module("(module (table 4000000000 funcref))"), "memory", 3),
        (
            "a loop before anything is called",
            with_module("(module (func $f (loop (br 0))) (start $f))"),
            "fuel",
            3,
        ),
        (
            "a trap before anything is called",
            with_module("(module (func $f unreachable) (start $f))"),
            "trap",
            3,
        ),
        ("SIMD", with_module("(module (func (result v128) (v128.const i64x2 0 0)))"), "compile", 3),
        ("shared memory", with_module("(module (memory 1 1 shared))"), "compile", 3),
    ];
    together(
        &cases,
        |(name, ..)| (*name).to_owned(),
        |(_, bytes, code, exit)| {
            let (user, publisher) = trusting();
            publisher.install(&user, bytes, &Publisher::claims("hostile/by-config"));
            user.configure("[plugins.\"hostile/by-config\"]\nlimits = { fuel = 50_000_000 }\n");
            fails_alone(scan(&user, &[]), "hostile/by-config", code, *exit);
        },
    );
}

#[test]
fn the_ways_to_alter_a_component_leave_a_good_one() {
    // What the cases above are made with does not itself break a component.
    let (user, publisher) = trusting();
    publisher.install(&user, &with_module("(module (memory 1))"), &Publisher::claims("hostile/by-config"));
    assert!(scan(&user, &[]).expect_code(0).found().contains(&"HOSTILE-001 server".to_owned()));
}

#[test]
fn a_refused_import_is_refused_before_anything_is_compiled() {
    let (user, publisher) = trusting();
    let own_cache = user.work().join("own-cache");
    let user = user.with_cache(&own_cache);
    let component = with_import(&hostile_component("by-config"), "wasi:sockets/tcp@0.2.6");
    publisher.install(&user, &component, &Publisher::claims("hostile/by-config"));
    fails_alone(scan(&user, &[]), "hostile/by-config", "forbidden-import", 4);
    let kept = std::fs::read_dir(user.code_cache()).map(Iterator::count).unwrap_or_default();
    assert_eq!(kept, 0, "it was compiled");
}

#[test]
fn a_plugins_folder_that_holds_other_things_is_no_problem() {
    let user = user();
    std::fs::create_dir_all(user.plugins()).unwrap();
    std::fs::write(user.plugins().join("README.md"), "mine").unwrap();
    std::fs::write(user.plugins().join("left-over.intoto.jsonl"), "{}").unwrap();
    assert!(scan(&user, &[]).expect_code(0).not_checked().is_empty());
}
