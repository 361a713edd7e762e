//! Honest servers work: they get their pipes, signals, files and toolchains, and their end is told as it was.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "these are tests")]

mod support;

use std::{
    ffi::OsString, fs, io::Write as _, os::unix::process::ExitStatusExt as _, path::Path, process::Command,
};

use bartizan_sandbox::{End, Error, Home, Launcher, Level, Network, Outcome, Policy, Promise};
use serde_json::json;
use support::{launcher, python, server, start, start_in};

fn command(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn echo() -> Vec<OsString> {
    vec![python().into(), server("echo.py").into()]
}

fn has_pid_namespace() -> bool {
    let enforced = bartizan_sandbox::probe_machine(&launcher()).unwrap();
    let has = matches!(enforced.promises[&Promise::Orphans], Outcome::Enforced { .. });
    if !has {
        eprintln!("NOT TESTED: no pid namespace on this machine");
    }
    has
}

#[test]
fn a_python_server_answers_and_sees_the_end_of_its_input() {
    for level in [Level::Off, Level::Default, Level::Strict] {
        let mut running = start(&Policy::new(level), &echo());
        assert_eq!(running.line(), json!({"ready": true}));
        let stdin = running.child.stdin.as_mut().unwrap();
        stdin.write_all(b"{\"id\": 1}\n").unwrap();
        assert_eq!(running.line(), json!({"echo": {"id": 1}}));
        let (output, _) = running.finish();
        assert_eq!(output.stdout, b"{\"end\": true}\n");
        assert_eq!(output.status.code(), Some(7), "{level:?}");
    }
}

#[test]
fn a_node_server_runs_with_its_modules_and_timers() {
    let Ok(output) = Command::new("node").args(["-p", "process.execPath"]).output() else {
        eprintln!("NOT TESTED: no Node.js");
        return;
    };
    let node = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let project = tempfile::tempdir_in(std::env::home_dir().unwrap()).unwrap();
    fs::write(project.path().join("package.json"), r#"{"type": "module"}"#).unwrap();
    fs::create_dir(project.path().join("dist")).unwrap();
    fs::write(project.path().join("lib.js"), "export const answer = 42;").unwrap();
    fs::write(
        project.path().join("dist/index.js"),
        r#"import { answer } from '../lib.js';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir, homedir } from 'node:os';
import { Worker } from 'node:worker_threads';
writeFileSync(`${tmpdir()}/${randomUUID()}`, 'x');
writeFileSync(`${homedir()}/file`, 'x');
const child = execFileSync(process.execPath, ['-p', '6 * 7'], { encoding: 'utf8' });
const worker = new Worker("require('node:worker_threads').parentPort.postMessage(1)", { eval: true });
worker.on('message', () => setTimeout(() => console.log(answer, child.trim()), 5));
"#,
    )
    .unwrap();
    for level in [Level::Default, Level::Strict] {
        let script = project.path().join("dist/index.js");
        let (output, prepared) =
            start(&Policy::new(level), &command(&[&node, script.to_str().unwrap()])).finish();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.stdout, b"42 42\n", "{level:?}: {said} {:?}", prepared.report());
    }
}

#[test]
fn npx_and_npm_start_within_the_default_sandbox() {
    if Command::new("npx").arg("--version").output().is_err() {
        eprintln!("NOT TESTED: no npx");
        return;
    }
    let words = ["npx", "--offline", "--yes", "--version"];
    let (output, prepared) = start(&Policy::new(Level::Default), &command(&words)).finish();
    assert!(
        output.status.success(),
        "{} {:?}",
        String::from_utf8_lossy(&output.stderr),
        prepared.report().unwrap().map(|report| report.to_string())
    );
}

#[test]
fn a_program_of_a_toolchain_in_the_home_is_found() {
    // Whatever `python3` is here: a program of the system, or the script of a version manager.
    let words = ["python3", "-c", "import json, ssl, sqlite3, multiprocessing; print('ok')"];
    let (output, prepared) = start(&Policy::new(Level::Default), &command(&words)).finish();
    assert_eq!(output.stdout, b"ok\n", "{} {:?}", String::from_utf8_lossy(&output.stderr), prepared.report());
}

#[test]
fn a_toolchain_is_found_through_path_even_if_the_home_is_another() {
    let elsewhere = tempfile::tempdir().unwrap();
    let output = Command::new(launcher().program)
        .args(["default", "denied", "python3", "-c", "print('ok')"])
        .env("HOME", elsewhere.path())
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"ok\n", "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn exit_codes_and_deadly_signals_pass_through() {
    for level in [Level::Default, Level::Strict] {
        for code in [0, 1, 42, 125, 137, 255] {
            let script = format!("exit {code}");
            let (output, prepared) = start(&Policy::new(level), &command(&["sh", "-c", &script])).finish();
            assert_eq!(output.status.code(), Some(code));
            if let Some(end) = prepared.end().unwrap() {
                assert_eq!(end, End::Exited { code });
            }
        }
        for (name, number) in [("KILL", 9), ("TERM", 15), ("SEGV", 11)] {
            let script = format!("kill -s {name} $$");
            let (output, _) = start(&Policy::new(level), &command(&["sh", "-c", &script])).finish();
            assert_eq!(output.status.signal(), Some(number), "{level:?} {name}");
        }
    }
}

#[test]
fn a_signal_to_the_group_reaches_it_once() {
    let script = "import signal, sys, time\ncount = []\nsignal.signal(signal.SIGUSR1, lambda *_: count.append(1))\n\
                  print('{}', flush=True)\ntime.sleep(0.5)\nprint(len(count))";
    let mut running = start(&Policy::new(Level::Default), &[python().into(), "-c".into(), script.into()]);
    running.line();
    support::signal_group(running.child.id(), "USR1");
    let (output, _) = running.finish();
    assert_eq!(output.stdout, b"1\n");
}

#[test]
fn it_can_end_in_its_own_way_when_it_is_asked_to() {
    let mut running = start(&Policy::new(Level::Default), &echo());
    running.line();
    support::signal_group(running.child.id(), "TERM");
    assert_eq!(running.line(), json!({"signal": 15}));
    let (output, _) = running.finish();
    assert_eq!(output.status.code(), Some(42));
}

#[test]
fn a_server_that_closes_its_output_is_seen_to() {
    let script = "import os, time; os.close(1); os.close(2); time.sleep(600)";
    let mut running = start(&Policy::new(Level::Default), &[python().into(), "-c".into(), script.into()]);
    let mut said = Vec::new();
    // Comes back only if nobody else holds the pipe.
    std::io::Read::read_to_end(running.child.stdout.as_mut().unwrap(), &mut said).unwrap();
    assert!(running.child.try_wait().unwrap().is_none());
    running.kill_group();
    running.child.wait().unwrap();
}

#[test]
fn its_namespace_ends_with_the_launcher_even_if_only_that_is_killed() {
    if !has_pid_namespace() {
        return;
    }
    let mut running = start(&Policy::new(Level::Default), &command(&["sleep", "600"]));
    while running.prepared.report().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    let mut rest = Vec::new();
    // The pipe of its output closes when the server is gone.
    std::io::Read::read_to_end(running.child.stdout.as_mut().unwrap(), &mut rest).unwrap();
}

/// `script` gives it a terminal, as a shell would.
#[test]
fn the_terminal_of_whoever_starts_it_is_out_of_reach() {
    if !has_pid_namespace() {
        return;
    }
    let line = |level: &str| {
        let command =
            [launcher().program.to_str().unwrap(), level, "denied", python().to_str().unwrap()].join(" ");
        let typed = format!("{command} {} terminal", server("hostile.py").display());
        Command::new("script").args(["--quiet", "--command", &typed, "/dev/null"]).output()
    };
    let Ok(output) = line("off") else {
        eprintln!("NOT TESTED: no `script` to make a terminal");
        return;
    };
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("opened"),
        "without a sandbox it can: {output:?}"
    );
    let output = line("default").unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("refused"), "{output:?}");
}

