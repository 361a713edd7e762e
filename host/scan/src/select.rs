//! Which rules of which components are asked.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use thiserror::Error;

use crate::{Plugins, Standing};

/// What the user asked for, held against what there is.
#[derive(Debug)]
pub struct Selection {
    plugins: Vec<String>,
    rules: Option<GlobSet>,
    exclude: Option<GlobSet>,
}

/// What the user asked for is not there.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SelectionError {
    /// A glob that cannot be read.
    #[error("`{0}` is not a glob: {1}")]
    BadGlob(String, String),
    /// A glob that matches no rule.
    #[error("no rule is called `{glob}`; there is: {known}")]
    NoSuchRule {
        /// What was asked for.
        glob: String,
        /// What there is.
        known: String,
    },
    /// A name that no component has.
    #[error("no rule component is called `{name}`; there is: {known}")]
    NoSuchPlugin {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// Nothing is left to ask.
    #[error("these options leave no rule to check")]
    Nothing,
}

impl Selection {
    /// Reads globs over rule ids and names of components, and makes sure that each of them says something: a misspelt
    /// rule must not quietly check nothing.
    pub fn new(
        all: &Plugins,
        plugins: &[String],
        rules: &[String],
        exclude: &[String],
    ) -> Result<Self, SelectionError> {
        let known_rules = || list(all.rules().iter().map(|rule| rule.id.as_str()));
        for glob in rules.iter().chain(exclude) {
            let set = globs(std::slice::from_ref(glob))?;
            if !all.rules().iter().any(|rule| set.is_match(&rule.id)) {
                return Err(SelectionError::NoSuchRule { glob: glob.clone(), known: known_rules() });
            }
        }
        for name in plugins {
            let mut judges = all.loaded().iter().filter(|standing| standing.component.shape().rules);
            if !judges.any(|standing| standing.component.reference().name == *name) {
                let known = all.loaded().iter().filter(|standing| standing.component.shape().rules);
                let known = list(known.map(|standing| standing.component.reference().name.as_str()));
                return Err(SelectionError::NoSuchPlugin { name: name.clone(), known });
            }
        }
        let this = Self {
            plugins: plugins.to_vec(),
            rules: (!rules.is_empty()).then(|| globs(rules)).transpose()?,
            exclude: (!exclude.is_empty()).then(|| globs(exclude)).transpose()?,
        };
        if all.loaded().iter().all(|standing| this.enabled(standing).is_empty()) {
            return Err(SelectionError::Nothing);
        }
        Ok(this)
    }

    /// The rules of this component that are asked.
    pub fn enabled(&self, standing: &Standing) -> Vec<String> {
        let name = &standing.component.reference().name;
        if !self.plugins.is_empty() && !self.plugins.contains(name) {
            return Vec::new();
        }
        let asked = |id: &str| {
            self.rules.as_ref().is_none_or(|set| set.is_match(id))
                && !self.exclude.as_ref().is_some_and(|set| set.is_match(id))
        };
        standing.component.rules().iter().map(|rule| rule.id.clone()).filter(|id| asked(id)).collect()
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, SelectionError> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let bad = |error: globset::Error| SelectionError::BadGlob(pattern.clone(), error.kind().to_string());
        set.add(GlobBuilder::new(pattern).case_insensitive(true).build().map_err(bad)?);
    }
    set.build().map_err(|error| SelectionError::BadGlob(patterns.join(", "), error.kind().to_string()))
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
