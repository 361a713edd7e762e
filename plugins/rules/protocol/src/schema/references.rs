//! References that lead out of the schema, or nowhere.

use std::collections::HashSet;

use serde_json::Value;
use url::Url;

use super::{Fault, document::Document};
use bartizan_listing::Reach;

use crate::seen::clipped;

/// The drafts of JSON Schema, without scheme and trailing `#`.
const DRAFTS: [&str; 9] = [
    "json-schema.org/draft/2020-12/schema",
    "json-schema.org/draft/2019-09/schema",
    "json-schema.org/draft/next/schema",
    "json-schema.org/draft-07/schema",
    "json-schema.org/draft-06/schema",
    "json-schema.org/draft-05/schema",
    "json-schema.org/draft-04/schema",
    "json-schema.org/draft-03/schema",
    "json-schema.org/schema",
];
/// Hosts that publish schemas for everybody. Still another's, and still to be fetched.
const PUBLISHERS: [&str; 8] = [
    "json-schema.org",
    "json.schemastore.org",
    "www.schemastore.org",
    "schema.org",
    "geojson.org",
    "spec.openapis.org",
    "schemas.opengis.net",
    "modelcontextprotocol.io",
];

pub(super) fn faults(document: &Document<'_>) -> Vec<Fault> {
    let ids = Ids::of(document);
    let mut faults = Vec::new();
    for (at, members) in document.objects() {
        for key in ["$ref", "$dynamicRef", "$recursiveRef"] {
            match members.get(key) {
                Some(Value::String(_)) | None => {}
                Some(other) => faults.push(Fault::low(
                    format!("The schema has a `{key}` that is not a text."),
                    clipped(&other.to_string()),
                    document.pointer(at, key),
                )),
            }
        }
        if let Some(draft) = members.get("$schema") {
            faults.extend(dialect(draft, || document.pointer(at, "$schema")));
        }
        for reference in document.places.get(at).into_iter().flat_map(|place| &place.unresolved) {
            faults.extend(reference_fault(reference, &ids, || document.pointer(at, "$ref")));
        }
    }
    faults
}

/// The names that schemas in the document give themselves.
#[derive(Default)]
struct Ids<'s> {
    uris: HashSet<&'s str>,
    anchors: HashSet<&'s str>,
    base: Option<Url>,
}

impl<'s> Ids<'s> {
    fn of(document: &Document<'s>) -> Self {
        let mut ids = Self::default();
        for (at, members) in document.objects() {
            let text = |key| members.get(key).and_then(Value::as_str);
            for uri in [text("$id"), text("id")].into_iter().flatten() {
                match uri.strip_prefix('#') {
                    Some(anchor) => ids.anchors.insert(anchor),
                    None => ids.uris.insert(uri.trim_end_matches('#')),
                };
                if at == 0 {
                    ids.base = Url::parse(uri).ok();
                }
            }
            ids.anchors.extend([text("$anchor"), text("$dynamicAnchor")].into_iter().flatten());
        }
        ids
    }
}

fn dialect(draft: &Value, pointer: impl Fn() -> String) -> Option<Fault> {
    let Some(uri) = draft.as_str() else {
        let shown = clipped(&draft.to_string());
        return Some(Fault::low("The schema has a `$schema` that is not a text.", shown, pointer()));
    };
    if is_draft(uri) {
        return None;
    }
    let Ok(url) = Url::parse(uri) else {
        return Some(Fault::low("The schema has a `$schema` that is not a URI.", clipped(uri), pointer()));
    };
    let what = "The schema says by `$schema` that its meaning is written down elsewhere, and not in a draft of JSON \
                Schema";
    Some(elsewhere(what, &url, uri, pointer()))
}

fn is_draft(uri: &str) -> bool {
    let bare = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://")).unwrap_or_default();
    let bare = bare.trim_end_matches('#').trim_end_matches('/');
    DRAFTS.contains(&bare)
}