#[test]
fn a_program_that_does_not_exist_is_told_from_one_that_fails() {
    let (output, prepared) =
        start(&Policy::new(Level::Default), &command(&["no-such-program-anywhere"])).finish();
    assert_eq!(output.status.code(), Some(127));
    assert!(matches!(prepared.end().unwrap(), Some(End::NotStarted { not_found: true, .. })));
    let (output, prepared) = start(&Policy::new(Level::Default), &command(&["/etc/passwd"])).finish();
    assert_eq!(output.status.code(), Some(126));
    assert!(matches!(prepared.end().unwrap(), Some(End::NotStarted { not_found: false, .. })));
}

#[test]
fn a_named_folder_is_written_and_a_named_home_stays() {
    let folder = tempfile::tempdir().unwrap();
    let home = tempfile::tempdir().unwrap();
    for level in [Level::Default, Level::Strict] {
        let mut policy = Policy::new(level);
        policy.writable.push(folder.path().to_owned());
        policy.home = Home::Named(home.path().to_owned());
        policy.env.insert("WHERE".to_owned(), folder.path().to_str().unwrap().to_owned());
        let script = r#"echo one >> "$WHERE/file"; echo two >> "$HOME/file"; mkdir "$HOME/new" && mv "$HOME/new" "$HOME/newer""#;
        let (output, _) = start(&policy, &command(&["sh", "-c", script])).finish();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "one\n");
        assert_eq!(fs::read_to_string(home.path().join("file")).unwrap(), "two\n");
        fs::remove_file(folder.path().join("file")).unwrap();
        fs::remove_file(home.path().join("file")).unwrap();
        fs::remove_dir(home.path().join("newer")).unwrap();
    }
}

