//! Where a value can do harm, and the words that tell it gets there.
//!
//! Three questions are asked of a parameter: is it *called* as what goes there, does the text *say* that it goes there,
//! and does it say so in a way that leaves nothing in between? A fourth is asked of the tool: is that what it is openly for?

use crate::{
    lexicon::{DATABASES, HAND_OVER, REFUSES, REQUEST, RUN, SHELLS, SPLICE, TEMPLATES, UNCHECKED},
    parameter::Parameter,
    purpose::Purpose,
    words::Text,
};

/// The four places that this pack knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sink {
    Command,
    Sql,
    Path,
    Url,
}

/// What speaks for a parameter reaching a sink.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signals {
    /// Its name is that of such a thing.
    pub(crate) called: bool,
    /// Its description says so.
    pub(crate) said: bool,
    /// It says that nothing is in between.
    pub(crate) bare: bool,
}

impl Signals {
    pub(crate) fn any(self) -> bool {
        self.called || self.said || self.bare
    }
}

/// What the description as a whole says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Overall {
    /// That nothing is checked.
    pub(crate) unchecked: bool,
    /// That paths stay within a folder.
    pub(crate) confined: bool,
    pub(crate) sql: bool,
    pub(crate) templates: bool,
    /// That objects of a language are read back, which runs their code.
    pub(crate) deserializes: bool,
}

impl Overall {
    pub(crate) fn of(text: &Text) -> Self {
        Self {
            unchecked: text.denies(&UNCHECKED),
            confined: says_confined(text),
            sql: text.has(&["sql"]),
            templates: text.has(&TEMPLATES),
            deserializes: text.says(&["serialized", "serialised"], &["python", "java", "php"], 1),
        }
    }
}

impl Sink {
    pub(crate) const ALL: [Self; 4] = [Self::Command, Self::Sql, Self::Path, Self::Url];

    pub(crate) fn signals(self, parameter: &Parameter<'_>, purpose: &Purpose) -> Signals {
        let mut signals = match self {
            Self::Command => command(parameter, purpose),
            Self::Sql => sql(parameter, purpose),
            Self::Path => path(parameter, purpose),
            Self::Url => url(parameter, purpose),
        };
        // That nothing is checked counts only for what goes somewhere.
        if signals.any() && (parameter.text.denies(&UNCHECKED) || purpose.all.unchecked) {
            signals.bare = true;
        }
        signals
    }

    /// Whether reaching the sink is what the tool is openly for.
    pub(crate) fn is_purpose(self, purpose: &Purpose) -> bool {
        let declared = &purpose.declared;
        match self {
            Self::Command => declared.has(&[
                "shell",
                "terminal",
                "bash",
                "powershell",
                "cmd",
                "command",
                "commands",
                "cli",
                "exec",
                "execute",
                "executes",
                "script",
                "scripts",
                "console",
                "eval",
                "evaluate",
                "evaluates",
                "run",
                "runs",
                "python",
                "javascript",
                "repl",
                "render",
                "template",
                "process",
                "calculate",
                "calculates",
            ]),
            Self::Sql => {
                let asks = ["query", "queries", "statement", "statements", "execute", "run"];
                let base = ["database", "databases", "db", "table", "tables", "warehouse"];
                declared.has(&DATABASES) || (declared.has(&asks) && declared.has(&base))
            }
            Self::Path => declared.has(&[
                "file",
                "files",
                "filesystem",
                "directory",
                "directories",
                "folder",
                "folders",
                "disk",
                "path",
                "paths",
            ]),
            Self::Url => declared.has(&[
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
            ]),
        }
    }
}

fn command(parameter: &Parameter<'_>, purpose: &Purpose) -> Signals {
    let text = &parameter.text;
    let runs = || {
        text.has_undenied(&RUN)
            || purpose.declared.has_undenied(&RUN)
            || purpose.declared.has(&["calculates"])
    };
    let code = [
        "code",
        "script",
        "snippet",
        "program",
        "expression",
        "formula",
        "function",
        "javascript",
        "js",
        "python",
        "lua",
    ];
    let called = parameter.is_called(&[
        "command",
        "commands",
        "cmd",
        "cmds",
        "shell",
        "bash",
        "powershell",
        "commandline",
        "cmdline",
    ]) || (parameter.is_called(&code) && runs())
        || (parameter.is_called(&["template"]) && (text.has(&TEMPLATES) || purpose.all.templates));
    let said = text.says(&RUN, &SHELLS, 6)
        || text.says(&["shell", "bash", "terminal", "powershell"], &["command", "commands", "script"], 2)
        || text.says(&["command", "commands", "script"], &["run", "execute"], 2);
    let bare = text.says(&HAND_OVER, &SHELLS, 6)
        || text.holds(&["os.system", "shell=true", "child_process", "eval("])
        || text.has_undenied(&["pickle", "pickled", "unpickled", "unpickles"])
        || (parameter.name_has(&["data", "object", "payload"]) && purpose.all.deserializes);
    Signals { called, said, bare }
}

