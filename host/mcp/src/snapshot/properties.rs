//! Whatever a file holds, reading it ends in a listing or in an error.

use std::path::Path;

use proptest::prelude::*;

use super::parse;

/// JSON that has the members of a listing, with values of any sort in them.
fn odd_listing() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<String>().prop_map(|text| serde_json::json!(text).to_string()),
    ];
    let key = prop_oneof![
        prop::sample::select(vec![
            "tools",
            "Tools",
            "name",
            "Name",
            "description",
            "inputSchema",
            "annotations",
            "_meta",
            "properties",
            "uri",
            "initialize",
            "serverInfo",
            "resources",
            "prompts",
            "arguments",
            "errors",
            "jsonrpc",
            "result",
        ])
        .prop_map(str::to_owned),
        "[a-z]{0,3}",
    ];
    scalar.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((key.clone(), inner), 0..8).prop_map(|members| {
                let members: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("{}:{value}", serde_json::json!(key)))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let _ = parse(&bytes, Path::new("x.json"));
    }

    #[test]
    fn no_json_makes_it_panic_and_every_object_in_a_list_of_tools_is_kept(listing in odd_listing()) {
        let _ = parse(listing.as_bytes(), Path::new("x.json"));
        let wrapped = format!(r#"{{"tools":[{listing},{{"name":"honest"}}]}}"#);
        let server = parse(wrapped.as_bytes(), Path::new("x.json")).unwrap().server;
        prop_assert!(server.tools.iter().any(|tool| tool.name == "honest"), "an odd tool hid an honest one");
    }
}