/// What is wrong with a reference that leads to nothing in the document by pointer.
fn reference_fault(reference: &str, ids: &Ids<'_>, pointer: impl Fn() -> String) -> Option<Fault> {
    if let Some(fragment) = reference.strip_prefix('#') {
        // A pointer may be meant from within a schema that has an id of its own.
        let known =
            if fragment.starts_with('/') { !ids.uris.is_empty() } else { ids.anchors.contains(fragment) };
        let what = "The schema refers to a part of itself that is not there: strict clients refuse it, others take \
                    anything.";
        return (!known).then(|| Fault::low(what, clipped(reference), pointer()));
    }
    let bare = reference.split('#').next().unwrap_or_default();
    if ids.uris.contains(bare) || is_draft(bare) {
        return None;
    }
    let what = "The schema refers by `$ref` to a schema that is not in the listing";
    match Url::parse(reference) {
        Ok(url) => Some(elsewhere(what, &url, reference, pointer())),
        Err(_) => match ids.base.as_ref().and_then(|base| base.join(reference).ok()) {
            Some(url) if ids.uris.contains(url.as_str().split('#').next().unwrap_or_default()) => None,
            Some(url) => Some(elsewhere(what, &url, reference, pointer())),
            None if reference.starts_with("//") => {
                Some(Fault::medium(format!("{what}, at another host."), clipped(reference), pointer()))
            }
            None => Some(Fault::low(
                "The schema refers to a file that the listing does not hold.",
                clipped(reference),
                pointer(),
            )),
        },
    }
}

/// Graver where following it reaches what the server could not reach itself, or what can be changed at will.
fn elsewhere(what: &str, url: &Url, text: &str, pointer: String) -> Fault {
    let shown = clipped(text);
    // Names and not addresses: nothing is fetched by them.
    if url.scheme() == "urn" || url.scheme() == "tag" {
        return Fault::low(format!("{what}, but known by a name only."), shown, pointer);
    }
    if !matches!(url.scheme(), "http" | "https") {
        return Fault::medium(
            format!(
                "{what}, by a `{}:` address: a client that follows it opens that on its own machine.",
                clipped(url.scheme())
            ),
            shown,
            pointer,
        );
    }
    let host = url.host_str().unwrap_or_default();
    if PUBLISHERS.contains(&host) {
        return Fault::low(
            format!("{what}, at {host}: clients that fetch nothing cannot check against it."),
            shown,
            pointer,
        );
    }
    match Reach::of(url) {
        Some(Reach::Public) | None => Fault::medium(
            format!(
                "{what}, at {}: a client that follows it tells a stranger that it did, and what was approved today \
                 can be another schema tomorrow.",
                clipped(host)
            ),
            shown,
            pointer,
        ),
        Some(reach) => Fault::medium(
            format!(
                "{what}, at {}: a client that follows it sends a request from within its own network.",
                reach.words()
            ),
            shown,
            pointer,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_sdk::prelude::Severity;
    use serde_json::json;

    fn severities(root: &Value) -> Vec<Severity> {
        faults(&Document::read("/inputSchema", root)).into_iter().map(|fault| fault.severity).collect()
    }

    #[test]
    fn a_reference_within_the_schema_is_no_fault_however_it_is_written() {
        for honest in [
            json!({ "$ref": "#" , "$schema": "http://json-schema.org/draft-07/schema#" }),
            json!({ "$ref": "#/$defs/a", "$defs": { "a": {} } }),
            json!({ "$ref": "#here", "$defs": { "a": { "$anchor": "here" } } }),
            json!({ "$ref": "https://x.example/a.json", "$defs": { "a": { "$id": "https://x.example/a.json" } } }),
            json!({ "$id": "https://x.example/root.json", "$ref": "a.json", "$defs": { "a": { "$id": "https://x.example/a.json" } } }),
            json!({ "$ref": "https://json-schema.org/draft/2020-12/schema" }),
            json!({ "properties": { "$ref": { "type": "string" }, "$schema": { "type": "string" } } }),
        ] {
            assert_eq!(severities(&honest), [], "{honest}");
        }
    }

    #[test]
    fn a_reference_that_leads_out_weighs_by_where_it_leads() {
        for (uri, severity) in [
            ("https://evil.example/s.json", Severity::Medium),
            ("http://169.254.169.254/latest/meta-data/", Severity::Medium),
            ("file:///etc/passwd", Severity::Medium),
            ("//evil.example/s.json", Severity::Medium),
            ("https://geojson.org/schema/Point.json", Severity::Low),
            ("other.json#/x", Severity::Low),
            ("#/$defs/missing", Severity::Low),
            ("urn:uuid:0", Severity::Low),
        ] {
            assert_eq!(severities(&json!({ "properties": { "p": { "$ref": uri } } })), [severity], "{uri}");
        }
    }
}
