//! What becomes of what is installed: `enable`, `disable`, `remove`, `verify`.

use std::path::Path;

use bartizan_installed::{Change, LockFile};
use bartizan_registry::{ComponentName, StateError};
use bartizan_scan::{Plugins, Problem};

use crate::{
    args::Global,
    commands::table,
    exit::{Exit, Failure, warn},
    output::to_stdout,
    paths::Paths,
    session::{self, LOCK_FILE},
};

/// What the state of the components means for the exit code.
pub(super) fn exit_of(plugins: &Plugins) -> Exit {
    if plugins.problems().iter().any(Problem::is_refusal) {
        Exit::Refused
    } else if plugins.problems().is_empty() {
        Exit::Clean
    } else {
        Exit::Incomplete
    }
}

/// This user's folders, without which nothing can be installed.
pub(crate) fn home() -> Result<Paths, Failure> {
    Paths::of_user().ok_or_else(|| Failure::usage("this user has no home folder to install into", "set HOME"))
}

pub(crate) fn state(error: StateError) -> Failure {
    Failure::new(Exit::Incomplete, error, "check the folder and the free space; nothing was changed")
}

/// The lock file that a change belongs into: the one that is here, or a new one where there is a project.
pub(crate) fn lock_path() -> Option<&'static Path> {
    let is_project = Path::new(LOCK_FILE).exists() || Path::new("bartizan.toml").exists();
    is_project.then_some(Path::new(LOCK_FILE))
}

pub(crate) fn name(text: &str) -> Result<ComponentName, Failure> {
    text.parse().map_err(|error| Failure::usage(error, "write publisher/name"))
}

/// Changes one installed component. A project's pin of it goes only where the component goes: what is pinned and switched off
/// is not what was pinned, and `--locked` says so.
fn change(
    global: &mut Global,
    text: &str,
    what: impl FnOnce(&mut Change, &ComponentName),
) -> Result<(), Failure> {
    session::configuration(global)?;
    let name = name(text)?;
    let mut change = home()?.store().change().map_err(state)?;
    if change.installed().get(&name).is_none() {
        let advice = if name.publisher() == "bartizan" {
            "it came with this program; switch it off with `enabled = false` in bartizan.toml".to_owned()
        } else {
            "`bartizan plugins list` lists what there is".to_owned()
        };
        return Err(Failure::usage(format!("`{name}` is not installed"), advice));
    }
    what(&mut change, &name);
    let is_gone = change.installed().get(&name).is_none();
    change
        .commit_then(|| {
            let Some(path) = lock_path().filter(|_| is_gone) else { return Ok(()) };
            let Some(mut lock) = LockFile::read(path)? else { return Ok(()) };
            if lock.unpin(&name) { lock.write(path) } else { Ok(()) }
        })
        .map_err(state)
}

pub(super) fn remove(global: &mut Global, name: &str) -> Result<Exit, Failure> {
    change(global, name, |change, name| {
        change.remove(name);
    })?;
    to_stdout(format!("removed {name}\n").as_bytes(), false);
    Ok(Exit::Clean)
}

pub(super) fn switch(global: &mut Global, name: &str, on: bool) -> Result<Exit, Failure> {
    change(global, name, |change, name| {
        if let Some(entry) = change.get_mut(name) {
            entry.enabled = on;
        }
    })?;
    to_stdout(format!("{} {name}\n", if on { "enabled" } else { "disabled" }).as_bytes(), false);
    Ok(Exit::Clean)
}

/// Checks every component anew: signature, digest, revocation, time, sequence, grants, and that it still says who it is.
pub(super) fn verify(global: &mut Global) -> Result<Exit, Failure> {
    let (config, paths) = session::configuration(global)?;
    let plugins = session::plugins(&config, paths.as_ref(), global, false)?;
    let mut listed = table::table(&["COMPONENT", "VERSION", "DIGEST", ""]);
    for standing in plugins.loaded() {
        let reference = standing.component.reference();
        listed.add_row([&reference.name, &reference.version, &reference.digest.short(), "as signed"]);
    }
    table::print(&listed);
    for problem in plugins.problems() {
        warn(problem, problem.advice());
    }
    Ok(exit_of(&plugins))
}
