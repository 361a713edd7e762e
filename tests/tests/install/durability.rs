//! Two at once, a kill at any point, a full disk: what is installed is the old or the new, never half.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use bartizan_tests::{Bartizan, Publisher, hostile_component, versioned};
use rustix::process::Signal;

use super::{ID, claims, component, install, trusting, version};

/// Nothing is there but what the list names, and the program agrees.
fn must_be_whole(user: &Bartizan, versions: &[&str]) {
    user.run(["plugins", "verify"]).expect_code(0);
    let version = version(user, ID);
    assert!(versions.contains(&version.as_deref().unwrap_or("none")), "{version:?}");
}

#[test]
fn installs_side_by_side_lose_nothing() {
    let (user, publisher) = trusting();
    let other = publisher.package(
        &user,
        &hostile_component("odd-reporter"),
        &Publisher::claims("hostile/odd-reporter"),
    );
    let one = publisher.package(&user, &component(), &claims("1.0.0", 1));
    thread::scope(|scope| {
        for round in 0..6 {
            let (user, package) = (&user, if round % 2 == 0 { &one } else { &other });
            scope.spawn(move || install(user, package).expect_code(0));
        }
    });
    must_be_whole(&user, &["1.0.0"]);
    assert_eq!(version(&user, "hostile/odd-reporter").as_deref(), Some("1.0.0"));
    assert_eq!(fs::read_dir(user.installed().join("components")).unwrap().count(), 4);
}

#[test]
fn a_kill_at_any_point_leaves_the_old_or_the_new() {
    let (user, publisher) = trusting();
    user.configure("");
    let packages = [
        publisher.package(&user, &component(), &claims("1.0.0", 1)),
        publisher.package(&user, &versioned(&component(), "1.0.1"), &claims("1.0.1", 2)),
    ];
    install(&user, &packages[0]).expect_code(0);
    let mut delay = Duration::ZERO;
    let mut seen = Vec::new();
    // Each run is given a little longer, until one gets to its end.
    loop {
        let mut command = user.command(["plugins", "install", packages[1].to_str().unwrap()]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(delay);
        let ended = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        must_be_whole(&user, &["1.0.0", "1.0.1"]);
        seen.push(version(&user, ID).unwrap());
        if ended {
            break;
        }
        delay += Duration::from_millis(9);
    }
    assert_eq!(seen.last().map(String::as_str), Some("1.0.1"));
    assert!(seen.len() > 3, "no run was killed on its way: {seen:?}");
    assert_eq!(
        fs::read_dir(user.installed().join("components")).unwrap().count(),
        2,
        "a killed run left something"
    );
}

#[test]
fn a_full_disk_leaves_the_old_one_and_says_so() {
    let (user, publisher) = trusting();
    install(&user, &publisher.package(&user, &component(), &claims("1.0.0", 1))).expect_code(0);
    let newer = publisher.package(&user, &versioned(&component(), "1.0.1"), &claims("1.0.1", 2));
    // A file system of 64 KB where components are put, which only this run sees.
    let script = format!(
        "mount -t tmpfs -o size=64k none '{0}' && cp -a '{1}/.' '{0}/' 2>/dev/null; exec \"$@\"",
        user.installed().join("components").display(),
        user.installed().join("components").display(),
    );
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"]);
    let plain = user.command(["plugins", "install", newer.to_str().unwrap()]);
    command.arg(plain.get_program()).args(plain.get_args()).current_dir(user.work()).env_clear();
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let allowed = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"])
        .status()
        .is_ok_and(|status| status.success());
    if !allowed {
        eprintln!("NOT TESTED: this machine makes no mount namespaces");
        return;
    }
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("nothing was changed") || stderr.contains("free space"), "{stderr}");
    must_be_whole(&user, &["1.0.0"]);
}

#[test]
fn a_signal_in_the_middle_is_no_half_install_either() {
    let (user, publisher) = trusting();
    let package = publisher.package(&user, &component(), &claims("1.0.0", 1));
    for delay in [5, 20, 40] {
        let running =
            bartizan_tests::Running::start(user.command(["plugins", "install", package.to_str().unwrap()]));
        thread::sleep(Duration::from_millis(delay));
        running.signal(Signal::TERM);
        let _ = running.finish();
        must_be_whole(&user, &["none", "1.0.0"]);
    }
}
