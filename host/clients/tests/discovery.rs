//! Every client's files are found where each system has them, and what cannot be read is told.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "in a test, a panic is how it fails"
)]

mod common;

use std::{fs, path::Path};

use bartizan_clients::limits::{MAX_BYTES, MAX_BYTES_IN_ALL};
use bartizan_clients::{Config, ConfigError, Discovery, Kind, Os, Scope, clients, discover, kind, read};
use common::{Machine, SAMPLES, text};

const SYSTEMS: [Os; 3] = [Os::Linux, Os::MacOs, Os::Windows];

fn config<'a>(discovery: &'a Discovery, path: &Path) -> &'a Config {
    discovery
        .found
        .iter()
        .find(|config| config.file == path)
        .unwrap_or_else(|| panic!("{} was not found", path.display()))
}

#[test]
fn every_clients_servers_are_found_on_every_system() {
    for os in SYSTEMS {
        let machine = Machine::full(os);
        let discovery = discover(&machine.places());
        assert!(discovery.failed.is_empty(), "{os:?}: {:?}", discovery.failed);
        let mut expected = 0;
        for sample in SAMPLES {
            let Some(path) = machine.path(sample) else { continue };
            expected += 1;
            let config = config(&discovery, &path);
            assert_eq!(config.client, sample.client, "{os:?}: {}", path.display());
            let names: Vec<_> = config.servers.iter().map(|server| server.name.as_str()).collect();
            assert_eq!(names, sample.servers, "{os:?}: {}", path.display());
            let scope = &config.servers[0].scope;
            assert_eq!(scope.code(), sample.scope, "{os:?}: {}", path.display());
            if let Scope::Project { path } = scope {
                assert_eq!(*path, machine.project());
            }
        }
        assert_eq!(discovery.found.len(), expected, "{os:?}: each file once and nothing else");
    }
}

#[test]
fn every_client_that_is_known_has_a_sample() {
    for client in clients() {
        assert!(SAMPLES.iter().any(|sample| sample.client == client.id), "{} has none", client.id);
    }
}

#[test]
fn a_file_that_is_named_gives_what_its_discovery_gave() {
    let machine = Machine::full(Os::Linux);
    for found in discover(&machine.places()).found {
        let named = read(&found.file).unwrap();
        assert_eq!(named.client, found.client, "{}", found.file.display());
        let of = |config: &Config| -> Vec<_> {
            config
                .servers
                .iter()
                .map(|server| (server.name.clone(), server.line, server.launch.clone()))
                .collect()
        };
        assert_eq!(of(&named), of(&found), "{}", found.file.display());
    }
}

#[test]
fn a_file_that_was_moved_is_still_known_for_a_clients() {
    for sample in SAMPLES {
        let expected = match sample.name {
            // A desktop extension lists its tools: nothing is started on its word.
            "desktop_extension.json" => Kind::Listing,
            // Without the wrapper only its place tells that these are servers.
            "plugin_mcp.json" => Kind::Other,
            _ => Kind::ClientConfig,
        };
        let name = sample.name.replace("amp_settings", "settings");
        assert_eq!(
            kind(&text(sample.name), Path::new(&format!("/elsewhere/{name}"))),
            expected,
            "{}",
            sample.name
        );
    }
}

#[test]
fn servers_of_each_project_are_told_from_those_of_everywhere() {
    let machine = Machine::full(Os::Linux);
    let discovery = discover(&machine.places());
    let config = config(&discovery, &machine.home().join(".claude.json"));
    let scopes: Vec<_> =
        config.servers.iter().map(|server| (server.name.as_str(), server.scope.clone())).collect();
    let shop = Scope::Project { path: "/home/me/work/shop".into() };
    assert_eq!(scopes, [("context7", Scope::User), ("linear", Scope::User), ("db", shop)]);
}

