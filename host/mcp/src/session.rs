//! A conversation with one server: a request, its answer, and what the server says in between.

use std::collections::HashSet;

use bartizan_model::{Observation, truncate_chars};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::{
    Limits, envelope,
    error::Stop,
    json::{Elements, Members, quote},
    jsonrpc::{self, Answer, Message},
    record::Record,
    transport::{Connection, Incoming, Outgoing},
};

/// Characters of a line of noise, and bytes of a message of the server's, that are kept.
const MAX_NOISE: usize = 1024;
const MAX_SERVER_MESSAGE: usize = 4096;
/// Ambiguous keys of one message that are told.
const MAX_TOLD_KEYS: usize = 20;
/// Elements of a batch that are read.
const MAX_BATCH: usize = 1_000;

/// The kind of an observation of an answer that is not as JSON-RPC 2.0 has it.
const MALFORMED: &str = "malformed-answer";

/// How a request ended, if it was answered.
pub(crate) enum Answered {
    /// JSON text of the result.
    Result(String),
    /// JSON text of the error.
    Error(String),
}

/// A conversation.
pub(crate) struct Session {
    pub(crate) connection: Connection,
    pub(crate) record: Record,
    pub(crate) limits: Limits,
    pub(crate) cancel: CancellationToken,
    /// Whether arrays of messages are part of the revision that was agreed on (only 2025-03-26).
    pub(crate) takes_batches: bool,
    next_id: u64,
    answered: usize,
    left_out: (usize, usize),
    told_once: Vec<&'static str>,
}

impl Session {
    pub(crate) fn new(connection: Connection, limits: Limits, cancel: CancellationToken) -> Self {
        let record = Record { transport: connection.transport(), ..Record::default() };
        Self {
            connection,
            record,
            limits,
            cancel,
            takes_batches: false,
            next_id: 1,
            answered: 0,
            left_out: (0, 0),
            told_once: Vec::new(),
        }
    }

    /// Asks, and waits for the answer until then.
    pub(crate) async fn request(
        &mut self,
        method: &str,
        params: &Value,
        until: Instant,
    ) -> Result<Answered, Stop> {
        let id = self.take_id();
        let text = jsonrpc::request(id, method, params);
        self.send(&text, Some(method), true, until).await?;
        loop {
            match bounded(&self.cancel, until, self.connection.receive()).await? {
                Incoming::TooLarge => return Err(Stop::TooLarge),
                Incoming::Text { text, lossy } => {
                    if lossy {
                        self.tell_once("invalid-utf8", method);
                    }
                    if let Some(answer) = self.heard(&text, id, method, until).await? {
                        return Ok(answer);
                    }
                }
            }
        }
    }

