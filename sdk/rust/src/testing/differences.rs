//! Where a pack differs from what its tests expect of it.

use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Where a pack and what is expected of it differ, one entry a file or case. `Debug` is readable, so that `unwrap` in a
/// test shows it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Differences {
    entries: Vec<(PathBuf, String)>,
    advice: &'static str,
}

impl Differences {
    /// What differs, and how: a vector's file, a recording's file, or a case of a file (`cases.json#/attacks/3`).
    pub fn entries(&self) -> &[(PathBuf, String)] {
        &self.entries
    }

    pub(super) fn one(path: &Path, what: impl Into<String>) -> Self {
        let mut differences = Self::default();
        differences.add(path.to_owned(), what);
        differences
    }

    pub(super) fn add(&mut self, path: PathBuf, what: impl Into<String>) {
        self.entries.push((path, what.into()));
    }

    /// With what to do about it.
    pub(super) fn advise(mut self, advice: &'static str) -> Self {
        self.advice = advice;
        self
    }

    pub(super) fn or_ok<T>(self, value: T) -> Result<T, Self> {
        if self.entries.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl FromIterator<(PathBuf, String)> for Differences {
    fn from_iter<I: IntoIterator<Item = (PathBuf, String)>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect(), advice: "" }
    }
}

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} not as expected", self.entries.len())?;
        for (path, what) in &self.entries {
            writeln!(f, "\n{}", path.display())?;
            for line in what.lines() {
                writeln!(f, "    {line}")?;
            }
        }
        if !self.advice.is_empty() {
            writeln!(f, "\n{}", self.advice)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Differences {}
