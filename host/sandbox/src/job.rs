//! What the parent leaves for the launcher in the sandbox's own folder, and what the launcher leaves for the parent.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{Error, Policy};

/// What the launcher is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Job {
    pub(crate) policy: Policy,
    /// The real home of whoever runs us.
    pub(crate) home: PathBuf,
    /// Somebody named the folder that the server starts in.
    pub(crate) cwd_is_named: bool,
    /// Only see what this machine enforces; start nothing.
    pub(crate) is_probe: bool,
    /// The arguments that lead to the launcher.
    pub(crate) launcher: Vec<String>,
}

/// The parent's file.
pub(crate) const JOB: &str = "job.json";
/// The launcher's answer: a line of what was enforced, and later one of how it ended.
pub(crate) const REPORT: &str = "report.jsonl";
/// Where the launcher made a cgroup, if it did.
#[cfg(target_os = "linux")]
pub(crate) const CGROUP: &str = "cgroup";
/// What a new file system is built in, on Linux.
pub(crate) const FOLDERS: [&str; 4] = ["root", "scratch", "home", "tmp"];
/// Separates the launcher's own arguments from the server's command.
pub(crate) const SEPARATOR: &str = "--";

/// Everything that is read here is smaller by far.
const MOST_BYTES: u64 = 1024 * 1024;

pub(crate) fn write_new(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    let mut file = create(path)?;
    write_line(&mut file, path, value)
}

/// A file of our own that was not there before.
pub(crate) fn create(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|source| Error::Io { doing: "create", path: path.to_owned(), source })
}

/// In one piece, with an end by which a reader knows that all of it is there.
pub(crate) fn write_line(file: &mut File, path: &Path, value: &impl Serialize) -> Result<(), Error> {
    let mut line = serde_json::to_vec(value)
        .map_err(|why| Error::Malformed { path: path.to_owned(), why: why.to_string() })?;
    line.push(b'\n');
    file.write_all(&line).map_err(|source| Error::Io { doing: "write", path: path.to_owned(), source })
}

#[cfg(target_os = "linux")]
pub(crate) fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = read_text(path)?;
    serde_json::from_str(&text)
        .map_err(|why| Error::Malformed { path: path.to_owned(), why: why.to_string() })
}

/// A bounded text file.
pub(crate) fn read_text(path: &Path) -> Result<String, Error> {
    let failed = |source| Error::Io { doing: "read", path: path.to_owned(), source };
    let mut text = String::new();
    File::open(path).map_err(failed)?.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(Error::Malformed {
            path: path.to_owned(),
            why: format!("it is over {MOST_BYTES} bytes"),
        });
    }
    Ok(text)
}
