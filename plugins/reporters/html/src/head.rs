//! The head of the page: its policy, its style and its script.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use crate::escape;

const STYLE: &str = include_str!("assets/page.css");
const SCRIPT: &str = include_str!("assets/page.js");

/// Everything up to the first section.
pub(crate) fn open(out: &mut String, title: &str) {
    // The policy stands before all it governs. Hashes, not 'unsafe-inline': were there ever a hole in the escaping, what
    // came through it would not run.
    out.push_str(&format!(
        "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src '{}'; \
         img-src data:; base-uri 'none'; form-action 'none'\">\n\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
         <meta name=referrer content=no-referrer>\n<meta name=color-scheme content=\"light dark\">\n\
         <meta name=generator content=Bartizan>\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=skip href=#findings>Skip to the findings</a>\n",
        hash(STYLE),
        hash(SCRIPT),
        escape::line(title, 200),
    ));
}

/// Everything from the script on.
pub(crate) fn close(out: &mut String) {
    out.push_str(&format!("<script>{SCRIPT}</script>\n</body>\n</html>\n"));
}

fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}
