//! Pins, from a listing to the lock file and back.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::{fs, path::Path};

use bartizan_mcp::{Listing, snapshot};
use bartizan_pins::{Change, PinFile, ServerPin, What};

fn listing(json: &str) -> Listing {
    snapshot::parse(json.as_bytes(), Path::new("x.json")).unwrap()
}

fn pin(json: &str) -> ServerPin {
    ServerPin::of("shop", "node shop.js", &listing(json), "2026-11-21".to_owned())
}

const SHOP: &str = r#"{"initialize": {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}},
    "serverInfo": {"name": "shop", "version": "1.0.0"}, "instructions": "Buy\nthings'''"},
    "tools": [{"name": "list", "description": "Lists", "inputSchema": {"type": "object", "properties": {"q": {"type": "string"}}}},
              {"name": "buy", "description": "Buys", "inputSchema": {"type": "object"}}],
    "resources": [{"uri": "shop://a", "name": "a"}], "prompts": [{"name": "p"}]}"#;

#[test]
fn what_was_pinned_comes_back_beside_what_else_the_file_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bartizan.lock");
    fs::write(&path, "version = 1\n\n[[other]]\nkey = 'kept'\n").unwrap();
    let mut file = PinFile::read(&path).unwrap();
    file.set(pin(SHOP));
    file.write().unwrap();
    let again = PinFile::read(&path).unwrap();
    assert_eq!(again.pins(), [pin(SHOP)]);
    assert!(fs::read_to_string(&path).unwrap().contains("kept"));
    let server = again.pins()[0].server(&listing(SHOP).server).unwrap();
    assert_eq!(server.tools.len(), 2);
    assert_eq!(server.instructions.as_deref(), Some("Buy\nthings'''"));
    assert_eq!(server.version, "1.0.0");
}

#[test]
fn the_order_of_lists_and_members_does_not_count() {
    let shuffled = r#"{"initialize": {"serverInfo": {"version": "1.0.0", "name": "shop"}, "protocolVersion": "2025-11-25",
        "capabilities": {"tools": {}}, "instructions": "Buy\nthings'''"},
        "prompts": [{"name": "p"}], "resources": [{"name": "a", "uri": "shop://a"}],
        "tools": [{"inputSchema": {"type": "object"}, "name": "buy", "description": "Buys"},
        {"name": "list", "inputSchema": {"properties": {"q": {"type": "string"}}, "type": "object"}, "description": "Lists"}]}"#;
    assert!(pin(SHOP).presents_the_same(&pin(shuffled)));
    assert_eq!(pin(SHOP).changes(&pin(shuffled)), []);
}

#[test]
fn a_difference_is_told_by_the_smallest_member() {
    let changed = SHOP
        .replace(r#""q": {"type": "string"}"#, r#""q": {"type": "string"}, "a/b": {"type": "string"}"#)
        .replace("shop://a", "shop://b");
    let changes = pin(SHOP).changes(&pin(&changed));
    let [Change { list: "tools", name, what: What::Changed(members) }, rest @ ..] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    assert_eq!(name, "list");
    assert_eq!(members.len(), 1);
    assert_eq!(members[0].pointer, "/inputSchema/properties/a~1b");
    assert!(
        matches!(rest, [Change { what: What::Removed(_), .. }, Change { what: What::Added(_), .. }]),
        "{rest:?}"
    );
}

#[test]
fn a_second_tool_of_the_same_name_is_a_change() {
    let doubled = SHOP.replace(r#""tools": ["#, r#""tools": [{"name": "buy", "description": "Sells"}, "#);
    let changes = pin(SHOP).changes(&pin(&doubled));
    assert!(
        matches!(changes.as_slice(), [Change { list: "tools", what: What::Added(_), .. }]),
        "{changes:?}"
    );
}

#[test]
fn a_pin_that_was_edited_is_no_approval() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bartizan.lock");
    let mut file = PinFile::read(&path).unwrap();
    file.set(pin(SHOP));
    file.write().unwrap();
    let text = fs::read_to_string(&path).unwrap().replace("Lists", "Steals");
    fs::write(&path, text).unwrap();
    let error = PinFile::read(&path).unwrap_err().to_string();
    assert!(error.contains("`shop` was edited"), "{error}");
}

#[test]
fn a_server_that_renames_itself_is_found_by_how_it_is_reached() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = PinFile::read(&folder.path().join("bartizan.lock")).unwrap();
    file.set(pin(SHOP));
    assert!(file.get("innocent", "node shop.js").is_some());
    assert!(file.get("shop", "node other.js").is_some());
    assert!(file.get("innocent", "node other.js").is_none());
}
