//! The launcher: the process that confines itself and then runs the server.
//!
//! Two processes, because a process cannot move itself into a new pid namespace. `outer` makes the namespaces and starts
//! `init` in them; `init` does the rest, starts the server and stays as its reaper: when it ends, so does all that the
//! server left. Where there is no pid namespace, `outer` does the rest itself and becomes the server.

mod capabilities;
mod cgroup;
mod confine;
mod facts;
mod judge;
mod landlock;
mod limits;
mod loopback;
mod mountinfo;
mod mounts;
mod namespaces;
mod places;
mod project;
mod relay;
mod seccomp;
mod stages;
mod view;

pub(crate) use cgroup::remove_made_for as remove_cgroup;

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use crate::{Error, job};

/// What the launcher exits with if it never came to start the server.
const FAILED: u8 = 125;

/// Says that this is the second process.
const INIT: &str = "--init";
/// Says that this is the process that only tries.
const TRIAL: &str = "--trial";

/// The launcher. Call it first thing, before any thread is started and any file opened, with the arguments that follow
/// the hidden subcommand. It returns only when the server has ended, or could not be started.
pub fn launch(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match launched(arguments) {
        Ok(code) => code,
        Err(why) => {
            eprintln!("bartizan: {why}");
            ExitCode::from(FAILED)
        }
    }
}

fn launched(arguments: impl IntoIterator<Item = OsString>) -> Result<ExitCode, Error> {
    let mut arguments = arguments.into_iter();
    let own = PathBuf::from(arguments.next().ok_or(Error::NoCommand)?);
    let mut next = arguments.next();
    let stage = next.take_if(|argument| argument == INIT || argument == TRIAL);
    if stage.is_some() {
        next = arguments.next();
    }
    let command: Vec<OsString> = arguments.collect();
    if next.is_none_or(|separator| separator != job::SEPARATOR) || command.is_empty() {
        return Err(Error::NoCommand);
    }
    match stage.as_deref() {
        Some(stage) if stage == TRIAL => Ok(stages::trial()),
        Some(_) => stages::init(&own, &command),
        None => stages::outer(&own, &command),
    }
}

/// As the kernel says itself, such as `6.18.44-fc`.
fn kernel_is_at_least(major: u32, minor: u32) -> bool {
    let Ok(release) = std::fs::read_to_string("/proc/sys/kernel/osrelease") else { return false };
    let mut numbers =
        release.split(|letter: char| !letter.is_ascii_digit()).map_while(|number| number.parse::<u32>().ok());
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (major, minor)
}
