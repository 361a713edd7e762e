//! Components, called and loaded: `just bench components`.
//!
//! Compare within one run: `check_in_sandbox` against `check_natively` is what the sandbox costs a rule, `boundary` is what
//! handing the server over costs alone (a pack that looks at the transport and returns).

#![allow(clippy::unwrap_used, missing_docs, reason = "a bench that cannot be set up has nothing to measure")]

use bartizan_bench::{component, kernel, listing, read, server, verified};
use bartizan_injection_surface::InjectionSurface;
use bartizan_kernel::{Component, Limits};
use bartizan_sdk::{RulePack, check_natively, testing::server_from_value};
use bartizan_tool_poisoning::Pack as ToolPoisoning;
use bartizan_transport_and_auth::TransportAndAuth;
use divan::Bencher;

fn main() {
    divan::main();
}

fn rules(component: &Component) -> Vec<String> {
    component.rules().map(|rule| rule.id.clone()).collect()
}

#[divan::bench(args = ["transport-and-auth"])]
fn boundary(bencher: Bencher<'_, '_>, name: &str) {
    check_in_sandbox(bencher, name);
}

#[divan::bench(args = ["tool-poisoning", "injection-surface"])]
fn check_in_sandbox(bencher: Bencher<'_, '_>, name: &str) {
    let component = component(&kernel().unwrap(), name).unwrap();
    let (server, rules) = (server().unwrap(), rules(&component));
    bencher.bench(|| component.check(&server, &rules).unwrap());
}

fn native<P: RulePack>(bencher: Bencher<'_, '_>) {
    let server = server_from_value(&serde_json::from_str(&listing().unwrap()).unwrap());
    bencher.bench(|| check_natively::<P>(&server, None).unwrap());
}

#[divan::bench(args = ["tool-poisoning", "injection-surface", "transport-and-auth"])]
fn check_natively_in_process(bencher: Bencher<'_, '_>, name: &str) {
    match name {
        "tool-poisoning" => native::<ToolPoisoning>(bencher),
        "injection-surface" => native::<InjectionSurface>(bencher),
        _ => native::<TransportAndAuth>(bencher),
    }
}

/// From verified bytes and code compiled ahead to a component that has said who it is.
#[divan::bench(args = ["tool-poisoning", "injection-surface", "transport-and-auth", "text", "json", "sarif"])]
fn load(bencher: Bencher<'_, '_>, name: &str) {
    let kernel = kernel().unwrap();
    let (verified, code) = verified(name).unwrap();
    bencher.bench(|| kernel.load(&verified, Limits::default(), Some(code)).unwrap());
}

/// Signature, digest and claims.
#[divan::bench(args = ["tool-poisoning"])]
fn verify(bencher: Bencher<'_, '_>, name: &str) {
    bencher.bench(|| verified(name).unwrap());
}

/// An engine and nothing else.
#[divan::bench]
fn start_kernel(bencher: Bencher<'_, '_>) {
    bencher.bench(|| kernel().unwrap());
}

/// What a first run with a component of somebody else's pays once.
#[divan::bench(args = ["tool-poisoning", "json"], sample_count = 5)]
fn compile(bencher: Bencher<'_, '_>, name: &str) {
    let kernel = kernel().unwrap();
    let (verified, _) = verified(name).unwrap();
    bencher.bench(|| kernel.compile_ahead(verified.bytes()).unwrap());
}

/// The listing, from JSON text to what rules are given.
#[divan::bench]
fn read_listing(bencher: Bencher<'_, '_>) {
    let listing = listing().unwrap();
    bencher.bench(|| read(&listing).unwrap());
}
