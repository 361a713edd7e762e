//! Where to look: a home, the folders of projects, and what variables say.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use crate::{Os, client::Place};

/// Variables that move a client's folder.
const VARIABLES: &[&str] = &[
    "APPDATA",
    "LOCALAPPDATA",
    "XDG_CONFIG_HOME",
    "CODEX_HOME",
    "CLAUDE_CONFIG_DIR",
    "COPILOT_HOME",
    "PROGRAMDATA",
    "ProgramData",
    "PROGRAMFILES",
    "ProgramFiles",
    "WSL_DISTRO_NAME",
];

/// Folders above a project that are looked at.
const MAX_PARENTS: usize = 32;

/// Where to look. Everything is given from outside: what another system or another person has can be looked at too.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Homes, each with the layout it has. The variables below move the folders of the first only.
    pub homes: Vec<Home>,
    /// Folders whose own files count.
    pub projects: Vec<PathBuf>,
    /// `APPDATA`, `XDG_CONFIG_HOME`, `CODEX_HOME` and their like, as they are set.
    pub variables: BTreeMap<String, String>,
    /// What stands before a path that starts with `/`, and before the drive: empty on a real machine.
    pub root: PathBuf,
    /// Whether to look for project files in the folders that a person's files name too.
    pub named_projects: bool,
}

/// A person's home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The folder.
    pub path: PathBuf,
    /// How folders are laid out in it.
    pub os: Os,
}

impl Places {
    /// A home with this layout, and nothing else.
    pub fn of_home(path: impl Into<PathBuf>, os: Os) -> Self {
        Self { homes: vec![Home { path: path.into(), os }], ..Self::default() }
    }

    /// This machine, as the person who runs this sees it from this folder. Under WSL that includes Windows's homes.
    pub fn here(folder: &Path) -> Self {
        let variables: BTreeMap<String, String> = VARIABLES
            .iter()
            .filter_map(|name| {
                Some(((*name).to_owned(), env::var(name).ok().filter(|value| !value.is_empty())?))
            })
            .collect();
        let home = env::home_dir();
        let mut places = Self {
            homes: home.iter().map(|path| Home { path: path.clone(), os: Os::HERE }).collect(),
            projects: project_folders(folder, home.as_deref()),
            variables,
            root: PathBuf::new(),
            named_projects: true,
        };
        if places.variables.contains_key("WSL_DISTRO_NAME") {
            places.add_homes(Path::new("/mnt/c/Users"), Os::Windows);
        }
        places
    }

    /// Adds every home in this folder (`/home`, `/Users`, `/mnt/c/Users`), with this layout.
    pub fn add_homes(&mut self, folder: &Path, os: Os) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        let shared = ["Public", "Default", "Default User", "All Users", "Shared"];
        let mut found: Vec<PathBuf> = entries
            .take(1_000)
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .filter(|entry| !shared.iter().any(|name| entry.file_name() == *name))
            .map(|entry| entry.path())
            .collect();
        found.sort();
        for path in found {
            if !self.homes.iter().any(|home| home.path == path) {
                self.homes.push(Home { path, os });
            }
        }
    }

    /// The folder that a place starts in, with what is to be looked for below it, for one home.
    pub(crate) fn starts(&self, place: &Place, home: &Home, is_first: bool) -> Vec<(PathBuf, &'static str)> {
        let path = place.path;
        // A relative folder is another one from everywhere; clients pass it over too.
        let variable = |name: &str| {
            let value = is_first.then(|| self.variables.get(name)).flatten().map(PathBuf::from);
            value.filter(|folder| folder.is_absolute())
        };
        if let Some(rest) = path.strip_prefix("~/") {
            return vec![(home.path.clone(), rest)];
        }
        if let Some(rest) = path.strip_prefix('/') {
            return vec![(self.below_root("/"), rest)];
        }
        let Some((base, rest)) = path.strip_prefix('@').and_then(|path| path.split_once('/')) else {
            return Vec::new();
        };
        let default = home.path.join(default_folder(base, home.os));
        // Where a variable points elsewhere, a client that was started without it still has its files in the usual place.
        let folders = match (base, home.os) {
            ("config", Os::Windows) => vec![variable("APPDATA"), Some(default)],
            ("config", Os::Linux) | ("xdg", _) => vec![variable("XDG_CONFIG_HOME"), Some(default)],
            ("localappdata", _) => vec![variable("LOCALAPPDATA"), Some(default)],
            ("codex", _) => vec![variable("CODEX_HOME"), Some(default)],
            ("claude", _) => vec![variable("CLAUDE_CONFIG_DIR"), Some(default)],
            ("copilot", _) => vec![variable("COPILOT_HOME"), Some(default)],
            ("programdata", _) => {
                vec![
                    variable("PROGRAMDATA").or_else(|| variable("ProgramData")),
                    Some(self.below_root("C:/ProgramData")),
                ]
            }
            ("programfiles", _) => {
                vec![
                    variable("PROGRAMFILES").or_else(|| variable("ProgramFiles")),
                    Some(self.below_root("C:/Program Files")),
                ]
            }
            _ => vec![Some(default)],
        };
        let mut starts: Vec<(PathBuf, &'static str)> = Vec::new();
        for folder in folders.into_iter().flatten() {
            if !starts.iter().any(|(known, _)| *known == folder) {
                starts.push((folder, rest));
            }
        }
        starts
    }

    fn below_root(&self, path: &str) -> PathBuf {
        if self.root.as_os_str().is_empty() {
            return PathBuf::from(path);
        }
        // A drive's colon is no part of a name below a root.
        path.split('/')
            .filter(|part| !part.is_empty())
            .fold(self.root.clone(), |root, part| root.join(part.replace(':', "")))
    }
}

