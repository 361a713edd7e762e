//! No process of a server outlives its listing.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use bartizan_mcp::list_blocking;

use crate::support::{hostile, missing, script, seconds, stdio};

/// Whether a process with this id runs (a zombie does not).
fn runs(pid: &str) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with('Z')))
}

fn noted(path: &Path) -> Vec<String> {
    std::fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// Whether this becomes true before the patience of any test runner ends.
fn comes_true(condition: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        if condition() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

#[test]
fn a_family_with_daemons_that_ignore_sigterm_is_gone_on_return() {
    for mode in ["family", "daemon-bare"] {
        let notes = tempfile::NamedTempFile::new().unwrap();
        let target = stdio(
            &["python3", &script("hostile.py"), mode],
            &[("FIXTURE_NOTES", notes.path().to_str().unwrap())],
        );
        let listing = list_blocking(&target, &seconds(20)).unwrap();
        assert_eq!((listing.server.tools.len(), missing(&listing)), (2, vec![]));
        let family = noted(notes.path());
        assert_eq!(family.len(), 4, "{mode}");
        for pid in family {
            assert!(!runs(&pid), "{mode}: {pid} is still running");
        }
    }
}

#[test]
fn listings_side_by_side_do_not_kill_each_others_servers() {
    std::thread::scope(|scope| {
        let looks: Vec<_> = (0..6)
            .map(|number| scope.spawn(move || hostile(if number % 2 == 0 { "slow" } else { "family" }, 30)))
            .collect();
        for look in looks {
            assert_eq!(look.join().unwrap().unwrap().server.tools.len(), 2);
        }
    });
}

#[test]
fn a_dropped_listing_leaves_nothing() {
    let notes = tempfile::NamedTempFile::new().unwrap();
    let target = stdio(
        &["python3", &script("hostile.py"), "family"],
        &[("FIXTURE_NOTES", notes.path().to_str().unwrap())],
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let options = seconds(60);
    runtime.block_on(async {
        tokio::select! {
            _ = bartizan_mcp::list(&target, &options) => {}
            () = async { while noted(notes.path()).len() < 4 { tokio::time::sleep(Duration::from_millis(5)).await } } => {}
        }
    });
    for pid in noted(notes.path()) {
        assert!(!runs(&pid), "{pid} is still running");
    }
}

#[test]
fn nothing_is_left_when_we_are_killed_ourselves() {
    let notes = tempfile::NamedTempFile::new().unwrap();
    let look = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("examples/look");
    let mut look = Command::new(look)
        .args(["--", "python3", &script("hostile.py"), "family-stays"])
        .env("FIXTURE_NOTES", notes.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert!(comes_true(|| noted(notes.path()).len() == 4));
    look.kill().unwrap();
    look.wait().unwrap();
    for pid in noted(notes.path()) {
        assert!(comes_true(|| !runs(&pid)), "{pid} is still running");
    }
}

#[test]
fn a_server_gets_nothing_of_our_environment_but_the_documented_few() {
    let notes = tempfile::NamedTempFile::new().unwrap();
    let target = stdio(
        &["python3", &script("hostile.py"), "environment"],
        &[("FIXTURE_NOTES", notes.path().to_str().unwrap())],
    );
    list_blocking(&target, &seconds(20)).unwrap();
    let allowed = [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "TZ",
        "TMPDIR",
        "TERM",
        "BARTIZAN_LISTING",
        "FIXTURE_NOTES",
    ];
    // CARGO and CARGO_MANIFEST_DIR are in ours. A shim that stands before python may add what it needs.
    let seen = noted(notes.path());
    assert!(seen.iter().any(|name| name == "BARTIZAN_LISTING"));
    let foreign: Vec<&String> = seen
        .iter()
        .filter(|n| {
            !allowed.contains(&n.as_str())
                && !n.contains("PYENV_")
                && *n != "PWD"
                && *n != "OLDPWD"
                && *n != "SHLVL"
                && *n != "_"
        })
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

/// In most containers the leader of our session is outside the process namespace, and its id reads as 0.
#[cfg(target_os = "linux")]
#[test]
fn a_family_is_gone_where_our_own_session_has_no_id() {
    const APART: &[&str] = &["--user", "--map-root-user", "--pid", "--fork", "--mount-proc"];
    let allowed =
        Command::new("unshare").args(APART).arg("true").status().is_ok_and(|status| status.success());
    if !allowed {
        eprintln!("NOT TESTED: this machine makes no process namespaces");
        return;
    }
    let status = Command::new("unshare")
        .args(APART)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "children::a_family_with_daemons_that_ignore_sigterm_is_gone_on_return"])
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}
