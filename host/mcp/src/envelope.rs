//! What is wrong with an answer that can be read all the same: JSON-RPC 2.0 says what it must look like.

use bartizan_model::{printable, truncate_chars};
use serde_json::{Value, json};

use crate::json::{Members, type_of};

/// Members that a response has.
const KNOWN: [&str; 4] = ["jsonrpc", "id", "result", "error"];
/// Names of other members that are told.
const MAX_NAMES: usize = 5;

/// What is wrong with the envelope of this answer, as the details of "malformed-answer" observations.
pub(crate) fn problems(method: &str, members: &Members<'_>) -> Vec<Value> {
    let mut found = Vec::new();
    let mut tell = |problem: &str, seen: &str| {
        let seen = printable(&truncate_chars(seen, 100));
        found.push(json!({ "method": method, "problem": problem, "found": seen }));
    };
    match members.get("jsonrpc").map(serde_json::value::RawValue::get) {
        Some("\"2.0\"") => {}
        Some(other) => tell("jsonrpc-other", other),
        None => tell("jsonrpc-missing", ""),
    }
    let (result, error) = (members.get("result"), members.get_some("error"));
    // Without an id an error may be about a request that could not be read.
    match members.get("id").map(serde_json::value::RawValue::get) {
        Some(id) if id.bytes().all(|byte| byte.is_ascii_digit()) => {}
        Some("null") | None if error.is_some() => {}
        Some(id) => tell("id-type", type_of(id)),
        None => tell("id-missing", ""),
    }
    match (result, error) {
        // A null beside the other is how some serializers write "absent".
        (Some(result), Some(_)) if result.get() != "null" => tell("result-and-error", ""),
        (Some(result), None) if type_of(result.get()) != "object" => {
            tell("result-type", type_of(result.get()));
        }
        _ => {}
    }
    if let Some(error) = error {
        error_problems(error.get(), &mut tell);
    }
    let unknown = members.0.iter().map(|(key, _)| key.as_str()).filter(|key| !KNOWN.contains(key));
    let unknown: Vec<&str> = unknown.take(MAX_NAMES).collect();
    if !unknown.is_empty() {
        tell("unknown-members", &unknown.join(", "));
    }
    found
}

fn error_problems(error: &str, tell: &mut impl FnMut(&str, &str)) {
    let Ok(members) = Members::parse(error) else {
        tell("error-type", type_of(error));
        return;
    };
    match members.get("code").map(serde_json::value::RawValue::get) {
        Some(code) if code.parse::<i64>().is_ok() => {}
        Some(code) => tell("error-code-type", type_of(code)),
        None => tell("error-code-missing", ""),
    }
    match members.get("message").map(|message| type_of(message.get())) {
        Some("string") => {}
        Some(other) => tell("error-message-type", other),
        None => tell("error-message-missing", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let found = problems("tools/list", &Members::parse(text).unwrap());
        found.iter().map(|one| one["problem"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn an_honest_answer_has_nothing_wrong_however_its_serializer_writes_absence() {
        for honest in [
            r#"{"jsonrpc":"2.0","id":7,"result":{}}"#,
            r#"{"jsonrpc":"2.0","id":7,"result":{},"error":null}"#,
            r#"{"jsonrpc":"2.0","id":7,"result":null,"error":{"code":-32601,"message":"no"}}"#,
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no","data":[1]}}"#,
            r#"{"jsonrpc":"2.0","error":{"code":-32700,"message":""}}"#,
        ] {
            assert_eq!(told(honest), [""; 0], "{honest}");
        }
    }

    #[test]
    fn each_way_to_be_wrong_is_told() {
        for (text, problem) in [
            (r#"{"id":7,"result":{}}"#, "jsonrpc-missing"),
            (r#"{"jsonrpc":2.0,"id":7,"result":{}}"#, "jsonrpc-other"),
            (r#"{"jsonrpc":"1.0","id":7,"result":{}}"#, "jsonrpc-other"),
            (r#"{"jsonrpc":"2.0","id":"7","result":{}}"#, "id-type"),
            (r#"{"jsonrpc":"2.0","id":7.0,"result":{}}"#, "id-type"),
            (r#"{"jsonrpc":"2.0","id":null,"result":{}}"#, "id-type"),
            (r#"{"jsonrpc":"2.0","result":{}}"#, "id-missing"),
            (r#"{"jsonrpc":"2.0","id":7,"result":{},"error":{"code":1,"message":""}}"#, "result-and-error"),
            (r#"{"jsonrpc":"2.0","id":7,"result":[]}"#, "result-type"),
            (r#"{"jsonrpc":"2.0","id":7,"result":null}"#, "result-type"),
            (r#"{"jsonrpc":"2.0","id":7,"error":"no"}"#, "error-type"),
            (r#"{"jsonrpc":"2.0","id":7,"error":{"message":""}}"#, "error-code-missing"),
            (r#"{"jsonrpc":"2.0","id":7,"error":{"code":"x","message":""}}"#, "error-code-type"),
            (r#"{"jsonrpc":"2.0","id":7,"error":{"code":1.5,"message":""}}"#, "error-code-type"),
            (r#"{"jsonrpc":"2.0","id":7,"error":{"code":1}}"#, "error-message-missing"),
            (r#"{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":3}}"#, "error-message-type"),
            (r#"{"jsonrpc":"2.0","id":7,"result":{},"tools":[],"\u001b":0}"#, "unknown-members"),
        ] {
            assert_eq!(told(text), [problem], "{text}");
        }
    }
}
