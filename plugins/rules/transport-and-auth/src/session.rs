//! MCP-TRANS-005: a session id that can be guessed, that is written where others read it, or that is enough by itself.

use bartizan_sdk::prelude::*;
use serde_json::Value;

use bartizan_listing::Reach;

use crate::{
    reached::{Reached, clipped, flag, text},
    rules,
};

/// Bits that nobody guesses over a network, and those that somebody does in an afternoon.
const ENOUGH: f64 = 64.0;
const FEW: f64 = 36.0;

/// One weakness.
struct Weakness {
    severity: Severity,
    guessable: bool,
    what: String,
    shown: String,
}

pub(crate) fn check(reached: &Reached<'_>) -> Vec<Finding> {
    let all: Vec<Weakness> = [guessable(reached), unbound(reached), in_url(reached), cookie(reached)]
        .into_iter()
        .flatten()
        .collect();
    let Some(worst) = all.iter().map(|weakness| weakness.severity).max() else { return Vec::new() };
    let takeover = all.iter().any(|weakness| weakness.guessable)
        && all.iter().any(|weakness| !weakness.guessable && weakness.severity >= Severity::Medium);
    // Each by itself needs something more; together they are all that is needed.
    let severity = if takeover && reached.reach == Reach::Public { Severity::High } else { worst };
    let what: Vec<&str> = all.iter().map(|weakness| weakness.what.as_str()).collect();
    let message = format!("The server is at {}. {}", reached.reach.words(), what.join(" "));
    let finding = Finding::new(rules::SESSION, reached.server, message).severity(severity);
    let finding = finding.evidence("address", &reached.address(), "");
    vec![all.iter().fold(finding, |finding, weakness| finding.evidence("session", &weakness.shown, ""))]
}

fn by_reach(reach: Reach) -> Severity {
    match reach {
        Reach::Loopback => Severity::Info,
        Reach::Private => Severity::Low,
        Reach::Public => Severity::Medium,
    }
}

fn guessable(reached: &Reached<'_>) -> Option<Weakness> {
    let second = reached.probe("second-session").filter(|probe| probe.accepted).map(|probe| probe.detail);
    let weakness = |severity, what: &str, shown: String| {
        Some(Weakness { severity, guessable: true, what: what.to_owned(), shown })
    };
    if let Some(detail) = &second {
        if flag(detail, "same_id") == Some(true) {
            let what = "It gives every caller the same session id, so all of them share one session.";
            return weakness(by_reach(reached.reach), what, "two sessions, one id".to_owned());
        }
        if let Some(step) = detail.get("numeric_step").and_then(Value::as_i64) {
            let what = "It counts its session ids: who has one knows those of the others.";
            return weakness(
                by_reach(reached.reach),
                what,
                format!("the second id is {step} after the first"),
            );
        }
    }
    // The second one's facts are about what differs between two.
    let first = || reached.seen("session-id").map(|(_, detail)| detail).find(|detail| length(detail) > 0);
    let facts = second.filter(|detail| length(detail) > 0).or_else(first)?;
    let bits = bits(&facts)?;
    if bits >= ENOUGH {
        return None;
    }
    let severity =
        if bits < FEW { by_reach(reached.reach) } else { by_reach(reached.reach).min(Severity::Low) };
    let what = format!("Its session ids hold at most {bits:.0} bits that differ, which can be tried out.");
    let shown = format!(
        "{} characters ({}), of which {} are alike in two",
        length(&facts),
        text(&facts, "charset").unwrap_or("unknown"),
        number(&facts, "common_prefix")
    );
    weakness(severity, &what, shown)
}

/// The id by itself was enough, though the server asks everybody else for credentials.
fn unbound(reached: &Reached<'_>) -> Option<Weakness> {
    let probe = reached.probe("session-reuse").filter(|probe| probe.accepted)?;
    if flag(&probe.detail, "credentials_left_out") != Some(true) || reached.is_open() != Some(false) {
        return None;
    }
    Some(Weakness {
        severity: by_reach(reached.reach),
        guessable: false,
        what: "It asks for credentials, and answered without any to somebody who had a session's id: the id is what it \
               goes by."
            .to_owned(),
        shown: "session-reuse without credentials: accepted".to_owned(),
    })
}

fn in_url(reached: &Reached<'_>) -> Option<Weakness> {
    let (_, _) = reached.seen("session-id").find(|(_, detail)| flag(detail, "in_url") == Some(true))?;
    // The older transport has it no other way.
    let by_design = reached.server.transport.kind == "sse";
    let severity = if by_design { Severity::Info } else { by_reach(reached.reach).min(Severity::Low) };
    let why = if by_design { ", as the older transport (HTTP with SSE) has it" } else { "" };
    Some(Weakness {
        severity,
        guessable: false,
        what: format!("The session id is a part of the address{why}: logs and proxies on the way keep it."),
        shown: "session id in the address".to_owned(),
    })
}

/// A cookie that says who the caller is, and may be sent in the clear.
fn cookie(reached: &Reached<'_>) -> Option<Weakness> {
    if reached.url.scheme() != "https" {
        return None;
    }
    let name = reached.seen("http-response").find_map(|(_, detail)| {
        let cookies = detail.get("set_cookie").and_then(Value::as_array)?;
        let open = cookies.iter().find(|cookie| {
            flag(cookie, "secure") == Some(false) && text(cookie, "name").is_some_and(is_of_a_session)
        })?;
        text(open, "name").map(clipped)
    })?;
    Some(Weakness {
        severity: by_reach(reached.reach).min(Severity::Low),
        guessable: false,
        what: "It sets a session's cookie without `Secure`, so browsers send it over plain http as well."
            .to_owned(),
        shown: format!("cookie {name}"),
    })
}

/// By what such cookies are called: `sid`, `connect.sid`, `JSESSIONID`, `auth_token`.
fn is_of_a_session(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("sess") || name.contains("auth") || name.contains("token") || name.ends_with("sid")
}

fn number(detail: &Value, key: &str) -> u64 {
    detail.get(key).and_then(Value::as_u64).unwrap_or_default()
}

fn length(detail: &Value) -> u64 {
    number(detail, "length")
}

/// At most so many bits differ from one id to the next; `None` where the characters are not known.
fn bits(detail: &Value) -> Option<f64> {
    let length = length(detail);
    let each = match text(detail, "charset")? {
        "digits" => 3.3,
        "hex" => 4.0,
        // Four hyphens and two fixed digits are told by everybody.
        "uuid" => 3.4,
        "alphanumeric" => 5.9,
        "visible-ascii" => 6.5,
        _ => return None,
    };
    let differ = u32::try_from(length.saturating_sub(number(detail, "common_prefix"))).unwrap_or(u32::MAX);
    Some(f64::from(differ) * each)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_common_libraries_give_is_enough_and_what_can_be_counted_is_not() {
        let bits = |length: u64, charset: &str, prefix: u64| {
            bits(&json!({ "length": length, "charset": charset, "common_prefix": prefix })).unwrap()
        };
        for fine in
            [bits(36, "uuid", 0), bits(36, "uuid", 13), bits(32, "hex", 8), bits(22, "alphanumeric", 0)]
        {
            assert!(fine >= ENOUGH, "{fine}");
        }
        for weak in [bits(6, "digits", 0), bits(8, "hex", 0), bits(36, "uuid", 30)] {
            assert!(weak < FEW, "{weak}");
        }
    }
}
