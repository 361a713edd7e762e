//! Logins at registries.

use std::{fmt, path::PathBuf};

use zeroize::Zeroizing;

use super::{Reference, RegistryError, docker};

/// Where logins come from.
#[derive(Clone, Debug)]
pub enum Login {
    /// Nowhere: only what is open to everybody is reached.
    Anonymous,
    /// What `docker login` left in this folder's `config.json`, credential helpers included.
    DockerConfig(PathBuf),
    /// One login, for the registry with this name and for no other.
    Given {
        /// "registry.example:5000", in lower case.
        registry: String,
        /// The login.
        credentials: Credentials,
    },
}

/// A login. Its secret is never shown, and wiped from memory when it is dropped; what is on its way in a request is not.
#[derive(Clone)]
pub enum Credentials {
    /// A name and a password or access token.
    Password {
        /// The name.
        user: String,
        /// The password.
        password: Zeroizing<String>,
    },
    /// A token that a registry's token service takes in exchange for others.
    IdentityToken(Zeroizing<String>),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password { user, .. } => {
                f.debug_struct("Password").field("user", user).finish_non_exhaustive()
            }
            Self::IdentityToken(_) => f.write_str("IdentityToken(..)"),
        }
    }
}

impl Login {
    /// Docker's configuration where Docker looks for it: `$DOCKER_CONFIG`, or else `~/.docker`.
    pub fn from_docker() -> Self {
        let named = std::env::var_os("DOCKER_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
        match named.or_else(|| Some(std::env::home_dir()?.join(".docker"))) {
            Some(folder) => Self::DockerConfig(folder),
            None => Self::Anonymous,
        }
    }

    /// The login for this reference's registry, if there is one.
    pub(super) fn find(&self, reference: &Reference) -> Result<Option<Credentials>, RegistryError> {
        match self {
            Self::DockerConfig(folder) => docker::find(folder, reference),
            Self::Given { registry, credentials } if registry == reference.registry() => {
                Ok(Some(credentials.clone()))
            }
            Self::Anonymous | Self::Given { .. } => Ok(None),
        }
    }
}
