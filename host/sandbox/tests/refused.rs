//! A machine that refuses one mechanism or another: a filter of system calls plays it, so the launcher meets real refusals.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "these are tests")]

mod support;

use std::{collections::BTreeMap, ffi::OsString};

use bartizan_sandbox::{Enforced, Level, Outcome, Policy, Promise};
use nix::libc;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};
use serde_json::Value;
use support::{assert_refused, hostile, start};

/// Starts a server where these system calls fail, and says what it printed and what was enforced.
fn where_refused(
    calls: &[libc::c_long],
    errno: libc::c_int,
    level: Level,
    command: Vec<OsString>,
) -> (Vec<u8>, Enforced) {
    let rules: BTreeMap<i64, Vec<_>> = calls.iter().map(|call| (*call, Vec::new())).collect();
    let action = SeccompAction::Errno(errno.unsigned_abs());
    let arch = std::env::consts::ARCH.try_into().unwrap();
    let filter: BpfProgram =
        SeccompFilter::new(rules, SeccompAction::Allow, action, arch).unwrap().try_into().unwrap();
    // A filter is a thread's, and what it starts inherits it.
    std::thread::spawn(move || {
        let prepared_before = support::launcher();
        assert!(prepared_before.program.exists());
        apply_filter(&filter).unwrap();
        let (output, prepared) = start(&Policy::new(level), &command).finish();
        let report = prepared.report().unwrap().unwrap_or_else(|| {
            panic!("no report: {:?} {}", output.status, String::from_utf8_lossy(&output.stderr))
        });
        (output.stdout, report)
    })
    .join()
    .unwrap()
}

fn attempts_where_refused(
    calls: &[libc::c_long],
    errno: libc::c_int,
    attempts: &[&str],
) -> (Value, Enforced) {
    let (stdout, enforced) = where_refused(calls, errno, Level::Default, hostile(attempts));
    (serde_json::from_slice(&stdout).unwrap(), enforced)
}

fn is_enforced(enforced: &Enforced, promise: Promise) -> bool {
    matches!(enforced.promises[&promise], Outcome::Enforced { .. })
}

fn is_not_enforced(enforced: &Enforced, promise: Promise) -> bool {
    matches!(enforced.promises[&promise], Outcome::NotEnforced { .. })
}

fn has(promise: Promise, mechanism: &str) -> bool {
    let enforced = bartizan_sandbox::probe_machine(&support::launcher()).unwrap();
    let has = enforced.promises[&promise].to_string().contains(mechanism);
    if !has {
        eprintln!("NOT TESTED: no {mechanism} on this machine: {enforced}");
    }
    has
}

const LANDLOCK: [libc::c_long; 3] =
    [libc::SYS_landlock_create_ruleset, libc::SYS_landlock_add_rule, libc::SYS_landlock_restrict_self];

const OUTSIDE: [&str; 6] = [
    "read=/etc/shadow",
    "write=/etc/hosts",
    "create=/var",
    "tcp=9",
    "unix=/run/docker.sock",
    "read=/etc/gshadow",
];

#[test]
fn without_mounts_landlock_keeps_the_files_and_no_socket_is_left() {
    if !has(Promise::Writes, "Landlock") || !has(Promise::Orphans, "pid namespace") {
        return;
    }
    let (answers, enforced) = attempts_where_refused(&[libc::SYS_mount], libc::EPERM, &OUTSIDE);
    assert_refused(&answers);
    for promise in [Promise::Network, Promise::Writes, Promise::Reads, Promise::Orphans, Promise::SystemCalls]
    {
        assert!(is_enforced(&enforced, promise), "{enforced}");
    }
    assert!(is_not_enforced(&enforced, Promise::ScratchSize), "{enforced}");
    assert!(matches!(enforced.promises[&Promise::OtherProcesses], Outcome::Partly { .. }), "{enforced}");
}

#[test]
fn without_landlock_the_mounts_keep_the_files() {
    if !has(Promise::Writes, "mount namespace") {
        return;
    }
    let (answers, enforced) = attempts_where_refused(&LANDLOCK, libc::ENOSYS, &OUTSIDE);
    assert_refused(&answers);
    assert!(is_enforced(&enforced, Promise::Writes) && is_enforced(&enforced, Promise::Reads), "{enforced}");
    assert!(!enforced.to_string().contains("Landlock"), "{enforced}");
}

#[test]
fn without_both_it_is_said_that_files_are_open_to_it() {
    let calls: Vec<_> = LANDLOCK.into_iter().chain([libc::SYS_mount]).collect();
    let (_, enforced) = attempts_where_refused(&calls, libc::EPERM, &["status"]);
    assert!(
        is_not_enforced(&enforced, Promise::Writes) && is_not_enforced(&enforced, Promise::Reads),
        "{enforced}"
    );
}

#[test]
fn without_a_network_namespace_there_are_no_sockets_at_all() {
    // `unshare` is refused whole, so there is no namespace of any kind.
    let attempts = ["tcp=9", "udp=9", "abstract=x", "vsock", "own_loopback", "shared_memory"];
    let (answers, enforced) = attempts_where_refused(&[libc::SYS_unshare], libc::EPERM, &attempts);
    assert_refused(&answers);
    assert!(is_enforced(&enforced, Promise::Network), "{enforced}");
    assert!(is_not_enforced(&enforced, Promise::Orphans), "{enforced}");
}

#[test]
fn without_a_filter_of_system_calls_that_is_said_and_the_rest_holds() {
    let (answers, enforced) = attempts_where_refused(&[libc::SYS_seccomp], libc::EPERM, &["status", "mount"]);
    assert!(is_not_enforced(&enforced, Promise::SystemCalls), "{enforced}");
    assert!(is_enforced(&enforced, Promise::Privileges), "{enforced}");
    assert!(answers["mount"].as_str().unwrap().starts_with("refused"), "it has no capabilities: {answers}");
}

#[test]
fn without_limits_that_is_said() {
    let (_, enforced) =
        attempts_where_refused(&[libc::SYS_prlimit64, libc::SYS_setrlimit], libc::EPERM, &["status"]);
    for promise in [Promise::Memory, Promise::CpuTime, Promise::OpenFiles, Promise::FileSize] {
        assert!(is_not_enforced(&enforced, promise), "{enforced}");
    }
}

#[test]
fn strict_starts_nothing_if_any_one_of_them_is_refused() {
    let limits = [libc::SYS_prlimit64, libc::SYS_setrlimit];
    for calls in [&[libc::SYS_mount][..], &[libc::SYS_unshare], &[libc::SYS_seccomp], &limits] {
        let (stdout, enforced) =
            where_refused(calls, libc::EPERM, Level::Strict, vec!["echo".into(), "started".into()]);
        assert!(stdout.is_empty(), "{enforced}");
        assert!(enforced.refused.is_some(), "{enforced}");
    }
}