#[test]
fn what_is_off_what_needs_no_asking_and_what_was_left_out_is_told() {
    let machine = Machine::full(Os::Linux);
    let discovery = discover(&machine.places());
    let of = |path: &str| config(&discovery, &machine.home().join(path));
    let off = |path: &str| -> Vec<_> { of(path).servers.iter().map(|server| server.disabled).collect() };
    assert_eq!(off(".codex/config.toml"), [false, true, false, false]);
    assert_eq!(off(".codeium/windsurf/mcp_config.json"), [false, true]);
    assert_eq!(off(".config/opencode/opencode.jsonc"), [false, true]);
    assert_eq!(off(".config/goose/config.yaml"), [false, true]);
    assert_eq!(off(".gemini/settings.json"), [true, false]);
    let approved = |path: &str| -> Vec<_> {
        of(path).servers.iter().map(|server| server.auto_approved.join(" ")).collect()
    };
    assert_eq!(approved(".kiro/settings/mcp.json"), ["search_documentation read_documentation", ""]);
    assert_eq!(approved(".gemini/settings.json"), ["", "*"]);
    assert_eq!(approved(".aws/amazonq/agents/default.json"), ["git_status", "*"]);
    assert_eq!(approved(".codex/config.toml"), ["", "", "*", ""]);
    let left_out = |path: &str| -> Vec<_> {
        of(path)
            .problems
            .iter()
            .map(|problem| (problem.name.as_str(), problem.line, problem.left_out))
            .collect()
    };
    assert_eq!(left_out(".config/zed/settings.json"), [("postgres-context-server", 5, true)]);
    assert_eq!(left_out(".config/opencode/opencode.jsonc"), [("jira", 11, true)]);
    assert_eq!(left_out(".config/goose/config.yaml"), [("developer", 3, true)]);
}

#[test]
fn lines_are_those_of_the_file() {
    let machine = Machine::full(Os::Linux);
    for config in discover(&machine.places()).found {
        let text = fs::read_to_string(&config.file).unwrap();
        for server in config.servers.iter().filter(|server| !server.name.starts_with('#')) {
            let line = text.lines().nth(server.line as usize - 1).unwrap();
            let at_name = line.contains(&server.name) || line.contains("mcp_config");
            assert!(at_name, "{}:{}: {} stands elsewhere", config.file.display(), server.line, server.name);
        }
    }
}

#[test]
fn no_odd_member_is_seen_where_a_client_wrote_what_it_always_writes() {
    let machine = Machine::full(Os::Linux);
    for config in discover(&machine.places()).found {
        for server in &config.servers {
            assert!(server.unknown.is_empty(), "{}: {:?}", config.file.display(), server.unknown);
        }
        assert!(config.problems.iter().all(|problem| problem.left_out), "{:?}", config.problems);
    }
}

#[test]
fn variables_move_a_clients_folder() {
    let machine = Machine::empty(Os::Windows);
    let moved = machine.folder.path().join("moved");
    let mut places = machine.places();
    for (name, path, sample) in [
        ("APPDATA", "Claude/claude_desktop_config.json", "claude_desktop_config.json"),
        ("CODEX_HOME", "config.toml", "codex_config.toml"),
        ("CLAUDE_CONFIG_DIR", ".claude.json", "claude.json"),
        ("COPILOT_HOME", "mcp-config.json", "copilot_mcp_config.json"),
        ("XDG_CONFIG_HOME", "opencode/opencode.jsonc", "opencode.jsonc"),
        ("PROGRAMDATA", "gemini-cli/settings.json", "gemini_settings.json"),
    ] {
        let folder = moved.join(name);
        Machine::write(&folder.join(path), &text(sample));
        places.variables.insert(name.to_owned(), folder.to_string_lossy().into_owned());
    }
    let discovery = discover(&places);
    assert_eq!(discovery.found.len(), 6, "{:?}", discovery.failed);
}

