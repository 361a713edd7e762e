//! JSON Web Tokens: three parts, of which the first two are JSON.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{Secret, Sure, masked};

/// Bytes of one token that are read.
const MAX: usize = 8 * 1024;

pub(super) fn find(text: &str) -> Vec<(usize, usize, Secret)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("eyJ")).map(|at| at.saturating_add(from))
    {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let length = text
            .as_bytes()
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take(MAX)
            .take_while(|byte| is_part(byte))
            .count();
        let end = at.saturating_add(length.max(3));
        let token = text.get(at..end).unwrap_or_default().trim_end_matches('.');
        if is_signed(token) {
            let secret = Secret { what: "a JSON Web Token", sure: Sure::Likely, shown: masked(token) };
            found.push((at, end, secret));
        }
        from = end;
    }
    found
}

/// Whether it is a whole token, signed, and not one that documentation shows.
fn is_signed(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else { return false };
    let json =
        |part: &str| -> Option<Value> { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok() };
    let (Some(header), Some(Value::Object(payload))) = (json(header), json(payload)) else { return false };
    let algorithm = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    let shown = payload.values().filter_map(Value::as_str).any(|text| {
        let text = text.to_lowercase();
        ["1234567890", "john doe", "jane doe"].contains(&text.as_str()) || text.contains("example")
    });
    !algorithm.is_empty() && algorithm != "none" && signature.len() >= 20 && !shown
}
