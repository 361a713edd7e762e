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
pub(crate) const SHELLS: [&str; 7] = [
    "shell", "bash", "sh", "powershell", "subprocess", "popen", "exec",
];

/// To run a program of a language, or to find the value of one.
#[rustfmt::skip]
pub(crate) const EVALUATE: [&str; 18] = [
    "run", "runs", "running", "execute", "executes", "executed", "executing", "execution", "evaluate",
    "evaluates", "evaluated", "evaluating", "eval", "exec", "interpret", "interprets", "interpreted", "repl",
];

/// A program, or a piece of one.
#[rustfmt::skip]
pub(crate) const CODE: [&str; 17] = [
    "code", "script", "scripts", "snippet", "snippets", "program", "expression", "expressions", "expr",
    "formula", "function", "lambda", "lambdas", "predicate", "macro", "notebook", "cell",
];

/// What else is called a code.
#[rustfmt::skip]
pub(crate) const OTHER_CODES: [&str; 20] = [
    "promotion", "promo", "coupon", "discount", "voucher", "country", "currency", "language", "zip", "postal", "area",
    "error", "status", "exit", "verification", "confirmation", "product", "airport", "qr", "bar",
];

/// Languages in which anything can be said.
#[rustfmt::skip]
pub(crate) const LANGUAGES: [&str; 18] = [
    "python", "javascript", "js", "typescript", "lua", "ruby", "perl", "php", "groovy", "spel", "ognl",
    "mvel", "java", "julia", "lisp", "scheme", "applescript", "vba",
];

/// Languages in which nothing can be said but what to select or to calculate, by a service of their own.
#[rustfmt::skip]
pub(crate) const SELECTORS: [&str; 22] = [
    "jq", "jmespath", "jsonpath", "jsonata", "xpath", "cel", "promql", "logql", "jql", "cql", "kql", "lucene", "cron", "glob",
    "regex", "regexp", "excel", "spreadsheet", "airtable", "wolfram", "latex", "odata",
];

/// Formats that say by themselves what code to run when they are read.
#[rustfmt::skip]
pub(crate) const PICKLES: [&str; 17] = [
    "pickle", "pickled", "pickles", "pkl", "unpickle", "unpickled", "unpickles", "unpickling", "cloudpickle",
    "dill", "joblib", "jsonpickle", "binaryformatter", "objectinputstream", "ysoserial", "phar", "xmldecoder",
];

/// To make objects of what was written down.
#[rustfmt::skip]
pub(crate) const READ_BACK: [&str; 18] = [
    "deserialize", "deserializes", "deserialized", "deserializing", "deserialise", "deserialises",
    "deserialised", "deserialization", "deserialisation", "unserialize", "unserialized", "unmarshal",
    "unmarshals", "unmarshalled", "unmarshaled", "rehydrate", "rehydrates", "rehydrated",
];

/// Formats that hold nothing but data.
#[rustfmt::skip]
pub(crate) const DATA_FORMATS: [&str; 13] = [
    "json", "jsonl", "ndjson", "geojson", "csv", "tsv", "protobuf", "proto", "messagepack", "msgpack", "cbor",
    "avro", "parquet",
];

/// What is done to a value before it is used, where it is done.
#[rustfmt::skip]
pub(crate) const UNCHECKED: [&str; 15] = [
    "validation", "validate", "validated", "sanitization", "sanitisation", "sanitized", "sanitised",
    "sanitizing", "escaping", "escaped", "restriction", "restrictions", "checks", "sandbox", "sandboxing",
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
pub(crate) const TEMPLATES: [&str; 13] = [
    "jinja", "jinja2", "mako", "erb", "ejs", "freemarker", "velocity", "twig", "nunjucks", "thymeleaf", "smarty",
    "pug", "haml",
];

/// To get or to call an address.
#[rustfmt::skip]
pub(crate) const REQUEST: [&str; 30] = [
    "fetch", "fetched", "fetches", "fetching", "download", "downloaded", "downloads", "retrieve",
    "retrieved", "crawl", "crawled", "scrape", "scraped", "request", "requested", "requests", "visit",
    "visited", "load", "loaded", "called", "post", "posted", "notify", "notified", "pinged", "navigate",
    "import", "imported", "clone",
];
