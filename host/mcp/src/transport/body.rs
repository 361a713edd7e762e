//! Bodies and headers of responses, read within bounds and told on one line.

use bartizan_model::{printable, truncate_chars};
use reqwest::{
    Response,
    header::{CONTENT_TYPE, HeaderMap, HeaderName},
};

use crate::error::Stop;

/// The body, or `None` if it is longer.
pub(crate) async fn whole(mut response: Response, max: usize) -> Result<Option<Vec<u8>>, Stop> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(piece)) if body.len().saturating_add(piece.len()) > max => return Ok(None),
            Ok(Some(piece)) => body.extend_from_slice(&piece),
            Ok(None) => return Ok(Some(body)),
            Err(error) => return Err(Stop::Malformed(format!("the body broke off: {}", causes(&error)))),
        }
    }
}

/// The media type without its parameters, in lower case; empty if there is none.
pub(crate) fn content_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
    value.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// All values of a header as one, cut and on one line; `None` if it is absent.
pub(crate) fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    const MAX: usize = 500;
    let mut values = headers.get_all(name).iter().map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
    let mut joined = values.next()?;
    for value in values {
        if joined.len() > MAX {
            break;
        }
        joined.push_str(", ");
        joined.push_str(&value);
    }
    Some(printable(&truncate_chars(&joined, MAX)))
}

/// Whether this is a JSON-RPC message, whatever the status and media type say.
pub(crate) fn is_jsonrpc(body: &[u8]) -> bool {
    std::str::from_utf8(body).ok().and_then(|text| crate::json::Members::parse(text).ok()).is_some_and(
        |members| members.get("jsonrpc").is_some() && crate::jsonrpc::message(&members).is_some(),
    )
}

/// The start of a body, on one line.
pub(crate) fn snippet(body: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(body).chars().take(200).collect();
    printable(text.trim())
}

/// An error with its causes, on one line.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut out = error.to_string();
    let mut cause = error.source();
    while let Some(one) = cause {
        let text = one.to_string();
        if !out.contains(&text) {
            out.push_str(": ");
            out.push_str(&text);
        }
        cause = one.source();
    }
    printable(&out)
}
