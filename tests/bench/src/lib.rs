//! What the benches run on: a server of a hundred real tools, once as the host has it and once as a native rule has it,
//! and the first-party components, loaded.
//!
//! Not for: tests. Read `benches/components.rs` first.

use std::{error::Error, fs, path::Path};

use bartizan_kernel::{Component, Kernel, Limits};
use bartizan_model::Server;
use bartizan_registry::{Claims, Ratchet, TrustStore, Verified, Verifier};
use serde_json::{Value, json};

/// Tools of the server that everything is measured on, and about how many bytes of JSON they are.
pub const TOOLS: usize = 100;
const BYTES: usize = 70_000;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The listing as JSON: a hundred tools of recorded honest servers, of 70 KB together.
pub fn listing() -> Result<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/corpus/captures");
    let mut files: Vec<_> =
        fs::read_dir(&folder)?.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    files.sort();
    let mut tools: Vec<Value> = Vec::new();
    for file in files {
        let capture: Value = serde_json::from_slice(&fs::read(file)?)?;
        tools.extend(capture.get("tools").and_then(Value::as_array).cloned().unwrap_or_default());
    }
    // Real tools are larger than 700 bytes on average: take those nearest to it, so that count and size are both as said.
    tools.sort_by_cached_key(|tool| tool.to_string().len().abs_diff(BYTES / TOOLS));
    tools.truncate(TOOLS);
    Ok(json!({ "tools": tools }).to_string())
}

/// The listing as the host has it.
pub fn server() -> Result<Server> {
    read(&listing()?)
}

/// Reads a listing as the host does.
pub fn read(listing: &str) -> Result<Server> {
    Ok(bartizan_mcp::snapshot::parse(listing.as_bytes(), Path::new("bench.json"))?.server)
}

/// A kernel without a cache: what is carried is compiled already.
pub fn kernel() -> Result<Kernel> {
    Ok(Kernel::new(None)?)
}

/// A first-party component and its compiled code, verified.
pub fn verified(name: &str) -> Result<(Verified, &'static [u8])> {
    let mut trust = TrustStore::empty();
    bartizan_first_party::trust(&mut trust)?;
    let mut verifier = Verifier::new(trust, Ratchet::in_memory());
    for embedded in bartizan_first_party::components() {
        let verified = verifier.verify(embedded.component, embedded.statement, Claims::everything_asked)?;
        if verified.claims().id.name() == name {
            return Ok((verified, embedded.code));
        }
    }
    Err(format!("no first-party component is called {name}").into())
}

/// A first-party component, loaded.
pub fn component(kernel: &Kernel, name: &str) -> Result<Component> {
    let (verified, code) = verified(name)?;
    Ok(kernel.load(&verified, Limits::default(), Some(code))?)
}
