//! Where a machine refuses namespaces: what is left is enforced, and the rest is said.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "these are tests")]

mod support;

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use support::{assert_refused, launcher, server};

/// Runs the launcher where new user namespaces are refused and it has no capabilities, like a container's root.
fn without_namespaces(arguments: &[&str]) -> Option<Output> {
    const REFUSE: &str = r#"echo 0 > /proc/sys/user/max_user_namespaces || exit 99
exec setpriv --bounding-set=-all --inh-caps=-all "$@""#;
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "sh", "-c", REFUSE, "sh"])
        .arg(launcher().program)
        .args(arguments)
        .output();
    match output {
        Ok(output) if output.status.code() != Some(99) && !is_refused(&output) => Some(output),
        other => {
            eprintln!("NOT TESTED: cannot refuse namespaces here: {other:?}");
            None
        }
    }
}

fn is_refused(output: &Output) -> bool {
    String::from_utf8_lossy(&output.stderr).starts_with("unshare: ")
}

fn hostile(level: &str, attempts: &[&str]) -> Option<(Value, String)> {
    let (python, server) = (support::python(), server("hostile.py"));
    let mut arguments = vec![level, "denied", python.to_str().unwrap(), server.to_str().unwrap()];
    arguments.extend(attempts);
    let output = without_namespaces(&arguments)?;
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    Some((support::answers(&output, &report), report))
}

fn has_landlock(report: &str) -> bool {
    let has = report.contains("reads: enforced by Landlock");
    if !has {
        eprintln!("NOT TESTED: no Landlock on this machine");
    }
    has
}

#[test]
fn the_home_the_system_and_the_project_are_still_kept() {
    let secrets =
        tempfile::Builder::new().prefix(".secret").tempdir_in(std::env::home_dir().unwrap()).unwrap();
    std::fs::write(secrets.path().join("key"), "PRIVATE").unwrap();
    let key = format!("read={}/key", secrets.path().display());
    let project = format!("create={}", env!("CARGO_MANIFEST_DIR"));
    let shared = format!("/tmp/hostile-{}", std::process::id());
    let write = format!("write={shared}");
    let attempts = [&key, "read=/etc/shadow", "write=/etc/hosts", &project, &write, "read=/dev/mem"];
    let Some((answers, report)) = hostile("default", &attempts) else { return };
    if has_landlock(&report) {
        assert_refused(&answers);
        assert!(!Path::new(&shared).exists());
    }
}

#[test]
fn sockets_system_calls_and_privileges_are_still_refused() {
    let attempts =
        ["tcp=9", "udp=9", "unix=/run/docker.sock", "vsock", "traceme", "mount", "new_user_namespace"];
    let Some((answers, report)) = hostile("default", &attempts) else { return };
    assert_refused(&answers);
    assert!(report.contains("network: enforced by seccomp"), "{report}");
    let Some((answers, _)) = hostile("default", &["status"]) else { return };
    assert_eq!(answers["status"]["NoNewPrivs"], "1");
    assert_eq!(answers["status"]["CapEff"], "0000000000000000");
}

#[test]
fn other_processes_can_neither_be_signalled_nor_inspected() {
    let mut bystander =
        Command::new("sleep").arg("600").env("BYSTANDER", "very-secret-degraded").spawn().unwrap();
    let kill = format!("kill={}", bystander.id());
    let answers = hostile("default", &["environ=very-secret-degraded", &kill]);
    let is_alive = bystander.try_wait().unwrap().is_none();
    bystander.kill().unwrap();
    bystander.wait().unwrap();
    let Some((answers, report)) = answers else { return };
    if report.contains("it can neither signal nor inspect") {
        assert_refused(&answers);
        assert!(is_alive);
    } else {
        eprintln!("NOT TESTED: this kernel's Landlock knows no scopes");
    }
}

