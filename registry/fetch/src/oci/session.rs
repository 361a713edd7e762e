//! Requests to one repository, with the login that its registry asks for.

use bartizan_model::{printable, truncate_chars};
use std::time::Instant;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{Method, StatusCode, Url, header::HeaderValue};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Credentials, Login, Reference, RegistryError, challenge::Challenge};
use crate::{
    Client, FetchError,
    ask::{Answer, Ask, Progress},
    rules::{is_loopback, shown},
};

const MAX_TOKEN_ANSWER: u64 = 256 << 10;
const MAX_TOKEN: usize = 64 << 10;

/// One repository's registry, and what it was told of us so far.
pub(super) struct Session<'a> {
    client: &'a Client,
    login: &'a Login,
    pub(super) reference: &'a Reference,
    /// ".../v2/acme/rules/".
    base: Url,
    /// "pull" or "pull,push".
    actions: &'static str,
    authorization: Option<HeaderValue>,
    /// Whose login was sent.
    user: Option<String>,
    deadline: Option<Instant>,
}

/// What a token service answers with.
#[derive(Deserialize)]
struct Token {
    token: Option<Zeroizing<String>>,
    access_token: Option<Zeroizing<String>>,
}

impl<'a> Session<'a> {
    pub(super) fn to_pull(
        client: &'a Client,
        login: &'a Login,
        reference: &'a Reference,
    ) -> Result<Self, RegistryError> {
        Self::new(client, login, reference, "pull")
    }

    pub(super) fn to_push(
        client: &'a Client,
        login: &'a Login,
        reference: &'a Reference,
    ) -> Result<Self, RegistryError> {
        Self::new(client, login, reference, "pull,push")
    }

    fn new(
        client: &'a Client,
        login: &'a Login,
        reference: &'a Reference,
        actions: &'static str,
    ) -> Result<Self, RegistryError> {
        let scheme = client.rules().scheme_of(reference.host());
        let base = format!("{scheme}://{}/v2/{}/", reference.host(), reference.repository());
        let base = Url::parse(&base).map_err(|error| RegistryError::BadReference {
            text: reference.to_string(),
            why: error.to_string(),
        })?;
        let deadline = Instant::now().checked_add(client.total());
        Ok(Self { client, login, reference, base, actions, authorization: None, user: None, deadline })
    }

