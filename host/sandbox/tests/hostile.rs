//! A server that tries: every attempt is made by a real process in the real sandbox, and fails.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "these are tests")]

mod support;

use std::{
    fs,
    net::{TcpListener, UdpSocket},
    os::{linux::net::SocketAddrExt as _, unix::net::UnixListener},
    path::{Path, PathBuf},
    process::{Child, Command},
    time::Duration,
};

use bartizan_sandbox::{Level, Network, Outcome, Policy, Promise};
use serde_json::Value;
use support::{assert_refused, attempt, hostile, start};

fn levels() -> [Policy; 2] {
    [Policy::new(Level::Default), Policy::new(Level::Strict)]
}

/// Whether this machine lets us make namespaces; the degraded way has tests of its own.
fn enforces(promise: Promise) -> bool {
    let enforced = bartizan_sandbox::probe_machine(&support::launcher()).unwrap();
    let outcome = &enforced.promises[&promise];
    let is_enforced = matches!(outcome, Outcome::Enforced { .. });
    if !is_enforced {
        eprintln!("NOT TESTED: {} is {outcome} on this machine", promise.code());
    }
    is_enforced
}

fn home() -> PathBuf {
    std::env::home_dir().unwrap().canonicalize().unwrap()
}

/// Somebody else's process, with a secret in its environment.
struct Bystander(Child);

