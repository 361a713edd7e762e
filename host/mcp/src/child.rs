//! A server as a child process: started with a bare environment in a session of its own, and ended with everything it started.

use std::{
    collections::{BTreeMap, VecDeque},
    ffi::OsString,
    path::Path,
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use process_wrap::tokio::{ChildWrapper, CommandWrap};
use tokio::{
    io::AsyncReadExt,
    process::{ChildStderr, ChildStdin, ChildStdout, Command},
    time::timeout,
};

use crate::{
    Error, Limits,
    launcher::{Launcher, is_found},
};

/// What a server gets of our environment. Where programs and homes are and how to write text; never a token,
/// and no proxy variables, which often hold a password. The user can give more.
const INHERITED: &[&str] = &[
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
    // Windows programs do not start without these.
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "USERNAME",
    "HOMEDRIVE",
    "HOMEPATH",
    "APPDATA",
    "LOCALAPPDATA",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "PROGRAMFILES(X86)",
    "PROCESSOR_ARCHITECTURE",
    "NUMBER_OF_PROCESSORS",
];

/// A running server. Dropping it kills it and everything it started.
pub(crate) struct Child {
    process: Box<dyn ChildWrapper>,
    pid: u32,
    #[cfg(target_os = "linux")]
    marker: String,
    #[cfg(unix)]
    watchdog: Option<std::process::Child>,
    stderr: Arc<Mutex<VecDeque<u8>>>,
    stderr_end: Option<tokio::task::JoinHandle<()>>,
    grace: Duration,
    is_over: bool,
}

impl Child {
    /// Starts it.
    pub(crate) fn start(
        command: &[String],
        env: &BTreeMap<String, String>,
        cwd: Option<&Path>,
        launcher: Option<&Launcher>,
        limits: &Limits,
    ) -> Result<(Self, ChildStdin, ChildStdout), Error> {
        let (program, arguments) = command.split_first().ok_or(Error::NoCommand)?;
        if program.is_empty() {
            return Err(Error::NoCommand);
        }
        if let Some(directory) = cwd.filter(|directory| !directory.is_dir()) {
            return Err(Error::NoDirectory { directory: directory.display().to_string() });
        }
        let started_by = launcher.and_then(|launcher| launcher.prefix.split_first());
        let mut plain = match started_by {
            None => Command::new(program),
            Some((launcher, prefix)) => {
                let path = env.get("PATH").map(OsString::from).or_else(|| std::env::var_os("PATH"));
                if !is_found(program, path.as_deref(), cwd) {
                    return Err(Error::ProgramNotFound { program: program.clone() });
                }
                let mut plain = Command::new(launcher);
                plain.args(prefix).arg(program);
                plain
            }
        };
        plain.args(arguments).env_clear();
        plain.envs(INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        plain.envs(env).envs(launcher.filter(|_| started_by.is_some()).iter().flat_map(|one| &one.env));
        plain.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(directory) = cwd {
            plain.current_dir(directory);
        }
        #[cfg(target_os = "linux")]
        let marker = {
            let marker = nonce();
            plain.env(crate::sweep::MARKER, &marker);
            crate::sweep::adopt_orphans();
            marker
        };
        let mut wrapped = CommandWrap::from(plain);
        wrapped.wrap(process_wrap::tokio::KillOnDrop);
        #[cfg(unix)]
        wrapped.wrap(process_wrap::tokio::ProcessSession);
        #[cfg(windows)]
        wrapped.wrap(process_wrap::tokio::JobObject);

        #[cfg(target_os = "linux")]
        let mut live = crate::sweep::LIVE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut child = wrapped.spawn().map_err(|source| match (source.kind(), started_by) {
            (std::io::ErrorKind::NotFound, None) => Error::ProgramNotFound { program: program.clone() },
            (_, None) => Error::Spawn { program: program.clone(), source },
            (_, Some((launcher, _))) => {
                Error::Spawn { program: launcher.to_string_lossy().into_owned(), source }
            }
        })?;
        let pid = child.id().unwrap_or_default();
        #[cfg(target_os = "linux")]
        {
            live.push((pid, marker.clone()));
            drop(live);
        }
        let pipes = (child.stdin().take(), child.stdout().take(), child.stderr().take());
        let mut started = Self {
            process: child,
            pid,
            #[cfg(target_os = "linux")]
            watchdog: watchdog(pid, &format!("{}={marker}", crate::sweep::MARKER)),
            #[cfg(all(unix, not(target_os = "linux")))]
            watchdog: watchdog(pid, ""),
            #[cfg(target_os = "linux")]
            marker,
            stderr: Arc::default(),
            stderr_end: None,
            grace: limits.grace,
            is_over: false,
        };
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(Error::Setup { why: "the child process has no pipes".into() });
        };
        let kept = Arc::clone(&started.stderr);
        started.stderr_end = Some(tokio::spawn(keep_last(stderr, kept, limits.stderr_bytes)));
        Ok((started, stdin, stdout))
    }

    /// The end of what it wrote to stderr so far.
    pub(crate) fn stderr(&self) -> String {
        let kept = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&kept.iter().copied().collect::<Vec<_>>()).into_owned()
    }

    /// How it ended, if it does so shortly, and the rest of stderr is in.
    pub(crate) async fn obituary(&mut self) -> String {
        let status = timeout(Duration::from_millis(500), self.process.inner_mut().wait()).await;
        if let Some(task) = &mut self.stderr_end {
            // Not for ever: a grandchild may hold the pipe open.
            let _ = timeout(Duration::from_millis(200), task).await;
            self.stderr_end = None;
        }
        match status {
            Ok(Ok(status)) => described(status),
            _ => "closed its standard output".into(),
        }
    }

    /// Lets it leave of itself for a moment, asks it to, and then kills what is left. `stdin` must be closed by now.
    pub(crate) async fn end(&mut self) {
        let patience = self.grace / 4;
        if timeout(patience, self.process.inner_mut().wait()).await.is_err() {
            #[cfg(unix)]
            if let Some(group) = group(self.pid) {
                let _ = rustix::process::kill_process_group(group, rustix::process::Signal::TERM);
            }
            let _ = timeout(self.grace.saturating_sub(patience), self.process.inner_mut().wait()).await;
        }
        #[cfg(target_os = "linux")]
        self.sweep_beside().await;
        self.kill();
        let _ = timeout(Duration::from_secs(2), self.process.inner_mut().wait()).await;
    }

    /// What [`Self::kill`] does that takes time, on another thread: listings that share this one go on. If it is not awaited to its end,
    /// `kill` does it again.
    #[cfg(target_os = "linux")]
    async fn sweep_beside(&mut self) {
        if self.is_over {
            return;
        }
        if let Some(group) = group(self.pid) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let (pid, marker) = (self.pid, self.marker.clone());
        let _ = tokio::task::spawn_blocking(move || crate::sweep::sweep(pid, &marker)).await;
    }

    fn kill(&mut self) {
        if std::mem::replace(&mut self.is_over, true) {
            return;
        }
        #[cfg(unix)]
        if let Some(group) = group(self.pid) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.process.start_kill();
        #[cfg(target_os = "linux")]
        {
            crate::sweep::sweep(self.pid, &self.marker);
            let mut live = crate::sweep::LIVE.lock().unwrap_or_else(PoisonError::into_inner);
            live.retain(|(_, marker)| *marker != self.marker);
        }
        #[cfg(unix)]
        if let Some(mut watchdog) = self.watchdog.take() {
            let _ = watchdog.kill();
            let _ = watchdog.wait();
        }
        if let Some(task) = self.stderr_end.take() {
            task.abort();
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}

#[cfg(unix)]
fn group(pid: u32) -> Option<rustix::process::Pid> {
    // 0 would be our own group.
    i32::try_from(pid).ok().filter(|pid| *pid > 1).and_then(rustix::process::Pid::from_raw)
}

/// A shell that outlives us if we are killed, sees our end of its pipe close, and kills what the server left:
/// its process group, and (Linux) whatever carries its marker. Without a shell there is no such protection.
#[cfg(unix)]
fn watchdog(pid: u32, marked: &str) -> Option<std::process::Child> {
    use std::os::unix::process::CommandExt as _;
    const SCRIPT: &str = r#"while read -r _; do :; done
kill -s KILL -- "-$1" 2>/dev/null
test -n "$2" && for process in /proc/[0-9]*; do
  grep -qs -F -- "$2" "$process/environ" && kill -s KILL "${process#/proc/}" 2>/dev/null
done"#;
    group(pid)?;
    std::process::Command::new("/bin/sh")
        .args(["-c", SCRIPT, "bartizan-watchdog", &pid.to_string(), marked])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Not of our group: Ctrl-C in a terminal must not end it before us.
        .process_group(0)
        .spawn()
        .ok()
}

/// Unguessable to the server of another listing, which could otherwise claim to belong to this one.
#[cfg(target_os = "linux")]
fn nonce() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}{:016x}", RandomState::new().hash_one(1), RandomState::new().hash_one(2))
}

fn described(status: ExitStatus) -> String {
    if let Some(code) = status.code() {
        return format!("exited with status {code}");
    }
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("was killed by signal {signal}");
    }
    "ended".into()
}

async fn keep_last(mut stderr: ChildStderr, kept: Arc<Mutex<VecDeque<u8>>>, max: usize) {
    let mut buffer = vec![0_u8; 8192];
    while let Ok(count) = stderr.read(&mut buffer).await {
        if count == 0 {
            break;
        }
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(buffer.iter().take(count));
        let excess = kept.len().saturating_sub(max);
        kept.drain(..excess);
    }
}
