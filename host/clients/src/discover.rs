//! Looks at every place where a known client may keep servers.

use std::{
    collections::{HashSet, VecDeque},
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    Config, ConfigError, Home, Os, Places,
    client::{Client, Place, Reach, clients},
    config,
    limits::{MAX_BYTES_IN_ALL, MAX_ENTRIES, MAX_ENTRIES_OF_ONE, MAX_FOLDERS_DEEP},
    permissions::{self, Permissions},
    recognise::{Known, name_matches, shown},
    table::{INCLUDED, PERMISSIONS},
};

/// Projects that a person's files name and that are looked at too.
const MAX_PROJECTS: usize = 500;

/// What was found. What could not be read stands beside what could: it was not checked.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Discovery {
    /// Every file that is there and could be read, with its servers; some name none.
    pub found: Vec<Config>,
    /// Every file that is there and gave nothing, and why.
    pub failed: Vec<ConfigError>,
    /// Every place that was looked at, found or not; `*` stands for any name.
    pub looked_at: Vec<PathBuf>,
}

impl Discovery {
    /// Every server of every file.
    pub fn servers(&self) -> impl Iterator<Item = &crate::ServerEntry> {
        self.found.iter().flat_map(|config| &config.servers)
    }
}

/// Looks at these places. Nothing is started, and no file but the clients' own is opened.
pub fn discover(places: &Places) -> Discovery {
    let mut search = Search::default();
    for (index, home) in places.homes.iter().enumerate() {
        // One word for somebody else's home that is closed, not one for each place in it.
        if index > 0
            && let Err(source) = fs::read_dir(&home.path)
        {
            search.discovery.failed.push(ConfigError::Unreadable { path: home.path.clone(), source });
            continue;
        }
        for (client, place) in each_place(home.os) {
            let is_managed = place.reach == Reach::Managed;
            if place.reach == Reach::Project || (is_managed && index > 0) {
                continue;
            }
            for (start, rest) in places.starts(place, home, index == 0) {
                search.look(client, place, &start, rest, &home.path);
            }
        }
        for place in PERMISSIONS.iter().filter(|place| place.os.contains(&home.os)) {
            if place.reach == Reach::User || (place.reach == Reach::Managed && index == 0) {
                for (start, rest) in places.starts(place, home, index == 0) {
                    search.permissions(&shown(&start, rest), None, Some(&home.path));
                }
            }
        }
    }
    let mut projects = places.projects.clone();
    if places.named_projects {
        for config in &search.discovery.found {
            projects
                .extend(config.projects.iter().filter(|path| path.is_absolute()).take(MAX_PROJECTS).cloned());
            if config.projects.len() > MAX_PROJECTS {
                let path = config.file.clone();
                search.discovery.failed.push(ConfigError::TooMany {
                    path,
                    what: "projects",
                    limit: MAX_PROJECTS,
                });
            }
        }
    }
    let os = places.homes.first().map_or(Os::HERE, |home| home.os);
    let mut looked: HashSet<PathBuf> = HashSet::new();
    for project in projects {
        if looked.insert(project.clone()) {
            search.project(&project, os, places.homes.first());
        }
    }
    search.finish()
}

fn each_place(os: Os) -> impl Iterator<Item = (&'static Client, &'static Place)> {
    clients()
        .iter()
        .flat_map(|client| client.places.iter().map(move |place| (client, place)))
        .filter(move |(_, place)| place.os.contains(&os))
}

#[derive(Default)]
struct Search {
    discovery: Discovery,
    /// Files that were read.
    seen: HashSet<PathBuf>,
    /// Bytes that were read, or would have been.
    bytes: u64,
    /// Places that were told.
    told: HashSet<PathBuf>,
    /// Settings, and the home of those they are for.
    permissions: Vec<(Permissions, Option<PathBuf>)>,
}

impl Search {
    fn project(&mut self, folder: &Path, os: Os, home: Option<&Home>) {
        let home = home.map_or(Path::new(""), |home| &home.path).to_owned();
        for (client, place) in each_place(os).filter(|(_, place)| place.reach == Reach::Project) {
            self.look(client, place, folder, place.path, &home);
        }
        for place in PERMISSIONS.iter().filter(|place| place.reach == Reach::Project) {
            self.permissions(&shown(folder, place.path), Some(folder), None);
        }
    }

    fn permissions(&mut self, path: &Path, folder: Option<&Path>, home: Option<&Path>) {
        self.tell(path.to_owned());
        if path.symlink_metadata().is_err() && !is_odd(path) {
            return;
        }
        match permissions::read(path, folder) {
            Ok(read) => self.permissions.extend(read.into_iter().map(|one| (one, home.map(Path::to_owned)))),
            // A file that holds servers too has been told of already.
            Err(error) if !self.seen.contains(path) => self.discovery.failed.push(error),
            Err(_) => {}
        }
    }

