//! Everything that can be wrong on the way from a name to a component.

use std::{io, path::PathBuf};

use bartizan_model::{printable, truncate_chars};
use bartizan_pack::PackError;
use thiserror::Error;

/// Why no project was made, read or built.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AuthorError {
    /// There is no SDK for it.
    #[error("there is no SDK for `{}`; there is: rust, python, javascript, typescript, c, go", truncate_chars(&printable(.0), 40))]
    NoSuchLanguage(String),
    /// A new project would go where something is already.
    #[error("`{}` is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// Nothing there says what it is.
    #[error("there is no plugin project in `{}`: neither {manifest} nor Cargo.toml", folder.display(), manifest = crate::MANIFEST)]
    NoProject {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// The manifest does not say what it must.
    #[error("`{}` is wrong: {why}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The crates in a folder are not one plugin.
    #[error("`{}` holds {count} plugin crates; one is built at a time", folder.display())]
    NotOneCrate {
        /// The folder.
        folder: PathBuf,
        /// How many there are.
        count: usize,
    },
    /// A tool that the language needs is not there.
    #[error("cannot build {language}: `{tool}` is neither in the project nor on PATH")]
    NoTool {
        /// The tool.
        tool: &'static str,
        /// For which language.
        language: crate::Language,
        /// What gets it.
        install: String,
    },
    /// A tool was started and failed.
    #[error("`{tool}` failed ({status}){}", said(.output))]
    ToolFailed {
        /// The tool.
        tool: String,
        /// How it ended.
        status: std::process::ExitStatus,
        /// The end of what it said.
        output: String,
    },
    /// A tool could not be started.
    #[error("cannot start `{tool}`: {source}")]
    CannotStart {
        /// The tool.
        tool: String,
        /// What the system said.
        source: io::Error,
    },
    /// What was built is no component.
    #[error("cannot make a component of what was built: {0}")]
    NoComponent(String),
    /// What was built would be refused where it is loaded.
    #[error("it imports `{}`, which no component may", truncate_chars(&printable(.import), 120))]
    ForbiddenImport {
        /// The import.
        import: String,
    },
    /// What was built does not do what a pack does.
    #[error("it does not export `{export}`")]
    MissingExport {
        /// The part of the contract.
        export: String,
    },
    /// What was built is too long to be loaded.
    #[error("it is {actual} bytes; at most {limit} are loaded")]
    TooBig {
        /// Its size in bytes.
        actual: u64,
        /// The bound in bytes.
        limit: u64,
    },
    /// Cargo or a crate is at fault.
    #[error(transparent)]
    Crate(#[from] PackError),
    /// A file could not be read or written.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Io {
        /// "read", "write", "list" or "make".
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl AuthorError {
    /// A short open code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuchLanguage(_) => "no-such-language",
            Self::NotEmpty(_) => "not-empty",
            Self::NoProject { .. } => "no-project",
            Self::Manifest { .. } => "manifest",
            Self::NotOneCrate { .. } => "not-one-crate",
            Self::NoTool { .. } => "no-tool",
            Self::ToolFailed { .. } => "tool-failed",
            Self::CannotStart { .. } => "cannot-start",
            Self::NoComponent(_) => "no-component",
            Self::ForbiddenImport { .. } => "forbidden-import",
            Self::MissingExport { .. } => "missing-export",
            Self::TooBig { .. } => "too-big",
            Self::Crate(_) => "crate",
            Self::Io { .. } => "io",
        }
    }

    /// What the author can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::NoSuchLanguage(_) => "write one of those after --lang".into(),
            Self::NotEmpty(_) => "name a folder that is not there yet, or an empty one".into(),
            Self::NoProject { .. } => "`bartizan plugins new` makes a project".into(),
            Self::Manifest { .. } => {
                "mend it; the template that `bartizan plugins new` writes shows every member".into()
            }
            Self::NotOneCrate { count: 0, .. } => {
                "a plugin crate has [package.metadata.bartizan] name = \"publisher/name\" in its manifest"
                    .into()
            }
            Self::NotOneCrate { .. } => "name the folder of one of them".into(),
            Self::NoTool { install, .. } => install.clone(),
            Self::ToolFailed { .. } => "mend what it says, then build again".into(),
            Self::CannotStart { .. } => "check that it can be run".into(),
            Self::NoComponent(_) => {
                "a function of the system was called that no plugin has, or the SDK's file was changed".into()
            }
            Self::ForbiddenImport { .. } => {
                "leave out what needs it: a plugin has no files, network, clock, environment or randomness"
                    .into()
            }
            Self::MissingExport { .. } => "start from the template that `bartizan plugins new` writes".into(),
            Self::TooBig { .. } => "leave libraries out".into(),
            Self::Crate(_) => "`rustup target add wasm32-unknown-unknown` if the target is missing".into(),
            Self::Io { .. } => "check the path, its rights and the free space".into(),
        }
    }
}

fn said(output: &str) -> String {
    if output.is_empty() { String::new() } else { format!("; it said:\n{output}") }
}
