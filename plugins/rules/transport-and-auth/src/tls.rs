//! MCP-TRANS-002: TLS that does not prove who answers, or that can be broken.

use bartizan_sdk::prelude::*;
use serde_json::Value;

use bartizan_listing::Reach;

use crate::{
    reached::{Reached, clipped, flag, text},
    rules,
};

/// Hosts that one finding shows; a server that redirects can bring in more.
const MAX_SHOWN: usize = 5;

/// What is wrong with the TLS of one host.
struct Fault<'a> {
    host: &'a str,
    reach: Reach,
    what: String,
}

pub(crate) fn check(reached: &Reached<'_>) -> Vec<Finding> {
    found(reached).into_iter().collect()
}

fn found(reached: &Reached<'_>) -> Option<Finding> {
    let faults: Vec<Fault<'_>> = reached
        .seen("tls")
        .filter_map(|(host, detail)| {
            let what = fault(&detail)?;
            // A host that cannot be read is not taken for a harmless one.
            let reach = Reach::of_host(host).unwrap_or(reached.reach);
            Some(Fault { host, reach, what })
        })
        .collect();
    let worst = faults.iter().max_by_key(|fault| fault.reach)?;
    let severity = match worst.reach {
        Reach::Loopback => Severity::Info,
        Reach::Private => Severity::Low,
        Reach::Public => Severity::Medium,
    };
    let others = match faults.len() {
        1 => String::new(),
        count => format!(" The same goes for {} more.", count.saturating_sub(1)),
    };
    let message = format!("{} {}{others}", clipped(worst.host), worst.what);
    let mut finding = Finding::new(rules::TLS, reached.server, message).severity(severity);
    for fault in faults.iter().take(MAX_SHOWN) {
        finding = finding.evidence("tls", &format!("{} {}", clipped(fault.host), fault.what), "");
    }
    Some(finding)
}

fn fault(detail: &Value) -> Option<String> {
    if let Some(error) = text(detail, "verification_error").filter(|error| !error.is_empty()) {
        let said = clipped(error);
        let expired = said.to_ascii_lowercase().contains("expired");
        let name =
            text(detail, "issuer").map(|issuer| format!(" of {}", clipped(issuer))).unwrap_or_default();
        return Some(if flag(detail, "self_signed") == Some(true) {
            format!("shows a certificate that it signed itself, so nothing proves who answers ({said}).")
        } else if expired {
            format!("shows a certificate{name} that has expired ({said}).")
        } else {
            format!("shows a certificate{name} that does not verify ({said}).")
        });
    }
    let version = text(detail, "version").filter(|version| is_broken(version))?;
    Some(format!("speaks {}, which RFC 8996 retired because it can be broken.", clipped(version)))
}

/// SSL of any version, and TLS before 1.2, in the spellings of the common libraries.
fn is_broken(version: &str) -> bool {
    let plain: String = version
        .chars()
        .filter(|c| !matches!(c, ' ' | 'v' | 'V' | '_' | '-'))
        .collect::<String>()
        .to_ascii_lowercase()
        .replace('.', "");
    plain.starts_with("ssl") || matches!(plain.as_str(), "tls1" | "tls10" | "tls11")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_versions_are_known_in_every_spelling() {
        for version in ["TLSv1.0", "TLSv1", "TLS 1.1", "TLSv1_1", "TLS1.0", "SSLv3", "SSL 3.0"] {
            assert!(is_broken(version), "{version}");
        }
        for version in ["TLSv1.2", "TLSv1.3", "TLS 1.3", "TLSv1_2", "", "QUIC"] {
            assert!(!is_broken(version), "{version}");
        }
    }
}
