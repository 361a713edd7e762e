//! JSON-RPC 2.0 messages: ours written, the server's read without losing a byte.

use serde_json::{Value, json, value::RawValue};

use crate::json::{Members, string};

/// A message from the server, still as text.
pub(crate) enum Message<'a> {
    /// An answer to one of our requests.
    Response {
        /// Ours; `None` if it is no number of ours, `null` or absent, as in an error about a request that could not be read.
        id: Option<u64>,
        answer: Answer<'a>,
    },
    /// It wants something of us. `id` is JSON text.
    Request { id: &'a str, method: String },
    /// It tells us something.
    Notification,
}

/// The body of a response.
pub(crate) enum Answer<'a> {
    Result(&'a RawValue),
    Error(&'a RawValue),
}

/// The message that these members are, if they are one.
pub(crate) fn message<'a>(members: &Members<'a>) -> Option<Message<'a>> {
    let id = members.get_some("id").map(RawValue::get);
    if let Some(method) = members.get("method") {
        let method = string(method.get())?;
        return Some(match id {
            Some(id) => Message::Request { id, method },
            None => Message::Notification,
        });
    }
    // A log line may have an "error" too; taken for an answer it would hide what is really answered.
    if members.get("id").is_none() && members.get("jsonrpc").is_none() {
        return None;
    }
    let answer = match (members.get_some("error"), members.get("result")) {
        (Some(error), _) => Answer::Error(error),
        (None, Some(result)) => Answer::Result(result),
        (None, None) => return None,
    };
    Some(Message::Response { id: id.and_then(number), answer })
}

/// The number that an id is, also if the server made a string or a fraction of it. Whether it did is told elsewhere.
fn number(id: &str) -> Option<u64> {
    let id = id.trim_matches('"');
    id.strip_suffix(".0").unwrap_or(id).parse().ok()
}

/// The code and message of a JSON-RPC error, as far as it has them.
pub(crate) fn code_and_message(error: &str) -> (i64, String) {
    let members = Members::parse(error).ok();
    let member = |key: &str| members.as_ref().and_then(|m| m.get(key)).map(RawValue::get);
    let code = member("code").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let message = member("message").and_then(string).unwrap_or_else(|| error.to_owned());
    (code, bartizan_model::printable(&bartizan_model::truncate_chars(&message, 500)))
}

/// The text of a request.
pub(crate) fn request(id: u64, method: &str, params: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()
}

/// The text of a notification without parameters.
pub(crate) fn notification(method: &str) -> String {
    json!({ "jsonrpc": "2.0", "method": method }).to_string()
}

/// The text of our answer to a request of the server's: we have no roots, we are there, and we do nothing else for it.
pub(crate) fn reply(id: &str, method: &str) -> String {
    let body = match method {
        "roots/list" => r#""result":{"roots":[]}"#,
        "ping" => r#""result":{}"#,
        _ => r#""error":{"code":-32601,"message":"Method not found"}"#,
    };
    // `id` is JSON text that was read as such.
    format!(r#"{{"jsonrpc":"2.0","id":{id},{body}}}"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> &'static str {
        match message(&Members::parse(text).unwrap()) {
            Some(Message::Response { id: Some(7), answer: Answer::Result(_) }) => "result",
            Some(Message::Response { id: None, answer: Answer::Error(_) }) => "error without id",
            Some(Message::Response { .. }) => "other response",
            Some(Message::Request { .. }) => "request",
            Some(Message::Notification) => "notification",
            None => "nothing",
        }
    }

    #[test]
    fn messages_are_told_apart() {
        assert_eq!(kind(r#"{"jsonrpc":"2.0","id":7,"result":null}"#), "result");
        assert_eq!(kind(r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700}}"#), "error without id");
        assert_eq!(kind(r#"{"id":7,"result":1,"error":{}}"#), "other response");
        assert_eq!(kind(r#"{"id":"x","method":"roots/list"}"#), "request");
        assert_eq!(kind(r#"{"method":"notifications/x"}"#), "notification");
        assert_eq!(kind(r#"{"level":"info","method":3}"#), "nothing");
        assert_eq!(kind(r#"{"level":"info"}"#), "nothing");
        assert_eq!(kind(r#"{"level":"error","error":{"code":"ENOENT"}}"#), "nothing");
        assert_eq!(kind(r#"{"jsonrpc":"2.0","error":{"code":-32700}}"#), "error without id");
    }

    #[test]
    fn only_roots_and_ping_are_granted() {
        assert_eq!(reply("\"a\"", "roots/list"), r#"{"jsonrpc":"2.0","id":"a","result":{"roots":[]}}"#);
        for refused in ["sampling/createMessage", "elicitation/create", "x\"},\"result\":{"] {
            let reply: Value = serde_json::from_str(&reply("1", refused)).unwrap();
            assert_eq!(reply.pointer("/error/code"), Some(&json!(-32601)), "{refused}");
        }
    }
}
