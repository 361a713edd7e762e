//! What every command shares: configuration, components, and the user's interrupt.

use std::{
    io::IsTerminal as _,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use bartizan_installed::{LockFile, Mismatch};
use bartizan_kernel::CodeCache;
use bartizan_mcp::CancellationToken;
use bartizan_registry::{Ratchet, TrustStore};
use bartizan_scan::{Plugins, Sources};

use crate::{
    args::{Global, When},
    config::Config,
    exit::{Exit, Failure, warn},
    paths::Paths,
};

/// Sets up what errors and help look like, before anything can go wrong.
pub(crate) fn prepare(global: &Global) {
    let color = use_color(global.color, std::io::stderr().is_terminal());
    let _ = miette::set_hook(Box::new(move |_| {
        Box::new(miette::MietteHandlerOpts::new().color(color).unicode(true).width(100).build())
    }));
}

/// Whether to colour, as `--color`, NO_COLOR (no-color.org) and the stream have it.
pub(crate) fn use_color(when: Option<When>, is_terminal: bool) -> bool {
    match when.unwrap_or(When::Auto) {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            is_terminal
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

/// The configuration, and where this user's things lie. What it says of the terminal is heeded from here on.
pub(crate) fn configuration(global: &mut Global) -> Result<(Config, Option<Paths>), Failure> {
    let paths = Paths::of_user();
    let config = Config::read(global.config.as_deref(), paths.as_ref())?;
    global.color = global.color.or(config.color);
    global.quiet |= config.quiet;
    global.no_progress |= config.no_progress;
    Ok((config, paths))
}

/// Loads every component; with `first_party_only`, those of folders are not even looked at.
pub(crate) fn plugins(
    config: &Config,
    paths: Option<&Paths>,
    global: &Global,
    first_party_only: bool,
) -> Result<Plugins, Failure> {
    let mut sources = sources(config, paths, global.quiet)?;
    if first_party_only {
        (sources.store, sources.folders) = (None, Vec::new());
    } else {
        heed_lock(&mut sources, global.locked || config.locked, global.quiet)?;
    }
    load(sources, global.quiet)
}

/// Where this user's components come from, and what is trusted.
pub(crate) fn sources(config: &Config, paths: Option<&Paths>, quiet: bool) -> Result<Sources, Failure> {
    let trust = paths.map_or_else(|| Ok(TrustStore::empty()), trust)?;
    let mut folders = Vec::new();
    if !config.plugins_disabled {
        folders.extend(paths.map(Paths::plugins));
        folders.extend(config.plugin_folders.iter().cloned());
        folders.dedup();
    }
    let ratchet = paths.map_or_else(|| Ok(Ratchet::in_memory()), ratchet)?;
    Ok(Sources {
        store: paths.filter(|_| !config.plugins_disabled).map(Paths::store),
        folders,
        incoming: Vec::new(),
        locked: None,
        cache: code_cache(paths, quiet),
        trust,
        ratchet,
        limits: config.limits,
        settings: config.plugins.clone(),
    })
}

/// Whom this user trusts.
pub(crate) fn trust(paths: &Paths) -> Result<TrustStore, Failure> {
    TrustStore::read(&paths.trust()).map_err(|error| {
        Failure::new(Exit::Refused, error, "repair the file, or move it away and trust its keys again")
    })
}

/// What was accepted before.
pub(crate) fn ratchet(paths: &Paths) -> Result<Ratchet, Failure> {
    Ratchet::open(&paths.ratchet()).map_err(|error| {
        Failure::new(
            Exit::Refused,
            format!("an older component could come back unseen: {error}"),
            "repair the file; deleting it forgets which versions were accepted, so look at each component's version then",
        )
    })
}

/// The lock file of the folder we are in.
pub(crate) const LOCK_FILE: &str = "bartizan.lock";

/// Reads the project's lock file, if there is one.
pub(crate) fn lock_file() -> Result<Option<LockFile>, Failure> {
    LockFile::read(Path::new(LOCK_FILE)).map_err(|error| {
        Failure::new(Exit::Refused, error, "repair it, or take it from version control again")
    })
}

/// With `locked` nothing else than what is pinned may run; without, what differs is told.
fn heed_lock(sources: &mut Sources, locked: bool, quiet: bool) -> Result<(), Failure> {
    let lock = lock_file()?;
    if locked {
        let none = || {
            Failure::usage(
                format!("--locked, but there is no `{LOCK_FILE}` here"),
                "`bartizan plugins install` writes one where there is a bartizan.toml",
            )
        };
        sources.locked = Some(lock.ok_or_else(none)?);
        return Ok(());
    }
    let installed = sources.store.as_ref().and_then(|store| store.read().ok());
    if let (Some(lock), Some(installed), false) = (lock, installed, quiet) {
        for mismatch in lock.mismatches(&installed) {
            if !matches!(mismatch, Mismatch::Unpinned(_)) {
                warn(
                    format!("{LOCK_FILE}: {mismatch}"),
                    "`bartizan plugins install --locked` installs exactly what is pinned",
                );
            }
        }
    }
    Ok(())
}

/// Verifies and loads.
pub(crate) fn load(sources: Sources, quiet: bool) -> Result<Plugins, Failure> {
    let plugins = Plugins::load(sources).map_err(|error| {
        let exit = if error.is_refusal() { Exit::Refused } else { Exit::Incomplete };
        Failure::new(exit, error, "install bartizan again, from where you trust it to be from")
    })?;
    if !quiet {
        for warning in plugins.warnings() {
            warn(warning, "free some space, or make the folder yours alone");
        }
    }
    Ok(plugins)
}

/// The cache of compiled code. First-party components come compiled, so a broken cache costs time only, and only with others.
fn code_cache(paths: Option<&Paths>, quiet: bool) -> Option<CodeCache> {
    let folder = paths?.code_cache();
    match CodeCache::open(&folder) {
        Ok(cache) => Some(cache),
        Err(warning) => {
            if !quiet {
                warn(
                    &warning,
                    "free some space, or make the folder yours alone; until then components are compiled at every start",
                );
            }
            None
        }
    }
}

/// Ctrl-C and its kin: the first stops what is running so that what was found is reported, the second ends the program.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt {
    happened: Arc<AtomicBool>,
    flags: Arc<Mutex<Vec<Arc<AtomicBool>>>>,
    pub(crate) token: CancellationToken,
}

impl Interrupt {
    pub(crate) fn listen() -> Self {
        let this = Self::default();
        let handler = this.clone();
        // Without a handler an interrupt ends the program at once, as everywhere else; nothing to tell of.
        let _ = ctrlc::set_handler(move || {
            if handler.happened.swap(true, Ordering::SeqCst) {
                std::process::exit(i32::from(Exit::Interrupted as u8));
            }
            handler.token.cancel();
            if let Ok(flags) = handler.flags.lock() {
                for flag in flags.iter() {
                    flag.store(true, Ordering::SeqCst);
                }
            }
        });
        this
    }

    /// Sets this flag too when it happens.
    pub(crate) fn also_set(&self, flag: Arc<AtomicBool>) {
        if let Ok(mut flags) = self.flags.lock() {
            flag.fetch_or(self.happened(), Ordering::SeqCst);
            flags.push(flag);
        }
    }

    pub(crate) fn happened(&self) -> bool {
        self.happened.load(Ordering::SeqCst)
    }
}
