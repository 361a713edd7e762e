//! Puts what was decided into place.

use std::path::PathBuf;

use bartizan_installed::{LockFile, Pin, Store};
use bartizan_registry::{ComponentName, Ratchet, Refusal, StateError, Verified};
use bartizan_scan::{LoadAllError, Plugins, Problem};
use thiserror::Error;

use crate::Decision;

/// Where things are put.
#[derive(Clone, Debug)]
pub struct Place {
    /// What is installed.
    pub store: Store,
    /// What was accepted before.
    pub ratchet: PathBuf,
    /// The project's lock file, if there is a project.
    pub lock: Option<PathBuf>,
    /// Components that may be older than what was there: named by the user, one by one.
    pub older: Vec<ComponentName>,
}

/// Why nothing was installed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InstallError {
    /// A signed promise was not kept, or something was not granted.
    #[error("refused to install `{component}`: {refusal}")]
    Refused {
        /// The component.
        component: ComponentName,
        /// Why.
        refusal: Refusal,
    },
    /// It does not load, or claims what another one has.
    #[error("not installed: {0}")]
    Problem(Problem),
    /// Nothing loads.
    #[error(transparent)]
    Load(#[from] LoadAllError),
    /// A file could not be read or written.
    #[error(transparent)]
    State(#[from] StateError),
}

impl InstallError {
    /// Whether this is a refusal (exit code 4).
    pub fn is_refusal(&self) -> bool {
        match self {
            // Two components with one rule: which of them speaks is the user's to decide, not the second one's.
            Self::Refused { .. } | Self::Problem(_) => true,
            Self::Load(error) => error.is_refusal(),
            Self::State(_) => false,
        }
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Refused { refusal, .. } => refusal.advice(),
            Self::Problem(problem) => problem.advice(),
            Self::Load(_) => "install bartizan again, from where you trust it to be from".to_owned(),
            Self::State(_) => "check the folder and the free space".to_owned(),
        }
    }
}

/// Installs all of these or none. `load` loads them together with everything that is there; `look` sees the result before
/// anything is written.
///
/// In this order: bytes, the list of what is installed (from here on they count), the lock file, the ratchet. Whoever dies in
/// between leaves the old list or the new one, and the ratchet catches up at the next start.
pub fn install(
    decisions: Vec<Decision>,
    place: &Place,
    load: impl FnOnce(Vec<Verified>) -> Result<Plugins, LoadAllError>,
    look: impl FnOnce(&Plugins),
) -> Result<(), InstallError> {
    let mut change = place.store.change()?;
    let now = jiff::Timestamp::now();
    let mut verified = Vec::new();
    let mut pins = Vec::new();
    let mut parts = Vec::new();
    for Decision { proposal, granted } in decisions {
        let (name, entry) = (proposal.claims().id.clone(), proposal.entry(now));
        // Another process may have been quicker since the proposal was made.
        let quicker = change.installed().get(&name).filter(|there| Some(*there) != proposal.before());
        if let Some(there) =
            quicker.filter(|there| there.signer == entry.signer && there.sequence > entry.sequence)
        {
            let refusal = Refusal::RolledBack { offered: entry.sequence, seen: there.sequence };
            return Err(InstallError::Refused { component: name, refusal });
        }
        let (examined, signed) = proposal.into_parts();
        verified.push(
            examined.grant(&granted).map_err(|refusal| InstallError::Refused { component: name, refusal })?,
        );
        pins.push(Pin::from(&entry));
        parts.push((entry, signed));
    }
    let plugins = load(verified.clone())?;
    let is_ours = |problem: &Problem| {
        verified.iter().any(|verified| problem.component == verified.claims().id.as_str())
    };
    let (look_at, mut problems) = plugins.into_problems();
    if let Some(at) = problems.iter().position(is_ours) {
        return Err(InstallError::Problem(problems.swap_remove(at)));
    }
    look(&look_at);

    for (entry, signed) in parts {
        change.put(entry, &signed)?;
    }
    change.commit_then(|| {
        if let Some(path) = &place.lock {
            let mut lock = LockFile::read(path)?.unwrap_or_default();
            for pin in pins {
                lock.pin(pin);
            }
            lock.write(path)?;
        }
        Ok(())
    })?;
    let mut ratchet = Ratchet::open(&place.ratchet)?;
    for verified in &verified {
        if place.older.contains(&verified.claims().id) {
            ratchet.lower(verified)?;
        } else {
            ratchet.remember(verified)?;
        }
    }
    Ok(())
}
