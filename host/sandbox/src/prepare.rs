//! The parent's side: checks a policy, leaves it for the launcher, and reads what was enforced.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::{End, Enforced, Error, Home, Level, Policy, job};

/// How to get to [`launch`](crate::launch): a program and the arguments of its hidden subcommand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launcher {
    /// The program, usually this one.
    pub program: PathBuf,
    /// What makes it call [`launch`](crate::launch) with the arguments that follow.
    pub arguments: Vec<String>,
}

impl Launcher {
    /// This very program, by way of a hidden subcommand.
    pub fn this_program<S: Into<String>>(subcommand: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        let program = std::env::current_exe().map_err(|source| Error::Io {
            doing: "find",
            path: "this program".into(),
            source,
        })?;
        Ok(Self { program, arguments: subcommand.into_iter().map(Into::into).collect() })
    }
}

/// A server that is ready to be started. Keep it for as long as the server runs: its folder goes with it.
#[derive(Debug)]
pub struct Prepared {
    command: Vec<OsString>,
    cwd: Option<PathBuf>,
    /// What is known without asking a launcher, because there is none.
    known: Option<Enforced>,
    folder: Option<TempDir>,
}

impl Policy {
    /// Checks the policy and makes ready to start this command under it, in the folder `cwd` if one is named.
    ///
    /// The folder is shown to the server if it is named here; else the server finds itself there only if it is
    /// not hidden, or the command names files in it.
    pub fn prepare(
        &self,
        launcher: &Launcher,
        command: &[OsString],
        cwd: Option<&Path>,
    ) -> Result<Prepared, Error> {
        self.prepare_job(launcher, command, cwd, false)
    }

    fn prepare_job(
        &self,
        launcher: &Launcher,
        command: &[OsString],
        cwd: Option<&Path>,
        is_probe: bool,
    ) -> Result<Prepared, Error> {
        if command.first().is_none_or(|program| program.is_empty()) {
            return Err(Error::NoCommand);
        }
        let cwd = cwd.map(Path::to_owned);
        let plain = |known| Prepared {
            command: command.to_vec(),
            cwd: cwd.clone(),
            known: Some(known),
            folder: None,
        };
        if self.level == Level::Off {
            return Ok(plain(Enforced::nothing(Level::Off, "the sandbox is off")));
        }
        if !cfg!(target_os = "linux") {
            return match self.level {
                Level::Strict => Err(Error::Unsupported),
                level => {
                    let why = format!("there is no sandbox for {} yet, only for Linux", std::env::consts::OS);
                    Ok(plain(Enforced::nothing(level, &why)))
                }
            };
        }
        let home = std::env::home_dir().unwrap_or_else(|| "/".into());
        self.check(&home)?;
        let folder = tempfile::Builder::new().prefix("bartizan-").tempdir().map_err(|source| Error::Io {
            doing: "create",
            path: std::env::temp_dir(),
            source,
        })?;
        for name in job::FOLDERS {
            let path = folder.path().join(name);
            std::fs::create_dir(&path).map_err(|source| Error::Io { doing: "create", path, source })?;
        }
        let job = job::Job {
            policy: self.clone(),
            home,
            cwd_is_named: cwd.is_some(),
            is_probe,
            launcher: launcher.arguments.clone(),
        };
        job::write_new(&folder.path().join(job::JOB), &job)?;
        let mut all = vec![launcher.program.clone().into_os_string()];
        all.extend(launcher.arguments.iter().map(OsString::from));
        all.push(folder.path().into());
        all.push(job::SEPARATOR.into());
        all.extend(command.iter().cloned());
        Ok(Prepared { command: all, cwd, known: None, folder: Some(folder) })
    }

    /// Whether the policy can be meant: absolute paths of things that exist and do not give everything away.
    fn check(&self, home: &Path) -> Result<(), Error> {
        let home = std::fs::canonicalize(home).ok();
        let named = match &self.home {
            Home::Named(folder) => Some(folder),
            Home::Throwaway => None,
        };
        let roles = [
            ("readable", self.readable.iter().collect::<Vec<_>>()),
            ("writable", self.writable.iter().collect()),
            ("home", named.into_iter().collect()),
            ("hidden", self.hidden.iter().collect()),
        ];
        for (role, paths) in roles {
            for path in paths {
                check_path(role, path, home.as_deref())?;
            }
        }
        let limits = &self.limits;
        for (limit, value, least) in [
            ("memory-bytes", limits.memory_bytes, 16 * 1024 * 1024),
            ("cpu-seconds", limits.cpu_seconds, 1),
            ("processes", limits.processes, 4),
            ("open-files", limits.open_files, 16),
            ("file-bytes", limits.file_bytes, 64 * 1024),
            ("scratch-bytes", limits.scratch_bytes, 64 * 1024),
        ] {
            if value < least {
                return Err(Error::TooSmall { limit, value, least });
            }
        }
        for (name, value) in &self.env {
            let why = if name.is_empty() || name.contains('=') {
                "its name is empty or holds `=`"
            } else if name.contains('\0') || value.contains('\0') {
                "it holds a zero byte"
            } else {
                continue;
            };
            return Err(Error::Environment { name: name.clone(), why });
        }
        Ok(())
    }
}

