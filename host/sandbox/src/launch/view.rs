//! What a server is to see of the file system: decided here, carried out by `mounts` or, where those are not to be had,
//! by `landlock` alone.

use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
};

use super::{places, project};
use crate::{Home, Level, Network, Policy};

/// What a server is to see. Every path is canonical, exists, and is listed once.
#[derive(Debug, Default)]
pub(super) struct View {
    /// Begin with the whole system rather than with nothing.
    pub(super) whole: bool,
    /// Folders that are hidden. What is shown or writable may be inside.
    pub(super) hidden: BTreeSet<PathBuf>,
    /// Those of them that are private whatever the policy says.
    private: BTreeSet<PathBuf>,
    /// Files that are hidden.
    pub(super) masked: BTreeSet<PathBuf>,
    /// Files and folders that may be read and run.
    pub(super) shown: BTreeSet<PathBuf>,
    /// Symbolic links in hidden places whose target is shown: link and target.
    pub(super) links: BTreeSet<(PathBuf, PathBuf)>,
    /// Folders that may be written.
    pub(super) writable: BTreeSet<PathBuf>,
    /// Where the throw-away home is.
    pub(super) home: PathBuf,
    /// What `HOME` says.
    pub(super) home_variable: PathBuf,
    /// What a reader of the report should know.
    pub(super) notes: Vec<String>,
}

/// What becomes of a place in the file system. Of two for the same path the later one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Hidden,
    Shown,
    Writable,
}

/// What the view is made for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) policy: &'a Policy,
    /// The real home.
    pub(super) home: &'a Path,
    /// The folder it starts in.
    pub(super) cwd: &'a Path,
    /// Somebody named that folder; it is not just where the user happens to be.
    pub(super) cwd_is_named: bool,
    pub(super) command: &'a [std::ffi::OsString],
    /// The folder of the sandbox's own files.
    pub(super) own: &'a Path,
}

/// A home here would take the whole sandbox with it.
const TEMPORARY_HOME: &str = "/tmp/home";

impl View {
    pub(super) fn plan(asked: Asked<'_>) -> Self {
        let mut view = Self { whole: asked.policy.level != Level::Strict, ..Self::default() };
        let home = canonical(asked.home).filter(|home| is_a_home(home));
        view.home = home.clone().unwrap_or_else(|| TEMPORARY_HOME.into());
        view.home_variable = match &asked.policy.home {
            Home::Throwaway => view.home.clone(),
            Home::Named(folder) => folder.clone(),
        };
        view.hide(asked.policy, home.as_deref());
        view.show_all(places::SYSTEM_SHOWN.iter().map(PathBuf::from));
        if view.whole {
            // HOME need not be where whoever runs this keeps a toolchain; then PATH leads there.
            for home in project::homes_in_path().into_iter().chain(home.clone()) {
                view.show_all(places::TOOLCHAINS.iter().map(|below| home.join(below)));
            }
        } else {
            view.show_all(places::STRICT_SHOWN.iter().map(PathBuf::from));
        }
        if asked.policy.network == Network::Allowed {
            view.show_all(places::RESOLVER_SHOWN.iter().map(PathBuf::from));
        }
        view.show_command(asked, home.as_deref());
        view.show_all(asked.policy.readable.iter().cloned());
        let named = match &asked.policy.home {
            Home::Named(folder) => Some(folder),
            Home::Throwaway => None,
        };
        for folder in asked.policy.writable.iter().chain(named) {
            view.writable.extend(canonical(folder));
        }
        view.shown.retain(|path| !path.starts_with(asked.own));
        // What was hidden by name stays hidden, whoever shows it.
        for hidden in asked.policy.hidden.iter().filter_map(|path| canonical(path)) {
            view.shown.remove(&hidden);
            view.writable.remove(&hidden);
        }
        view
    }

    fn hide(&mut self, policy: &Policy, home: Option<&Path>) {
        let folders = places::HIDDEN_FOLDERS.iter().map(PathBuf::from).chain(home.map(Path::to_owned));
        self.private =
            folders.filter_map(|folder| canonical(&folder)).filter(|folder| folder.is_dir()).collect();
        // What a link such as `/var/run` leads to could be anything but this.
        self.private.remove(Path::new("/"));
        self.hidden.clone_from(&self.private);
        for named in policy.hidden.iter().filter_map(|path| canonical(path)) {
            if named.is_dir() {
                self.hidden.insert(named);
            } else {
                self.masked.insert(named);
            }
        }
        self.masked.extend(places::HIDDEN_FILES.iter().filter_map(|file| canonical(Path::new(file))));
    }

    fn show_all(&mut self, paths: impl Iterator<Item = PathBuf>) {
        for path in paths {
            self.show(&path);
        }
    }

