//! What a project says of itself.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use bartizan_pack::Crate;
use bartizan_registry::{AskedLimits, ComponentName, Grants};
use semver::Version;

use crate::{
    AuthorError, Language, MANIFEST,
    manifest::{MAX_MANIFEST, Manifest},
};

/// A plugin project: the claims that its component will be signed with, and what is needed to build it.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its name, "publisher/name".
    pub name: ComponentName,
    /// Its version.
    pub version: Version,
    /// One line, for lists. A crate says it in its code; then this is empty.
    pub summary: String,
    /// The language it is written in.
    pub language: Language,
    /// SPDX expression.
    pub license: Option<String>,
    /// Where its source is.
    pub source: Option<String>,
    /// What it asks for beyond the contract.
    pub grants: Grants,
    /// Which limits it asks to be raised.
    pub limits: AskedLimits,
    pub(crate) folder: PathBuf,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Crate(Box<Crate>),
    Manifest { entry: String },
}

impl Project {
    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder with test vectors.
    pub fn vectors(&self) -> PathBuf {
        self.folder.join("vectors")
    }
}

/// Reads the project in a folder.
pub fn read_project(folder: &Path) -> Result<Project, AuthorError> {
    // Tools are started in other folders, where a relative path would mean something else.
    let folder = folder.canonicalize().map_err(|source| AuthorError::Io {
        doing: "read",
        path: folder.to_owned(),
        source,
    })?;
    let manifest = folder.join(MANIFEST);
    if manifest.exists() {
        return read_manifest(&manifest, folder);
    }
    if folder.join("Cargo.toml").exists() {
        return read_crate(folder);
    }
    Err(AuthorError::NoProject { folder })
}

fn read_manifest(path: &Path, folder: PathBuf) -> Result<Project, AuthorError> {
    let mut text = String::new();
    fs::File::open(path)
        .and_then(|file| file.take(MAX_MANIFEST + 1).read_to_string(&mut text))
        .map_err(|source| AuthorError::Io { doing: "read", path: path.to_owned(), source })?;
    let wrong = |why| AuthorError::Manifest { path: path.to_owned(), why };
    if text.len() as u64 > MAX_MANIFEST {
        return Err(wrong(format!("it is longer than {MAX_MANIFEST} bytes")));
    }
    let manifest = Manifest::parse(&text).map_err(wrong)?;
    if !folder.join(&manifest.build.entry).is_file() {
        return Err(wrong(format!("there is no file `{}` (build.entry)", manifest.build.entry)));
    }
    Ok(Project {
        name: manifest.name,
        version: manifest.version,
        summary: manifest.summary,
        language: manifest.language,
        license: manifest.license,
        source: manifest.source,
        grants: manifest.grants,
        limits: manifest.limits.asked(),
        folder,
        kind: Kind::Manifest { entry: manifest.build.entry },
    })
}

fn read_crate(folder: PathBuf) -> Result<Project, AuthorError> {
    let mut crates = bartizan_pack::read_crates(&folder)?;
    let (count, last) = (crates.len(), crates.pop());
    let Some(krate) = last.filter(|_| count == 1) else {
        return Err(AuthorError::NotOneCrate { folder, count });
    };
    let version = krate.version.parse().map_err(|error: semver::Error| AuthorError::Manifest {
        path: folder.join("Cargo.toml"),
        why: format!("version: {error}"),
    })?;
    Ok(Project {
        name: krate.metadata.name.clone(),
        version,
        summary: String::new(),
        language: Language::Rust,
        license: krate.license.clone(),
        source: krate.metadata.source.clone(),
        grants: krate.metadata.grants.clone(),
        limits: krate.metadata.limits.asked(),
        folder,
        kind: Kind::Crate(Box::new(krate)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_plugin;

    #[test]
    fn a_new_project_is_read_as_what_was_asked_for() {
        for language in Language::ALL.into_iter().filter(|&language| language != Language::Rust) {
            let folder = tempfile::tempdir().unwrap();
            new_plugin(language, &"acme/shouting".parse().unwrap(), folder.path()).unwrap();
            let project = read_project(folder.path()).unwrap();
            assert_eq!((project.name.as_str(), project.language), ("acme/shouting", language));
            assert_eq!(project.version, Version::new(0, 1, 0));
        }
    }

    #[test]
    fn a_manifest_that_is_too_long_or_names_no_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read_project(folder.path()).unwrap_err().code(), "no-project");
        fs::write(folder.path().join(MANIFEST), "#".repeat(70_000)).unwrap();
        assert!(read_project(folder.path()).unwrap_err().to_string().contains("longer than"));
        let text = "name='a/b'\nversion='1.0.0'\nsummary=''\nlanguage='c'\n[build]\nentry='no.c'\n";
        fs::write(folder.path().join(MANIFEST), text).unwrap();
        assert!(read_project(folder.path()).unwrap_err().to_string().contains("no.c"));
    }
}
