//! Finding and starting the tools of a language.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use crate::AuthorError;

/// How much of what a failed tool said is shown, in lines and bytes.
const MAX_LINES: usize = 40;
const MAX_BYTES: usize = 8 << 10;

/// A program with the arguments that always stand first.
#[derive(Clone, Debug)]
pub(super) struct Tool {
    program: PathBuf,
    first: Vec<OsString>,
    /// The virtual environment it was found in.
    environment: Option<PathBuf>,
}

impl Tool {
    /// In the project's own environments, then on PATH.
    pub(super) fn find(project: &Path, name: &str) -> Option<Self> {
        let environment = project.join(".venv");
        Self::in_environment(&environment, name)
            .or_else(|| Self::in_folder(&project.join("node_modules").join(".bin"), name))
            .or_else(|| on_path(name))
    }

    /// In this virtual environment of Python.
    pub(super) fn in_environment(environment: &Path, name: &str) -> Option<Self> {
        let found = ["bin", "Scripts"]
            .into_iter()
            .find_map(|folder| Self::in_folder(&environment.join(folder), name))?;
        Some(Self { environment: Some(environment.to_owned()), ..found })
    }

    fn in_folder(folder: &Path, name: &str) -> Option<Self> {
        let names: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
        names
            .iter()
            .map(|ending| folder.join(format!("{name}{ending}")))
            .find(|path| path.is_file())
            .map(|program| Self { program, first: Vec::new(), environment: None })
    }

    /// The same program, with these arguments before all others.
    pub(super) fn with(self, first: &[&str]) -> Self {
        Self { first: first.iter().map(OsString::from).collect(), ..self }
    }

    /// Runs it in a folder to its end. What it says is shown only if it fails: our stdout may be a list's.
    pub(super) fn run<S: AsRef<OsStr>>(
        &self,
        folder: &Path,
        arguments: impl IntoIterator<Item = S>,
    ) -> Result<(), AuthorError> {
        self.output(folder, arguments, &[]).map(drop)
    }

    /// As [`Tool::run`], with these variables in the environment.
    pub(super) fn output<S: AsRef<OsStr>>(
        &self,
        folder: &Path,
        arguments: impl IntoIterator<Item = S>,
        variables: &[(&str, &OsStr)],
    ) -> Result<Output, AuthorError> {
        let mut command = Command::new(&self.program);
        command.args(&self.first).args(arguments).current_dir(folder).stdin(Stdio::null());
        command.envs(variables.iter().copied());
        if let Some(environment) = &self.environment {
            // As its `activate` would: the project's dependencies are found, and nobody else's.
            command.env("VIRTUAL_ENV", environment).env_remove("PYTHONHOME").env_remove("PYTHONPATH");
        }
        let output =
            command.output().map_err(|source| AuthorError::CannotStart { tool: self.name(), source })?;
        if output.status.success() {
            return Ok(output);
        }
        Err(AuthorError::ToolFailed { tool: self.name(), status: output.status, output: last_words(&output) })
    }

    fn name(&self) -> String {
        let name = self.program.file_name().unwrap_or(self.program.as_os_str()).to_string_lossy();
        self.first.iter().fold(name.into_owned(), |name, word| format!("{name} {}", word.to_string_lossy()))
    }
}

fn on_path(name: &str) -> Option<Tool> {
    let path = env::var_os("PATH")?;
    // A relative entry means whatever folder one stands in, which may be a stranger's.
    let mut folders = env::split_paths(&path).filter(|folder| folder.is_absolute());
    folders.find_map(|folder| Tool::in_folder(&folder, name))
}

/// The end of what a tool said, with what could command a terminal taken out.
fn last_words(output: &Output) -> String {
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let start = said.len().saturating_sub(MAX_BYTES);
    let text = String::from_utf8_lossy(said.get(start..).unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len().saturating_sub(MAX_LINES);
    let last = lines.get(from..).unwrap_or_default();
    last.iter().map(|line| bartizan_model::printable(line)).collect::<Vec<_>>().join("\n")
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    fn script(folder: &Path, name: &str, text: &str) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join(name), format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn the_projects_own_tool_comes_first() {
        let project = tempfile::tempdir().unwrap();
        script(&project.path().join(".venv/bin"), "sh", "exit 7");
        let error =
            Tool::find(project.path(), "sh").unwrap().run(project.path(), ["-c", "exit 3"]).unwrap_err();
        assert!(error.to_string().contains("exit status: 7"), "{error}");
        assert!(Tool::find(Path::new("/nowhere"), "sh").is_some());
        assert!(Tool::find(Path::new("/nowhere"), "no-such-tool-anywhere").is_none());
    }

    #[test]
    fn what_a_failed_tool_said_is_cut_and_cannot_command_the_terminal() {
        let project = tempfile::tempdir().unwrap();
        let bin = project.path().join(".venv/bin");
        script(
            &bin,
            "loud",
            "for i in $(seq 3000); do echo line $i; done; printf '\\033[2Jlast\\n' >&2; exit 1",
        );
        let error = Tool::find(project.path(), "loud").unwrap().run(project.path(), [""; 0]).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("last") && text.contains("line 3000") && !text.contains("line 2000\n"),
            "{text}"
        );
        assert!(!text.contains('\u{1b}') && text.len() < 10_000);
    }
}