#[test]
fn projects_that_a_persons_files_name_are_looked_at_if_asked_for() {
    let machine = Machine::empty(Os::Linux);
    let named = machine.folder.path().join("named");
    Machine::write(&named.join(".mcp.json"), &text("mcp_project.json"));
    let claude = format!(r#"{{"projects": {{{:?}: {{}}}}}}"#, named.to_str().unwrap());
    Machine::write(&machine.home().join(".claude.json"), &claude);
    let mut places = machine.places();
    assert_eq!(discover(&places).servers().count(), 0);
    places.named_projects = true;
    let discovery = discover(&places);
    let scopes: Vec<_> = discovery.servers().map(|server| server.scope.clone()).collect();
    assert_eq!(scopes, vec![Scope::Project { path: named }; 2]);
}

#[test]
fn other_homes_are_looked_at_in_their_own_layout() {
    let machine = Machine::empty(Os::Linux);
    let users = machine.folder.path().join("mnt/c/Users");
    let file = users.join("me/AppData/Roaming/Claude/claude_desktop_config.json");
    Machine::write(&file, &text("claude_desktop_config.json"));
    Machine::write(&users.join("Public/.cursor/mcp.json"), &text("cursor_mcp.json"));
    let mut places = machine.places();
    places.add_homes(&users, Os::Windows);
    let discovery = discover(&places);
    assert_eq!(discovery.found.iter().map(|config| &config.file).collect::<Vec<_>>(), [&file]);
}

#[test]
fn every_place_that_was_looked_at_is_told_even_where_nothing_was() {
    let machine = Machine::empty(Os::Linux);
    let discovery = discover(&machine.places());
    assert!(discovery.found.is_empty() && discovery.failed.is_empty());
    for place in [
        machine.home().join(".cursor/mcp.json"),
        machine.home().join(".continue/mcpServers/*.yaml"),
        machine.project().join(".mcp.json"),
        machine.folder.path().join("etc/claude-code/managed-mcp.json"),
    ] {
        assert!(discovery.looked_at.contains(&place), "{}", place.display());
    }
}

#[test]
fn what_is_there_and_cannot_be_read_is_never_passed_over() {
    let machine = Machine::empty(Os::Linux);
    let home = machine.home();
    Machine::write(&home.join(".cursor/mcp.json"), "{\"mcpServers\": {");
    Machine::write(&home.join(".codex/config.toml"), "[mcp_servers.a\n");
    Machine::write(&home.join(".continue/config.yaml"), "mcpServers: [\n");
    Machine::write(&home.join(".gemini/settings.json"), "{\"mcpServers\": []}");
    Machine::write(&home.join(".kiro/settings/mcp.json"), "{\"mcpServers\": \"none\"}");
    fs::create_dir_all(home.join(".claude.json")).unwrap();
    fs::create_dir_all(home.join(".copilot")).unwrap();
    fs::write(home.join(".copilot/mcp-config.json"), b"{\"a\": \"\xFF\"}").unwrap();
    Machine::write(&home.join(".lmstudio/mcp.json"), &format!("{}{}", "[".repeat(5_000), "]".repeat(5_000)));
    let mut expected = vec![
        (".claude.json", "not-a-file"),
        (".codex/config.toml", "malformed"),
        (".continue/config.yaml", "malformed"),
        (".copilot/mcp-config.json", "not-utf8"),
        (".cursor/mcp.json", "malformed"),
        (".kiro/settings/mcp.json", "wrong-type"),
        (".lmstudio/mcp.json", "too-deep"),
    ];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/nowhere/at/all", home.join(".mcp-target")).unwrap();
        fs::create_dir_all(home.join(".roo")).unwrap();
        fs::create_dir_all(home.join(".factory")).unwrap();
        std::os::unix::fs::symlink("/nowhere/at/all", home.join(".factory/mcp.json")).unwrap();
        expected.push((".factory/mcp.json", "unreadable"));
        fs::create_dir_all(home.join(".junie/mcp")).unwrap();
        let made =
            std::process::Command::new("mkfifo").arg(home.join(".junie/mcp/mcp.json")).status().unwrap();
        assert!(made.success());
        expected.push((".junie/mcp/mcp.json", "not-a-file"));
    }
    let discovery = discover(&machine.places());
    let mut failed: Vec<_> = discovery
        .failed
        .iter()
        .map(|error| (error.path().strip_prefix(&home).unwrap().to_str().unwrap(), error.code()))
        .collect();
    failed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(failed, expected);
    assert!(discovery.failed.iter().all(|error| !error.advice().is_empty()));
    assert_eq!(discovery.found.len(), 1, "an empty list of servers is no error");
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_looked_into_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let machine = Machine::empty(Os::Linux);
    let folder = machine.home().join(".continue/mcpServers");
    Machine::write(&folder.join("a.yaml"), &text("continue_config.yaml"));
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
    let blocked = fs::read_dir(&folder).is_err();
    let discovery = discover(&machine.places());
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    if blocked {
        assert!(discovery.failed.iter().any(|error| matches!(error, ConfigError::Unreadable { .. })));
    } else {
        eprintln!("NOT TESTED: who runs this may look into every folder");
        assert_eq!(discovery.servers().count(), 2);
    }
}