#[test]
fn a_script_right_in_the_home_runs_without_what_lies_beside_it() {
    let home = std::env::home_dir().unwrap();
    let script = tempfile::Builder::new().suffix(".py").tempfile_in(&home).unwrap();
    let diary = tempfile::Builder::new().suffix(".txt").tempfile_in(&home).unwrap();
    fs::write(diary.path(), "private").unwrap();
    fs::write(script.path(), "import os, sys; print(os.path.exists(sys.argv[1]))").unwrap();
    for level in [Level::Default, Level::Strict] {
        let words = [python().into(), script.path().into(), diary.path().as_os_str().to_owned()];
        let (output, prepared) = start(&Policy::new(level), &words).finish();
        // The diary is named too, so it is seen; a server that is not told its name sees nothing.
        assert_eq!(output.stdout, b"True\n", "{:?}", String::from_utf8_lossy(&output.stderr));
        assert!(!prepared.report().unwrap().unwrap().notes.is_empty(), "and that is said");
        let listing = "import os; print([name for name in os.listdir(os.path.expanduser('~')) if name.endswith('.txt')])";
        fs::write(script.path(), listing).unwrap();
        let (output, _) = start(&Policy::new(level), &words[..2]).finish();
        assert_eq!(output.stdout, b"[]\n", "{:?}", String::from_utf8_lossy(&output.stderr));
        fs::write(script.path(), "import os, sys; print(os.path.exists(sys.argv[1]))").unwrap();
    }
}

#[test]
fn signals_are_blocked_and_ignored_just_as_without_a_sandbox() {
    // Interrupt and quit are the launcher's to relay. Whoever runs these tests in the background has them ignored.
    const RELAYED: u64 = 0b110;
    let said = |level| {
        let words = ["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"];
        let text = String::from_utf8(start(&Policy::new(level), &command(&words)).finish().0.stdout).unwrap();
        let masks = text
            .lines()
            .map(|line| u64::from_str_radix(line.split_whitespace().last().unwrap(), 16).unwrap());
        masks.map(|mask| mask & !RELAYED).collect::<Vec<_>>()
    };
    let plain = said(Level::Off);
    assert_eq!(plain.len(), 2);
    assert_eq!((said(Level::Default), said(Level::Strict)), (plain.clone(), plain));
}

#[test]
fn it_starts_in_the_folder_that_is_named_and_reads_it() {
    let project = tempfile::tempdir_in(std::env::home_dir().unwrap()).unwrap();
    fs::write(project.path().join("data"), "here").unwrap();
    for level in [Level::Default, Level::Strict] {
        let (output, _) =
            start_in(&Policy::new(level), &command(&["cat", "data"]), Some(project.path())).finish();
        assert_eq!(output.stdout, b"here", "{}", String::from_utf8_lossy(&output.stderr));
    }
    // Where the user just happens to be it is not shown, and that is said.
    let prepared =
        Policy::new(Level::Default).prepare(&launcher(), &command(&["cat", "data"]), None).unwrap();
    let output = prepared.command().current_dir(project.path()).output().unwrap();
    assert!(!output.status.success());
    assert!(!prepared.report().unwrap().unwrap().notes.is_empty());
}

