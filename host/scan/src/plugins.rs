//! The components of a run: those that the binary carries and those of the user's folders, through one door.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use bartizan_first_party::Embedded;
use bartizan_kernel::{CodeCache, CodeOrigin, Component, Format, Kernel, KernelError, Limits};
use bartizan_model::{ComponentRef, Rule};
use bartizan_registry::{
    Grants, Package, PackageError, Ratchet, Refusal, TrustStore, Verified, Verifier, find_packages,
};
use rayon::prelude::*;

use crate::{Problem, ProblemCause};

/// Where components come from, and what is trusted.
#[derive(Debug)]
pub struct Sources {
    /// Folders with `*.wasm` and their statements.
    pub folders: Vec<PathBuf>,
    /// Whose signatures count. The first-party key is added to it.
    pub trust: TrustStore,
    /// What was accepted before.
    pub ratchet: Ratchet,
    /// Where compiled code is kept; nowhere if absent.
    pub cache: Option<CodeCache>,
    /// Limits for all.
    pub limits: Limits,
    /// What the user set for single components, by name.
    pub settings: BTreeMap<String, PluginSettings>,
}

/// What the user set for one component.
#[derive(Clone, Debug)]
pub struct PluginSettings {
    /// Whether to load it.
    pub enabled: bool,
    /// What it is given beyond the contract.
    pub grants: Grants,
    /// Its configuration.
    pub config: Option<serde_json::Value>,
    /// Its own limits.
    pub limits: Option<Limits>,
}

impl Default for PluginSettings {
    fn default() -> Self {
        Self { enabled: true, grants: Grants::none(), config: None, limits: None }
    }
}

/// The loaded components, and those that could not be.
#[derive(Debug)]
pub struct Plugins {
    loaded: Vec<Standing>,
    problems: Vec<Problem>,
    warnings: Vec<String>,
    interrupted: Arc<AtomicBool>,
}

/// A loaded component and where it came from.
#[derive(Debug)]
pub struct Standing {
    /// The component.
    pub component: Component,
    /// Its file; absent if the binary carries it.
    pub path: Option<PathBuf>,
}

/// A component on its way through the door.
struct Candidate {
    verified: Verified,
    path: Option<PathBuf>,
    ahead: Option<&'static [u8]>,
}

impl Plugins {
    /// Verifies and loads every component. An error means that nothing at all may run: the engine does not start, or the
    /// components in the binary itself were altered. What is wrong with a single component of a folder is a [`Problem`].
    pub fn load(sources: Sources) -> Result<Self, LoadAllError> {
        let Sources { folders, mut trust, ratchet, cache, limits, settings } = sources;
        bartizan_first_party::trust(&mut trust)
            .map_err(|error| LoadAllError::FirstPartyKey(error.to_string()))?;
        let kernel = Kernel::new(cache)?;
        let interrupted = kernel.interrupt_flag();

        let mut problems = Vec::new();
        let mut candidates = first_party(&trust)?;
        let mut verifier = Verifier::new(trust, ratchet);
        for folder in folders {
            third_party(&folder, &mut verifier, &settings, &mut candidates, &mut problems);
        }
        candidates.retain(|candidate| {
            settings.get(candidate.verified.claims().id.as_str()).is_none_or(|settings| settings.enabled)
        });

        let outcomes: Vec<_> = candidates
            .into_par_iter()
            .map(|candidate| {
                let own = settings.get(candidate.verified.claims().id.as_str()).cloned().unwrap_or_default();
                load(&kernel, candidate, &own, limits)
            })
            .collect();
        let mut this = Self { loaded: Vec::new(), problems, warnings: Vec::new(), interrupted };
        for outcome in outcomes {
            match outcome.and_then(|standing| this.without_clash(standing)) {
                Ok(standing) => this.take(standing),
                Err(problem) => this.problems.push(problem),
            }
        }
        Ok(this)
    }

    /// A component may not claim a name, a rule or a format that another one has: it could speak in its name.
    fn without_clash(&self, new: Standing) -> Result<Standing, Problem> {
        let name = &new.component.reference().name;
        let clash = |what: String, owner: &Standing| Problem {
            component: name.clone(),
            cause: ProblemCause::Clash {
                component: name.clone(),
                what,
                owner: owner.component.reference().name.clone(),
            },
        };
        for old in &self.loaded {
            if old.component.reference().name == *name {
                return Err(clash("its name".to_owned(), old));
            }
            if let Some(rule) = new.component.rules().iter().find(|rule| old.has_rule(&rule.id)) {
                return Err(clash(format!("rule `{}`", rule.id), old));
            }
            if let Some(format) = new.component.formats().iter().find(|format| old.has_format(&format.id)) {
                return Err(clash(format!("format `{}`", format.id), old));
            }
        }
        Ok(new)
    }

