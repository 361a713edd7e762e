//! What an answer says of itself to caches (`cacheScope`, `ttlMs`; revision 2026-07-28). Older servers say nothing.

use bartizan_model::{printable, truncate_chars};
use serde_json::{Value, json};

use crate::{
    json::{Members, string},
    session::Session,
    transport::Connection,
};

/// The kind of the observation.
const KIND: &str = "cache-hint";
/// Answers to one method that say different things and are told: a list may have a thousand pages.
const MAX_EACH: usize = 4;
/// Characters of a scope; those there are have seven.
const MAX_SCOPE: usize = 100;

/// Tells what the answer to this method says, if it says anything.
pub(crate) fn tell(session: &mut Session, method: &str, result: &Members<'_>) {
    let Some((scope, time)) = hints(result) else { return };
    let told = session.record.observations.iter().filter(|one| one.kind == KIND && one.about == method);
    if told.count() >= MAX_EACH {
        return;
    }
    let authenticated = match &session.connection {
        Connection::Http(http) => Some(http.sends_credentials()),
        _ => None,
    };
    let detail = json!({ "cache_scope": scope, "ttl_ms": time, "authenticated": authenticated });
    session.tell(KIND, method, detail);
}

/// Scope and time; nothing if neither is what the specification has there.
fn hints(result: &Members<'_>) -> Option<(Option<String>, Option<Value>)> {
    let scope = result.get_some("cacheScope").and_then(|value| string(value.get()));
    let scope = scope.map(|text| printable(&truncate_chars(&text, MAX_SCOPE)));
    let time = result.get_some("ttlMs").and_then(|value| serde_json::from_str::<Value>(value.get()).ok());
    let time = time.filter(Value::is_number);
    (scope.is_some() || time.is_some()).then_some((scope, time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(result: &str) -> Option<(Option<String>, Option<Value>)> {
        hints(&Members::parse(result).unwrap())
    }

    #[test]
    fn only_what_is_said_is_told() {
        assert_eq!(read(r#"{"tools":[]}"#), None);
        assert_eq!(read(r#"{"cacheScope":null,"ttlMs":[[]]}"#), None);
        assert_eq!(read(r#"{"cacheScope":7,"ttlMs":0}"#), Some((None, Some(json!(0)))));
        assert_eq!(
            read(r#"{"cacheScope":"public","ttlMs":-1.5}"#),
            Some((Some("public".into()), Some(json!(-1.5))))
        );
    }

    #[test]
    fn a_long_or_invisible_scope_is_cut_and_shown() {
        let long = format!(r#"{{"cacheScope":"\u001b[2J{}"}}"#, "x".repeat(100_000));
        let (scope, _) = read(&long).unwrap();
        let scope = scope.unwrap();
        assert!(scope.len() < 1_000 && !scope.contains('\u{1b}'), "{scope:.40}");
    }
}
