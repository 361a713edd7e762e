//! What rules may know of an entry: everything but its credentials.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{Launch, Scope, ServerEntry, config, limits::MAX_ITEMS, redact, script, shape};

/// Bytes of one text that rules are told.
const MAX_TEXT: usize = 2_048;

/// Items of one list that rules are told.
const MAX_LIST: usize = 256;

impl ServerEntry {
    /// The detail of an observation of kind `launch`. The documentation of this crate lists its members.
    pub fn facts(&self) -> Value {
        let (names, env, headers) = match &self.launch {
            Launch::Command { env, .. } => (env, true, false),
            Launch::Remote { headers, .. } => (headers, false, true),
        };
        let shapes: Vec<Value> =
            names.iter().take(MAX_ITEMS).map(|(name, value)| shape::of(name, value.expose())).collect();
        let words = self.launch.shown_command();
        let (cwd, url, transport) = match &self.launch {
            Launch::Command { cwd, .. } => (cwd.clone(), None, "stdio"),
            Launch::Remote { transport, .. } => (None, Some(self.launch.shown()), transport.as_str()),
        };
        let mut facts = json!({
            "client": self.client,
            "server": self.name,
            "config": self.file.to_string_lossy(),
            "line": self.line,
            "scope": self.scope.code(),
            "project": self.scope.project().map(Path::to_string_lossy),
            "transport": transport,
            "command": words.first(),
            "args": words.get(1..).unwrap_or_default(),
            "cwd": cwd,
            "url": url,
            "env": if env { shapes.clone() } else { Vec::new() },
            "headers": if headers { shapes } else { Vec::new() },
            "secrets_in_args": self.found_in_args(),
            "secrets_in_url": self.found_in_url(),
            "env_file": self.env_file,
            "disabled": self.disabled,
            "auto_approved": self.auto_approved,
            "unknown": self.unknown,
            "script": self.script(),
            "config_file": self.config_file(),
        });
        if cut(&mut facts) {
            set_truncated(&mut facts);
        }
        facts
    }

    /// Whether the entry has a credential written down, anywhere in it.
    pub fn has_written_secret(&self) -> bool {
        let hidden =
            self.launch.hidden().iter().any(|(name, value)| shape::is_credential(name, value.expose()));
        let found = [self.in_args(), self.in_url()].concat();
        hidden || found.iter().any(|found| shape::is_credential(&found.name, &found.value))
    }

    fn in_args(&self) -> Vec<redact::Found> {
        match &self.launch {
            Launch::Command { command, args, .. } => {
                redact::in_command_line(std::iter::once(command).chain(args).map(crate::Secret::expose))
            }
            Launch::Remote { .. } => Vec::new(),
        }
    }

    fn in_url(&self) -> Vec<redact::Found> {
        match &self.launch {
            Launch::Remote { url, .. } => redact::in_url(url.expose()),
            Launch::Command { .. } => Vec::new(),
        }
    }

    fn found_in_args(&self) -> Vec<Value> {
        self.in_args().iter().take(MAX_ITEMS).map(|found| shape::of(&found.name, &found.value)).collect()
    }

    fn found_in_url(&self) -> Vec<Value> {
        self.in_url().iter().take(MAX_ITEMS).map(|found| shape::of(&found.name, &found.value)).collect()
    }

    fn script(&self) -> Option<Value> {
        let Launch::Command { command, args, cwd, .. } = &self.launch else { return None };
        let written = script::named(command, args)?;
        let home = self.home.clone().or_else(std::env::home_dir);
        let cwd = cwd.as_ref().map(PathBuf::from);
        let project = match &self.scope {
            Scope::Project { path } => Some(path.clone()),
            Scope::Plugin => config::own_folder(&self.file).map(Path::to_owned),
            _ => None,
        };
        let bases: Vec<&Path> = cwd.iter().chain(&project).map(PathBuf::as_path).collect();
        let mut facts = script::facts(&written, &bases, home.as_deref(), &self.file);
        // The path may be an argument, and arguments may hold credentials.
        if let Some(path) = facts.get_mut("path") {
            *path = json!(redact::command_line([written.to_string_lossy().as_ref()]).concat());
        }
        Some(facts)
    }

    fn config_file(&self) -> Value {
        #[cfg(unix)]
        {
            if let Ok(metadata) = std::fs::metadata(&self.file)
                && let Some(mode) = script::mode(&self.file, &metadata)
            {
                let readable = readers(&self.file, &metadata);
                return json!({
                    "world_writable": mode & 0o002 != 0,
                    "group_readable_secret": readable && self.has_written_secret(),
                });
            }
        }
        json!({ "world_writable": null, "group_readable_secret": null })
    }
}

