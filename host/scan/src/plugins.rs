//! The components of a run: those that the binary carries and those of the user's folders, through one door.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use bartizan_first_party::Embedded;
use bartizan_installed::{Entry, Installed, LockFile, Store};
use bartizan_kernel::{CodeCache, CodeOrigin, Component, Format, Kernel, KernelError, Limits};
use bartizan_model::{ComponentRef, Rule};
use bartizan_registry::{
    AskedLimits, Claims, Examined, Granted, Grants, Package, PackageError, Ratchet, Refusal, TrustStore,
    Verified, Verifier, find_packages,
};
use rayon::prelude::*;

use crate::{Problem, ProblemCause};

/// Where components come from, and what is trusted.
#[derive(Debug)]
pub struct Sources {
    /// What was installed; nothing if absent.
    pub store: Option<Store>,
    /// Folders with `*.wasm` and their statements.
    pub folders: Vec<PathBuf>,
    /// Components that are about to be installed: each takes the place of the installed one of its name.
    pub incoming: Vec<Verified>,
    /// Run with nothing but what is pinned here and what the binary carries; anything else, or anything missing, is a problem.
    pub locked: Option<LockFile>,
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

impl Sources {
    /// Nothing but what the binary carries, in memory: what measures the rules that ship.
    pub fn shipped() -> Self {
        Self {
            store: None,
            folders: Vec::new(),
            incoming: Vec::new(),
            locked: None,
            trust: TrustStore::empty(),
            ratchet: Ratchet::in_memory(),
            cache: None,
            limits: Limits::default(),
            settings: BTreeMap::new(),
        }
    }
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
    /// How it was installed, if it was.
    pub entry: Option<Entry>,
}

/// A component on its way through the door.
struct Candidate {
    verified: Verified,
    path: Option<PathBuf>,
    entry: Option<Entry>,
    ahead: Option<&'static [u8]>,
}

impl Plugins {
    /// Verifies and loads every component. An error means that nothing at all may run: the engine does not start, or the
    /// components in the binary itself were altered. What is wrong with a single component of a folder is a [`Problem`].
    pub fn load(sources: Sources) -> Result<Self, LoadAllError> {
        let Sources { store, folders, incoming, locked, mut trust, ratchet, cache, limits, settings } =
            sources;
        bartizan_first_party::trust(&mut trust)
            .map_err(|error| LoadAllError::FirstPartyKey(error.to_string()))?;
        let kernel = Kernel::new(cache)?;
        let interrupted = kernel.interrupt_flag();

        let mut problems = Vec::new();
        let mut candidates = first_party(&trust)?;
        let mut verifier = Verifier::new(trust, ratchet);
        let mut offers = installed(store.as_ref(), &incoming, locked.as_ref(), &mut problems);
        for folder in folders {
            offers.extend(lying_in(&folder, &mut problems));
        }
        let asked = Asked { settings: &settings, limits, locked: locked.as_ref() };
        third_party(offers, &mut verifier, &asked, &mut candidates, &mut problems);
        candidates.extend(incoming.into_iter().map(|verified| Candidate {
            verified,
            path: None,
            entry: None,
            ahead: None,
        }));
        candidates.retain(|candidate| asked.is_enabled(candidate.verified.claims().id.as_str()));

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
            if let Some(rule) = new.component.rules().find(|rule| old.has_rule(&rule.id)) {
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

    /// The components without the problems, and the problems.
    pub fn into_problems(mut self) -> (Self, Vec<Problem>) {
        let problems = std::mem::take(&mut self.problems);
        (self, problems)
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
        self.component.rules().any(|rule| rule.id == id)
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
                .verify(component, statement, Claims::everything_asked)
                .map(|verified| Candidate { verified, path: None, entry: None, ahead: Some(code) })
                .map_err(LoadAllError::FirstPartyRefused)
        })
        .collect()
}

/// A component that lies somewhere, not verified yet.
struct Offer {
    path: PathBuf,
    /// What was installed under this name, if this is it.
    entry: Option<Entry>,
}

/// What the user said of components.
struct Asked<'a> {
    settings: &'a BTreeMap<String, PluginSettings>,
    limits: Limits,
    locked: Option<&'a LockFile>,
}

impl Asked<'_> {
    fn is_enabled(&self, name: &str) -> bool {
        self.settings.get(name).is_none_or(|settings| settings.enabled)
    }

    /// What a component was given: at install, and in the configuration.
    fn granted(&self, name: &str, entry: Option<&Entry>) -> Granted {
        let own = self.settings.get(name);
        let installed = entry.map(Entry::granted).unwrap_or_default();
        let limits = limits_of(self.limits, own.and_then(|own| own.limits), installed.limits);
        let grants = own.map(|own| own.grants.clone()).unwrap_or_default();
        Granted {
            grants: grants.iter().chain(installed.grants.iter()).collect(),
            limits: AskedLimits { memory: Some(limits.memory_bytes as u64), fuel: Some(limits.fuel) },
        }
    }
}

fn problem(error: PackageError) -> Problem {
    Problem { component: error.path().display().to_string(), cause: ProblemCause::Package(error) }
}

