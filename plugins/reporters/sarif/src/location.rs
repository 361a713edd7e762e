//! Where a finding is. A server that runs somewhere has no file, and a result without one is refused by services.
//!
//! A finding read from a file, or about a server whose program is a file here, is at that file. Any other is at a
//! *relative* path made of the server's address without its scheme, or of its name. The address itself would be truer, but GitHub
//! code scanning refuses the whole log when one `uri` has another scheme than `file` ("SARIF URI scheme "https" did
//! not match the checkout URI scheme "file""); a relative path it takes, and shows as it stands. Nothing is lost:
//! the logical location names the server and the item, and the run's properties hold the target whole.

use bartizan_sdk::report::{Report, ServerSummary, Subject, visible};
use serde_json::{Value, json};

use crate::uri;

/// Where a subject lies, as far as a file can say.
pub(crate) struct Place {
    uri: String,
    under_root: bool,
    line: u32,
    column: Option<u32>,
}

impl Place {
    pub(crate) fn of(report: &Report, subject: &Subject) -> Self {
        let (uri, under_root) = match subject.path.as_deref().filter(|path| !path.is_empty()) {
            Some(path) => uri::of_path(path),
            None => (stand_in(report, subject), true),
        };
        // Lines count from 1 in both; columns from 0 in ours. Ours are bytes where the format wants characters, which
        // differs only where non-ASCII text stands before the item on its line.
        let position = subject.position.filter(|position| position.line > 0);
        Self {
            uri,
            under_root,
            line: position.map_or(1, |position| position.line),
            column: position.map(|position| position.column.saturating_add(1)),
        }
    }

    pub(crate) fn physical(&self) -> Value {
        let mut artifact = json!({ "uri": self.uri });
        if let (Some(map), true) = (artifact.as_object_mut(), self.under_root) {
            map.insert("uriBaseId".into(), "%SRCROOT%".into());
        }
        let mut region = json!({ "startLine": self.line });
        if let (Some(map), Some(column)) = (region.as_object_mut(), self.column) {
            map.insert("startColumn".into(), column.into());
        }
        json!({ "artifactLocation": artifact, "region": region })
    }
}

/// The path that stands for a server without a file.
fn stand_in(report: &Report, subject: &Subject) -> String {
    let server = report.servers.iter().find(|server| server.name == subject.server);
    server.and_then(address).unwrap_or_else(|| format!("mcp-server/{}", uri::segment(&subject.server)))
}

fn address(server: &ServerSummary) -> Option<String> {
    if server.transport.kind == "file" {
        let (path, under_root) = uri::of_path(&server.transport.address);
        return (under_root && !path.is_empty()).then_some(path);
    }
    uri::without_scheme(&server.transport.address)
}

/// The item by name, whatever file it is in. `pointer` leads to a part of it.
pub(crate) fn logical(subject: &Subject, pointer: &str) -> Value {
    let server = visible(&subject.server);
    let name = visible(&subject.name);
    let (name, path) = if subject.kind == "server" {
        (server.clone(), server)
    } else {
        let path = format!("{server}/{}/{name}", visible(&subject.kind));
        (name, path)
    };
    let kind = match subject.kind.as_str() {
        "tool" | "prompt" => "function",
        "resource" | "resource-template" => "resource",
        _ => "module",
    };
    if pointer.is_empty() {
        json!({ "name": name, "fullyQualifiedName": path, "kind": kind })
    } else {
        let pointer = visible(pointer);
        json!({ "name": pointer, "fullyQualifiedName": format!("{path}#{pointer}"), "kind": "member" })
    }
}

/// The item in words.
pub(crate) fn subject_words(subject: &Subject) -> String {
    if subject.kind == "server" {
        format!("server {}", subject.server)
    } else {
        format!("{} {} of {}", subject.kind, subject.name, subject.server)
    }
}
