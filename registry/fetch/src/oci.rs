//! OCI registries: components with their statements, pulled and pushed.
//!
//! Start with [`Registry`]. It speaks the OCI distribution specification with registries that list referrers and, by its
//! fallback tags, with those that do not. What a component looks like there is [`bartizan_archive::oci`]'s.
//!
//! The protocol is spoken here and not by a general client of registries, because nothing an answer holds may be believed
//! before it is bounded: those clients read manifests, tokens and errors of any length, follow redirects to plain http and
//! send a password wherever a challenge says.

mod challenge;
mod docker;
mod error;
mod login;
mod pull;
mod push;
mod reference;
mod referrers;
mod session;

pub use error::RegistryError;
pub use login::{Credentials, Login};
pub use pull::Pulled;
pub use push::Pushed;
pub use reference::Reference;

use bartizan_model::Digest;
use bartizan_registry::SignedComponent;

use crate::Client;

/// OCI registries, as one user reaches them.
///
/// A registry on this machine, or on a host that [`crate::Options::http_hosts`] names, is asked over plain http; every other
/// one over https.
#[derive(Clone, Debug)]
pub struct Registry {
    client: Client,
    login: Login,
}

impl Registry {
    /// Reaches registries through this client. The login is looked up when a registry asks for one, and not before.
    pub fn new(client: Client, login: Login) -> Self {
        Self { client, login }
    }

    /// The component at a reference and every statement about it. `progress` hears of the component's own bytes.
    ///
    /// That it is unaltered is known only as far as the reference has a digest; that it may run is not known at all.
    pub fn pull(
        &self,
        reference: &Reference,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Pulled, RegistryError> {
        pull::pull(&self.client, &self.login, reference, progress)
    }

    /// What a reference's tag means today: the manifest's digest. Nothing but the manifest is fetched.
    pub fn resolve(&self, reference: &Reference) -> Result<Digest, RegistryError> {
        pull::resolve(&self.client, &self.login, reference)
    }

    /// Puts a component and its statement there. The tag is set last: who finds it finds everything.
    pub fn push(&self, reference: &Reference, signed: &SignedComponent) -> Result<Pushed, RegistryError> {
        push::push(&self.client, &self.login, reference, signed)
    }
}
