//! One server, as it was approved.

use std::path::Path;

use bartizan_mcp::{Listing, snapshot};
use bartizan_model::{Digest, Server, canonical_json};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One server's approved definitions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerPin {
    /// What the project calls it.
    pub name: String,
    /// How it was reached: a command line, a URL, a path.
    pub target: String,
    /// The day of the approval, as 2026-11-21.
    pub approved: String,
    /// Digest of the canonical form of all of it. The order of lists does not count: honest servers shuffle them.
    pub digest: Digest,
    /// How it introduced itself, in canonical JSON (RFC 8785): `protocolVersion`, `capabilities`, `serverInfo`, `instructions`.
    pub hello: String,
    /// By name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool: Vec<Item>,
    /// By name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prompt: Vec<Item>,
    /// By URI.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource: Vec<Item>,
    /// By URI template.
    #[serde(default, rename = "resource-template", skip_serializing_if = "Vec::is_empty")]
    pub resource_template: Vec<Item>,
}

/// One definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The tool's or prompt's name, the resource's URI.
    pub name: String,
    /// SHA-256 of the definition as it was sent.
    pub sent: Digest,
    /// The definition in canonical JSON (RFC 8785).
    pub definition: String,
}

impl ServerPin {
    /// What this listing presents, as if it were approved now. `approved` is the day.
    pub fn of(name: &str, target: &str, listing: &Listing, approved: String) -> Self {
        let server = &listing.server;
        let hello = json!({
            "protocolVersion": server.protocol_version,
            "capabilities": parsed(&server.capabilities),
            "serverInfo": parsed(&server.server_info),
            "instructions": server.instructions,
        });
        let resources = |templates: bool| {
            items(
                server
                    .resources
                    .iter()
                    .filter(|resource| resource.is_template == templates)
                    .map(|resource| (resource.uri.as_str(), resource.raw.as_str())),
            )
        };
        let mut pin = Self {
            name: name.to_owned(),
            target: target.to_owned(),
            approved,
            digest: Digest::of(b""),
            hello: canonical_json(&hello),
            tool: items(server.tools.iter().map(|tool| (tool.name.as_str(), tool.raw.as_str()))),
            prompt: items(server.prompts.iter().map(|prompt| (prompt.name.as_str(), prompt.raw.as_str()))),
            resource: resources(false),
            resource_template: resources(true),
        };
        pin.digest = pin.content_digest();
        pin
    }

    /// The lists, each with the name of its member in a snapshot.
    pub(crate) fn lists(&self) -> [(&'static str, &[Item]); 4] {
        [
            ("tools", &self.tool),
            ("prompts", &self.prompt),
            ("resources", &self.resource),
            ("resourceTemplates", &self.resource_template),
        ]
    }

    /// The digest that this pin should have.
    pub(crate) fn content_digest(&self) -> Digest {
        let lists = self.lists();
        let counts = lists.map(|(_, items)| items.len().to_string());
        let definitions = lists.iter().flat_map(|(_, items)| items.iter());
        let mut definitions: Vec<&str> = definitions.map(|item| item.definition.as_str()).collect();
        // Within a list the order is that of names; of two with one name, that of how they were sent, which must not count.
        definitions.sort_unstable();
        let parts = [self.hello.as_str()].into_iter().chain(counts.iter().map(String::as_str));
        Digest::of_each(parts.chain(definitions).map(str::as_bytes))
    }

    /// Whether both present the same, whatever it is called and in whatever order.
    pub fn presents_the_same(&self, other: &Self) -> bool {
        self.digest == other.digest
    }

    /// The server that was approved, as rules are handed it. The error says what in the pin is no definition.
    pub fn server(&self, like: &Server) -> Result<Server, String> {
        let mut document = serde_json::Map::new();
        document.insert("name".to_owned(), Value::String(like.name.clone()));
        document.insert("initialize".to_owned(), read(&self.hello)?);
        for (member, items) in self.lists() {
            let items = items.iter().map(|item| read(&item.definition)).collect::<Result<Vec<_>, _>>()?;
            document.insert(member.to_owned(), Value::Array(items));
        }
        let bytes = Value::Object(document).to_string();
        let mut server = snapshot::parse(bytes.as_bytes(), Path::new("bartizan.lock"))
            .map_err(|error| error.to_string())?
            .server;
        // How it is reached is the project's own choice, and what it presents stands in no file that was scanned.
        server.transport = like.transport.clone();
        server.tools.iter_mut().for_each(|tool| tool.position = None);
        server.prompts.iter_mut().for_each(|prompt| prompt.position = None);
        server.resources.iter_mut().for_each(|resource| resource.position = None);
        Ok(server)
    }
}

fn read(json: &str) -> Result<Value, String> {
    serde_json::from_str(json).map_err(|error| format!("a definition is not JSON: {error}"))
}

/// What is not JSON is kept as a text: it must not look like an empty one.
fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| Value::String(json.to_owned()))
}

fn items<'a>(listed: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Item> {
    let mut items: Vec<Item> = listed
        .map(|(name, raw)| Item {
            name: name.to_owned(),
            sent: Digest::of(raw.as_bytes()),
            definition: canonical_json(&parsed(raw)),
        })
        .collect();
    items.sort();
    items
}
