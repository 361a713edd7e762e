//! The languages that a project can be in.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::AuthorError;

/// A language that there is an SDK for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Rust, to `wasm32-unknown-unknown`.
    Rust,
    /// Python: CPython is in the component.
    Python,
    /// JavaScript: QuickJS is in the component.
    JavaScript,
    /// TypeScript, compiled to JavaScript.
    TypeScript,
    /// C.
    C,
    /// Go, the standard toolchain.
    Go,
}

impl Language {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] =
        [Self::Rust, Self::Python, Self::JavaScript, Self::TypeScript, Self::C, Self::Go];

    /// The word for it, as on the command line and in manifests.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::JavaScript => "javascript",
            Self::TypeScript => "typescript",
            Self::C => "c",
            Self::Go => "go",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Language {
    type Err = AuthorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|language| language.as_str() == text)
            .ok_or_else(|| AuthorError::NoSuchLanguage(text.to_owned()))
    }
}
