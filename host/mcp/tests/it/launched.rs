//! Servers that something else starts for us.

use bartizan_mcp::{Launcher, Options, list_blocking};

use crate::support::{names, own, pipe, probing, seconds, stdio};

/// A shell that says that it was there, and becomes the server.
fn shell(notes: &std::path::Path) -> Launcher {
    let mut launcher =
        Launcher::new(["/bin/sh", "-c", "echo \"launched $LAUNCH_POLICY\" >> \"$0\"; exec \"$@\""]);
    launcher.prefix.push(notes.into());
    launcher.env.insert("LAUNCH_POLICY".into(), "strict".into());
    launcher
}

fn noted(notes: &tempfile::NamedTempFile) -> Vec<String> {
    std::fs::read_to_string(notes.path()).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_launcher_starts_the_server_and_the_record_names_the_server() {
    let notes = tempfile::NamedTempFile::new().unwrap();
    let options = Options { launcher: Some(shell(notes.path())), ..seconds(20) };
    let listing = list_blocking(&pipe(&["drifts"]), &options).unwrap();
    assert_eq!(names(&listing), ["one", "two"]);
    assert_eq!(listing.server.transport.command, ["python3", &own("pipe.py"), "drifts"]);
    assert_eq!(noted(&notes), ["launched strict"]);
}

#[test]
fn what_a_probe_starts_anew_is_launched_too() {
    let notes = tempfile::NamedTempFile::new().unwrap();
    let options = Options { launcher: Some(shell(notes.path())), ..probing(&["unknown-version"]) };
    list_blocking(&pipe(&[]), &options).unwrap();
    assert_eq!(noted(&notes).len(), 2);
}

#[test]
fn a_missing_server_and_a_missing_launcher_are_told_apart() {
    let notes = tempfile::NamedTempFile::new().unwrap();
    let options = Options { launcher: Some(shell(notes.path())), ..seconds(20) };
    let error = list_blocking(&stdio(&["no-such-program-here"], &[]), &options).unwrap_err();
    assert_eq!(error.to_string(), "no program named `no-such-program-here` was found on PATH");
    let error = list_blocking(&stdio(&["./no-such-program-here"], &[]), &options).unwrap_err();
    assert_eq!(error.code(), "not-found");
    assert_eq!(noted(&notes), [""; 0], "nothing was launched");
    let launcher = Launcher::new(["/no/such/launcher"]);
    let options = Options { launcher: Some(launcher), ..seconds(20) };
    let error = list_blocking(&pipe(&[]), &options).unwrap_err();
    assert!(error.code() == "spawn" && error.to_string().contains("/no/such/launcher"), "{error}");
}

#[test]
fn an_empty_launcher_is_none() {
    let mut empty = Launcher::default();
    empty.env.insert("PATH".into(), "/nowhere".into());
    let options = Options { launcher: Some(empty), ..seconds(20) };
    assert_eq!(names(&list_blocking(&pipe(&[]), &options).unwrap()), ["one", "two"]);
}