fn sql(parameter: &Parameter<'_>, purpose: &Purpose) -> Signals {
    let text = &parameter.text;
    let speaks_of_sql = text.has(&DATABASES) || purpose.declared.has(&DATABASES) || purpose.all.sql;
    let ends_with_clause =
        parameter.is_called(&["clause"]) && parameter.name_has(&["where", "having", "order"]);
    let called = parameter.name_has(&["sql"])
        || ends_with_clause
        || (speaks_of_sql
            && parameter.is_called(&["query", "queries", "statement", "statements", "where", "condition"]));
    let parts =
        ["query", "queries", "statement", "statements", "clause", "expression", "fragment", "condition"];
    let said = text.says(&["sql"], &parts, 2) || text.says(&["where", "having"], &["clause"], 1);
    let bare = (speaks_of_sql || said)
        && (text.says(&SPLICE, &["sql", "query", "statement", "clause", "where"], 6)
            || text.says(&["string"], &["concatenation", "interpolation"], 1));
    Signals { called, said, bare }
}

fn path(parameter: &Parameter<'_>, purpose: &Purpose) -> Signals {
    let text = &parameter.text;
    // Paths of other kinds: into a document, a tree of keys, an address.
    let other = [
        "json", "jsonpath", "x", "xpath", "key", "url", "api", "route", "property", "field", "node",
        "object", "schema", "class",
    ];
    if parameter.name_has(&other) || text.has(&["jsonpath", "xpath", "dotted", "filter", "regex", "regexp"]) {
        return Signals::default();
    }
    // A tool about documents of keys or about web sites has paths of its own.
    let elsewhere = ["json", "collection", "collections", "crawl", "crawls", "website", "websites"];
    let is_plain = parameter.words.len() == 1 || parameter.name_has(&["select", "include", "exclude"]);
    if is_plain && parameter.is_called(&["path", "paths"]) && purpose.declared.has(&elsewhere) {
        return Signals::default();
    }
    let confined = says_confined(text) || purpose.all.confined;
    let named = [
        "path",
        "paths",
        "filename",
        "filenames",
        "filepath",
        "filepaths",
        "dir",
        "dirs",
        "directory",
        "directories",
        "folder",
        "pathname",
    ];
    let called = !confined
        && (parameter.is_called(&named)
            || (parameter.is_called(&["name"]) && parameter.name_has(&["file"]))
            || (parameter.is_called(&["file", "files"]) && text.has(&["path", "paths", "filename", "disk"])));
    let refuses = text.has(&REFUSES);
    let anything = text.says(&["any", "arbitrary"], &["file", "files", "path", "paths"], 1)
        && text.has(&["system", "filesystem", "anywhere", "including", "machine", "server", "host"]);
    let bare = !refuses
        && (anything || text.holds(&["/etc/", "../", "~/.ssh"]))
        && (called || parameter.is_called(&["file", "name"]));
    Signals { called, said: false, bare }
}

fn says_confined(text: &Text) -> bool {
    let bounded = ["within", "inside", "under", "allowed", "relative", "sandboxed", "confined"];
    let bounds =
        ["directory", "directories", "folder", "folders", "root", "roots", "workspace", "sandbox", "vault"];
    text.says(&bounded, &bounds, 4)
}

fn url(parameter: &Parameter<'_>, purpose: &Purpose) -> Signals {
    let text = &parameter.text;
    let openly = Sink::Url.is_purpose(purpose);
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

/// "Cannot reach localhost", "internal addresses are not allowed".
fn denies_reach(text: &Text) -> bool {
    text.denies(&["allowed", "localhost", "internal", "private", "supported", "reach"])
}