/// Cuts what is longer than a rule needs; whether anything was.
fn cut(value: &mut Value) -> bool {
    match value {
        Value::String(text) if text.len() > MAX_TEXT => {
            text.truncate(text.floor_char_boundary(MAX_TEXT));
            text.push('…');
            true
        }
        Value::Array(items) => {
            let is_long = items.len() > MAX_LIST;
            items.truncate(MAX_LIST);
            items.iter_mut().fold(is_long, |was_cut, item| cut(item) | was_cut)
        }
        Value::Object(members) => members.values_mut().fold(false, |was_cut, member| cut(member) | was_cut),
        _ => false,
    }
}

fn set_truncated(facts: &mut Value) {
    if let Value::Object(members) = facts {
        members.insert("truncated".to_owned(), json!(true));
    }
}

/// Whether somebody but its owner can read a file: the file lets them, and so does every folder above it.
#[cfg(unix)]
fn readers(path: &Path, metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut group = metadata.mode() & 0o040 != 0 && !script::is_private_group(metadata);
    let mut others = metadata.mode() & 0o004 != 0;
    for folder in path.ancestors().skip(1).take(64) {
        // A folder that cannot be looked at from here lets fewer in, not more.
        let mode = std::fs::metadata(folder).map_or(0, |metadata| metadata.mode());
        group &= mode & 0o011 != 0;
        others &= mode & 0o001 != 0;
    }
    group || others
}

#[cfg(test)]
mod tests {
    use crate::parse;

    use super::*;

    #[test]
    fn facts_tell_what_is_there_and_no_credential() {
        let text = r#"{"mcpServers": {
            "a": {"command": "npx", "args": ["-y", "s", "--api-key", "canarycanary7", "https://u:canarypw@h/"],
                  "env": {"TOKEN": "canary-0123456789abcdefghij", "LEVEL": "${LEVEL}"}, "alwaysAllow": ["x"], "disabled": true},
            "b": {"url": "https://h/mcp?token=canarycanary", "headers": {"Authorization": "Bearer canarycanary"}}}}"#;
        let config = parse(text, Path::new("/w/.cursor/mcp.json")).unwrap();
        let facts: Vec<Value> = config.servers.iter().map(ServerEntry::facts).collect();
        let shown = json!(facts).to_string();
        assert!(!shown.replace("\"prefix\":\"cana\"", "").contains("cana"), "{shown}");
        let a = &facts[0];
        assert_eq!(
            (a["client"].clone(), a["scope"].clone(), a["project"].clone()),
            (json!("cursor"), json!("project"), json!("/w"))
        );
        assert_eq!(a["args"], json!(["-y", "s", "--api-key", "***", "https://***@h/"]));
        assert_eq!((a["disabled"].clone(), a["auto_approved"].clone()), (json!(true), json!(["x"])));
        let names: Vec<_> =
            a["secrets_in_args"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
        assert_eq!(names, ["api-key", "userinfo"]);
        assert_eq!(facts[1]["url"], "https://h/mcp?token=***");
        assert_eq!(facts[1]["headers"][0]["scheme"], "Bearer");
        assert!(config.servers.iter().all(ServerEntry::has_written_secret));
    }

    #[test]
    fn facts_are_bounded_and_say_so() {
        let long = "a b".repeat(10_000);
        let many = vec!["\"x\""; 900].join(",");
        let text =
            format!(r#"{{"mcpServers": {{"{long}": {{"command": "x", "args": [{many}, "{long}"]}}}}}}"#);
        let facts = parse(&text, Path::new("/w/.cursor/mcp.json")).unwrap().servers[0].facts();
        assert!(facts.to_string().len() < 10_000);
        assert_eq!(facts["truncated"], true);
        let short =
            parse(r#"{"mcpServers": {"a": {"command": "x"}}}"#, Path::new("/w/.cursor/mcp.json")).unwrap();
        assert!(short.servers[0].facts().get("truncated").is_none());
    }

    #[cfg(unix)]
    #[test]
    fn who_can_read_a_written_credential_is_seen_through_every_folder() {
        use std::{fs, os::unix::fs::PermissionsExt as _};
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mcp.json");
        let write = |text: &str| fs::write(&file, text).unwrap();
        let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        let fact =
            || crate::read(&file).unwrap().servers[0].facts()["config_file"]["group_readable_secret"].clone();
        write(r#"{"mcpServers": {"a": {"command": "x", "env": {"API_KEY": "hunter2hunter2"}}}}"#);
        mode(&file, 0o644);
        mode(folder.path(), 0o755);
        assert_eq!(fact(), true);
        mode(folder.path(), 0o700);
        assert_eq!(fact(), false, "nobody gets past the folder");
        mode(folder.path(), 0o755);
        mode(&file, 0o600);
        assert_eq!(fact(), false);
        mode(&file, 0o644);
        write(r#"{"mcpServers": {"a": {"command": "x", "env": {"API_KEY": "${API_KEY}"}}}}"#);
        assert_eq!(fact(), false, "there is no credential in it");
    }
}