/// What is installed and enabled, but for what is about to be replaced.
fn installed(
    store: Option<&Store>,
    incoming: &[Verified],
    locked: Option<&LockFile>,
    problems: &mut Vec<Problem>,
) -> Vec<Offer> {
    let mut there = Installed::default();
    if let Some(store) = store {
        match store.read() {
            Ok(installed) => there = installed,
            Err(error) => problems.push(Problem {
                component: "what is installed".to_owned(),
                cause: ProblemCause::Store(error),
            }),
        }
    }
    for mismatch in locked.map(|lock| lock.mismatches(&there)).unwrap_or_default() {
        problems.push(Problem {
            component: mismatch.name().to_string(),
            cause: ProblemCause::NotLocked(mismatch.to_string()),
        });
    }
    let replaced = |entry: &Entry| incoming.iter().any(|verified| verified.claims().id == entry.name);
    let counts = |entry: &&Entry| {
        let pinned = |lock: &LockFile| lock.get(&entry.name).is_some_and(|pin| pin.sha256 == entry.sha256);
        entry.enabled && !replaced(entry) && locked.is_none_or(pinned)
    };
    let Some(store) = store else { return Vec::new() };
    let offer = |entry: &Entry| Offer { path: store.path(entry), entry: Some(entry.clone()) };
    there.entries().iter().filter(counts).map(offer).collect()
}

fn lying_in(folder: &Path, problems: &mut Vec<Problem>) -> Vec<Offer> {
    match find_packages(folder) {
        Ok(paths) => paths.into_iter().map(|path| Offer { path, entry: None }).collect(),
        Err(error) => {
            problems.push(problem(error));
            Vec::new()
        }
    }
}

/// Verifies what is offered: reading and checking side by side, remembering one after the other.
fn third_party(
    offers: Vec<Offer>,
    verifier: &mut Verifier,
    asked: &Asked<'_>,
    candidates: &mut Vec<Candidate>,
    problems: &mut Vec<Problem>,
) {
    let examined: Vec<(Offer, Result<Examined, PackageError>)> = offers
        .into_par_iter()
        .map(|offer| {
            let pinned = offer.entry.as_ref().map(|entry| entry.sha256);
            let examined = Package::read(&offer.path).and_then(|package| package.examine(verifier, pinned));
            (offer, examined)
        })
        .collect();
    for (Offer { path, entry }, examined) in examined {
        let refused = |refusal| PackageError::Refused { path: path.clone(), refusal };
        let verified = examined.and_then(|examined| {
            let name = examined.claims().id.clone();
            if entry.is_none() && asked.locked.is_some_and(|lock| lock.get(&name).is_none()) {
                return Err(refused(Refusal::NotPinned { component: name }));
            }
            let granted = asked.granted(name.as_str(), entry.as_ref());
            let verified = examined.grant(&granted).map_err(refused)?;
            verifier.accept(&verified).map_err(refused)?;
            Ok(verified)
        });
        match verified {
            Ok(verified) => candidates.push(Candidate { verified, path: Some(path), entry, ahead: None }),
            Err(error) => problems.push(Problem {
                component: entry.map_or_else(|| error.path().display().to_string(), |e| e.name.to_string()),
                cause: ProblemCause::Package(error),
            }),
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
    let limits = limits_of(limits, own.limits, candidate.verified.limits());
    let mut component = kernel
        .load(&candidate.verified, limits, candidate.ahead)
        .map_err(|error| problem(ProblemCause::Load(error)))?;
    if let Some(config) = &own.config {
        component.configure(config).map_err(|failure| problem(ProblemCause::Configure(failure)))?;
    }
    Ok(Standing { component, path: candidate.path, entry: candidate.entry })
}

/// What a component runs under: what was granted to it, save where the user set something else for it.
fn limits_of(usual: Limits, own: Option<Limits>, granted: AskedLimits) -> Limits {
    let raised = raised(usual, granted);
    let Some(own) = own else { return raised };
    // A component's own table starts from the limits for all, so what differs from those was written there.
    Limits {
        memory_bytes: if own.memory_bytes == usual.memory_bytes {
            raised.memory_bytes
        } else {
            own.memory_bytes
        },
        fuel: if own.fuel == usual.fuel { raised.fuel } else { own.fuel },
        ..own
    }
}

/// The usual limits, raised where a component asked for it and it was granted.
pub fn raised(limits: Limits, granted: AskedLimits) -> Limits {
    let memory = granted.memory.map_or(0, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
    Limits {
        memory_bytes: limits.memory_bytes.max(memory),
        fuel: limits.fuel.max(granted.fuel.unwrap_or(0)),
        ..limits
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_was_granted_at_install_stands_beside_what_the_user_set_for_something_else() {
        let usual = Limits::default();
        let granted = AskedLimits { memory: Some(64 << 20), fuel: Some(2 * usual.fuel) };
        let timeout = Limits { deadline: Duration::from_secs(7), ..usual };
        let both = limits_of(usual, Some(timeout), granted);
        assert_eq!((both.memory_bytes, both.fuel), (64 << 20, 2 * usual.fuel));
        assert_eq!(both.deadline, Duration::from_secs(7));
        let less = Limits { memory_bytes: 1 << 20, ..usual };
        assert_eq!(limits_of(usual, Some(less), granted).memory_bytes, 1 << 20);
        assert_eq!(limits_of(usual, None, AskedLimits::default()), usual);
    }
}
