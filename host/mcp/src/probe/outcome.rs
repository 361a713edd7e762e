//! What a server did when something was tried.

use bartizan_model::{printable, truncate_chars};
use serde_json::{Map, Value, json};

use crate::{
    Error,
    error::Stop,
    json::Members,
    jsonrpc::{self, Answer, Message, code_and_message},
    session::Answered,
    transport::exchange::Reply,
};

/// How a probe went: the detail of its observation.
pub(crate) struct Tried {
    detail: Map<String, Value>,
    /// Why it could not be made, where it should have been: that is not checked.
    pub(crate) missing: Option<String>,
}

impl Tried {
    /// It was made, and this is what the server did.
    pub(crate) fn ran(outcome: Outcome) -> Self {
        let Outcome { what, status, code, message } = outcome;
        let mut detail = Map::new();
        detail.insert("ran".into(), true.into());
        detail.insert("outcome".into(), what.into());
        detail.insert("status".into(), json!(status));
        detail.insert("code".into(), json!(code));
        detail.insert("message".into(), json!(message.as_deref().map(one_line)));
        Self { detail, missing: None }
    }

    /// It says nothing about this server, so it was not made.
    pub(crate) fn not_applicable(why: impl Into<String>) -> Self {
        let detail = Map::from_iter([("ran".into(), false.into()), ("why_not".into(), why.into().into())]);
        Self { detail, missing: None }
    }

    /// It would say something, and could not be made.
    pub(crate) fn prevented(why: impl Into<String>) -> Self {
        let why = why.into();
        Self { missing: Some(why.clone()), ..Self::not_applicable(why) }
    }

    /// The same with this particular.
    pub(crate) fn and(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(key.to_owned(), value.into());
        self
    }

    pub(crate) fn into_detail(self) -> Value {
        Value::Object(self.detail)
    }
}

/// What the server did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// "accepted", "refused", "error", "no-answer" or "server-died".
    pub(crate) what: &'static str,
    /// The status, if it is HTTP.
    pub(crate) status: Option<u16>,
    /// The code of the JSON-RPC error.
    pub(crate) code: Option<i64>,
    /// The error's message, or what went wrong.
    pub(crate) message: Option<String>,
}

impl Outcome {
    pub(crate) fn plain(what: &'static str) -> Self {
        Self { what, status: None, code: None, message: None }
    }

    pub(crate) fn accepted(&self) -> bool {
        self.what == "accepted"
    }

    pub(crate) fn refused(error: &str) -> Self {
        let (code, message) = code_and_message(error);
        Self { code: Some(code), message: Some(message), ..Self::plain("refused") }
    }

    /// Of an answer in the conversation.
    pub(crate) fn of(answered: &Result<Answered, Stop>) -> Self {
        match answered {
            Ok(Answered::Result(_)) => Self::plain("accepted"),
            Ok(Answered::Error(error)) => Self::refused(error),
            Err(stop) => Self::of_stop(stop),
        }
    }

    /// Of an exchange beside the conversation.
    pub(crate) fn of_reply(reply: &Result<Reply, Stop>) -> Self {
        let reply = match reply {
            Ok(reply) => reply,
            Err(stop) => return Self::of_stop(stop),
        };
        let error = reply.answer.as_deref().and_then(error_in);
        let (code, message) = match &error {
            Some((code, message)) => (Some(*code), Some(message.clone())),
            None => (None, Some(reply.text.clone()).filter(|text| !text.is_empty())),
        };
        let status = Some(reply.status.as_u16());
        let with = |what, message| Self { what, status, code, message };
        match reply.status.as_u16() {
            200..300 if error.is_some() => with("refused", message),
            // A stream whose answer did not come, and 202, are the answer to something that was let in.
            202 => with("accepted", None),
            200..300 if reply.answer.is_some() || reply.is_stream || reply.text.is_empty() => {
                with("accepted", None)
            }
            // Too many requests: that is about no request in particular.
            429 => with("error", message),
            400..500 => with("refused", message),
            _ => with("error", message),
        }
    }

    /// Of an introduction that failed.
    pub(crate) fn of_error(error: &Error) -> Self {
        match error {
            Error::Refused { code, message, .. } => {
                Self { code: Some(*code), message: Some(message.clone()), ..Self::plain("refused") }
            }
            Error::Unauthorized { status, .. } => Self { status: Some(*status), ..Self::plain("refused") },
            Error::Http { status, body, .. } => {
                let is_refusal = (400..500).contains(status) && *status != 429;
                let what = if is_refusal { "refused" } else { "error" };
                Self { status: Some(*status), message: Some(body.clone()), ..Self::plain(what) }
            }
            Error::Timeout { .. } => Self::plain("no-answer"),
            Error::Exited { how, .. } => Self { message: Some(how.clone()), ..Self::plain("server-died") },
            other => Self { message: Some(other.to_string()), ..Self::plain("error") },
        }
    }

    fn of_stop(stop: &Stop) -> Self {
        let with = |what, message: &str| Self { message: Some(message.to_owned()), ..Self::plain(what) };
        match stop {
            Stop::Timeout | Stop::Interrupted => Self::plain("no-answer"),
            Stop::Closed(how) => with("server-died", how),
            Stop::TooLarge => with("error", "its answer is longer than a message may be"),
            Stop::Malformed(why) => with("error", why),
            Stop::Failed(error) => Self::of_error(error),
        }
    }
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    printable(&truncate_chars(&words.join(" "), 300))
}

fn error_in(answer: &str) -> Option<(i64, String)> {
    let members = Members::parse(answer).ok()?;
    match jsonrpc::message(&members)? {
        Message::Response { answer: Answer::Error(error), .. } => Some(code_and_message(error.get())),
        _ => None,
    }
}
