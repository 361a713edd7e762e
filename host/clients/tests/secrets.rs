//! No credential of any client's file is ever shown: not in `Debug`, `Display`, JSON, facts or errors.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "in a test, a panic is how it fails"
)]

mod common;

use std::{fmt::Write as _, path::Path};

use bartizan_clients::{Config, ConfigError, Launch, Lookup, Os, Secret, discover, parse, parse_list};
use common::{Machine, SAMPLES, text};
use proptest::prelude::*;

/// Stands within every credential of the samples.
const CANARY: &str = "CANARY";

/// Everything that could end in a log or a report.
fn everything(config: &Config) -> String {
    let mut shown = format!("{config:?} {config:#?}");
    for server in &config.servers {
        let json = serde_json::to_string(server).unwrap();
        let _ =
            write!(shown, "{json} {} {} {:?}", server.facts(), server.launch, server.launch.shown_command());
        match server.resolve(&Lookup::default()) {
            Ok(launch) => {
                let _ = write!(shown, "{launch} {launch:?} {}", serde_json::to_string(&launch).unwrap());
            }
            Err(error) => {
                let _ = write!(shown, "{error} {error:?} {}", error.advice());
            }
        }
    }
    shown
}

fn shown(result: &Result<Config, ConfigError>) -> String {
    match result {
        Ok(config) => everything(config),
        Err(error) => format!("{error} {error:?} {}", error.advice()),
    }
}

#[test]
fn no_clients_credentials_are_shown() {
    for os in [Os::Linux, Os::MacOs, Os::Windows] {
        let machine = Machine::full(os);
        let discovery = discover(&machine.places());
        let mut held = 0;
        for config in &discovery.found {
            let shown = everything(config);
            assert!(!shown.contains(CANARY), "{}: {shown}", config.file.display());
            held += config.servers.iter().filter(|server| holds_canary(&server.launch)).count();
        }
        assert!(held > 30, "the samples hold credentials ({held}), and what starts a server gets them");
        assert!(!format!("{discovery:?}").contains(CANARY));
    }
}

fn holds_canary(launch: &Launch) -> bool {
    let texts: Vec<&str> = match launch {
        Launch::Command { command, args, env, .. } => {
            std::iter::once(command).chain(args).chain(env.values()).map(Secret::expose).collect()
        }
        Launch::Remote { url, headers, .. } => {
            std::iter::once(url).chain(headers.values()).map(Secret::expose).collect()
        }
        _ => Vec::new(),
    };
    texts.iter().any(|text| text.contains(CANARY))
}

#[test]
fn a_file_that_breaks_off_anywhere_shows_none_either() {
    for sample in SAMPLES {
        let text = text(sample.name);
        let cuts = (0..text.len()).filter(|cut| text.is_char_boundary(*cut));
        for cut in cuts.step_by(3) {
            let shown = shown(&parse(&text[..cut], Path::new(sample.name)));
            assert!(!shown.contains(CANARY), "{} cut at {cut}: {shown}", sample.name);
        }
    }
}

#[test]
fn a_list_of_servers_shows_none() {
    let good = r#"
        [[servers]]
        name = "a"
        command = "node"
        args = ["s.js", "--token", "CANARYtoken1"]
        env = { KEY = "CANARYkey1" }
        [[servers]]
        name = "b"
        url = "https://u:CANARYpw1@h/mcp?key=CANARYkey2"
        headers = { Authorization = "Bearer CANARY1" }
    "#;
    let list = parse_list(good, Path::new("servers.toml")).unwrap();
    assert!(!format!("{list:?}").contains(CANARY));
    for cut in 0..good.len() {
        match parse_list(&good[..cut], Path::new("servers.toml")) {
            Ok(list) => assert!(!format!("{list:?}").contains(CANARY)),
            Err(error) => {
                let shown = format!("{error} {error:?} {}", error.advice());
                assert!(!shown.contains(CANARY), "cut at {cut}: {shown}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Bytes of a real file are changed; whatever it says then, nothing panics and values stay hidden.
    #[test]
    fn no_change_to_a_file_makes_it_panic(
        which in 0..SAMPLES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"{}[]\",:=#'-\n \\$%&*/x0".to_vec())), 1..12),
    ) {
        let sample = &SAMPLES[which];
        let mut bytes = text(sample.name).into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(text) = String::from_utf8(bytes) {
            let result = parse(&text, Path::new(sample.name));
            if let Ok(config) = &result {
                for server in &config.servers {
                    let _ = (server.facts(), server.resolve(&Lookup::default()).is_ok());
                }
            }
            prop_assert!(shown(&result).len() < 50_000_000);
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,200}|[\\[\\]{}\":,a-z0-9*&!|>#= \n-]{0,300}") {
        for name in ["x.json", "x.toml", "x.yaml", ".mcp.json", "servers.toml"] {
            let _ = parse(&text, Path::new(name));
            let _ = bartizan_clients::kind(&text, Path::new(name));
            let _ = parse_list(&text, Path::new(name));
        }
    }
}
