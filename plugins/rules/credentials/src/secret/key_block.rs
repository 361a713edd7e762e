//! Private keys as PEM blocks. The line that opens one is no secret: it needs the key below it.

use super::{Secret, Sure, placeholder};

/// Bytes of one key that are read.
const MAX: usize = 16 * 1024;
/// The shortest key there is has so many characters.
const LEAST: usize = 60;

pub(super) fn find(text: &str) -> Vec<(usize, usize, Secret)> {
    let mut found = Vec::new();
    for (at, opens) in text.match_indices("-----BEGIN ").take(20) {
        let after = at.saturating_add(opens.len());
        let Some((label, rest)) = text.get(after..).and_then(|rest| rest.split_once("-----")) else {
            continue;
        };
        if label.len() > 40 || !label.ends_with("PRIVATE KEY") && label != "PGP PRIVATE KEY BLOCK" {
            continue;
        }
        let body: String = rest
            .chars()
            .take(MAX)
            .take_while(|c| *c != '-')
            // A line break may have been written as two characters, twice escaped.
            .collect::<String>()
            .replace("\\n", "")
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        let is_base64 =
            body.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | ':' | ','));
        if body.len() < LEAST
            || !is_base64
            || placeholder::is(&body.replace(['=', '+'], ""))
            || !placeholder::is_random(&body)
        {
            continue;
        }
        // How DER and OpenSSH keys begin.
        let begins =
            ["MI", "MC", "MHc", "MG", "b3BlbnNzaC1rZXktdjE"].iter().any(|head| body.starts_with(head));
        let sure = if begins { Sure::Proven } else { Sure::Likely };
        let length = body.len();
        let secret = Secret {
            what: "a private key",
            sure,
            shown: format!("-----BEGIN {label}----- … ({length} characters)"),
        };
        found.push((at, after.saturating_add(label.len()).saturating_add(length), secret));
    }
    found
}
