//! Which files a command names, and which project they are part of.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::{
    places,
    view::{canonical, parent_canonical},
};

/// No command names more files than this to run.
const MOST_ARGUMENTS: usize = 256;

/// The files and folders that a command names: the program, found as a shell would find it, and arguments that are paths.
/// Each as it is named and, if that is a link, where it leads.
pub(super) fn named_by(command: &[OsString], cwd: &Path) -> Vec<PathBuf> {
    let mut named = Vec::new();
    let mut add = |path: PathBuf| {
        let Some(real) = canonical(&path) else { return };
        named.extend(parent_canonical(&path).filter(|literal| *literal != real));
        named.push(real);
    };
    if let Some(program) = command.first() {
        if program.to_string_lossy().contains('/') {
            add(cwd.join(program));
        } else {
            let found = std::env::var_os("PATH").and_then(|path| {
                std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
            });
            found.into_iter().for_each(&mut add);
        }
    }
    for argument in command.iter().skip(1).take(MOST_ARGUMENTS) {
        let text = argument.to_string_lossy();
        match text.split_once('=') {
            Some((option, value)) if option.starts_with('-') && value.contains('/') => add(cwd.join(value)),
            // A word such as `server` may be a folder by chance; a path or a file with an extension is meant.
            _ if !text.starts_with('-') && (text.contains('/') || text.contains('.')) => {
                add(cwd.join(argument));
            }
            _ => {}
        }
    }
    named
}

/// The homes that programs are looked for in: `/root` and those in `/home`.
pub(super) fn homes_in_path() -> BTreeSet<PathBuf> {
    let Some(path) = std::env::var_os("PATH") else { return BTreeSet::new() };
    let home_of = |folder: PathBuf| {
        let parts = if folder.starts_with("/root") { 2 } else { 3 };
        let home: PathBuf = folder.components().take(parts).collect();
        (folder.starts_with("/root") || folder.starts_with("/home")).then_some(home)
    };
    std::env::split_paths(&path).filter_map(home_of).collect()
}

/// The folder of the project that a file is part of, strictly below `bound`; the file alone if it lies right in `bound`.
/// `widely` takes the folder above several projects, in which their modules may be.
pub(super) fn around(file: &Path, bound: &Path, widely: bool) -> PathBuf {
    let folder = if file.is_dir() { file } else { file.parent().unwrap_or(file) };
    let within: Vec<&Path> =
        folder.ancestors().take_while(|folder| *folder != bound && folder.starts_with(bound)).collect();
    let has = |folder: &Path, marks: &[&str]| marks.iter().any(|mark| folder.join(mark).exists());
    let workspace =
        within.iter().rev().find(|folder| has(folder, places::WORKSPACE_MARKS)).filter(|_| widely);
    let project = within.iter().find(|folder| has(folder, places::PROJECT_MARKS));
    // An installed program has its libraries beside its `bin`.
    let prefix = match within.as_slice() {
        [bin, prefix, ..] if bin.ends_with("bin") && prefix.join("lib").is_dir() => Some(prefix),
        _ => None,
    };
    match (workspace.or(project).or(prefix), within.first()) {
        (Some(found), _) => (*found).to_owned(),
        (None, Some(_)) if file.is_dir() => file.to_owned(),
        (None, Some(folder)) => (*folder).to_owned(),
        (None, None) => file.to_owned(),
    }
}
