//! The value is opened as a path.

use bartizan_listing::{Parameter, Text};

use super::Signals;
use crate::{lexicon::REFUSES, purpose::Purpose};

pub(super) fn signals(parameter: &Parameter<'_>, purpose: &Purpose) -> Signals {
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
    // Where a key of SSH is asked for, its usual place is no boast.
    let of_ssh = parameter.name_has(&["identity", "key", "ssh", "known", "private"]);
    let anything = text.says(&["any", "arbitrary"], &["file", "files", "path", "paths"], 1)
        && text.has(&["system", "filesystem", "anywhere", "including", "machine", "server", "host"]);
    let bare = !refuses
        && (anything || text.holds(&["/etc/", "../"]) || (text.holds(&["~/.ssh"]) && !of_ssh))
        && (called || parameter.is_called(&["file", "name"]));
    Signals { called, said: false, bare }
}

/// That paths stay within a folder.
pub(super) fn says_confined(text: &Text) -> bool {
    let bounded = ["within", "inside", "under", "allowed", "relative", "sandboxed", "confined"];
    let bounds =
        ["directory", "directories", "folder", "folders", "root", "roots", "workspace", "sandbox", "vault"];
    text.says(&bounded, &bounds, 4)
}

pub(super) fn is_purpose(declared: &Text) -> bool {
    declared.has(&[
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
    ])
}
