//! What probes are made with: the conversation that is still open, a way to open another, and where to tell.

use bartizan_model::{Observation, TransportKind};
use reqwest::header::HeaderValue;
use serde_json::Value;
use tokio::time::Instant;

use crate::{
    Error, HttpTransport, Missing, Options, Record, Target, Unheard,
    error::Stop,
    handshake,
    item::Kind,
    jsonrpc,
    listing::is_whole,
    session::Session,
    transport::{
        exchange::{Raw, Reply},
        http::Http,
    },
};

use super::outcome::{Outcome, Tried};

/// A server that probes are made on.
pub(crate) struct Stage<'a> {
    pub(crate) target: &'a Target,
    pub(crate) options: &'a Options,
    /// How it was reached.
    pub(crate) kind: TransportKind,
    /// When the last probe must be over.
    pub(crate) deadline: Instant,
    /// The conversation that goes on, if one does.
    live: Option<Session>,
    /// What is left of the conversation in which it was listed, once that is over.
    heard: Option<(Record, String)>,
    /// For what needs no conversation, where there never was one.
    bare: Option<Box<Http>>,
    /// Where its challenge says that it is described, if it made one.
    pub(crate) resource_metadata: Option<String>,
    /// Who gives out credentials for it, if it says so.
    pub(crate) issuer: Option<String>,
    /// Whether it speaks 2026-07-28, without a handshake.
    pub(crate) is_stateless: bool,
    /// A request that it answers, found out once.
    control: Option<Result<&'static str, String>>,
    told: Vec<Observation>,
    missing: Vec<Missing>,
}

impl<'a> Stage<'a> {
    /// For a server that was listed.
    pub(crate) fn new(target: &'a Target, options: &'a Options, mut session: Session) -> Self {
        let kind = session.record.transport.kind;
        let is_stateless = handshake::is_stateless(&session.record.protocol_version);
        let resource_metadata = session.connection.http().and_then(|http| http.resource_metadata());
        Self { live: Some(session), is_stateless, resource_metadata, ..Self::empty(target, options, kind) }
    }

    /// For a server that let nobody in. `None` for one that failed in other ways: there is nobody to ask.
    pub(crate) fn refused(target: &'a Target, options: &'a Options, unheard: &Unheard) -> Option<Self> {
        let Error::Unauthorized { resource_metadata, .. } = &unheard.error else { return None };
        let Target::Http { url, headers, transport } = target else { return None };
        let is_sse = *transport == HttpTransport::Sse;
        let kind = if is_sse { TransportKind::Sse } else { TransportKind::StreamableHttp };
        Some(Self {
            bare: Some(Box::new(Http::new(url, headers, &options.limits).ok()?)),
            heard: Some((unheard.record.clone(), String::new())),
            resource_metadata: resource_metadata.clone(),
            control: Some(Err("the server refuses every request".into())),
            ..Self::empty(target, options, kind)
        })
    }

