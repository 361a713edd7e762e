//! Saved listings: the recorded corpus, other shapes, hostile files, and what we write ourselves.

use std::path::Path;

use bartizan_mcp::snapshot::{parse, read, to_json, write};

use crate::support::{hostile, missing, names, root};

#[test]
fn every_recorded_server_is_read_whole_and_survives_being_written() {
    let mut files = 0;
    for folder in ["captures", "captures-malicious"] {
        for entry in std::fs::read_dir(root().join("tests/data/corpus").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let document: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let listing = read(&path).unwrap();
            let server = &listing.server;
            assert_eq!(server.tools.len(), document["tools"].as_array().unwrap().len());
            assert_eq!(server.name, document["initialize"]["serverInfo"]["name"].as_str().unwrap());
            assert_eq!(server.transport.kind.as_str(), "stdio");
            let malformed: Vec<_> = server
                .observations
                .iter()
                .filter(|o| o.kind.contains("malformed") || o.kind.contains("key"))
                .collect();
            assert!(malformed.is_empty(), "{}: {malformed:?}", path.display());
            let text = std::fs::read_to_string(&path).unwrap();
            for tool in &server.tools {
                let at = tool.position.unwrap();
                let line = text.lines().nth(at.line as usize - 1).unwrap();
                assert_eq!(line.as_bytes()[at.column as usize], b'{', "{}: {at:?}", path.display());
            }
            let again = parse(to_json(&listing).as_bytes(), &path).unwrap();
            assert_eq!(again.server.digest, server.digest, "{}", path.display());
            assert_eq!(again.server.observations, server.observations);
            assert_eq!(again.record.extra, listing.record.extra);
            files += 1;
        }
    }
    assert_eq!(files, 101);
}

#[test]
fn what_a_hostile_server_sent_survives_being_written() {
    let folder = tempfile::tempdir().unwrap();
    for mode in ["malformed", "ambiguous", "noise", "asks", "many-errors", "crash-second-page", "undeclared"]
    {
        let listing = hostile(mode, 20).unwrap();
        let path = folder.path().join(format!("{mode}.json"));
        write(&listing, &path).unwrap();
        let again = read(&path).unwrap();
        assert_eq!(again.server.digest, listing.server.digest, "{mode}");
        assert_eq!(again.server.observations, listing.server.observations, "{mode}");
        assert_eq!((names(&again), missing(&again)), (names(&listing), missing(&listing)), "{mode}");
        assert_eq!(again.server.transport, listing.server.transport);
        assert_eq!(to_json(&again), to_json(&listing), "{mode}");
    }
}

#[test]
fn the_digest_is_of_what_was_presented_and_not_of_how() {
    let snapshot = |transport: &str, tool: &str| {
        let text = format!(
            r#"{{"transport":"{transport}","initialize":{{"protocolVersion":"2025-11-25","capabilities":{{}},"serverInfo":{{"name":"a"}}}},"tools":[{tool}],"observations":[]}}"#
        );
        parse(text.as_bytes(), Path::new("x.json")).unwrap().server.digest
    };
    let tool = r#"{"name":"a","inputSchema":{}}"#;
    assert_eq!(snapshot("stdio", tool), snapshot("sse", r#"{ "inputSchema": {}, "name": "a" }"#));
    assert_ne!(snapshot("stdio", tool), snapshot("stdio", r#"{"name":"b","inputSchema":{}}"#));
}

#[test]
fn a_list_of_tools_is_read_in_each_shape() {
    let tools = r#"[{"name":"a","inputSchema":{}}]"#;
    for text in [
        tools.to_owned(),
        format!(r#"{{"tools":{tools}}}"#),
        format!(r#"{{"jsonrpc":"2.0","id":1,"result":{{"tools":{tools}}}}}"#),
        format!("\u{feff}{{\n  \"tools\": {tools}\n}}"),
    ] {
        let listing = parse(text.as_bytes(), Path::new("dir/mine.json")).unwrap();
        assert_eq!((names(&listing), listing.server.name.as_str()), (vec!["a"], "mine"), "{text}");
        let boms = listing.server.observations.iter().filter(|o| o.kind == "byte-order-mark").count();
        assert_eq!((boms == 1, listing.server.observations.len()), (text.starts_with('\u{feff}'), boms));
    }
}

#[test]
fn what_is_no_listing_is_refused_with_the_place_or_the_shape() {
    let bad = |bytes: &[u8]| {
        let error = parse(bytes, Path::new("f.json")).unwrap_err();
        (error.code(), error.to_string())
    };
    let (code, text) = bad(b"{\n \"tools\": [}");
    assert_eq!(code, "not-json");
    assert!(text.contains("line 2"), "{text}");
    assert_eq!(bad(b"{}\n{}").0, "not-json");
    assert_eq!(bad(b"").0, "not-json");
    let (code, text) = bad(b"[\n\"\xff\"]");
    assert_eq!((code, text.contains("line 2, column 2")), ("not-utf8", true), "{text}");
    for (bytes, found) in [
        (&br#"{"mcpServers":{}}"#[..], "client's configuration"),
        (b"7", "number"),
        (b"[1,2]", "without a single object"),
        (br#"{"tools":{}}"#, "`tools` is not an array"),
        (br#"{"a":1,"b":2}"#, "a, b"),
        (br#"{"jsonrpc":"2.0","id":1,"error":{"code":1}}"#, "JSON-RPC error"),
    ] {
        let (code, text) = bad(bytes);
        assert!(code == "unknown-shape" && text.contains(found), "{text}");
    }
    assert_eq!(read(Path::new("/no/such/file.json")).unwrap_err().code(), "unreadable");
    assert_eq!(read(Path::new("/dev/zero")).unwrap_err().code(), "too-large");
}

#[test]
fn depth_neither_ends_us_nor_hides_a_tool() {
    let deep =
        format!(r#"{{"tools":[{{"name":"a","x":{}{}}}]}}"#, "[".repeat(1_000_000), "]".repeat(1_000_000));
    let listing = parse(deep.as_bytes(), Path::new("f.json")).unwrap();
    assert_eq!(names(&listing), ["a"]);
    assert!(listing.server.observations.iter().any(|o| o.kind == "malformed-item"));
}
