//! MCP-PROTO-004: the revision that was agreed on.

use bartizan_sdk::prelude::*;

use crate::{
    rules,
    seen::{self, Outcome, clipped, text},
};

/// The revisions that were published. Servers of before the first release still say `2024-10-07`.
const PUBLISHED: [&str; 6] =
    ["2024-10-07", "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];
/// What is later may be a revision of after this rule was written.
const NEWEST: &str = "2026-07-28";

pub(crate) fn check(server: &Server) -> Vec<Finding> {
    let faults = faults(server);
    let Some((first, _)) = faults.first() else { return Vec::new() };
    let message = format!(
        "{first} Client and server then speak by different rules, and checks that one revision asks for are left to \
         neither."
    );
    let finding = Finding::new(rules::VERSION, server, message);
    vec![faults.iter().fold(finding, |finding, (_, seen)| finding.evidence("version", seen, ""))]
}

/// What is wrong, and what shows it.
fn faults(server: &Server) -> Vec<(String, String)> {
    let mut faults = Vec::new();
    let agreed = server.protocol_version.as_str();
    if !agreed.is_empty() && !is_revision(agreed) {
        let shown = clipped(agreed);
        faults.push((
            format!("The server says that it speaks {shown:?}, which is no revision of the protocol."),
            shown,
        ));
    }
    // An answer of before is one that the probe below can contradict.
    let mut refused: Vec<(String, String)> = Vec::new();
    for (_, detail) in seen::all(server, "version-answered") {
        let (Some(offered), Some(answered)) = (text(&detail, "offered"), text(&detail, "answered")) else {
            continue;
        };
        let shown = format!("offered {:?}, answered {:?}", clipped(offered), clipped(answered));
        if answered.is_empty() {
            faults.push(("The server answered without saying which revision it speaks.".to_owned(), shown));
        } else if offered == answered && !is_revision(offered) {
            faults.push((echoed(offered), shown));
        } else if answered != agreed && !is_revision(answered) {
            let what = format!(
                "The server answered with {:?}, which is no revision of the protocol.",
                clipped(answered)
            );
            faults.push((what, shown));
        } else if offered != answered {
            refused.push((offered.to_owned(), answered.to_owned()));
        }
    }
    let Some(probe) = seen::probe(server, "unknown-version") else { return faults };
    let answered = text(&probe.detail, "answered").unwrap_or_default();
    let offered = text(&probe.detail, "offered").unwrap_or_default();
    match probe.outcome {
        Outcome::NoAnswer => faults.push((
            "The server never answered a client that offered a revision it does not know.".to_owned(),
            "unknown-version: no answer".to_owned(),
        )),
        Outcome::Accepted if !answered.is_empty() && (answered == offered || !is_revision(answered)) => {
            faults.push((echoed(answered), format!("unknown-version: answered {:?}", clipped(answered))));
        }
        _ => {}
    }
    // Asked for a revision that it has, it must take that one.
    if let Some((_, lower)) = refused.iter().find(|(offered, lower)| offered == answered && lower < offered) {
        faults.push((
            format!(
                "The server speaks {} but agreed on the older {} when offered it.",
                clipped(answered),
                clipped(lower)
            ),
            format!("offered {:?}, answered {:?}", clipped(answered), clipped(lower)),
        ));
    }
    faults
}

fn echoed(version: &str) -> String {
    format!(
        "Offered {:?}, a revision that does not exist, the server agreed to it instead of naming one that it speaks.",
        clipped(version)
    )
}

fn is_revision(version: &str) -> bool {
    PUBLISHED.contains(&version) || version.starts_with("DRAFT-") || is_date(version) && is_later(version)
}

/// Later than we know, and not so much later that nobody means it.
fn is_later(version: &str) -> bool {
    version > NEWEST && version < "2040"
}

fn is_date(version: &str) -> bool {
    let digits = version.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let in_range = |from: usize, most: u8| {
        let number = version.get(from..from.saturating_add(2)).and_then(|two| two.parse::<u8>().ok());
        number.is_some_and(|number| (1..=most).contains(&number))
    };
    version.len() == 10 && digits && in_range(5, 12) && in_range(8, 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_of_after_us_is_not_called_wrong() {
        for good in ["2024-11-05", "2026-07-28", "2027-01-15", "DRAFT-2026-v1", "2024-10-07"] {
            assert!(is_revision(good), "{good}");
        }
        for bad in ["1900-01-01", "2999-12-31", "2025-06-17", "1.0", "latest", "2027-13-01", "2027-01-éé", ""]
        {
            assert!(!is_revision(bad), "{bad}");
        }
    }
}