#[test]
fn what_cannot_be_enforced_is_said() {
    let Some(output) = without_namespaces(&["default", "denied", "true"]) else { return };
    assert!(output.status.success(), "the server runs all the same");
    let report = String::from_utf8_lossy(&output.stderr);
    for promise in ["orphans: NOT enforced", "scratch-size: NOT enforced", "other-processes: partly enforced"]
    {
        assert!(report.contains(promise), "{promise} is missing in: {report}");
    }
}

#[test]
fn strict_does_not_start_what_it_cannot_keep_its_promises_for() {
    let Some(output) = without_namespaces(&["strict", "denied", "echo", "started"]) else { return };
    assert_eq!(output.status.code(), Some(125));
    assert!(output.stdout.is_empty(), "it was started");
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(report.contains("refused: ") && report.contains("orphans"), "{report}");
}

#[test]
fn a_home_of_its_own_is_there_all_the_same_and_gone_afterwards() {
    let script = "import os, tempfile; home = os.path.expanduser('~'); open(home + '/x', 'w').write('x'); \
                  open(tempfile.gettempdir() + '/y', 'w').write('y'); print(home)";
    let python = support::python();
    let Some(output) = without_namespaces(&["default", "denied", python.to_str().unwrap(), "-c", script])
    else {
        return;
    };
    let home = String::from_utf8(output.stdout).unwrap();
    let home = Path::new(home.trim());
    assert!(
        home.starts_with(std::env::temp_dir()),
        "{}: {}",
        home.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(!home.exists());
}

#[test]
fn exit_codes_pass_through_without_a_second_process() {
    let Some(output) = without_namespaces(&["default", "denied", "sh", "-c", "exit 42"]) else { return };
    assert_eq!(output.status.code(), Some(42));
    let Some(output) = without_namespaces(&["default", "denied", "no-such-program-anywhere"]) else { return };
    assert_eq!(output.status.code(), Some(127));
}

/// A container hides parts of `/proc`; the kernel then gives out no other one, which would show them again.
#[test]
fn where_no_new_proc_is_to_be_had_the_rest_holds_and_it_is_said() {
    const HIDE: &str = r#"mount -t tmpfs none /proc/driver || exit 99; exec "$@""#;
    let (python, server) = (support::python(), server("hostile.py"));
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", HIDE, "sh"])
        .arg(launcher().program)
        .args(["default", "denied"])
        .args([&python, &server])
        .args(["read=/proc/self/environ", "kill=4194000", "write=/proc/sys/kernel/hostname", "traceme"])
        .output();
    let Some(output) = output.ok().filter(|output| !is_refused(output) && output.status.code() != Some(99))
    else {
        eprintln!("NOT TESTED: cannot hide a part of /proc here");
        return;
    };
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(report.contains("other-processes: partly enforced by pid namespace"), "{report}");
    assert!(report.contains("orphans: enforced") && report.contains("writes: enforced"), "{report}");
    let answers = support::answers(&output, &report);
    assert!(
        answers["read=/proc/self/environ"].as_str().unwrap().contains("HOME="),
        "its own is there: {answers}"
    );
    assert!(answers["traceme"].as_str().unwrap().starts_with("refused"));
    assert!(answers["write=/proc/sys/kernel/hostname"].as_str().unwrap().starts_with("refused"));
}

/// A read-only root says nothing of what is mounted below it.
#[test]
fn disks_that_are_mounted_somewhere_are_read_only_too() {
    const MOUNT: &str = r#"mount -t tmpfs none /srv && mkdir "/srv/a b" && mount -t tmpfs none "/srv/a b" &&
mount -t tmpfs none "/srv/a b" && echo mine > "/srv/a b/file" || exit 99; exec "$@""#;
    let (python, server) = (support::python(), server("hostile.py"));
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, "sh"])
        .arg(launcher().program)
        .args(["default", "denied"])
        .args([&python, &server])
        .args(["create=/srv", "create=/srv/a b", "write=/srv/a b/file", "remove=/srv/a b/file"])
        .output();
    let Some(output) = output.ok().filter(|output| !is_refused(output) && output.status.code() != Some(99))
    else {
        eprintln!("NOT TESTED: cannot mount anything here");
        return;
    };
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    let answers = support::answers(&output, &report);
    for (attempt, answer) in answers.as_object().unwrap() {
        // By the mounts, not only by Landlock: both must hold alone.
        assert!(answer.as_str().unwrap().contains("Read-only file system"), "{attempt}: {answer} {report}");
    }
}