#[cfg(unix)]
#[test]
fn a_search_neither_follows_circles_nor_goes_on_for_ever() {
    let machine = Machine::empty(Os::Linux);
    let cache = machine.home().join(".claude/plugins/cache");
    Machine::write(&cache.join("m/p/1/.mcp.json"), &text("plugin_mcp.json"));
    std::os::unix::fs::symlink(&cache, cache.join("m/circle")).unwrap();
    let deep = (0..40).fold(cache.clone(), |path, _| path.join("d"));
    Machine::write(&deep.join(".mcp.json"), &text("plugin_mcp.json"));
    let many = cache.join("many");
    fs::create_dir_all(&many).unwrap();
    fs::write(many.join("first"), "").unwrap();
    for index in 0..4_100 {
        fs::hard_link(many.join("first"), many.join(index.to_string())).unwrap();
    }
    let discovery = discover(&machine.places());
    assert_eq!(discovery.found.len(), 1);
    let codes: Vec<_> = discovery.failed.iter().map(ConfigError::code).collect();
    assert!(!codes.is_empty() && codes.iter().all(|code| *code == "too-many"), "{codes:?}");
}

#[test]
fn what_is_there_twice_is_told() {
    let machine = Machine::empty(Os::Linux);
    let file = machine.home().join(".cursor/mcp.json");
    let text = r#"{
        "mcpServers": {"hidden": {"command": "x"}},
        "mcpServers": {
            "a": {"command": "one", "command": "two"},
            "b": {"command": "three"},
            "b": {"command": "four"}
        }
    }"#;
    Machine::write(&file, text);
    let config = read(&file).unwrap();
    let shown: Vec<_> = config.servers.iter().map(|server| server.launch.shown()).collect();
    assert_eq!(shown, ["two", "four"]);
    let told: Vec<_> = config
        .problems
        .iter()
        .map(|problem| (problem.name.as_str(), problem.line, problem.left_out))
        .collect();
    assert_eq!(told, [("mcpServers", 3, true), ("a", 4, false), ("b", 5, true)]);
}

#[test]
fn what_claude_code_calls_without_asking_is_found_in_its_settings() {
    let machine = Machine::empty(Os::Linux);
    let (home, project) = (machine.home(), machine.project());
    Machine::write(&project.join(".mcp.json"), &text("mcp_project.json"));
    Machine::write(&home.join(".cursor/mcp.json"), r#"{"mcpServers": {"api": {"command": "x"}}}"#);
    Machine::write(
        &home.join(".claude.json"),
        &format!(
            r#"{{"mcpServers": {{"my notes": {{"command": "x"}}}},
                "projects": {{{project:?}: {{"allowedTools": ["mcp__api__list"], "disabledMcpjsonServers": ["local"]}},
                    "/elsewhere": {{"allowedTools": ["mcp__local__delete"], "disabledMcpjsonServers": ["api"]}}}}}}"#
        ),
    );
    Machine::write(
        &home.join(".claude/settings.json"),
        r#"{"permissions": {"allow": ["Bash(ls:*)", "mcp__my_notes", "mcp__api__get"], "deny": []}}"#,
    );
    Machine::write(
        &project.join(".claude/settings.local.json"),
        r#"{"permissions": {"allow": ["mcp__local__run"]}}"#,
    );
    let discovery = discover(&machine.places());
    assert!(discovery.failed.is_empty(), "{:?}", discovery.failed);
    let mut told: Vec<_> = discovery
        .servers()
        .map(|server| (server.client, server.name.as_str(), server.auto_approved.join(" "), server.disabled))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            ("claude-code", "api", "list get".to_owned(), false),
            ("claude-code", "local", "run".to_owned(), true),
            ("claude-code", "my notes", "*".to_owned(), false),
            ("cursor", "api", String::new(), false),
        ]
    );
    Machine::write(&project.join(".claude/settings.json"), "{");
    assert_eq!(discover(&machine.places()).failed.len(), 1);
}

