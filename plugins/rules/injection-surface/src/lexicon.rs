//! The words that the questions are asked with.

/// To run a program or a piece of one.
#[rustfmt::skip]
pub(crate) const RUN: [&str; 17] = [
    "run", "runs", "running", "execute", "executes", "executed", "executing", "evaluate", "evaluates",
    "evaluated", "eval", "exec", "invoke", "invoked", "spawn", "spawned", "interpreted",
];

/// To give a value to something.
#[rustfmt::skip]
pub(crate) const HAND_OVER: [&str; 22] = [
    "pass", "passed", "passes", "given", "handed", "fed", "forwarded", "piped", "sent", "interpolated",
    "concatenated", "appended", "inserted", "substituted", "spliced", "embedded", "injected", "expanded",
    "pasted", "formatted", "run", "executed",
];

/// To make a value part of a text.
#[rustfmt::skip]
pub(crate) const SPLICE: [&str; 11] = [
    "interpolated", "concatenated", "appended", "inserted", "substituted", "spliced", "embedded",
    "injected", "pasted", "formatted", "passed",
];

/// What runs what it is given.
#[rustfmt::skip]
pub(crate) const SHELLS: [&str; 8] = [
    "shell", "bash", "sh", "powershell", "subprocess", "popen", "eval", "exec",
];

/// What is done to a value before it is used, where it is done.
#[rustfmt::skip]
pub(crate) const UNCHECKED: [&str; 13] = [
    "validation", "validate", "validated", "sanitization", "sanitisation", "sanitized", "sanitised",
    "sanitizing", "escaping", "escaped", "restriction", "restrictions", "checks",
];

/// A text with one of these speaks of what is refused.
#[rustfmt::skip]
pub(crate) const REFUSES: [&str; 14] = [
    "reject", "rejects", "rejected", "block", "blocks", "blocked", "disallowed", "forbidden", "refuse",
    "refused", "denied", "prevented", "prevents", "stripped",
];

/// SQL and what speaks it.
#[rustfmt::skip]
pub(crate) const DATABASES: [&str; 11] = [
    "sql", "sqlite", "postgres", "postgresql", "mysql", "mariadb", "clickhouse", "duckdb", "bigquery",
    "snowflake", "tsql",
];

/// Template engines whose templates are programs.
#[rustfmt::skip]
pub(crate) const TEMPLATES: [&str; 9] = [
    "jinja", "jinja2", "mako", "erb", "ejs", "freemarker", "velocity", "twig", "nunjucks",
];

/// To get or to call an address.
#[rustfmt::skip]
pub(crate) const REQUEST: [&str; 30] = [
    "fetch", "fetched", "fetches", "fetching", "download", "downloaded", "downloads", "retrieve",
    "retrieved", "crawl", "crawled", "scrape", "scraped", "request", "requested", "requests", "visit",
    "visited", "load", "loaded", "called", "post", "posted", "notify", "notified", "pinged", "navigate",
    "import", "imported", "clone",
];
