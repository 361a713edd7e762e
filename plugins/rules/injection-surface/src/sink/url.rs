//! The server itself requests the value.

use bartizan_listing::{Parameter, Text};

use super::Signals;
use crate::{
    lexicon::{REFUSES, REQUEST},
    purpose::Purpose,
};

pub(super) fn signals(parameter: &Parameter<'_>, purpose: &Purpose) -> Signals {
    let text = &parameter.text;
    let openly = is_purpose(&purpose.declared);
    let calls_back = parameter.name_has(&["webhook", "callback"])
        && parameter.is_called(&["url", "uri", "webhook", "callback", "endpoint"]);
    let is_address = parameter.is_called(&["url", "urls"])
        || (parameter.is_called(&["uri", "uris", "endpoint", "link", "href"])
            && text.has(&["url", "urls", "http", "https"]));
    let said = is_address && text.has_undenied(&REQUEST);
    // Where a tool is not about requests and nothing says that it makes one, an address is only kept.
    let called = calls_back || (is_address && openly);
    let inward = [
        "169.254.",
        "localhost",
        "127.0.0.1",
        "file://",
        "internal address",
        "internal url",
        "internal service",
        "internal network",
        "metadata service",
        "metadata endpoint",
        "private ip",
        "private network",
    ];
    let permits = text.has(&["including", "any", "even", "also", "arbitrary"]);
    let bare =
        (called || said) && permits && text.holds(&inward) && !text.has(&REFUSES) && !denies_reach(text);
    Signals { called, said, bare }
}

fn denies_reach(text: &Text) -> bool {
    text.denies(&["allowed", "localhost", "internal", "private", "supported", "reach"])
}

pub(super) fn is_purpose(declared: &Text) -> bool {
    declared.has(&[
        "fetch",
        "fetches",
        "download",
        "downloads",
        "scrape",
        "scrapes",
        "crawl",
        "crawls",
        "browse",
        "browser",
        "navigate",
        "requests",
        "http",
        "https",
        "url",
        "urls",
        "webpage",
        "webpages",
        "website",
        "websites",
        "visit",
        "screenshot",
        "clone",
        "feed",
        "rss",
        "webhook",
        "webhooks",
        "internet",
    ])
}