#[test]
fn a_clients_project_file_in_the_home_itself_is_found_once() {
    let machine = Machine::empty(Os::Linux);
    Machine::write(&machine.home().join(".mcp.json"), &text("mcp_project.json"));
    Machine::write(&machine.home().join(".cursor/mcp.json"), &text("cursor_mcp.json"));
    let mut places = machine.places();
    places.projects = vec![machine.home()];
    let discovery = discover(&places);
    let found: Vec<_> =
        discovery.found.iter().map(|config| (config.client, config.servers[0].scope.code())).collect();
    assert_eq!(found, [("cursor", "user"), ("claude-code", "project")]);
}

#[test]
fn a_plug_ins_manifest_may_name_its_file_of_servers_and_none_outside() {
    let machine = Machine::empty(Os::Linux);
    let root = machine.home().join(".claude/plugins/cache/m/p/1.0");
    let manifest = root.join(".claude-plugin/plugin.json");
    Machine::write(
        &manifest,
        r#"{"name": "p", "mcpServers": ["./servers/mcp.json", "../../../../../.ssh/config", "/etc/passwd"]}"#,
    );
    Machine::write(&root.join("servers/mcp.json"), &text("plugin_mcp.json"));
    Machine::write(&root.join(".mcp.json"), r#"{"mcpServers": {"own": {"command": "x"}}}"#);
    let other = machine.home().join(".claude/plugins/cache/m/q/1.0/.claude-plugin/plugin.json");
    Machine::write(&other, r#"{"name": "q", "mcpServers": "./.mcp.json"}"#);
    let discovery = discover(&machine.places());
    let mut names: Vec<_> =
        discovery.servers().map(|server| (server.scope.code(), server.name.as_str())).collect();
    names.sort_unstable();
    assert_eq!(names, [("plugin", "helper"), ("plugin", "own"), ("plugin", "playwright")]);
    let config = config(&discovery, &manifest);
    assert_eq!(config.includes, [root.join("servers/mcp.json")]);
    assert_eq!(config.problems.iter().filter(|problem| problem.left_out).count(), 2);
    let failed: Vec<_> =
        discovery.failed.iter().map(|error| (error.path().to_owned(), error.code())).collect();
    let missing = machine.home().join(".claude/plugins/cache/m/q/1.0/.mcp.json");
    assert_eq!(failed, [(missing, "unreadable")], "a file that is named and not there is told");
}

#[test]
fn a_project_cannot_make_a_look_endless() {
    let machine = Machine::empty(Os::Linux);
    let folder = machine.project().join(".continue/mcpServers");
    fs::create_dir_all(&folder).unwrap();
    Machine::write(&folder.join("a.yaml"), &text("continue_config.yaml"));
    // Sparse: they take no room, and reading each is refused.
    for index in 0..40 {
        let file = fs::File::create(folder.join(format!("b{index:02}.yaml"))).unwrap();
        file.set_len(MAX_BYTES).unwrap();
    }
    let discovery = discover(&machine.places());
    assert_eq!(discovery.servers().count(), 2);
    assert_eq!(discovery.failed.len(), 40);
    let refused = discovery.failed.iter().filter(|error| error.code() == "too-many").count();
    assert_eq!(
        refused as u64,
        40 - (MAX_BYTES_IN_ALL / MAX_BYTES - 1),
        "what is beyond the bound is told, file by file"
    );
}