    /// The URL of something in the repository: "manifests", "1.2.0".
    pub(super) fn url(&self, parts: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(parts);
        }
        url
    }

    /// Where the registry says to go on; it may be another host, which then learns nothing of us.
    pub(super) fn join(&self, location: &str) -> Result<Url, RegistryError> {
        let from = shown(&self.base);
        let url = self.base.join(location).map_err(|_| FetchError::Redirect {
            from: from.clone(),
            to: printable(&truncate_chars(location, 100)),
            why: "it is not a URL".to_owned(),
        })?;
        match self.client.rules().refuses(&self.base, &url) {
            None => Ok(url),
            Some(why) => Err(FetchError::Redirect { from, to: shown(&url), why: why.to_owned() }.into()),
        }
    }

    /// Asks, and logs in if the registry wants to know who asks. A refusal for want of a login is an error; every other answer
    /// is the caller's to judge.
    pub(super) fn ask(&mut self, mut ask: Ask, progress: Progress<'_>) -> Result<Answer, RegistryError> {
        let is_ours = ask.url.origin() == self.base.origin();
        ask.authorization = self.authorization.clone().filter(|_| is_ours);
        ask.deadline = self.deadline;
        let answer = self.client.ask(&ask, progress)?;
        // Another host's wish to know who asks is not the registry's.
        if answer.status != StatusCode::UNAUTHORIZED || !is_ours || answer.url.origin() != self.base.origin()
        {
            return Ok(answer);
        }
        // What was sent may have been a token that is over by now: a new one is asked for once.
        self.authorization = Some(self.log_in(&answer)?);
        ask.authorization.clone_from(&self.authorization);
        let answer = self.client.ask(&ask, progress)?;
        if answer.status == StatusCode::UNAUTHORIZED {
            return Err(self.not_logged_in());
        }
        Ok(answer)
    }

    fn log_in(&mut self, refusal: &Answer) -> Result<HeaderValue, RegistryError> {
        let challenge = Challenge::of(&refusal.headers).map_err(|why| self.bad(why))?;
        let credentials = self.login.find(self.reference)?;
        self.user = credentials.as_ref().map(|credentials| match credentials {
            Credentials::Password { user, .. } => format!("user `{}`", printable(user)),
            Credentials::IdentityToken(_) => "an identity token".to_owned(),
        });
        match challenge {
            Challenge::Basic => match credentials {
                None => Err(self.not_logged_in()),
                Some(Credentials::IdentityToken(_)) => {
                    Err(self.bad("it asks for a password, and the login is an identity token".to_owned()))
                }
                Some(Credentials::Password { user, password }) => {
                    self.must_be_private(&self.base)?;
                    self.basic(&user, &password)
                }
            },
            Challenge::Bearer { realm, service } => self.token(&realm, service.as_deref(), credentials),
        }
    }

    fn token(
        &self,
        realm: &str,
        service: Option<&str>,
        credentials: Option<Credentials>,
    ) -> Result<HeaderValue, RegistryError> {
        let mut url = Url::parse(realm).map_err(|_| self.bad("its realm is not a URL".to_owned()))?;
        if credentials.is_some() {
            self.must_be_private(&url)?;
        }
        // A realm is like a redirect: it is to protect us no less than the registry does.
        if let Some(why) = self.client.rules().refuses(&self.base, &url) {
            return Err(self.bad(format!("it has us ask `{}` for a token, and {why}", shown(&url))));
        }
        let scope = format!("repository:{}:{}", self.reference.repository(), self.actions);
        let mut fields = vec![("scope", scope.as_str())];
        fields.extend(service.map(|service| ("service", service)));
        let mut ask = Ask::get(url.clone(), MAX_TOKEN_ANSWER);
        ask.deadline = self.deadline;
        match credentials {
            Some(Credentials::IdentityToken(token)) => {
                fields.extend([
                    ("grant_type", "refresh_token"),
                    ("client_id", "bartizan"),
                    ("refresh_token", &token),
                ]);
                let form = form(&url, &fields);
                ask.method = Method::POST;
                ask.body = Some((form.into(), "application/x-www-form-urlencoded"));
            }
            other => {
                url.query_pairs_mut().extend_pairs(fields);
                ask.url = url;
                if let Some(Credentials::Password { user, password }) = other {
                    ask.authorization = Some(self.basic(&user, &password)?);
                }
            }
        }
        let answer = self.client.ask(&ask, &mut |_, _| {})?;
        match answer.status {
            status if status.is_success() => self.bearer(&answer),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(self.not_logged_in()),
            status => Err(self.refused("give a token", status, answer.said())),
        }
    }

    fn bearer(&self, answer: &Answer) -> Result<HeaderValue, RegistryError> {
        // The parser's own words may quote the token.
        let token: Token = serde_json::from_slice(&answer.body)
            .map_err(|_| self.bad("its token service's answer is malformed".to_owned()))?;
        let token =
            token.token.or(token.access_token).filter(|token| !token.is_empty() && token.len() <= MAX_TOKEN);
        let token =
            token.ok_or_else(|| self.bad("its token service gives no token that can be used".to_owned()))?;
        self.secret(&Zeroizing::new(format!("Bearer {}", *token)))
    }

    fn basic(&self, user: &str, password: &str) -> Result<HeaderValue, RegistryError> {
        let plain = Zeroizing::new(format!("{user}:{password}"));
        self.secret(&Zeroizing::new(format!("Basic {}", STANDARD.encode(plain.as_bytes()))))
    }

    fn secret(&self, text: &str) -> Result<HeaderValue, RegistryError> {
        let mut value = HeaderValue::from_str(text)
            .map_err(|_| self.bad("the token has characters that HTTP does not allow".to_owned()))?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn must_be_private(&self, to: &Url) -> Result<(), RegistryError> {
        if to.scheme() == "https" || is_loopback(to) {
            return Ok(());
        }
        Err(RegistryError::LoginInClear { registry: self.registry(), to: shown(to) })
    }

    fn not_logged_in(&self) -> RegistryError {
        match &self.user {
            Some(user) => RegistryError::LoginRefused { registry: self.registry(), user: user.clone() },
            None => RegistryError::LoginNeeded { registry: self.registry() },
        }
    }

    fn bad(&self, why: String) -> RegistryError {
        RegistryError::Challenge { registry: self.registry(), why }
    }

    /// An answer that is not what was asked for.
    pub(super) fn refused(&self, doing: &'static str, status: StatusCode, said: String) -> RegistryError {
        if status == StatusCode::FORBIDDEN {
            let verb = if self.actions == "pull" { "read" } else { "write" };
            let doing = format!("{verb} `{}`", self.reference.repository());
            return RegistryError::Denied { registry: self.registry(), doing, said };
        }
        RegistryError::Refused { registry: self.registry(), doing, status: status.as_u16(), said }
    }

    fn registry(&self) -> String {
        self.reference.registry().to_owned()
    }
}

fn form(url: &Url, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut scratch = url.clone();
    scratch.query_pairs_mut().clear().extend_pairs(fields);
    scratch.query().unwrap_or_default().as_bytes().to_vec()
}
