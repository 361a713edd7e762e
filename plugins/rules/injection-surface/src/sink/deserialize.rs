//! The value is an object of a language, written down, and it is read back. Some formats say by themselves what to make
//! of them, and making it runs code or opens files; the rest are only data.

use bartizan_listing::{Parameter, Text};

use super::Signals;
use crate::{
    lexicon::{DATA_FORMATS, PICKLES, READ_BACK},
    purpose::Purpose,
};

/// Languages whose own serialization makes objects of any class.
const OBJECTS_OF: [&str; 9] = ["python", "java", "php", "ruby", "perl", "net", "dotnet", "c#", "jvm"];
/// What such an object is called.
const OBJECT: [&str; 8] =
    ["object", "objects", "payload", "blob", "state", "session", "instance", "viewstate"];

pub(super) fn signals(parameter: &Parameter<'_>, purpose: &Purpose) -> Signals {
    let text = &parameter.text;
    if is_safe(text) || is_safe(&purpose.whole) {
        return Signals::default();
    }
    let named = parameter.name_has(&PICKLES)
        || parameter.name_has(&["serialized", "serialised", "viewstate"])
        || (parameter.name_has(&["marshal", "marshaled", "marshalled"])
            && text.has(&["object", "python", "ruby", "bytes", "base64"]));
    let an_object =
        parameter.name_has(&["data", "object", "payload", "blob", "state", "session", "input", "cache"]);
    // What the tool as a whole reads back goes in through the parameter that can hold it.
    let holds_it = an_object || named || parameter.is_called(&["file", "path", "bytes", "content"]);
    let runs_code = text.has_undenied(&PICKLES)
        || named && parameter.name_has(&PICKLES)
        || text.holds(&[
            "!!python",
            "unserialize(",
            "objectinputstream",
            "readobject(",
            "binaryformatter",
            "yaml.load(",
        ])
        || text.says(&["serialized", "serialised"], &OBJECTS_OF, 1)
        || (text.says(&OBJECTS_OF, &["serialized", "serialised", "serialization", "object"], 2)
            && (text.has_undenied(&READ_BACK) || text.has(&["base64", "binary", "bytes"])))
        || (holds_it && (purpose.all.deserializes || purpose.all.pickles))
        || (parameter.name_has(&["yaml", "yml"]) || text.has(&["yaml"])) && unsafe_yaml(text, purpose)
        || (parameter.name_has(&["xml", "svg", "xslt", "soap"]) || text.has(&["xml"]))
            && expands(text, purpose);
    let reads_back = text.has_undenied(&READ_BACK) || purpose.declared.has_undenied(&READ_BACK);
    let said = reads_back
        && !text.has(&DATA_FORMATS)
        && !purpose.declared.has(&DATA_FORMATS)
        && (text.has(&OBJECT) || an_object || named)
        && (text.has(&["base64", "binary", "bytes", "serialized", "serialised"])
            || text.has_undenied(&READ_BACK));
    // Whoever gives only the name of a file must first have put the file there.
    let by_name = parameter.is_called(&["file", "path", "filename", "filepath", "url", "uri", "key", "id"]);
    Signals {
        called: named && !text.has(&DATA_FORMATS),
        said: said || (runs_code && by_name),
        bare: runs_code && !by_name,
    }
}

/// Tags of a document that name the type to make of it.
fn unsafe_yaml(text: &Text, purpose: &Purpose) -> bool {
    [text, &purpose.whole].into_iter().any(|text| {
        text.holds(&[
            "unsafeloader",
            "yaml.load(",
            "yaml.unsafe_load",
            "unsafe_load",
            "!!python",
            "fullloader",
        ]) || text.says(&["yaml", "python", "custom", "object"], &["tag", "tags", "constructors"], 2)
    })
}

/// Entities that are fetched, or that unfold without end.
fn expands(text: &Text, purpose: &Purpose) -> bool {
    let entities = ["entity", "entities", "dtd", "dtds", "doctype"];
    let does = [
        "resolve",
        "resolves",
        "resolved",
        "expand",
        "expands",
        "expanded",
        "expansion",
        "enabled",
        "supported",
        "loaded",
        "processed",
        "allowed",
        "fetched",
        "supports",
        "external",
        "including",
        "with",
    ];
    let refuses =
        ["disabled", "refused", "rejected", "stripped", "forbidden", "ignored", "blocked", "defusedxml"];
    [text, &purpose.whole].into_iter().any(|text| {
        (text.says(&entities, &does, 5) || text.says(&does, &entities, 3))
            && !text.has(&refuses)
            && !text.denies(&entities)
            && !text.denies(&does)
    })
}

/// Readers that make nothing but data, and promises to refuse the rest.
fn is_safe(text: &Text) -> bool {
    (text.holds(&["safe_load"]) && !text.holds(&["unsafe_load"]))
        || text.has(&["safeloader", "csafeloader", "defusedxml", "safetensors"])
        || text.denies(&["pickle", "pickles", "pickled", "unpickled", "deserialized"])
}

pub(super) fn is_purpose(declared: &Text) -> bool {
    declared.has(&READ_BACK) || declared.has(&PICKLES)
}