/// There the kernel would not be told who we are in a new user namespace, and there is no way back out of one.
#[test]
fn where_proc_is_read_only_no_user_namespace_is_entered() {
    const LOCK: &str = r#"mount --bind /proc /proc && mount -o remount,bind,ro /proc || exit 99; exec "$@""#;
    let run = |arguments: &[&str]| {
        Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", LOCK, "sh"])
            .arg(launcher().program)
            .args(arguments)
            .output()
    };
    let output = run(&["default", "denied", "id", "-u"]);
    let Some(output) = output.ok().filter(|output| !is_refused(output) && output.status.code() != Some(99))
    else {
        eprintln!("NOT TESTED: cannot make /proc read-only here");
        return;
    };
    let report = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.stdout, b"0\n", "it is not nobody: {report}");
    assert!(report.contains("writes: enforced"), "{report}");
    // Where AppArmor makes user namespaces hollow, another process tries first. Here the trial fails, elsewhere it does not.
    assert_eq!(run(&["launch", "/nowhere", "--trial", "--", "x"]).unwrap().status.code(), Some(1));
}

/// As a user without privileges, with user namespaces: everything holds as for root.
#[test]
fn a_user_without_privileges_gets_the_whole_sandbox() {
    if !support::is_root() {
        eprintln!("NOT TESTED: only root can become another user; the other tests ran without privileges");
        return;
    }
    // Where that user can reach it.
    let folder = tempfile::Builder::new().prefix("unprivileged").tempdir_in("/var/tmp").unwrap();
    let run = |command: &[&str]| {
        let all = ["-R", "a+rX"];
        assert!(Command::new("chmod").args(all).arg(folder.path()).status().unwrap().success());
        Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"])
            .args(command)
            .env("HOME", "/nonexistent")
            .current_dir("/")
            .output()
    };
    let program = folder.path().join("launcher");
    std::fs::copy(launcher().program, &program).unwrap();
    let script = folder.path().join("hostile.py");
    std::fs::copy(server("hostile.py"), &script).unwrap();
    let python =
        ["/usr/bin/python3", "/usr/local/bin/python3"].into_iter().find(|path| Path::new(path).exists());
    let Some(python) = python else {
        eprintln!("NOT TESTED: no Python that another user could run");
        return;
    };
    let command = |attempts: &[&'static str]| {
        let mut command =
            vec![program.to_str().unwrap(), "default", "denied", python, script.to_str().unwrap()];
        command.extend(attempts);
        run(&command)
    };
    let Ok(output) = command(&[
        "mount",
        "read=/proc/1/environ",
        "write=/etc/hosts",
        "tcp=9",
        "more_ids",
        "new_user_namespace",
    ]) else {
        eprintln!("NOT TESTED: no setpriv");
        return;
    };
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    if !report.contains("orphans: enforced") {
        eprintln!("NOT TESTED: this machine refuses user namespaces to users: {report}");
        return;
    }
    assert_refused(&support::answers(&output, &report));
    let answers = support::answers(&command(&["processes", "status", "fork_bomb=2000"]).unwrap(), &report);
    assert_eq!(answers["processes"].as_array().unwrap().len(), 2);
    assert_eq!(answers["status"]["CapPrm"], "0000000000000000");
    assert!(answers["fork_bomb=2000"]["children"].as_u64().unwrap() <= 256, "{answers}");
}