    fn empty(target: &'a Target, options: &'a Options, kind: TransportKind) -> Self {
        let now = Instant::now();
        Self {
            target,
            options,
            kind,
            deadline: now.checked_add(options.probe.timeout).unwrap_or(now),
            live: None,
            heard: None,
            bare: None,
            resource_metadata: None,
            issuer: None,
            is_stateless: false,
            control: None,
            told: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Until when one answer is waited for.
    pub(crate) fn until(&self) -> Instant {
        Instant::now().checked_add(self.options.probe.patience).unwrap_or(self.deadline).min(self.deadline)
    }

    /// Until when a server is waited for that is started or greeted anew: as long as it had the first time.
    pub(crate) fn until_open(&self) -> Instant {
        Instant::now().checked_add(self.options.timeout).unwrap_or(self.deadline).min(self.deadline)
    }

    /// Whether there ever was a conversation.
    pub(crate) fn was_heard(&self) -> bool {
        self.bare.is_none()
    }

    /// The conversation; another one if the first is over.
    pub(crate) async fn conversation(&mut self) -> Result<&mut Session, String> {
        if self.live.is_none() {
            if !self.was_heard() {
                return Err("the server refuses every request".into());
            }
            let options = Options { progress: None, ..self.options.clone() };
            let opened = handshake::open(self.target, &options, self.until_open()).await;
            self.live = Some(opened.map_err(|unheard| format!("it did not start again: {}", unheard.error))?);
        }
        self.live.as_mut().ok_or_else(|| "there is no conversation".to_owned())
    }

    /// Opens a conversation, if there can be one and there is none.
    pub(crate) async fn ensure(&mut self) -> Result<(), String> {
        if self.was_heard() {
            self.conversation().await?;
        }
        Ok(())
    }

    /// Asks in the conversation. A server that is gone afterwards is let go.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> Result<Outcome, String> {
        let until = self.until_open();
        let patience = self.options.probe.patience;
        let session = self.conversation().await?;
        let until = Instant::now().checked_add(patience).unwrap_or(until).min(until);
        let outcome = Outcome::of(&session.request(method, &params, until).await);
        self.after(&outcome).await;
        Ok(outcome)
    }

    /// Lets a conversation go in which the server is gone, or may still be busy with what it did not answer: the next probe must not be
    /// told to have been the cause. Over streamable HTTP each request stands for itself.
    pub(crate) async fn after(&mut self, outcome: &Outcome) {
        let is_silent = outcome.what == "no-answer" && self.kind != TransportKind::StreamableHttp;
        if is_silent || outcome.what == "server-died" {
            self.bury().await;
        }
    }

    /// Lets the conversation go if a list broke it, for the same reason as [`Self::after`].
    pub(crate) async fn leave_the_past(&mut self) {
        let broken = |missing: &Missing| matches!(missing.code.as_str(), "closed" | "timeout" | "too-large");
        let is_broken = self.live.as_ref().is_some_and(|session| session.record.missing.iter().any(broken));
        if is_broken && self.kind != TransportKind::StreamableHttp {
            self.bury().await;
        }
    }

    /// Whether a list was heard to its end when the server was listed.
    pub(crate) fn was_whole(&self, kind: Kind) -> bool {
        let first = self.heard.as_ref().map(|(record, _)| record);
        let record = first.or_else(|| self.live.as_ref().map(|session| &session.record));
        record.is_some_and(|record| is_whole(record, kind))
    }

    /// Ends the conversation that goes on.
    pub(crate) async fn bury(&mut self) {
        // Not taken before it is over: what was heard must not be lost if time runs out meanwhile.
        if let Some(session) = &mut self.live {
            session.connection.close().await;
        }
        if let Some(session) = self.live.take() {
            self.heard.get_or_insert_with(|| session.closed());
        }
    }

    /// The HTTP beneath.
    pub(crate) fn http(&mut self) -> Option<&mut Http> {
        match &mut self.live {
            Some(session) => session.connection.http(),
            None => self.bare.as_deref_mut(),
        }
    }

    /// The text of a request that can be sent beside the conversation.
    pub(crate) fn text(&mut self, method: &str, params: &Value) -> String {
        let id = self.live.as_mut().map_or(1, Session::take_id);
        jsonrpc::request(id, method, params)
    }

    /// Parameters of a request that has none of its own.
    pub(crate) fn params(&self) -> Value {
        if self.is_stateless { handshake::stateless_params() } else { serde_json::json!({}) }
    }

    /// Sends a request beside the conversation.
    pub(crate) async fn exchange(&mut self, raw: &Raw) -> Result<Reply, Stop> {
        let until = self.until();
        match self.http() {
            Some(http) => http.exchange(raw, until).await,
            None => Err(Stop::Closed("is not reached over HTTP".into())),
        }
    }

    /// A request that the server answers as things are, so that a refusal of the same with something odd about it is about that. The error
    /// says why there is none.
    pub(crate) async fn control(&mut self) -> Result<Raw, String> {
        if self.control.is_none() {
            let mut found =
                Err("the server refuses the same request without anything odd about it".to_owned());
            let methods: &[&'static str] = if self.is_stateless {
                &["tools/list", "server/discover"]
            } else {
                &["ping", "tools/list", "prompts/list", "resources/list"]
            };
            for method in methods {
                let raw = self.message(method);
                let reply = self.exchange(&raw).await;
                if Outcome::of_reply(&reply).accepted() {
                    found = Ok(*method);
                    break;
                }
            }
            self.control = Some(found);
        }
        match self.control.clone() {
            Some(Ok(method)) => Ok(self.message(method)),
            Some(Err(why)) => Err(why),
            None => Err("there is no request to compare with".into()),
        }
    }

    /// What is told if there is no such request: of a server that lets nobody in, nothing else was to be expected.
    pub(crate) fn no_control(&self, why: String) -> Tried {
        if self.was_heard() { Tried::prevented(why) } else { Tried::not_applicable(why) }
    }

    /// A request as the conversation would send it.
    pub(crate) fn message(&mut self, method: &str) -> Raw {
        let params = self.params();
        Raw::post(self.text(method, &params), method)
    }

    /// Ends a session that an answer opened.
    pub(crate) async fn end(&mut self, id: HeaderValue) {
        if let Some(http) = self.http() {
            http.end(id).await;
        }
    }

    /// Tells how a probe went.
    pub(crate) fn tell(&mut self, name: &str, tried: Tried) {
        if let Some(why) = &tried.missing {
            let what = format!("probe {name}");
            self.missing.push(Missing { what, code: "probe".into(), why: why.clone() });
        }
        self.observe("probe", name, tried.into_detail());
    }

    /// Tells what a probe showed.
    pub(crate) fn observe(&mut self, kind: &str, about: &str, detail: Value) {
        self.told.push(Observation { kind: kind.into(), about: about.into(), detail });
    }

    /// Ends everything; what is left is what was heard before, and what was told.
    pub(crate) async fn close(mut self) -> (Record, String) {
        self.bury().await;
        let (mut record, stderr) = self.heard.take().unwrap_or_default();
        record.observations.extend(self.told);
        record.missing.extend(self.missing);
        (record, stderr)
    }
}