    fn tell(&mut self, place: PathBuf) {
        if self.told.insert(place.clone()) {
            self.discovery.looked_at.push(place);
        }
    }

    fn finish(mut self) -> Discovery {
        for (permissions, home) in &self.permissions {
            for config in &mut self.discovery.found {
                for server in &mut config.servers {
                    if home.is_none() || server.home == *home {
                        permissions.apply(server);
                    }
                }
            }
        }
        self.discovery
    }

    fn look(
        &mut self,
        client: &'static Client,
        place: &'static Place,
        start: &Path,
        rest: &str,
        home: &Path,
    ) {
        self.tell(shown(start, rest));
        let mut walk = Walk { found: Vec::new(), failed: Vec::new(), entries: 0 };
        walk.below(start, rest);
        self.discovery.failed.append(&mut walk.failed);
        let known = Known::new(client, place);
        for path in walk.found {
            self.file(&path, &known, home);
        }
    }

    fn file(&mut self, path: &Path, known: &Known, home: &Path) {
        if !self.seen.insert(path.to_owned()) {
            return;
        }
        self.bytes = self.bytes.saturating_add(fs::metadata(path).map_or(0, |metadata| metadata.len()));
        if self.bytes > MAX_BYTES_IN_ALL {
            let limit = usize::try_from(MAX_BYTES_IN_ALL).unwrap_or(usize::MAX);
            let what = "bytes with the files before it";
            return self.discovery.failed.push(ConfigError::TooMany { path: path.to_owned(), what, limit });
        }
        match config::read_known(path, known, home) {
            Ok(config) => {
                let included = Known::new(known.client, &INCLUDED);
                let includes = config.includes.clone();
                self.discovery.found.push(config);
                for path in includes {
                    self.tell(path.clone());
                    // Such a file names no further ones.
                    self.file(&path, &included, home);
                }
            }
            Err(error) => self.discovery.failed.push(error),
        }
    }
}

/// Finds what a pattern stands for, within bounds.
struct Walk {
    found: Vec<PathBuf>,
    failed: Vec<ConfigError>,
    entries: usize,
}

impl Walk {
    fn below(&mut self, start: &Path, rest: &str) {
        let Some((part, rest)) = rest.split_once('/') else {
            for path in self.named(start, rest) {
                // A link to nowhere is there, and so is what may not be looked at: reading it says what is wrong.
                if path.symlink_metadata().is_ok_and(|metadata| !metadata.is_dir()) || is_odd(&path) {
                    self.found.push(path);
                }
            }
            return;
        };
        if part == "**" {
            for folder in self.folders(start) {
                self.below(&folder, rest);
            }
        } else {
            for folder in self.named(start, part) {
                self.below(&folder, rest);
            }
        }
    }

    /// What has this name in a folder.
    fn named(&mut self, folder: &Path, name: &str) -> Vec<PathBuf> {
        if !name.contains('*') {
            return vec![folder.join(name)];
        }
        let mut paths: Vec<PathBuf> = self
            .entries(folder)
            .into_iter()
            .filter(|path| path.file_name().is_some_and(|found| name_matches(name, &found.to_string_lossy())))
            .collect();
        paths.sort();
        paths
    }

    /// A folder and all within it, links to folders left out: they may lead in circles.
    fn folders(&mut self, start: &Path) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        let mut open = VecDeque::from([(start.to_owned(), 0_usize)]);
        while let Some((folder, depth)) = open.pop_front() {
            if depth < MAX_FOLDERS_DEEP {
                let mut inner: Vec<PathBuf> = self
                    .entries(&folder)
                    .into_iter()
                    .filter(|path| path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()))
                    .filter(|path| {
                        path.file_name().is_none_or(|name| name != "node_modules" && name != ".git")
                    })
                    .collect();
                inner.sort();
                open.extend(inner.into_iter().map(|path| (path, depth.saturating_add(1))));
            }
            folders.push(folder);
        }
        folders
    }

    fn entries(&mut self, folder: &Path) -> Vec<PathBuf> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Vec::new();
            }
            Err(source) => {
                self.failed.push(ConfigError::Unreadable { path: folder.to_owned(), source });
                return Vec::new();
            }
        };
        let mut paths = Vec::new();
        for entry in entries.filter_map(Result::ok) {
            let limit = if self.entries >= MAX_ENTRIES { MAX_ENTRIES } else { MAX_ENTRIES_OF_ONE };
            if paths.len() >= MAX_ENTRIES_OF_ONE || self.entries >= MAX_ENTRIES {
                let path = folder.to_owned();
                self.failed.push(ConfigError::TooMany { path, what: "files", limit });
                break;
            }
            self.entries = self.entries.saturating_add(1);
            paths.push(entry.path());
        }
        paths
    }
}

/// A folder where a file should be, or something that may not even be looked at.
fn is_odd(path: &Path) -> bool {
    match path.symlink_metadata() {
        Ok(metadata) => metadata.is_dir(),
        Err(error) => !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
    }
}
