//! Writes a listing so that [`super::parse`] makes the same server of it: every item as it was sent, one a line.

use std::{io::Write, path::Path};

use serde_json::json;

use crate::{Listing, item::Kind, json::quote};

/// The snapshot of a listing.
pub fn to_json(listing: &Listing) -> String {
    let (server, record) = (&listing.server, &listing.record);
    let mut out = Out(String::from("{"));
    out.member("bartizan", &quote(env!("CARGO_PKG_VERSION")));
    out.member("name", &quote(&server.name));
    out.member("transport", &quote(record.transport.kind.as_str()));
    if !record.transport.address.is_empty() {
        out.member("address", &quote(&record.transport.address));
    }
    if !record.transport.command.is_empty() {
        out.member("command", &json!(record.transport.command).to_string());
    }
    out.member("protocolVersion", &quote(&record.protocol_version));
    if let Some((method, result)) = &record.hello {
        out.member(if method == "initialize" { "initialize" } else { "discover" }, result);
    }
    for kind in Kind::ALL {
        if record.listed.iter().any(|method| method == kind.method()) {
            let items: Vec<&str> = match kind {
                Kind::Tool => server.tools.iter().map(|tool| tool.raw.as_str()).collect(),
                Kind::Prompt => server.prompts.iter().map(|prompt| prompt.raw.as_str()).collect(),
                Kind::Resource | Kind::Template => server
                    .resources
                    .iter()
                    .filter(|resource| resource.is_template == (kind == Kind::Template))
                    .map(|resource| resource.raw.as_str())
                    .collect(),
            };
            out.array(kind.member(), &items);
        }
    }
    let errors: Vec<String> =
        record.errors.iter().map(|(method, e)| format!("{}:{e}", quote(method))).collect();
    out.member("errors", &format!("{{{}}}", errors.join(",")));
    out.array("fromServer", &record.from_server);
    out.array("stdoutNoise", &record.stdout_noise.iter().map(|line| quote(line)).collect::<Vec<_>>());
    out.array(
        "observations",
        &record.observations.iter().map(|one| json!(one).to_string()).collect::<Vec<_>>(),
    );
    out.array("notChecked", &record.missing.iter().map(|one| json!(one).to_string()).collect::<Vec<_>>());
    for (key, value) in &record.extra {
        out.member(key, value);
    }
    out.0.push_str("\n}\n");
    out.0
}

/// Writes the snapshot of a listing to this path, whole or not at all.
pub fn write(listing: &Listing, path: &Path) -> std::io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(to_json(listing).as_bytes())?;
    file.persist(path).map(|_| ()).map_err(|error| error.error)
}

struct Out(String);

impl Out {
    fn member(&mut self, key: &str, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str("\n ");
        self.0.push_str(&quote(key));
        self.0.push_str(": ");
        self.0.push_str(json);
    }

    fn array(&mut self, key: &str, items: &[impl AsRef<str>]) {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        if items.is_empty() {
            self.member(key, "[]");
        } else {
            self.member(key, &format!("[\n  {}\n ]", items.join(",\n  ")));
        }
    }
}