#[test]
fn package_managers_find_the_cache_that_is_named() {
    let cache = tempfile::tempdir().unwrap();
    let policy = Policy::new(Level::Default).network(Network::Denied).cache_in(cache.path());
    let script = r#"mkdir -p "$npm_config_cache" && echo x > "$npm_config_cache/x" && echo "$UV_CACHE_DIR""#;
    let (output, _) = start(&policy, &command(&["sh", "-c", script])).finish();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(cache.path().join("npm/x").exists());
}

#[test]
fn the_folder_of_the_sandbox_goes_with_it() {
    let running = start(&Policy::new(Level::Default), &command(&["true"]));
    let folder = running.prepared.argv()[2].clone();
    assert!(Path::new(&folder).is_dir());
    drop(running.finish());
    assert!(!Path::new(&folder).exists());
}

#[test]
fn off_starts_it_as_it_is_and_says_so() {
    let (output, prepared) = start(&Policy::new(Level::Off), &command(&["echo", "plain"])).finish();
    assert_eq!(output.stdout, b"plain\n");
    let enforced = prepared.report().unwrap().unwrap();
    assert!(enforced.promises.values().all(|outcome| matches!(outcome, Outcome::NotAsked { .. })));
}

#[test]
fn a_policy_that_gives_everything_away_is_refused() {
    let home = std::env::home_dir().unwrap();
    let refused = |change: &dyn Fn(&mut Policy)| {
        let mut policy = Policy::new(Level::Default);
        change(&mut policy);
        policy.prepare(&launcher(), &command(&["true"]), None).map(drop).unwrap_err()
    };
    for path in ["/", "/etc/.."] {
        assert_eq!(refused(&|policy| policy.writable.push(path.into())).code(), "exposing-path");
    }
    assert_eq!(refused(&|policy| policy.readable.push(home.clone())).code(), "exposing-path");
    assert_eq!(refused(&|policy| policy.home = Home::Named(home.clone())).code(), "exposing-path");
    assert_eq!(refused(&|policy| policy.writable.push("relative".into())).code(), "relative-path");
    assert_eq!(refused(&|policy| policy.writable.push("/no/such/folder".into())).code(), "unusable-path");
    assert_eq!(refused(&|policy| policy.limits.processes = 0).code(), "limit-too-small");
    let broken = |policy: &mut Policy| drop(policy.env.insert("A=B".into(), String::new()));
    assert_eq!(refused(&broken).code(), "bad-environment");
    assert!(matches!(
        Policy::new(Level::Default).prepare(&launcher(), &[], None).unwrap_err(),
        Error::NoCommand
    ));
}

#[test]
fn a_launcher_that_says_nothing_is_not_taken_for_a_sandbox() {
    let silent = Launcher { program: "/bin/true".into(), arguments: Vec::new() };
    assert_eq!(bartizan_sandbox::probe_machine(&silent).unwrap_err().code(), "sandbox-no-report");
}

#[test]
fn the_launcher_refuses_what_it_was_not_given_by_us() {
    let launcher = launcher();
    let run = |arguments: &[&str]| {
        Command::new(&launcher.program).arg("launch").args(arguments).output().unwrap().status.code()
    };
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().to_str().unwrap();
    assert_eq!(run(&[]), Some(125));
    assert_eq!(run(&[own]), Some(125));
    assert_eq!(run(&[own, "--", "echo", "started"]), Some(125), "no job");
    for job in ["", "{}", "[", "{\"policy\": 1}", "\0"] {
        fs::write(folder.path().join("job.json"), job).unwrap();
        assert_eq!(run(&[own, "--", "echo", "started"]), Some(125), "{job:?}");
        assert_eq!(run(&[own, "--init", "--", "echo", "started"]), Some(125), "{job:?}");
    }
}