    fn show(&mut self, path: &Path) {
        let (Some(real), Some(named)) = (canonical(path), parent_canonical(path)) else { return };
        if real != named && (self.is_hidden(&named) || !self.whole) {
            self.links.insert((named, real.clone()));
        }
        if real.parent().is_some() && (self.is_hidden(&real) || !self.whole) {
            self.shown.insert(real);
        }
    }

    /// What the command itself names: its program, its script, and the project they are part of.
    fn show_command(&mut self, asked: Asked<'_>, home: Option<&Path>) {
        if asked.cwd_is_named {
            match canonical(asked.cwd) {
                Some(cwd) if self.whole && !self.is_hidden(&cwd) => {}
                Some(cwd) if self.gives_too_much(&cwd, home) => {
                    self.notes
                        .push(format!("the folder it starts in, `{}`, is not shown to it", cwd.display()));
                }
                Some(cwd) => self.show(&cwd),
                None => {}
            }
        }
        for named in project::named_by(asked.command, asked.cwd) {
            if !self.is_hidden(&named) && self.whole {
                continue;
            }
            let Some(bound) = self.bound(&named).map(Path::to_owned) else { continue };
            if self.gives_too_much(&named, home) {
                self.notes.push(format!("the command names `{}`, which is not shown to it", named.display()));
                continue;
            }
            // What is shown already, such as a toolchain, needs no project around it.
            if self.shown.iter().any(|shown| named.starts_with(shown)) {
                continue;
            }
            let whole = project::around(&named, &bound, self.whole);
            let shown = if self.gives_too_much(&whole, home) { &named } else { &whole };
            self.notes.push(format!("it reads `{}`, which its command names a part of", shown.display()));
            self.show(shown);
        }
    }

    /// The hidden folder it is in; in an empty view everything is in one.
    fn bound(&self, path: &Path) -> Option<&Path> {
        let hidden = self.hidden.iter().filter(|hidden| path.starts_with(hidden) && path != hidden.as_path());
        hidden
            .max_by_key(|hidden| hidden.components().count())
            .map(PathBuf::as_path)
            .or_else(|| (!self.whole).then_some(Path::new("/")))
    }

    /// Whether showing this would show a hidden folder whole, or a secret.
    fn gives_too_much(&self, path: &Path, home: Option<&Path>) -> bool {
        self.private.iter().any(|private| private.starts_with(path))
            || path.parent().is_none()
            || home.is_some_and(|home| {
                let mut secrets = places::SECRETS.iter().map(|secret| home.join(secret));
                secrets.any(|secret| path.starts_with(&secret) || secret.starts_with(path))
            })
            || path.starts_with("/etc") && self.is_hidden(path)
    }

    fn is_hidden(&self, path: &Path) -> bool {
        self.masked.contains(path) || self.hidden.iter().any(|hidden| path.starts_with(hidden))
    }

    /// What becomes of a path: the nearest place above it, or itself, decides.
    pub(super) fn place(&self, path: &Path) -> Place {
        let places = [
            (&self.hidden, Place::Hidden),
            (&self.masked, Place::Hidden),
            (&self.shown, Place::Shown),
            (&self.writable, Place::Writable),
        ];
        let nearest = places
            .into_iter()
            .flat_map(|(paths, place)| paths.iter().map(move |at| (at, place)))
            .filter(|(at, _)| path.starts_with(at))
            .max_by_key(|(at, place)| (at.components().count(), *place));
        match nearest {
            Some((_, place)) => place,
            None if self.whole => Place::Shown,
            None => Place::Hidden,
        }
    }
}

/// Not the root, not a part of the system: a folder that can be replaced by an empty one.
fn is_a_home(path: &Path) -> bool {
    let mut parts = path.components().skip(1);
    let (first, second) = (parts.next(), parts.next());
    let system = ["usr", "bin", "sbin", "lib", "lib64", "etc", "dev", "proc", "sys", "run", "nix"];
    match (first, second) {
        (Some(Component::Normal(first)), second) => {
            path.is_dir()
                && !system.iter().any(|part| *part == first)
                // `/home` itself, or `/var`, as the home of some service.
                && (second.is_some() || first == "root")
        }
        _ => false,
    }
}

pub(super) fn canonical(path: &Path) -> Option<PathBuf> {
    std::fs::canonicalize(path).ok()
}

/// Canonical but for its last part, so that a link is still itself.
pub(super) fn parent_canonical(path: &Path) -> Option<PathBuf> {
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => Some(canonical(parent)?.join(name)),
        _ => canonical(path),
    }
}

#[cfg(test)]
mod tests {
    use std::{ffi::OsString, fs};

    use super::*;