    fn take(&mut self, standing: Standing) {
        if let Some(warning) = standing.component.cache_warning() {
            let warning = format!("{warning}; components are compiled anew at every start");
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        self.loaded.push(standing);
    }

    /// Every loaded component.
    pub fn loaded(&self) -> &[Standing] {
        &self.loaded
    }

    /// Name, version and digest of every loaded component, by name.
    pub fn references(&self) -> Vec<ComponentRef> {
        let mut references: Vec<_> =
            self.loaded.iter().map(|standing| standing.component.reference().clone()).collect();
        references.sort();
        references
    }

    /// Every rule of every loaded component, by id.
    pub fn rules(&self) -> Vec<&Rule> {
        let mut rules: Vec<&Rule> =
            self.loaded.iter().flat_map(|standing| standing.component.rules()).collect();
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        rules
    }

    /// Every format of every loaded reporter, by id.
    pub fn formats(&self) -> Vec<&Format> {
        let mut formats: Vec<&Format> =
            self.loaded.iter().flat_map(|standing| standing.component.formats()).collect();
        formats.sort_by(|a, b| a.id.cmp(&b.id));
        formats
    }

    /// The components that could not be loaded.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What went wrong without keeping anything from being checked.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Whether a component had to be compiled in this run.
    pub fn compiled_any(&self) -> bool {
        self.loaded.iter().any(|standing| standing.component.code_origin() == CodeOrigin::Compiled)
    }

    /// Ends what is running in components when set to true.
    pub fn interrupt_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.interrupted)
    }
}

impl Standing {
    fn has_rule(&self, id: &str) -> bool {
        self.component.rules().iter().any(|rule| rule.id == id)
    }

    fn has_format(&self, id: &str) -> bool {
        self.component.formats().iter().any(|format| format.id == id)
    }
}

/// Why nothing may run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadAllError {
    /// The engine does not start.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// The key in the binary is not a key.
    #[error("this program's own publisher key is damaged: {0}")]
    FirstPartyKey(String),
    /// A component in the binary is not what was signed.
    #[error("a component inside this program was altered: {0}")]
    FirstPartyRefused(Refusal),
}

impl LoadAllError {
    /// Whether this is a refusal (exit code 4).
    pub fn is_refusal(&self) -> bool {
        !matches!(self, Self::Kernel(_))
    }
}

/// The components in the binary. If one of them is not what was signed, the binary was tampered with, and none may run.
fn first_party(trust: &TrustStore) -> Result<Vec<Candidate>, LoadAllError> {
    bartizan_first_party::components()
        .par_iter()
        .map(|&Embedded { component, statement, code }| {
            // They come and go with the binary, so there is no older one to roll back to.
            let mut verifier = Verifier::new(trust.clone(), Ratchet::in_memory());
            verifier
                .verify(component, statement, |claims| claims.grants.clone())
                .map(|verified| Candidate { verified, path: None, ahead: Some(code) })
                .map_err(LoadAllError::FirstPartyRefused)
        })
        .collect()
}

fn third_party(
    folder: &Path,
    verifier: &mut Verifier,
    settings: &BTreeMap<String, PluginSettings>,
    candidates: &mut Vec<Candidate>,
    problems: &mut Vec<Problem>,
) {
    let problem = |error: PackageError| Problem {
        component: error.path().display().to_string(),
        cause: ProblemCause::Package(error),
    };
    let paths = match find_packages(folder) {
        Ok(paths) => paths,
        Err(error) => return problems.push(problem(error)),
    };
    for path in paths {
        let granted = |id: &str| settings.get(id).map(|settings| settings.grants.clone()).unwrap_or_default();
        let verified = Package::read(&path)
            .and_then(|package| package.verify(verifier, |claims| granted(claims.id.as_str())));
        match verified {
            Ok(verified) => candidates.push(Candidate { verified, path: Some(path), ahead: None }),
            Err(error) => problems.push(problem(error)),
        }
    }
}

fn load(
    kernel: &Kernel,
    candidate: Candidate,
    own: &PluginSettings,
    limits: Limits,
) -> Result<Standing, Problem> {
    let name = candidate.verified.claims().id.to_string();
    let problem = |cause| Problem { component: name.clone(), cause };
    let limits = own.limits.unwrap_or(limits);
    let mut component = kernel
        .load(&candidate.verified, limits, candidate.ahead)
        .map_err(|error| problem(ProblemCause::Load(error)))?;
    if let Some(config) = &own.config {
        component.configure(config).map_err(|failure| problem(ProblemCause::Configure(failure)))?;
    }
    Ok(Standing { component, path: candidate.path })
}
