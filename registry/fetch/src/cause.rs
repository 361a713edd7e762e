//! From what the HTTP library says to what a person can act on.

use std::{error::Error, io};

use bartizan_model::{printable, truncate_chars};
use reqwest::Url;
use rustls::CertificateError;

use crate::{FetchError, rules::shown};

/// Why there is no answer.
pub(crate) fn of_no_answer(url: &Url, error: &reqwest::Error) -> FetchError {
    let url = shown(url);
    if let Some(why) = chain(error).find_map(tls) {
        return FetchError::Tls { url, why };
    }
    let why = causes(error);
    if why.contains("dns error") {
        FetchError::Dns { url, why }
    } else if error.is_connect() {
        FetchError::Connect { url, why }
    } else if chain(error).any(<dyn Error>::is::<io::Error>) || why.contains("closed before") {
        FetchError::CutShort { url, received: 0, why }
    } else {
        FetchError::Malformed { url, why }
    }
}

/// Why an answer stopped.
pub(crate) fn of_break(url: &Url, received: u64, error: &reqwest::Error) -> FetchError {
    FetchError::CutShort { url: shown(url), received, why: causes(error) }
}

/// An error and its causes, on one line. The URL is left out: who reports it says it, and may have to hide parts of it.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    for one in chain(error) {
        // The library's own outermost texts hold the URL and say nothing else.
        if one.is::<reqwest::Error>() {
            continue;
        }
        let text = one.to_string();
        if !texts.iter().any(|earlier| earlier.contains(&text)) {
            texts.push(text);
        }
    }
    let text = if texts.is_empty() { "the connection failed".to_owned() } else { texts.join(": ") };
    printable(&truncate_chars(&text, 300))
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| below(*error)).take(20)
}

/// The next error in the chain. An I/O error made of another error names that error's cause as its own, and so hides the
/// error itself.
fn below<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(|error| error.get_ref()) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn tls(error: &(dyn Error + 'static)) -> Option<String> {
    let error = error.downcast_ref::<rustls::Error>()?;
    let plain = match error {
        rustls::Error::InvalidCertificate(bad) => match bad {
            CertificateError::UnknownIssuer => {
                "its certificate is self-signed, or by an authority that this machine does not trust"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is for another host"
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "its certificate has expired"
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet"
            }
            CertificateError::Revoked => "its certificate was revoked",
            _ => "its certificate is not valid",
        },
        _ => return Some(printable(&truncate_chars(&error.to_string(), 300))),
    };
    Some(format!("{plain} ({})", printable(&truncate_chars(&error.to_string(), 300))))
}