impl Bystander {
    fn start(secret: &str) -> Self {
        Self(Command::new("sleep").arg("600").env("BYSTANDER", secret).spawn().unwrap())
    }
    fn is_alive(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn it_does_not_read_the_home_nor_the_systems_secrets() {
    if !enforces(Promise::Reads) {
        return;
    }
    let secrets = tempfile::Builder::new().prefix(".secret").tempdir_in(home()).unwrap();
    let key = secrets.path().join("id_ed25519");
    fs::write(&key, "PRIVATE").unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("token"), "PRIVATE").unwrap();
    let attempts = [
        format!("read={}", key.display()),
        format!("listing={}", home().join(".ssh").display()),
        format!("listing={}", secrets.path().display()),
        format!("read={}", elsewhere.path().join("token").display()),
        format!("read=/proc/1/root{}", key.display()),
        format!("read=/proc/self/root{}", key.display()),
        format!("read=/proc/self/cwd/../../../../../..{}", key.display()),
        "read=/etc/shadow".to_owned(),
        "read=/etc/sudoers".to_owned(),
    ];
    for policy in levels() {
        let answers = attempt(&policy, &attempts);
        assert_refused(&answers);
        assert!(!answers.to_string().contains("PRIVATE"));
    }
}

#[test]
fn a_link_that_it_makes_leads_nowhere_it_could_not_go() {
    if !enforces(Promise::Reads) {
        return;
    }
    let shared = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::os::unix::fs::symlink("/etc/shadow", shared.path().join("link")).unwrap();
    std::os::unix::fs::symlink(home(), shared.path().join("home")).unwrap();
    fs::create_dir(home().join(".bartizan-test-ssh")).ok();
    let mut policy = Policy::new(Level::Default);
    policy.writable.push(shared.path().to_owned());
    let shared_at = shared.path().display();
    let answers = attempt(
        &policy,
        &[format!("read={shared_at}/link"), format!("listing={shared_at}/home/.bartizan-test-ssh")],
    );
    fs::remove_dir(home().join(".bartizan-test-ssh")).ok();
    assert_refused(&answers);
}

#[test]
fn it_does_not_write_to_the_system_or_the_project() {
    if !enforces(Promise::Writes) {
        return;
    }
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let victim = tempfile::Builder::new().prefix("victim").tempfile_in(project).unwrap();
    fs::write(victim.path(), "mine").unwrap();
    let attempts = [
        "write=/etc/hosts".to_owned(),
        "create=/etc".to_owned(),
        "create=/usr/bin".to_owned(),
        "create=/".to_owned(),
        "create=/dev".to_owned(),
        "write=/proc/self/oom_score_adj".to_owned(),
        "write=/proc/sys/kernel/hostname".to_owned(),
        "create=/sys/fs/cgroup".to_owned(),
        format!("create={}", project.display()),
        format!("write={}", victim.path().display()),
        format!("empty={}", victim.path().display()),
        format!("remove={}", victim.path().display()),
    ];
    for policy in levels() {
        assert_refused(&attempt(&policy, &attempts));
    }
    assert_eq!(fs::read_to_string(victim.path()).unwrap(), "mine");
}

#[test]
fn what_is_named_readable_is_not_writable() {
    if !enforces(Promise::Writes) {
        return;
    }
    let data = tempfile::tempdir_in(home()).unwrap();
    fs::write(data.path().join("data"), "mine").unwrap();
    for mut policy in levels() {
        policy.readable.push(data.path().to_owned());
        let file = data.path().join("data");
        let answers = attempt(&policy, &[format!("read={}", file.display())]);
        assert!(answers.to_string().contains("mine"), "{answers}");
        assert_refused(&attempt(
            &policy,
            &[format!("write={}", file.display()), format!("create={}", data.path().display())],
        ));
    }
}

#[test]
fn what_is_hidden_by_name_is_not_seen_even_in_a_folder_that_is_shown() {
    if !enforces(Promise::Reads) {
        return;
    }
    let data = tempfile::tempdir_in(home()).unwrap();
    fs::create_dir(data.path().join("private")).unwrap();
    fs::write(data.path().join("private/key"), "PRIVATE").unwrap();
    fs::write(data.path().join(".env"), "PRIVATE").unwrap();
    for mut policy in levels() {
        policy.readable.push(data.path().to_owned());
        policy.hidden.extend([data.path().join("private"), data.path().join(".env")]);
        let at = data.path().display();
        let answers = attempt(&policy, &[format!("read={at}/private/key"), format!("read={at}/.env")]);
        assert!(!answers.to_string().contains("PRIVATE"), "{answers}");
    }
}

#[test]
fn it_does_not_connect_out() {
    if !enforces(Promise::Network) {
        return;
    }
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    tcp.set_nonblocking(true).unwrap();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    udp.set_nonblocking(true).unwrap();
    let name = format!("bartizan-test-{}", std::process::id());
    let address = std::os::unix::net::SocketAddr::from_abstract_name(&name).unwrap();
    let abstract_socket = UnixListener::bind_addr(&address).unwrap();
    abstract_socket.set_nonblocking(true).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("service.sock");
    let unix = UnixListener::bind(&path).unwrap();
    unix.set_nonblocking(true).unwrap();
    let attempts = [
        format!("tcp={}", tcp.local_addr().unwrap().port()),
        format!("udp={}", udp.local_addr().unwrap().port()),
        format!("abstract={name}"),
        format!("unix={}", path.display()),
        "resolve".to_owned(),
        "vsock".to_owned(),
        "unix=/run/docker.sock".to_owned(),
    ];
    for mut policy in levels() {
        assert_refused(&attempt(&policy, &attempts));
        // On a loopback device of its own a datagram is sent to nobody.
        policy.network = Network::Loopback;
        let (udp, others): (Vec<_>, Vec<_>) = attempts.iter().partition(|attempt| attempt.starts_with("udp"));
        attempt(&policy, &udp);
        assert_refused(&attempt(&policy, &others));
    }
    assert!(tcp.accept().is_err(), "nobody came");
    assert!(udp.recv(&mut [0; 16]).is_err(), "nothing arrived");
    assert!(abstract_socket.accept().is_err() && unix.accept().is_err(), "nobody came");
}

#[test]
fn it_has_the_network_only_if_it_is_allowed_and_its_own_loopback_if_that_is_asked() {
    if !enforces(Promise::Network) {
        return;
    }
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = tcp.local_addr().unwrap().port();
    let allowed = Policy::new(Level::Default).network(Network::Allowed);
    let answers = attempt(&allowed, &[format!("tcp={port}")]);
    assert_eq!(answers[format!("tcp={port}")], "connected");
    let loopback = Policy::new(Level::Strict).network(Network::Loopback);
    assert_eq!(attempt(&loopback, &["own_loopback"])["own_loopback"], "talked to itself");
    assert_refused(&attempt(&Policy::new(Level::Strict), &["own_loopback"]));
}

#[test]
fn it_neither_sees_nor_kills_nor_inspects_other_processes() {
    if !enforces(Promise::OtherProcesses) {
        return;
    }
    let secret = format!("very-secret-{}", std::process::id());
    let mut bystander = Bystander::start(&secret);
    let pid = bystander.0.id();
    let attempts = [
        format!("environ={secret}"),
        format!("read=/proc/{pid}/cmdline"),
        format!("kill={pid}"),
        format!("ptrace={pid}"),
        format!("peek={pid}"),
        "traceme".to_owned(),
        // The launcher's own process, the only other one there is.
        "ptrace=1".to_owned(),
        "peek=1".to_owned(),
        "init_memory".to_owned(),
        "read=/proc/1/environ".to_owned(),
        "read=/proc/1/mem".to_owned(),
        "read=/proc/1/fd/3".to_owned(),
        "write=/proc/1/fd/3".to_owned(),
        "write=/proc/1/fd/4".to_owned(),
        "write=/proc/1/fd/5".to_owned(),
        "write=/proc/1/fd/6".to_owned(),
    ];
    for policy in levels() {
        assert_refused(&attempt(&policy, &attempts));
        let answers = attempt(&policy, &["processes"]);
        assert_eq!(answers["processes"].as_array().unwrap().len(), 2, "itself and the launcher: {answers}");
        attempt(&policy, &["kill_all"]);
    }
    assert!(bystander.is_alive());
}

#[test]
fn it_gains_nothing_and_finds_no_way_into_the_kernel() {
    if !enforces(Promise::SystemCalls) {
        return;
    }
    for policy in levels() {
        assert_refused(&attempt(
            &policy,
            &[
                "mount",
                "umount=/proc",
                "umount=/tmp",
                "new_user_namespace",
                "clone_user_namespace",
                "device",
                "type_for_the_user",
                "raise_limits",
                "more_ids",
                "read=/proc/kcore",
                "read=/dev/mem",
            ],
        ));
        let answers = attempt(&policy, &["calls", "status", "strays"]);
        for (call, answer) in answers["calls"].as_object().unwrap() {
            assert!(answer == "EPERM" || answer == "ENOSYS", "{call}: {answer}");
        }
        let status = &answers["status"];
        assert_eq!((status["NoNewPrivs"].as_str(), status["Seccomp"].as_str()), (Some("1"), Some("2")));
        for set in ["CapEff", "CapPrm", "CapAmb", "CapBnd"] {
            assert_eq!(status[set], "0000000000000000", "{set}");
        }
        assert_eq!(answers["strays"], serde_json::json!([]));
    }
    if cfg!(target_arch = "x86_64") {
        assert_refused(&attempt(&Policy::new(Level::Default), &["other_architecture"]));
    }
}

#[test]
fn a_fork_bomb_ends_at_the_limit() {
    if !enforces(Promise::ProcessCount) {
        return;
    }
    let mut policy = Policy::new(Level::Default);
    policy.limits.processes = 40;
    let answers = attempt(&policy, &["fork_bomb=3000"]);
    let bomb = &answers["fork_bomb=3000"];
    assert_eq!(bomb["refused"], "EAGAIN", "{bomb}");
    // A pid namespace keeps 300 numbers back, which is said in the report.
    assert!(bomb["children"].as_u64().unwrap() <= 340, "{bomb}");
}

#[test]
fn memory_files_and_disk_end_at_their_limits() {
    let mut policy = Policy::new(Level::Default);
    policy.limits.memory_bytes = 256 << 20;
    policy.limits.open_files = 64;
    policy.limits.file_bytes = 8 << 20;
    policy.limits.scratch_bytes = 16 << 20;
    let answers =
        attempt(&policy, &["eat_memory=1024", "open_files", "big_file=/tmp/big", "remove=/tmp/big"]);
    assert_eq!(answers["eat_memory=1024"]["refused"], "MemoryError", "{answers}");
    assert!(answers["eat_memory=1024"]["mebibytes"].as_u64().unwrap() < 256);
    assert!(answers["open_files"]["files"].as_u64().unwrap() < 64, "{answers}");
    assert_eq!(answers["big_file=/tmp/big"]["mebibytes"], 8, "{answers}");
    if !enforces(Promise::ScratchSize) {
        return;
    }
    let home = home();
    let answers = attempt(&policy, &["fill=/tmp".to_owned(), format!("fill={}", home.display())]);
    let filled: u64 =
        answers.as_object().unwrap().values().map(|answer| answer["mebibytes"].as_u64().unwrap()).sum();
    assert!(filled <= 16, "{answers}");
}

#[test]
fn processor_time_ends_at_its_limit() {
    let mut policy = Policy::new(Level::Default);
    policy.limits.cpu_seconds = 1;
    let (output, prepared) =
        start(&policy, &[support::python().into(), "-c".into(), "while True: pass".into()]).finish();
    assert!(!output.status.success());
    let end = prepared.end().unwrap();
    let is_known = prepared.report().unwrap().unwrap().promises[&Promise::Orphans].clone();
    if matches!(is_known, Outcome::Enforced { .. }) {
        assert!(matches!(end, Some(bartizan_sandbox::End::Killed { .. })), "{end:?}");
    }
}

#[test]
fn strict_lets_it_run_nothing_that_it_wrote_itself() {
    if !enforces(Promise::Writes) {
        return;
    }
    assert_refused(&attempt(&Policy::new(Level::Strict), &["run_own=/tmp", "run_own=/dev/shm"]));
    assert_eq!(attempt(&Policy::new(Level::Default), &["run_own=/tmp"])["run_own=/tmp"], "ran\n");
}

#[test]
fn files_that_were_left_open_are_not_handed_to_it() {
    let prepared =
        Policy::new(Level::Default).prepare(&support::launcher(), &hostile(&["strays"]), None).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", r#"exec 7</etc/passwd 9</etc/hosts; exec "$@""#, "sh"]).args(prepared.argv());
    let output = command.output().unwrap();
    let answers = support::answers(&output, "");
    assert_eq!(answers["strays"], serde_json::json!([]));
}

#[test]
fn orphans_of_every_kind_are_gone_once_the_group_is_killed() {
    if !enforces(Promise::Orphans) {
        return;
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut policy = Policy::new(Level::Default);
    policy.writable.push(folder.path().to_owned());
    let command = [support::python().into(), support::server("daemon.py").into(), folder.path().into()];
    let mut running = start(&policy, &command);
    let mut ready = [0; 6];
    std::io::Read::read_exact(running.child.stdout.as_mut().unwrap(), &mut ready).unwrap();
    let beats = || -> Vec<u64> {
        let mut sizes: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().metadata().unwrap().len())
            .collect();
        sizes.sort_unstable();
        sizes
    };
    assert_eq!(beats().len(), 3, "each of them lives");
    running.kill_group();
    running.child.wait().unwrap();
    // The kernel needs a moment to end a namespace; then nothing moves any more.
    let mut before = beats();
    for _ in 0..100 {
        std::thread::sleep(Duration::from_millis(50));
        let after = beats();
        if after == before {
            return;
        }
        before = after;
    }
    panic!("something lives on");
}

#[test]
fn a_second_look_finds_nothing_of_the_first() {
    if !enforces(Promise::Writes) {
        return;
    }
    let home = home();
    let policy = Policy::new(Level::Default);
    let name = format!("hostile-{}", std::process::id());
    let places = [home.join(&name), Path::new("/tmp").join(&name), Path::new("/dev/shm").join(&name)];
    let answers = attempt(&policy, &places.each_ref().map(|place| format!("write={}", place.display())));
    assert!(answers.as_object().unwrap().values().all(|answer| answer == "written"), "{answers}");
    assert!(!places.iter().any(|place| place.exists()));
    assert_refused(&attempt(&policy, &places.each_ref().map(|place| format!("read={}", place.display()))));
}

#[test]
fn the_report_cannot_be_forged_from_within() {
    if !enforces(Promise::Writes) {
        return;
    }
    let policy = Policy::new(Level::Default);
    let prepared = policy.prepare(&support::launcher(), &hostile(&["status"]), None).unwrap();
    let own = prepared.argv()[2].to_string_lossy().into_owned();
    let answers = attempt(
        &policy,
        &[format!("listing={own}"), format!("create={own}"), format!("write={own}/report.jsonl")],
    );
    assert_refused(&answers);
    let answer: Value = answers;
    assert!(answer.is_object());
}