    fn plan(policy: &Policy, home: &Path, cwd: &Path, command: &[&str]) -> View {
        let command: Vec<OsString> = command.iter().map(OsString::from).collect();
        View::plan(Asked {
            policy,
            home,
            cwd,
            cwd_is_named: false,
            command: &command,
            own: Path::new("/tmp/own"),
        })
    }

    /// Not below the temporary folder, which is hidden for another reason.
    fn home() -> tempfile::TempDir {
        tempfile::Builder::new().prefix("home").tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap()
    }

    fn seen(view: &View, path: &Path) -> bool {
        view.place(path) != Place::Hidden
    }

    #[test]
    fn a_home_is_hidden_but_its_toolchains_are_shown() {
        let home = home();
        fs::create_dir_all(home.path().join(".pyenv/versions")).unwrap();
        fs::create_dir_all(home.path().join(".ssh")).unwrap();
        let view = plan(&Policy::new(Level::Default), home.path(), Path::new("/"), &["true"]);
        let home = home.path().canonicalize().unwrap();
        assert!(seen(&view, &home.join(".pyenv/versions")));
        assert!(!seen(&view, &home.join(".ssh")));
        assert!(seen(&view, Path::new("/usr/bin")));
        assert!(!seen(&view, Path::new("/etc/shadow")));
    }

    #[test]
    fn the_project_of_a_script_is_shown_and_nothing_beside_it() {
        let home = home();
        fs::create_dir_all(home.path().join("work/server/dist")).unwrap();
        fs::create_dir_all(home.path().join("work/other")).unwrap();
        fs::write(home.path().join("work/server/package.json"), "{}").unwrap();
        fs::write(home.path().join("work/server/dist/index.js"), "").unwrap();
        let script = home.path().join("work/server/dist/index.js");
        let view = plan(
            &Policy::new(Level::Default),
            home.path(),
            Path::new("/"),
            &["node", script.to_str().unwrap()],
        );
        let home = home.path().canonicalize().unwrap();
        assert!(seen(&view, &home.join("work/server/package.json")));
        assert!(!seen(&view, &home.join("work/other")));
        assert!(!seen(&view, &home.join("work")));
    }

    #[test]
    fn a_script_right_in_the_home_does_not_show_the_home() {
        let home = home();
        fs::write(home.path().join("server.py"), "").unwrap();
        fs::write(home.path().join("package.json"), "{}").unwrap();
        fs::write(home.path().join("diary"), "").unwrap();
        let view = plan(&Policy::new(Level::Default), home.path(), home.path(), &["python3", "server.py"]);
        let home = home.path().canonicalize().unwrap();
        assert!(seen(&view, &home.join("server.py")));
        assert!(!seen(&view, &home.join("diary")));
    }

    #[test]
    fn a_command_that_names_a_secret_does_not_get_it() {
        let home = home();
        fs::create_dir_all(home.path().join(".ssh")).unwrap();
        fs::write(home.path().join(".ssh/id_ed25519"), "key").unwrap();
        let key = home.path().join(".ssh/id_ed25519");
        let command = ["server", key.to_str().unwrap(), "/etc/shadow", home.path().to_str().unwrap(), "/"];
        let view = plan(&Policy::new(Level::Default), home.path(), Path::new("/"), &command);
        let home = home.path().canonicalize().unwrap();
        assert!(!seen(&view, &home.join(".ssh/id_ed25519")));
        assert!(!seen(&view, Path::new("/etc/shadow")));
        assert!(!view.shown.contains(&home) && !view.shown.contains(Path::new("/")));
        assert!(!view.notes.is_empty(), "it is said");
    }

    #[test]
    fn strict_shows_the_system_and_no_toolchain() {
        let home = home();
        fs::create_dir_all(home.path().join(".pyenv/versions")).unwrap();
        let view = plan(&Policy::new(Level::Strict), home.path(), Path::new("/"), &["true"]);
        let home = home.path().canonicalize().unwrap();
        assert!(!seen(&view, &home.join(".pyenv/versions")));
        assert!(seen(&view, Path::new("/usr/bin/env")));
        assert!(!seen(&view, Path::new("/opt")));
        assert!(!seen(&view, Path::new("/etc/shadow")));
    }

    #[test]
    fn a_home_that_is_the_root_or_the_system_is_replaced_and_not_hidden() {
        for home in ["/", "/usr", "/nonexistent", "/etc"] {
            let view = plan(&Policy::new(Level::Default), Path::new(home), Path::new("/"), &["true"]);
            assert_eq!(view.home, Path::new(TEMPORARY_HOME), "{home}");
            assert!(seen(&view, Path::new("/usr/bin")), "{home}");
        }
    }
}
