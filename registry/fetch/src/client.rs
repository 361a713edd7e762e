//! The client.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{ClientBuilder, Url, redirect::Policy};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::{
    FetchError, Options, Timeouts,
    ask::{Answer, Ask, Progress},
    cause::causes,
    rules::{Rules, is_loopback},
};

/// Connections are used again for this long. Between two calls nobody hears that a server closed one, and servers close them
/// after five seconds and more.
const MAX_REST: Duration = Duration::from_secs(3);

/// Fetches over HTTPS. Cheap to clone; its clones share their connections.
///
/// Its calls block. They are not for async code, where they return [`FetchError::Setup`].
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    /// Always there until it is dropped.
    runtime: Option<Runtime>,
    /// Through the environment's proxies.
    outside: reqwest::Client,
    /// Through none: a proxy elsewhere cannot reach this machine, and need not see what stays on it.
    here: reqwest::Client,
    pub(crate) rules: Rules,
    pub(crate) timeouts: Timeouts,
    pub(crate) redirects: usize,
}

impl Client {
    /// Sets one up. It reads the system's certificate authorities and the environment's proxies, and connects to nobody.
    pub fn new(options: &Options) -> Result<Self, FetchError> {
        let tls = tls()?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| setup(&error))?;
        let build = |builder: ClientBuilder| {
            builder
                .tls_backend_preconfigured(tls.clone())
                .redirect(Policy::none())
                .referer(false)
                .user_agent(&options.user_agent)
                .connect_timeout(options.timeouts.connect)
                .pool_idle_timeout(MAX_REST)
                .build()
                .map_err(|error| setup(&error))
        };
        let inner = Inner {
            outside: build(reqwest::Client::builder())?,
            here: build(reqwest::Client::builder().no_proxy())?,
            runtime: Some(runtime),
            rules: Rules::new(&options.http_hosts),
            timeouts: options.timeouts,
            redirects: options.redirects,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What is behind a URL, if it is no more than `limit` bytes. `progress` hears how many have arrived, and how many there
    /// will be if the server says so.
    pub fn get(
        &self,
        url: &Url,
        limit: u64,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Vec<u8>, FetchError> {
        self.ask(&Ask::get(url.clone(), limit), progress)?.good()
    }

    pub(crate) fn ask(&self, ask: &Ask, progress: Progress<'_>) -> Result<Answer, FetchError> {
        if Handle::try_current().is_ok() {
            return Err(FetchError::Setup {
                why: "it was called from async code, which it would block".into(),
            });
        }
        let Some(runtime) = &self.inner.runtime else {
            return Err(FetchError::Setup { why: "its runtime is gone".into() });
        };
        runtime.block_on(self.inner.ask(ask, progress))
    }

    pub(crate) fn total(&self) -> Duration {
        self.inner.timeouts.total
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.inner.rules
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("rules", &self.inner.rules).finish_non_exhaustive()
    }
}

impl Inner {
    pub(crate) fn http(&self, url: &Url) -> &reqwest::Client {
        if is_loopback(url) { &self.here } else { &self.outside }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // A name that is still being looked up would hold us up; in async code waiting for it would panic.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// TLS as the platform verifies it.
fn tls() -> Result<ClientConfig, FetchError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(rustls::ConfigBuilder::with_platform_verifier)
        .map_err(|error| setup(&error))?;
    Ok(config.with_no_client_auth())
}

fn setup(error: &(dyn std::error::Error + 'static)) -> FetchError {
    FetchError::Setup { why: causes(error) }
}
