//! A project that is being built: where things lie, and how tools are found and started.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use bartizan_registry::Grant;

use super::{BuildOptions, tool::Tool};
use crate::{AuthorError, Language, Project};

pub(super) struct Workbench<'a> {
    pub(super) project: &'a Project,
    pub(super) options: BuildOptions,
    /// The file that the pack is in, relative to the project.
    pub(super) entry: &'a Path,
    /// Where this build leaves what it makes, made anew each time.
    pub(super) output: PathBuf,
}

impl<'a> Workbench<'a> {
    pub(super) fn new(
        project: &'a Project,
        entry: &'a str,
        options: BuildOptions,
    ) -> Result<Self, AuthorError> {
        let output = project.folder.join("build").join(project.language.as_str());
        // What an earlier build left could be taken for what this one made.
        if let Err(source) = fs::remove_dir_all(&output)
            && source.kind() != std::io::ErrorKind::NotFound
        {
            return Err(AuthorError::Io { doing: "remove", path: output, source });
        }
        fs::create_dir_all(&output).map_err(|source| AuthorError::Io {
            doing: "make",
            path: output.clone(),
            source,
        })?;
        Ok(Self { project, options, entry: Path::new(entry), output })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.project.folder
    }

    /// Whether the component asked to keep WASI.
    pub(super) fn keeps_wasi(&self) -> bool {
        self.project.grants.has(Grant::Wasi)
    }

    /// The contract, as it came with the project's SDK.
    pub(super) fn wit(&self) -> PathBuf {
        self.folder().join("wit")
    }

    /// The folder of the entry file.
    pub(super) fn entry_folder(&self) -> PathBuf {
        self.entry.parent().map_or_else(|| self.folder().to_owned(), |parent| self.folder().join(parent))
    }

    /// The entry's path with slashes and without its extension.
    pub(super) fn entry_stem(&self) -> String {
        let parts: Vec<String> =
            self.entry.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        parts.join("/")
    }

    /// Writes a file that is made for this build.
    pub(super) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<PathBuf, AuthorError> {
        let path = self.output.join(name);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, bytes));
        written.map_err(|source| AuthorError::Io { doing: "write", path: path.clone(), source })?;
        Ok(path)
    }

    /// Files beside the entry with its extension, in a fixed order.
    pub(super) fn siblings(&self) -> Result<Vec<PathBuf>, AuthorError> {
        let folder = self.entry_folder();
        let failed = |source| AuthorError::Io { doing: "list", path: folder.clone(), source };
        let mut files = Vec::new();
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension() == self.entry.extension() && path.is_file() {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// A tool of the project, or of the machine.
    pub(super) fn tool(&self, name: &str) -> Option<Tool> {
        Tool::find(self.folder(), name)
    }

    /// The project's language, for messages.
    pub(super) fn language(&self) -> Language {
        self.project.language
    }

    /// Installs a package from PyPI into the project's own environment.
    pub(super) fn pip_install(&self, package: &str, version: &str) -> Result<(), AuthorError> {
        let environment = self.folder().join(".venv");
        if Tool::in_environment(&environment, "python").is_none() {
            let python = self.tool("python3").or_else(|| self.tool("python")).ok_or_else(|| {
                self.missing("python3", "install Python 3.11 or newer from your system's packages")
            })?;
            python.run(self.folder(), [OsStr::new("-m"), OsStr::new("venv"), environment.as_os_str()])?;
        }
        let python = Tool::in_environment(&environment, "python").ok_or_else(|| {
            self.missing("python", format!("remove `{}` and build again", environment.display()))
        })?;
        let package = format!("{package}=={version}");
        python.run(
            self.folder(),
            ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package.as_str()],
        )
    }

    /// Installs what the project's `package.json` names. No package's scripts are run.
    pub(super) fn npm_install(&self) -> Result<(), AuthorError> {
        let npm = self
            .tool("npm")
            .ok_or_else(|| self.missing("npm", "install Node.js 20 or newer from your system's packages"))?;
        npm.run(self.folder(), ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    }

    pub(super) fn missing(&self, tool: &'static str, install: impl Into<String>) -> AuthorError {
        AuthorError::NoTool { tool, language: self.language(), install: install.into() }
    }
}

/// Reads what a tool made.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, AuthorError> {
    fs::read(path).map_err(|source| AuthorError::Io { doing: "read", path: path.to_owned(), source })
}

/// A text as a literal of Python, JavaScript, C or Go. It holds no control characters: the manifest is read so.
pub(super) fn literal(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_summary_can_leave_its_quotes() {
        assert_eq!(literal(r#"a"); import os #"#), r#""a\"); import os #""#);
        assert_eq!(literal(r#"a\"b"#), r#""a\\\"b""#);
    }
}
