//! MCP-PROTO-003: what the server does with a request that it should refuse.

use bartizan_sdk::prelude::*;

use bartizan_listing::Reach;

use crate::{
    rules,
    seen::{self, Outcome, clipped, text},
};

/// Requests that a server must answer with an error, by the probe that makes them.
const BAD: [(&str, &str); 3] = [
    ("unknown-method", "a method that does not exist"),
    ("malformed-json", "a line that is not JSON"),
    ("wrong-params", "parameters of the wrong type"),
];
/// Other probes that no server may die of.
const ODD: [(&str, &str); 3] = [
    ("unknown-version", "a protocol version that does not exist"),
    ("header-body-mismatch", "headers that contradict the body"),
    ("list-again", "a second request for the same list"),
];

pub(crate) fn check(server: &Server) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(died(server));
    findings.extend(mishandled(server));
    findings.extend(talkative(server));
    findings
}

/// One request that ends the process takes it away from everybody else who uses it.
fn died(server: &Server) -> Option<Finding> {
    let (name, what) = BAD
        .into_iter()
        .chain(ODD)
        .find(|(name, _)| seen::probe(server, name).is_some_and(|probe| is_dead(&probe)))?;
    let (severity, who) = match seen::reach(server) {
        Some(Reach::Public) => {
            (Severity::Medium, "Anybody who can reach it can take it away from all its users.")
        }
        Some(_) => (Severity::Low, "Whoever can reach it can take it away from all its users."),
        None => (Severity::Low, "One odd message ends the session."),
    };
    let message = format!("The server ended, or answered nothing any more, after {what}. {who}");
    Some(Finding::new(rules::ERRORS, server, message).severity(severity).evidence("probe", name, ""))
}

/// Over HTTP a server that said 400 or 429 refused as it should; that it took no request after that has another cause,
/// such as a limit or a session that ended.
fn is_dead(probe: &seen::Probe) -> bool {
    let status = probe.detail.get("status").and_then(serde_json::Value::as_u64);
    probe.outcome == Outcome::Died && !status.is_some_and(|status| (400..500).contains(&status))
}

fn mishandled(server: &Server) -> Option<Finding> {
    let mut faults = Vec::new();
    for (name, what) in BAD {
        let Some(probe) = seen::probe(server, name) else { continue };
        match (name, probe.outcome) {
            // A list asked for with odd parameters is honestly answered by many.
            ("unknown-method" | "malformed-json", Outcome::Accepted) => {
                faults.push(format!("it answered {what} with a result"));
            }
            // What is no JSON has no id to answer; most libraries only log it.
            ("unknown-method" | "wrong-params", Outcome::NoAnswer) => {
                faults.push(format!("it never answered {what}"));
            }
            _ => {}
        }
    }
    let first = faults.first()?;
    let message = format!(
        "The server does not refuse what it cannot do: {first}. JSON-RPC wants an error; without one a client waits, \
         or takes for done what was not."
    );
    let finding = Finding::new(rules::ERRORS, server, message).severity(Severity::Low);
    Some(faults.iter().fold(finding, |finding, fault| finding.evidence("probe", fault, "")))
}

/// An error message that tells of the inside.
fn talkative(server: &Server) -> Option<Finding> {
    let listed = seen::all(server, "list-error")
        .filter_map(|(about, detail)| Some((about.to_owned(), text(&detail, "message")?.to_owned())));
    let probed = BAD.into_iter().chain(ODD).filter_map(|(name, _)| {
        let probe = seen::probe(server, name)?;
        Some((name.to_owned(), text(&probe.detail, "message")?.to_owned()))
    });
    let (about, message, leak) = listed
        .chain(probed)
        .find_map(|(about, message)| Some((about, leak(&message)?, message)))
        .map(|(about, leak, message)| (about, message, leak))?;
    let (severity, what) = match leak {
        Leak::Password => (Severity::Medium, "the address and the password of something it is connected to"),
        Leak::Stack => (Severity::Low, "a stack trace: its files, its libraries and their places"),
    };
    // The text may hold a password, so it is not repeated.
    let shown = if leak == Leak::Password {
        "(not shown: it holds a password)".to_owned()
    } else {
        clipped(&message)
    };
    Some(
        Finding::new(
            rules::ERRORS,
            server,
            format!("An error that the server answers `{}` with gives away {what}.", clipped(&about)),
        )
        .severity(severity)
        .evidence("error message", &shown, "")
        .remediation(
            "Answer with a short message and write the particulars to a log that callers cannot read.",
        ),
    )
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leak {
    Password,
    Stack,
}

fn leak(message: &str) -> Option<Leak> {
    if holds_password(message) {
        return Some(Leak::Password);
    }
    let frames = message.lines().filter(|line| is_frame(line.trim_start())).count();
    let python = message.contains("Traceback (most recent call last)");
    (python || frames >= 2).then_some(Leak::Stack)
}

/// A line of a JavaScript, Java or Python stack trace.
fn is_frame(line: &str) -> bool {
    let numbered = line.chars().any(|c| c.is_ascii_digit());
    let script = line.starts_with("at ") && line.contains(['(', '/', '\\']) && line.contains(':') && numbered;
    script || line.starts_with("File \"") && line.contains("line ")
}

/// `scheme://user:password@host`.
fn holds_password(message: &str) -> bool {
    message.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', ' ', '"', '\'', '?', '#']).next().unwrap_or_default();
        let Some((user, host)) = authority.rsplit_once('@') else { return false };
        let password = user.split_once(':').map(|(_, password)| password).unwrap_or_default();
        let hidden = password.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '•'));
        !host.is_empty() && !hidden && !password.starts_with(['<', '{', '$', '['])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_an_address_is_known_and_a_masked_one_is_none() {
        assert_eq!(leak("connect to postgres://app:s3cret@db.internal:5432/x failed"), Some(Leak::Password));
        for honest in [
            "connect to postgres://app:***@db.internal failed",
            "use postgres://user:<password>@host",
            "mail me@example.com about https://example.com/",
            "https://user@example.com/",
        ] {
            assert_eq!(leak(honest), None, "{honest}");
        }
    }

    #[test]
    fn a_stack_trace_is_known_and_a_sentence_is_none() {
        assert_eq!(
            leak("Error: x\n    at f (/app/a.js:1:2)\n    at Object.<anonymous> (/app/b.js:3:4)"),
            Some(Leak::Stack)
        );
        assert_eq!(leak("Traceback (most recent call last):\n  File \"/a.py\", line 3"), Some(Leak::Stack));
        assert_eq!(leak("connect ECONNREFUSED 127.0.0.1:9"), None);
        assert_eq!(leak("at least one of (a/b): 3 is wanted"), None);
    }
}
