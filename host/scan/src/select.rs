//! Which rules of which components are asked.

use bartizan_kernel::Question;
use bartizan_model::{Rule, Severity};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use thiserror::Error;

use crate::{Plugins, Standing};

/// What the user asked for, held against what there is.
#[derive(Debug)]
pub struct Selection {
    plugins: Vec<String>,
    rules: Option<GlobSet>,
    exclude: Option<GlobSet>,
    least: Option<Severity>,
}

/// What the user asked for is not there.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SelectionError {
    /// A glob that cannot be read.
    #[error("`{0}` is not a glob: {1}")]
    BadGlob(String, String),
    /// A glob that matches no rule.
    #[error("no rule is called `{glob}`; did you mean `{nearest}`?")]
    NoSuchRule {
        /// What was asked for.
        glob: String,
        /// The rule that is nearest to it.
        nearest: String,
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
        let nearest = |glob: &str| {
            let glob = glob.to_ascii_uppercase();
            let alike = |id: &str| strsim::jaro_winkler(&glob, id);
            let ids = all.rules().into_iter().map(|rule| rule.id.as_str());
            ids.max_by(|a, b| alike(a).total_cmp(&alike(b))).unwrap_or_default().to_owned()
        };
        for glob in rules.iter().chain(exclude) {
            let set = globs(std::slice::from_ref(glob))?;
            if !all.rules().iter().any(|rule| set.is_match(&rule.id)) {
                return Err(SelectionError::NoSuchRule { glob: glob.clone(), nearest: nearest(glob) });
            }
        }
        for name in plugins {
            let mut judges = all.loaded().iter().filter(|standing| standing.component.shape().judges());
            if !judges.any(|standing| standing.component.reference().name == *name) {
                let known = all.loaded().iter().filter(|standing| standing.component.shape().judges());
                let known = list(known.map(|standing| standing.component.reference().name.as_str()));
                return Err(SelectionError::NoSuchPlugin { name: name.clone(), known });
            }
        }
        let this = Self {
            plugins: plugins.to_vec(),
            rules: (!rules.is_empty()).then(|| globs(rules)).transpose()?,
            exclude: (!exclude.is_empty()).then(|| globs(exclude)).transpose()?,
            least: None,
        };
        this.something(all)
    }

    /// Only rules of this severity or worse.
    pub fn at_least(mut self, all: &Plugins, least: Option<Severity>) -> Result<Self, SelectionError> {
        self.least = least;
        self.something(all)
    }

    fn something(self, all: &Plugins) -> Result<Self, SelectionError> {
        let none_of = |standing: &Standing| self.chosen(standing, standing.component.rules()).is_empty();
        if all.loaded().iter().all(none_of) {
            return Err(SelectionError::Nothing);
        }
        Ok(self)
    }

    /// The rules of this component that are asked this.
    pub fn enabled(&self, standing: &Standing, question: Question) -> Vec<String> {
        self.chosen(standing, standing.component.rules_of(question).iter())
    }

    fn chosen<'a>(&self, standing: &Standing, rules: impl Iterator<Item = &'a Rule>) -> Vec<String> {
        let name = &standing.component.reference().name;
        if !self.plugins.is_empty() && !self.plugins.contains(name) {
            return Vec::new();
        }
        let asked = |id: &str| {
            self.rules.as_ref().is_none_or(|set| set.is_match(id))
                && !self.exclude.as_ref().is_some_and(|set| set.is_match(id))
        };
        let least = |rule: &&Rule| self.least.is_none_or(|least| rule.severity >= least);
        rules.filter(least).map(|rule| rule.id.clone()).filter(|id| asked(id)).collect()
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
