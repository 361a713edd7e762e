//! Starts servers through the real launcher.
#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::{
    ffi::OsString,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use bartizan_sandbox::{Launcher, Policy, Prepared};
use serde_json::Value;

/// The example that plays the part of the hidden subcommand. `cargo test` builds it beside the tests.
pub(crate) fn launcher() -> Launcher {
    let test = std::env::current_exe().unwrap();
    let program = test.parent().and_then(Path::parent).unwrap().join("examples/launcher");
    assert!(program.is_file(), "`cargo test` builds the example; a single test target does not");
    Launcher { program, arguments: vec!["launch".into()] }
}

/// The interpreter itself, not the script of a version manager.
pub(crate) fn python() -> PathBuf {
    let output = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().unwrap();
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim()).canonicalize().unwrap()
}

pub(crate) fn server(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers").join(name)
}

pub(crate) fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.starts_with(b"0\n")
}

/// A server that runs under a policy, with pipes, in a process group of its own, as the real parent starts it.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) prepared: Prepared,
}

pub(crate) fn start(policy: &Policy, command: &[OsString]) -> Running {
    start_in(policy, command, None)
}

pub(crate) fn start_in(policy: &Policy, command: &[OsString], cwd: Option<&Path>) -> Running {
    use std::os::unix::process::CommandExt as _;
    let prepared = policy.prepare(&launcher(), command, cwd).unwrap();
    let child = prepared
        .command()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap();
    Running { child, prepared }
}

impl Running {
    /// Closes its input and waits for its end, but not for ever.
    pub(crate) fn finish(mut self) -> (Output, Prepared) {
        drop(self.child.stdin.take());
        let end = Instant::now() + Duration::from_mins(1);
        while self.child.try_wait().unwrap().is_none() {
            if Instant::now() > end {
                self.kill_group();
                panic!("the server does not end: {:?}", self.prepared.report());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        (self.child.wait_with_output().unwrap(), self.prepared)
    }

    /// What a parent does that has had enough.
    pub(crate) fn kill_group(&self) {
        signal_group(self.child.id(), "KILL");
    }

    /// Reads one line that it says.
    pub(crate) fn line(&mut self) -> Value {
        let mut line = Vec::new();
        let stdout = self.child.stdout.as_mut().unwrap();
        let mut byte = [0];
        while stdout.read(&mut byte).unwrap() == 1 && byte != *b"\n" {
            line.extend(byte);
        }
        serde_json::from_slice(&line).unwrap_or_else(|_| {
            let mut stderr = String::new();
            let _ = self.child.stderr.take().unwrap().read_to_string(&mut stderr);
            panic!("not JSON: {:?}; stderr: {stderr}", String::from_utf8_lossy(&line))
        })
    }
}

pub(crate) fn signal_group(pid: u32, signal: &str) {
    let status = Command::new("kill").args(["-s", signal, "--", &format!("-{pid}")]).status().unwrap();
    assert!(status.success());
}

pub(crate) fn hostile<S: AsRef<str>>(attempts: &[S]) -> Vec<OsString> {
    let mut command: Vec<OsString> = vec![python().into(), server("hostile.py").into()];
    command.extend(attempts.iter().map(|attempt| OsString::from(attempt.as_ref())));
    command
}

/// What comes of these attempts under this policy.
pub(crate) fn attempt<S: AsRef<str>>(policy: &Policy, attempts: &[S]) -> Value {
    let (output, prepared) = start(policy, &hostile(attempts)).finish();
    answers(&output, &format!("{:?}", prepared.report()))
}

pub(crate) fn answers(output: &Output, report: &str) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|why| {
        panic!(
            "{why}: {:?} said {:?} and {}; {report}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    })
}

#[track_caller]
pub(crate) fn assert_refused(answers: &Value) {
    for (attempt, answer) in answers.as_object().unwrap() {
        assert!(answer.as_str().is_some_and(|answer| answer.starts_with("refused")), "{attempt}: {answer}");
    }
}
