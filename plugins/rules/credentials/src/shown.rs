//! MCP-SEC-048 in what a server shows, and in the command line that starts it.

use bartizan_sdk::{IntoSubject, prelude::*};

use crate::{
    asked::capital,
    places::Place,
    rules,
    secret::{self, Secret, Sure},
};

/// Pieces of evidence of one finding.
const MAX_SHOWN: usize = 5;

/// Secrets of one item, gathered while its texts are walked.
pub(crate) struct Gathered {
    subject: Subject,
    found: Vec<(Secret, String)>,
}

/// Adds what this text holds to what its item holds already.
pub(crate) fn gather(place: &Place<'_>, all: &mut Vec<Gathered>) {
    let found = secret::find(place.text, &place.name);
    if found.is_empty() {
        return;
    }
    let found = found.into_iter().map(|secret| (secret, place.pointer.clone()));
    match all.last_mut().filter(|last| last.subject == place.subject) {
        Some(last) => last.found.extend(found),
        None => all.push(Gathered { subject: place.subject.clone(), found: found.collect() }),
    }
}

pub(crate) fn findings(all: Vec<Gathered>) -> impl Iterator<Item = Finding> {
    all.into_iter().filter_map(|item| finding(&item.subject, &item.found, &item.subject.kind))
}

fn finding(about: &impl IntoSubject, found: &[(Secret, String)], item: &str) -> Option<Finding> {
    let (worst, _) = found.iter().rev().max_by_key(|(secret, _)| secret.sure)?;
    let (severity, confidence) = rated(worst.sure);
    let doubt = match worst.sure {
        Sure::MadeUp => " It looks made up, but is presented as a key.",
        Sure::Hardly => " It may be an example: its checksum, its use or the words around it speak for that.",
        Sure::Likely | Sure::Proven => "",
    };
    let message = format!(
        "{} stands in what this {item} shows: whoever can list the server can read it, and so can every model that does.{doubt}",
        capital(worst.what)
    );
    let mut finding = Finding::new(rules::SECRETS, about, message).severity(severity).confidence(confidence);
    for (secret, pointer) in found.iter().take(MAX_SHOWN) {
        finding = finding.evidence(secret.what, &secret.shown, pointer);
    }
    Some(finding)
}

fn rated(sure: Sure) -> (Severity, Confidence) {
    match sure {
        Sure::MadeUp | Sure::Hardly => (Severity::Low, Confidence::Low),
        Sure::Likely => (Severity::Medium, Confidence::Medium),
        Sure::Proven => (Severity::High, Confidence::High),
    }
}

/// Secrets in the command line and in the address by which the server is reached.
pub(crate) fn transport(server: &Server) -> Option<Finding> {
    let words = server
        .transport
        .command
        .iter()
        .map(|word| (word.as_str(), "in the command line, which every account of the machine can read"));
    let address = (server.transport.address.as_str(), "in the address, which proxies and logs keep");
    for (text, place) in words.chain([address]) {
        let Some(secret) = secret::find(text, &[]).into_iter().find(|secret| secret.sure > Sure::Hardly)
        else {
            continue;
        };
        let message = format!("{} stands {place}.", capital(secret.what));
        return Some(
            Finding::new(rules::SECRETS, server, message)
                .severity(Severity::Medium)
                .confidence(Confidence::Medium)
                .remediation("Give it through the environment or the client's own store of secrets, and change it: it has been seen.")
                .evidence(secret.what, &secret.shown, ""),
        );
    }
    None
}
