//! What an entry refers to is put in, and what is lacking is named.

use super::*;
use crate::parse;

fn entry(file: &str, text: &str) -> ServerEntry {
    parse(text, Path::new(file)).unwrap().servers.remove(0)
}

fn shown(launch: &Launch) -> Vec<String> {
    match launch {
        Launch::Command { command, args, env, cwd } => std::iter::once(command)
            .chain(args)
            .map(|text| text.expose().to_owned())
            .chain(env.iter().map(|(name, value)| format!("{name}={}", value.expose())))
            .chain(cwd.clone())
            .collect(),
        Launch::Remote { url, headers, .. } => std::iter::once(url.expose().to_owned())
            .chain(headers.iter().map(|(name, value)| format!("{name}: {}", value.expose())))
            .collect(),
    }
}

#[test]
fn references_are_put_in() {
    let variables = |name: &str| Some(format!("<{name}>"));
    let lookup = Lookup { variables: Some(&variables), home: Some("/home/a".into()), ..Lookup::default() };
    let entry = entry(
        "/w/.vscode/mcp.json",
        r#"{"servers": {"a": {"command": "~/bin/x", "args": ["${workspaceFolder}/s.js", "${env:B}", "pa$word"],
            "env": {"T": "${T:-none}", "N": "${workspaceFolderBasename}"}, "cwd": "${userHome}/c"}}}"#,
    );
    assert_eq!(
        shown(&entry.resolve(&lookup).unwrap()),
        ["/home/a/bin/x", "/w/s.js", "<B>", "pa$word", "N=w", "T=<T>", "/home/a/c"]
    );
}

#[test]
fn a_dollar_is_a_reference_only_where_the_client_takes_it_for_one() {
    let variables = |name: &str| Some(format!("<{name}>"));
    let lookup = Lookup { variables: Some(&variables), ..Lookup::default() };
    let text = r#"{"mcpServers": {"a": {"httpUrl": "https://$HOST/", "headers": {"X": "$KEY"}}}}"#;
    assert_eq!(
        shown(&entry("/w/.gemini/settings.json", text).resolve(&lookup).unwrap()),
        ["https://<HOST>/", "X: <KEY>"]
    );
    assert_eq!(
        shown(&entry("/w/.cursor/mcp.json", text).resolve(&lookup).unwrap()),
        ["https://$HOST/", "X: <KEY>"]
    );
    let text =
        r#"{"mcp": {"a": {"type": "remote", "url": "https://a/", "headers": {"X": "Bearer {env:KEY}"}}}}"#;
    assert_eq!(
        shown(&entry("/w/opencode.json", text).resolve(&lookup).unwrap()),
        ["https://a/", "X: Bearer <KEY>"]
    );
}

#[test]
fn everything_that_is_lacking_is_named_and_no_default_is_shown() {
    let entry = entry(
        "/w/.vscode/mcp.json",
        r#"{"servers": {"a": {"command": "x", "args": ["${command:pick}"], "envFile": "${workspaceFolder}/none.env",
            "env": {"A": "${A}", "B": "${input:token}", "C": "${C:-${D}canary}"}}}}"#,
    );
    let error = entry.resolve(&Lookup::default()).unwrap_err();
    let places: Vec<_> = error.unresolved.iter().map(|one| (one.reference.as_str(), one.why)).collect();
    assert_eq!(
        places,
        [
            ("`${workspaceFolder}/none.env`", Lacking::File),
            ("${A}", Lacking::Variable),
            ("${input:token}", Lacking::Input),
            ("${D}", Lacking::Variable),
            ("${command:pick}", Lacking::Store),
        ]
    );
    assert!(error.to_string().contains("variable `B` needs ${input:token}"), "{error}");
    assert!(!format!("{error} {error:?}").contains("canary"));
    assert!(error.advice().contains("${A}"));
}

#[test]
fn a_percent_reference_to_nothing_stays() {
    let entry = entry("/w/.cursor/mcp.json", r#"{"mcpServers": {"a": {"command": "%NOWHERE%\\x.exe"}}}"#);
    assert_eq!(shown(&entry.resolve(&Lookup::default()).unwrap()), ["%NOWHERE%\\x.exe"]);
}

#[test]
fn a_file_of_variables_is_read_and_the_entrys_own_win() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".vscode")).unwrap();
    std::fs::write(folder.path().join(".env"), "A=1\nB=2\n").unwrap();
    let file = folder.path().join(".vscode/mcp.json");
    let text =
        r#"{"servers": {"a": {"command": "x", "envFile": "${workspaceFolder}/.env", "env": {"B": "3"}}}}"#;
    let entry = parse(text, &file).unwrap().servers.remove(0);
    assert_eq!(shown(&entry.resolve(&Lookup::default()).unwrap()), ["x", "A=1", "B=3"]);
}

#[test]
fn defaults_within_defaults_end_and_the_innermost_is_not_shown() {
    let chain = "${A:-${B:-${C:-${D:-${E:-${F:-canary}}}}}}";
    let text = format!(r#"{{"mcpServers": {{"a": {{"command": "x", "env": {{"T": "{chain}"}}}}}}}}"#);
    let error = entry("/w/.mcp.json", &text).resolve(&Lookup::default()).unwrap_err();
    let references: Vec<_> = error.unresolved.iter().map(|one| one.reference.as_str()).collect();
    assert_eq!(references, ["${E}"]);
    assert!(!format!("{error} {error:?}").contains("canary"));
    let short = r#"{"mcpServers": {"a": {"command": "x", "env": {"T": "${A:-${B:-fallback}}"}}}}"#;
    assert_eq!(
        shown(&entry("/w/.mcp.json", short).resolve(&Lookup::default()).unwrap()),
        ["x", "T=fallback"]
    );
}