/// Where `@NAME` is below a home when no variable moves it.
pub(crate) fn default_folder(base: &str, os: Os) -> &'static str {
    match (base, os) {
        ("config", Os::MacOs) => "Library/Application Support",
        ("config", Os::Windows) => "AppData/Roaming",
        ("localappdata", _) => "AppData/Local",
        ("codex", _) => ".codex",
        ("claude", _) => ".claude",
        ("copilot", _) => ".copilot",
        _ => ".config",
    }
}

/// This folder and those above it whose files a client started here would read: up to the repository's or the home.
pub fn project_folders(folder: &Path, home: Option<&Path>) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for folder in folder.ancestors().take(MAX_PARENTS) {
        if folder.as_os_str().is_empty() {
            break;
        }
        folders.push(folder.to_owned());
        if Some(folder) == home || folder.join(".git").exists() {
            break;
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_ends_at_its_repository_or_at_the_home() {
        let home = tempfile::tempdir().unwrap();
        let deep = home.path().join("work/repo/a/b");
        fs::create_dir_all(&deep).unwrap();
        let outside = project_folders(&deep, Some(home.path()));
        assert_eq!((outside.len(), outside.last()), (5, Some(&home.path().to_owned())));
        fs::create_dir(home.path().join("work/repo/.git")).unwrap();
        let inside = project_folders(&deep, Some(home.path()));
        assert_eq!(inside, [deep.clone(), home.path().join("work/repo/a"), home.path().join("work/repo")]);
    }

    #[test]
    fn a_moved_folder_is_looked_at_beside_the_usual_one_for_its_owner_only() {
        let mut places = Places::of_home("/home/a", Os::Linux);
        places.homes.push(Home { path: "/home/b".into(), os: Os::Linux });
        places.variables.insert("CODEX_HOME".into(), "/elsewhere".into());
        let place = crate::client_by_id("codex").unwrap().places[0];
        let folders = |home: usize| -> Vec<PathBuf> {
            places
                .starts(&place, &places.homes[home], home == 0)
                .into_iter()
                .map(|(folder, _)| folder)
                .collect()
        };
        assert_eq!(folders(0), [PathBuf::from("/elsewhere"), PathBuf::from("/home/a/.codex")]);
        assert_eq!(folders(1), [PathBuf::from("/home/b/.codex")]);
        places.variables.insert("CODEX_HOME".into(), "relative".into());
        let starts = places.starts(&place, &places.homes[0], true);
        assert_eq!(starts, [(PathBuf::from("/home/a/.codex"), "config.toml")]);
    }
}