    /// The id of a request of ours.
    pub(crate) fn take_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id = self.next_id.saturating_add(1);
        id
    }

    /// Sends a text that is no message, then asks. Gives the error that the text was answered with, if it was before the answer, and
    /// the answer. What the server says to the text later would be taken for an answer to the next request: ask nothing after this.
    pub(crate) async fn request_after(
        &mut self,
        text: &str,
        method: &str,
        until: Instant,
    ) -> (Option<String>, Result<Answered, Stop>) {
        let id = self.take_id();
        let request = jsonrpc::request(id, method, &json!({}));
        let mut complaint = None;
        for (text, method) in [(text, None), (request.as_str(), Some(method))] {
            if let Err(stop) = self.send(text, method, method.is_some(), until).await {
                return (complaint, Err(stop));
            }
        }
        loop {
            match bounded(&self.cancel, until, self.connection.receive()).await {
                Err(stop) => return (complaint, Err(stop)),
                Ok(Incoming::TooLarge) => return (complaint, Err(Stop::TooLarge)),
                Ok(Incoming::Text { text, .. }) => {
                    if let Some(error) = error_about_no_request(&text) {
                        complaint.get_or_insert(error);
                        continue;
                    }
                    match self.heard(&text, id, method, until).await {
                        Ok(Some(answer)) => return (complaint, Ok(answer)),
                        Ok(None) => {}
                        Err(stop) => return (complaint, Err(stop)),
                    }
                }
            }
        }
    }

    /// Tells the server something.
    pub(crate) async fn notify(&mut self, method: &str, until: Instant) -> Result<(), Stop> {
        self.send(&jsonrpc::notification(method), Some(method), false, until).await
    }

    async fn send(
        &mut self,
        text: &str,
        method: Option<&str>,
        is_request: bool,
        until: Instant,
    ) -> Result<(), Stop> {
        bounded(&self.cancel, until, self.connection.send(Outgoing { text, method, is_request })).await
    }

    async fn heard(
        &mut self,
        text: &str,
        id: u64,
        method: &str,
        until: Instant,
    ) -> Result<Option<Answered>, Stop> {
        let text = text.trim_ascii();
        if text.starts_with('[')
            && let Ok(batch) = Elements::parse(text, MAX_BATCH)
            && batch.items.iter().any(|item| read(item.get()).is_some())
        {
            if !self.takes_batches {
                self.tell_once("batch", method);
                return Err(Stop::Malformed(
                    "it is a batch, which this revision of the protocol does not have".into(),
                ));
            }
            let mut answer = None;
            for item in batch.items {
                if let Some(found) = self.one(item.get(), id, method, until).await? {
                    answer = Some(found);
                }
            }
            return Ok(answer);
        }
        if read(text).is_some() {
            return self.one(text, id, method, until).await;
        }
        if !self.connection.has_noise() || text.contains("\"jsonrpc\"") {
            let found = bartizan_model::printable(&truncate_chars(text, 100));
            self.tell(
                MALFORMED,
                method,
                json!({ "method": method, "problem": "not-json-rpc", "found": found }),
            );
            return Err(Stop::Malformed(format!(
                "it is not a JSON-RPC message: {}",
                bartizan_model::printable(&truncate_chars(text, 200))
            )));
        }
        if !text.is_empty() {
            if self.record.stdout_noise.len() < self.limits.noise_lines {
                self.record.stdout_noise.push(truncate_chars(text, MAX_NOISE));
            } else {
                self.left_out.0 = self.left_out.0.saturating_add(1);
            }
        }
        Ok(None)
    }

    /// One message that is known to be one.
    async fn one(
        &mut self,
        text: &str,
        id: u64,
        asked: &str,
        until: Instant,
    ) -> Result<Option<Answered>, Stop> {
        let Ok(members) = Members::parse(text) else { return Ok(None) };
        match jsonrpc::message(&members) {
            // An error about no request in particular can only be about the one we wait for.
            Some(Message::Response { id: answered, answer })
                if answered == Some(id) || (answered.is_none() && matches!(answer, Answer::Error(_))) =>
            {
                self.told_of_envelope(&members);
                for problem in envelope::problems(asked, &members) {
                    self.tell(MALFORMED, asked, problem);
                }
                Ok(Some(match answer {
                    Answer::Result(result) => Answered::Result(result.get().to_owned()),
                    Answer::Error(error) => Answered::Error(error.get().to_owned()),
                }))
            }
            // An answer to nothing, or to what was never asked; one that comes late is not.
            Some(Message::Response { id: answered, .. }) if answered.is_none_or(|id| id >= self.next_id) => {
                self.tell(MALFORMED, asked, json!({ "method": asked, "problem": "id-unknown", "found": "" }));
                Ok(None)
            }
            Some(Message::Request { id: asked, method }) => {
                self.keep(text, &method, true);
                if self.answered < self.limits.answered_requests {
                    self.answered = self.answered.saturating_add(1);
                    let reply = jsonrpc::reply(asked, &method);
                    match self.send(&reply, None, false, until).await {
                        // Over HTTP an answer of ours that is refused does not break what we read.
                        Err(Stop::Failed(_)) | Ok(()) => {}
                        Err(stop) => return Err(stop),
                    }
                }
                Ok(None)
            }
            Some(Message::Notification) => {
                self.keep(text, "", false);
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// The same member twice around the result would let two clients see two results.
    fn told_of_envelope(&mut self, members: &Members<'_>) {
        let mut seen: HashSet<String> = HashSet::new();
        let again = members.0.iter().filter(|(key, _)| !seen.insert(crate::keys::fold(key)));
        for (key, _) in again.take(MAX_TOLD_KEYS) {
            let is_same = members.0.iter().filter(|(other, _)| other == key).count() > 1;
            let pointer = format!("/{}", crate::keys::escape(&truncate_chars(key, 200)));
            let kind = if is_same { "duplicate-key" } else { "case-variant-key" };
            self.tell(kind, "message", json!({ "item": "message", "pointer": pointer }));
        }
    }

    fn keep(&mut self, text: &str, method: &str, is_request: bool) {
        if self.record.from_server.len() >= self.limits.server_messages {
            self.left_out.1 = self.left_out.1.saturating_add(1);
            return;
        }
        if text.len() <= MAX_SERVER_MESSAGE {
            self.record.from_server.push(text.to_owned());
        } else {
            let method = quote(&truncate_chars(method, 200));
            let id = if is_request { r#","id":null"# } else { "" };
            self.record.from_server.push(format!(r#"{{"jsonrpc":"2.0","method":{method}{id},"cut":true}}"#));
        }
    }

    pub(crate) fn tell(&mut self, kind: &str, about: &str, detail: Value) {
        let one = Observation { kind: kind.into(), about: about.into(), detail };
        if self.record.observations.len() < 500 && !self.record.observations.contains(&one) {
            self.record.observations.push(one);
        }
    }

    fn tell_once(&mut self, kind: &'static str, about: &str) {
        if !self.told_once.contains(&kind) {
            self.told_once.push(kind);
            self.tell(kind, about, json!({}));
        }
    }

    /// Ends the conversation; what is left is the record and the last of stderr.
    pub(crate) async fn close(mut self) -> (Record, String) {
        self.connection.close().await;
        self.closed()
    }

    /// What is left of a conversation whose connection was closed.
    pub(crate) fn closed(mut self) -> (Record, String) {
        let (noise, messages) = self.left_out;
        if noise > 0 {
            self.tell("stdout-noise", "", json!({ "left_out": noise }));
        }
        if messages > 0 {
            self.tell("server-messages", "", json!({ "left_out": messages }));
        }
        self.record.observations.extend(self.connection.observations());
        (self.record, self.connection.stderr())
    }
}

/// The error that this message is, if it says of no request that it is about it.
fn error_about_no_request(text: &str) -> Option<String> {
    let members = Members::parse(text.trim_ascii()).ok()?;
    match jsonrpc::message(&members)? {
        Message::Response { id: None, answer: Answer::Error(error) } => Some(error.get().to_owned()),
        _ => None,
    }
}

fn read(text: &str) -> Option<()> {
    Members::parse(text).ok().as_ref().and_then(jsonrpc::message).map(|_| ())
}

/// Waits until then, or until the user interrupts.
pub(crate) async fn bounded<T>(
    cancel: &CancellationToken,
    until: Instant,
    future: impl Future<Output = Result<T, Stop>>,
) -> Result<T, Stop> {
    // A server that never pauses keeps `future` ready for ever; the timer below would not be looked at.
    if Instant::now() >= until {
        return Err(Stop::Timeout);
    }
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Stop::Interrupted),
        outcome = timeout_at(until, future) => outcome.unwrap_or(Err(Stop::Timeout)),
    }
}
