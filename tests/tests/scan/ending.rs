//! However a scan ends, nothing that it started is left, and what was found until then is told.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use bartizan_tests::{Bartizan, Run, Running, runs};
use rustix::process::Signal;

use super::hostile;

/// Every process that the fixture noted is gone, or goes at once.
fn all_gone(notes: &Path) {
    let ids: Vec<u32> =
        fs::read_to_string(notes).unwrap().lines().map(|line| line.parse().unwrap()).collect();
    assert!(!ids.is_empty(), "the server started nothing");
    let start = Instant::now();
    while ids.iter().any(|&id| runs(id)) {
        if start.elapsed() > Duration::from_secs(5) {
            let left: Vec<&u32> = ids.iter().filter(|&&id| runs(id)).collect();
            panic!("still there: {left:?} of {ids:?}");
        }
        thread::sleep(Duration::from_millis(50));
    }
}

fn start(user: &Bartizan, mode: &str, more: &[&str]) -> Running {
    let notes = user.work().join("notes");
    let environment = format!("FIXTURE_NOTES={}", notes.display());
    // Without the sandbox, which has ways of its own to leave nothing: here the host's are looked at.
    let mut command = user.command(["scan", "--format", "json", "--sandbox", "off", "--env", &environment]);
    command.args(more).args(hostile(mode));
    Running::start(command)
}

fn until_noted(user: &Bartizan, lines: usize) {
    let notes = user.work().join("notes");
    let start = Instant::now();
    while fs::read_to_string(&notes).map_or(0, |text| text.lines().count()) < lines {
        assert!(start.elapsed() < Duration::from_secs(30), "the server does not come up");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn no_child_is_left_after_a_scan() {
    for mode in ["family", "daemon-bare", "stubborn"] {
        let user = Bartizan::new();
        let run = start(&user, mode, &[]).finish().expect_code(0);
        assert_eq!(run.not_checked(), [""; 0], "{mode}");
        all_gone(&user.work().join("notes"));
    }
}

#[test]
fn no_child_is_left_after_a_timeout() {
    let user = Bartizan::new();
    start(&user, "family-stays", &["--timeout", "3s"]).finish().expect_code(3);
    all_gone(&user.work().join("notes"));
}

fn interrupted(mode: &str, lines: usize, signal: Signal) -> (Bartizan, Run) {
    let user = Bartizan::new();
    let running = start(&user, mode, &["--timeout", "60s"]);
    until_noted(&user, lines);
    running.signal(signal);
    let run = running.finish();
    all_gone(&user.work().join("notes"));
    (user, run)
}

#[test]
fn an_interrupt_ends_the_scan_with_what_there_is() {
    for signal in [Signal::INT, Signal::TERM] {
        let (_, run) = interrupted("family-stays", 4, signal);
        let run = run.expect_code(130);
        assert!(run.not_checked().iter().any(|code| code == "interrupted"), "{:?}", run.not_checked());
        assert!(run.took < Duration::from_secs(30), "it took {:?}", run.took);
    }
}

#[test]
fn what_was_found_before_the_interrupt_is_reported() {
    let user = Bartizan::new();
    let running = start(&user, "family-stays", &["--timeout", "60s", &super::poisoned()]);
    until_noted(&user, 4);
    running.signal(Signal::INT);
    let run = running.finish().expect_code(130);
    assert!(run.found().contains(&"MCP-PROTO-001 tool:add".to_owned()), "{:?}", run.found());
    all_gone(&user.work().join("notes"));
}

#[test]
fn no_child_is_left_when_the_scan_is_killed() {
    // Nobody can clean up after SIGKILL: what the system does for us must be enough for the server itself.
    let user = Bartizan::new();
    let running = start(&user, "stubborn", &["--timeout", "60s"]);
    until_noted(&user, 1);
    running.signal(Signal::KILL);
    assert_eq!(running.finish().signal(), Some(Signal::KILL.as_raw()));
    all_gone(&user.work().join("notes"));
}

#[test]
fn an_interrupt_in_the_middle_of_a_listing_is_heard_at_once() {
    let user = Bartizan::new();
    let mut command = user.command(["scan", "--format", "json", "--timeout", "60s"]);
    command.args(hostile("silent-list"));
    let running = Running::start(command);
    thread::sleep(Duration::from_millis(1500));
    running.signal(Signal::INT);
    let run = running.finish().expect_code(130);
    assert!(run.took < Duration::from_secs(20), "it took {:?}", run.took);
    assert!(!run.not_checked().is_empty());
}