fn check_path(role: &'static str, path: &Path, home: Option<&Path>) -> Result<(), Error> {
    if !path.is_absolute() {
        return Err(Error::Relative { role, path: path.to_owned() });
    }
    // What is not there need not be hidden.
    let real = match std::fs::canonicalize(path) {
        Err(why) if role == "hidden" && why.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(|source| Error::Unusable { role, path: path.to_owned(), source })?,
    };
    if matches!(role, "writable" | "home") && !real.is_dir() {
        let source = std::io::ErrorKind::NotADirectory.into();
        return Err(Error::Unusable { role, path: path.to_owned(), source });
    }
    let holds = if real.parent().is_none() {
        "the whole system"
    } else if role != "hidden" && home.is_some_and(|home| home.starts_with(&real) && home.parent().is_some())
    {
        "the home"
    } else {
        return Ok(());
    };
    Err(Error::Exposes { role, path: path.to_owned(), holds })
}

impl Prepared {
    /// What to run: the launcher, which becomes or starts the server. The server gets the environment that this is
    /// started with, but for `HOME`, the temporary folders and what the policy sets.
    pub fn argv(&self) -> &[OsString] {
        &self.command
    }

    /// The same as something to spawn, in the right folder. Pipes, process group and environment are the caller's.
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.command.first().map_or(OsStr::new(""), OsString::as_os_str));
        command.args(self.command.iter().skip(1));
        if let Some(cwd) = &self.cwd {
            command.current_dir(cwd);
        }
        command
    }

    /// What was enforced; nothing yet if the launcher has not come that far. It has once the server says anything.
    ///
    /// What it says of files is worth nothing if [`Promise::Writes`](crate::Promise::Writes) is not kept, for then the
    /// server could have written this too; so read it early.
    pub fn report(&self) -> Result<Option<Enforced>, Error> {
        match &self.known {
            Some(known) => Ok(Some(known.clone())),
            None => self.line(0),
        }
    }

    /// How the server ended, if it did and somebody was there to see it.
    pub fn end(&self) -> Result<Option<End>, Error> {
        if self.known.is_some() { Ok(None) } else { self.line(1) }
    }

    fn line<T: serde::de::DeserializeOwned>(&self, number: usize) -> Result<Option<T>, Error> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let path = folder.path().join(job::REPORT);
        let text = match job::read_text(&path) {
            Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                return Ok(None);
            }
            other => other?,
        };
        // One that is still being written has no end yet.
        let Some(line) = text.split_inclusive('\n').nth(number).filter(|line| line.ends_with('\n')) else {
            return Ok(None);
        };
        serde_json::from_str(line).map(Some).map_err(|why| Error::Malformed { path, why: why.to_string() })
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // If the launcher was killed it could not do this itself.
        #[cfg(target_os = "linux")]
        if let Some(folder) = &self.folder {
            crate::launch::remove_cgroup(folder.path());
        }
    }
}

/// What this machine can enforce, found by doing it: a launcher confines itself and starts nothing.
pub fn probe_machine(launcher: &Launcher) -> Result<Enforced, Error> {
    let prepared = Policy::new(Level::Default).prepare_job(launcher, &["true".into()], None, true)?;
    if let Some(known) = &prepared.known {
        return Ok(known.clone());
    }
    let output = prepared.command().stdin(Stdio::null()).output().map_err(|source| Error::Io {
        doing: "run",
        path: launcher.program.clone(),
        source,
    })?;
    prepared.report()?.ok_or_else(|| {
        let said = String::from_utf8_lossy(&output.stderr).trim().chars().take(500).collect::<String>();
        Error::NoReport(if said.is_empty() { output.status.to_string() } else { said })
    })
}
