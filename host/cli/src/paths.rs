//! Where things of this user lie, as the platform has it (XDG on Linux).

use std::path::PathBuf;

use bartizan_installed::Store;
use etcetera::{AppStrategy as _, AppStrategyArgs, choose_app_strategy};

/// This user's folders.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    /// `config.toml` and `trust.toml`.
    pub(crate) config: PathBuf,
    /// Compiled code.
    pub(crate) cache: PathBuf,
    /// What was accepted before.
    pub(crate) state: PathBuf,
    /// Components.
    pub(crate) data: PathBuf,
}

impl Paths {
    /// None if the user has no home.
    pub(crate) fn of_user() -> Option<Self> {
        let strategy = choose_app_strategy(AppStrategyArgs {
            top_level_domain: "dev".to_owned(),
            author: "bartizan".to_owned(),
            app_name: "bartizan".to_owned(),
        })
        .ok()?;
        Some(Self {
            config: strategy.config_dir(),
            cache: strategy.cache_dir(),
            state: strategy.state_dir().unwrap_or_else(|| strategy.data_dir()),
            data: strategy.data_dir(),
        })
    }

    pub(crate) fn trust(&self) -> PathBuf {
        self.config.join("trust.toml")
    }

    pub(crate) fn ratchet(&self) -> PathBuf {
        self.state.join("ratchet.json")
    }

    pub(crate) fn code_cache(&self) -> PathBuf {
        self.cache.join("code")
    }

    pub(crate) fn result_cache(&self) -> PathBuf {
        self.cache.join("results")
    }

    pub(crate) fn store(&self) -> Store {
        Store::at(&self.data.join("installed"))
    }

    pub(crate) fn plugins(&self) -> PathBuf {
        self.data.join("plugins")
    }
}
