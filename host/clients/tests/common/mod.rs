//! A machine with every client on it, laid out as on each system.

#![allow(dead_code, reason = "each test uses a part")]
#![allow(unreachable_pub, reason = "shared by tests")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use bartizan_clients::{Home, Os, Places};

/// One client's file: what it holds, whose it is, what is in it, and where it is on Linux, macOS and Windows.
pub struct Sample {
    pub name: &'static str,
    pub client: &'static str,
    pub scope: &'static str,
    pub servers: &'static [&'static str],
    /// `~` is the home, `P` the project, anything else starts at the root. Empty: not on that system.
    pub paths: [&'static str; 3],
}

const fn sample(
    name: &'static str,
    client: &'static str,
    scope: &'static str,
    servers: &'static [&'static str],
    paths: [&'static str; 3],
) -> Sample {
    Sample { name, client, scope, servers, paths }
}

const fn same(path: &'static str) -> [&'static str; 3] {
    [path, path, path]
}

/// Written from the clients' documentation, not from the table that is tested.
pub const SAMPLES: &[Sample] = &[
    sample(
        "claude_desktop_config.json",
        "claude-desktop",
        "user",
        &["filesystem", "github", "search"],
        [
            "~/.config/Claude/claude_desktop_config.json",
            "~/Library/Application Support/Claude/claude_desktop_config.json",
            "~/AppData/Roaming/Claude/claude_desktop_config.json",
        ],
    ),
    sample(
        "desktop_extension.json",
        "claude-desktop",
        "plugin",
        &["notes"],
        [
            "",
            "~/Library/Application Support/Claude/Claude Extensions/ant.dir.notes/manifest.json",
            "~/AppData/Roaming/Claude/Claude Extensions/ant.dir.notes/manifest.json",
        ],
    ),
    sample("claude.json", "claude-code", "user", &["context7", "linear", "db"], same("~/.claude.json")),
    sample("mcp_project.json", "claude-code", "project", &["api", "local"], same("P/.mcp.json")),
    sample(
        "managed_mcp.json",
        "claude-code",
        "managed",
        &["company", "internal-docs"],
        [
            "etc/claude-code/managed-mcp.json",
            "Library/Application Support/ClaudeCode/managed-mcp.json",
            "C/Program Files/ClaudeCode/managed-mcp.json",
        ],
    ),
    sample(
        "plugin_mcp.json",
        "claude-code",
        "plugin",
        &["playwright", "helper"],
        same("~/.claude/plugins/cache/market/tools/1.0.0/.mcp.json"),
    ),
    sample("cursor_mcp.json", "cursor", "user", &["figma", "notion", "stripe"], same("~/.cursor/mcp.json")),
    sample(
        "cursor_mcp.json",
        "cursor",
        "project",
        &["figma", "notion", "stripe"],
        same("P/.cursor/mcp.json"),
    ),
    sample(
        "vscode_mcp.json",
        "vscode",
        "user",
        &["perplexity", "github"],
        [
            "~/.config/Code/User/mcp.json",
            "~/Library/Application Support/Code/User/mcp.json",
            "~/AppData/Roaming/Code/User/mcp.json",
        ],
    ),
    sample(
        "vscode_mcp.json",
        "vscode",
        "user",
        &["perplexity", "github"],
        [
            "~/.config/Code/User/profiles/-4fb61d6d/mcp.json",
            "~/Library/Application Support/Code/User/profiles/-4fb61d6d/mcp.json",
            "~/AppData/Roaming/Code/User/profiles/-4fb61d6d/mcp.json",
        ],
    ),
    sample("vscode_mcp.json", "vscode", "project", &["perplexity", "github"], same("P/.vscode/mcp.json")),
    sample(
        "vscode_settings.json",
        "vscode",
        "user",
        &["time", "fetch"],
        [
            "~/.config/Code - Insiders/User/settings.json",
            "~/Library/Application Support/Code - Insiders/User/settings.json",
            "~/AppData/Roaming/Code - Insiders/User/settings.json",
        ],
    ),
    sample(
        "devcontainer.json",
        "vscode",
        "project",
        &["playwright"],
        same("P/.devcontainer/devcontainer.json"),
    ),
    sample(
        "copilot_mcp_config.json",
        "copilot",
        "user",
        &["sentry", "local-db"],
        same("~/.copilot/mcp-config.json"),
    ),
    sample(
        "vscode_mcp.json",
        "copilot",
        "user",
        &["perplexity", "github"],
        [
            "~/.config/github-copilot/intellij/mcp.json",
            "~/.config/github-copilot/intellij/mcp.json",
            "~/AppData/Local/github-copilot/intellij/mcp.json",
        ],
    ),
    sample(
        "windsurf_mcp_config.json",
        "windsurf",
        "user",
        &["figma", "brave"],
        same("~/.codeium/windsurf/mcp_config.json"),
    ),
    sample(
        "gemini_settings.json",
        "gemini-cli",
        "user",
        &["github", "python"],
        same("~/.gemini/settings.json"),
    ),
    sample(
        "gemini_settings.json",
        "gemini-cli",
        "project",
        &["github", "python"],
        same("P/.gemini/settings.json"),
    ),
    sample(
        "gemini_settings.json",
        "gemini-cli",
        "managed",
        &["github", "python"],
        [
            "etc/gemini-cli/settings.json",
            "Library/Application Support/GeminiCli/settings.json",
            "C/ProgramData/gemini-cli/settings.json",
        ],
    ),
    sample(
        "gemini_extension.json",
        "gemini-cli",
        "plugin",
        &["workspace"],
        same("~/.gemini/extensions/workspace/gemini-extension.json"),
    ),
    sample(
        "antigravity_mcp_config.json",
        "antigravity",
        "user",
        &["firebase", "bigquery"],
        same("~/.gemini/antigravity/mcp_config.json"),
    ),
    sample("kiro_mcp.json", "kiro", "user", &["aws-docs", "search"], same("~/.kiro/settings/mcp.json")),
    sample("kiro_mcp.json", "kiro", "project", &["aws-docs", "search"], same("P/.kiro/settings/mcp.json")),
    sample(
        "amazonq_agent.json",
        "amazon-q",
        "user",
        &["git", "jira"],
        same("~/.aws/amazonq/agents/default.json"),
    ),
    sample("kiro_mcp.json", "amazon-q", "project", &["aws-docs", "search"], same("P/.amazonq/mcp.json")),
    sample(
        "codex_config.toml",
        "codex",
        "user",
        &["context7", "figma", "db", "lint"],
        same("~/.codex/config.toml"),
    ),
    sample(
        "codex_config.toml",
        "codex",
        "project",
        &["context7", "figma", "db", "lint"],
        same("P/.codex/config.toml"),
    ),
    sample(
        "codex_config.toml",
        "codex",
        "managed",
        &["context7", "figma", "db", "lint"],
        ["etc/codex/config.toml", "etc/codex/config.toml", "C/ProgramData/OpenAI/Codex/config.toml"],
    ),
    sample(
        "opencode.jsonc",
        "opencode",
        "user",
        &["everything", "sentry"],
        same("~/.config/opencode/opencode.jsonc"),
    ),
    sample("opencode_v2.jsonc", "opencode", "project", &["everything", "off"], same("P/opencode.json")),
    sample(
        "zed_settings.json",
        "zed",
        "user",
        &["kagi", "older", "remote"],
        ["~/.config/zed/settings.json", "~/.config/zed/settings.json", "~/AppData/Roaming/Zed/settings.json"],
    ),
    sample("zed_settings.json", "zed", "project", &["kagi", "older", "remote"], same("P/.zed/settings.json")),
    sample(
        "cline_mcp_settings.json",
        "cline",
        "user",
        &["weather", "remote"],
        [
            "~/.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
            "~/Library/Application Support/Cursor/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
            "~/AppData/Roaming/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
        ],
    ),
    sample(
        "roo_mcp_settings.json",
        "roo",
        "user",
        &["puppeteer", "docs"],
        [
            "~/.config/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
            "~/Library/Application Support/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
            "~/AppData/Roaming/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
        ],
    ),
    sample("roo_mcp_settings.json", "roo", "project", &["puppeteer", "docs"], same("P/.roo/mcp.json")),
    sample(
        "continue_config.yaml",
        "continue",
        "user",
        &["SQLite", "Remote"],
        same("~/.continue/config.yaml"),
    ),
    sample("continue_config.json", "continue", "user", &["#1"], same("~/.continue/config.json")),
    sample(
        "continue_config.yaml",
        "continue",
        "project",
        &["SQLite", "Remote"],
        same("P/.continue/mcpServers/tools.yaml"),
    ),
    sample(
        "amp_settings.json",
        "amp",
        "user",
        &["playwright", "semgrep"],
        same("~/.config/amp/settings.json"),
    ),
    sample(
        "goose_config.yaml",
        "goose",
        "user",
        &["github", "remote"],
        [
            "~/.config/goose/config.yaml",
            "~/.config/goose/config.yaml",
            "~/AppData/Roaming/Block/goose/config/config.yaml",
        ],
    ),
    sample("crush.json", "crush", "project", &["files", "github"], same("P/crush.json")),
    sample(
        "roo_mcp_settings.json",
        "kilo",
        "user",
        &["puppeteer", "docs"],
        [
            "~/.config/Code/User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json",
            "~/Library/Application Support/Code/User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json",
            "~/AppData/Roaming/Code/User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json",
        ],
    ),
    sample("gemini_settings.json", "qwen-code", "user", &["github", "python"], same("~/.qwen/settings.json")),
    sample(
        "cursor_mcp.json",
        "junie",
        "project",
        &["figma", "notion", "stripe"],
        same("P/.junie/mcp/mcp.json"),
    ),
    sample("plugin_mcp.json", "warp", "user", &["playwright", "helper"], same("~/.warp/.mcp.json")),
    sample("mcp_project.json", "droid", "project", &["api", "local"], same("P/.factory/mcp.json")),
    sample(
        "mcp_project.json",
        "trae",
        "user",
        &["api", "local"],
        [
            "~/.config/Trae/User/mcp.json",
            "~/Library/Application Support/Trae/User/mcp.json",
            "~/AppData/Roaming/Trae/User/mcp.json",
        ],
    ),
    sample("kiro_mcp.json", "augment", "user", &["aws-docs", "search"], same("~/.augment/settings.json")),
    sample(
        "codex_config.toml",
        "grok-cli",
        "user",
        &["context7", "figma", "db", "lint"],
        same("~/.grok/config.toml"),
    ),
    sample(
        "managed_mcp.json",
        "lm-studio",
        "user",
        &["company", "internal-docs"],
        same("~/.lmstudio/mcp.json"),
    ),
    sample(
        "managed_mcp.json",
        "rovo-dev",
        "user",
        &["company", "internal-docs"],
        same("~/.rovodev/mcp.json"),
    ),
    sample(
        "vscode_mcp.json",
        "mcphub",
        "user",
        &["perplexity", "github"],
        same("~/.config/mcphub/servers.json"),
    ),
    sample("vscode_mcp.json", "visual-studio", "user", &["perplexity", "github"], ["", "", "~/.mcp.json"]),
    sample("cursor_mcp.json", "generic", "project", &["figma", "notion", "stripe"], same("P/mcp.json")),
];

/// The text of a sample.
pub fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(name)).unwrap()
}

/// A machine in a folder of its own.
pub struct Machine {
    pub folder: tempfile::TempDir,
    pub os: Os,
}

impl Machine {
    /// With nothing on it.
    pub fn empty(os: Os) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("project")).unwrap();
        fs::create_dir_all(folder.path().join("home")).unwrap();
        Self { folder, os }
    }

    /// With every client's files.
    pub fn full(os: Os) -> Self {
        let machine = Self::empty(os);
        for sample in SAMPLES {
            if let Some(path) = machine.path(sample) {
                Machine::write(&path, &text(sample.name));
            }
        }
        machine
    }

    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    pub fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Where a sample is on this machine.
    pub fn path(&self, sample: &Sample) -> Option<PathBuf> {
        let path = sample.paths[match self.os {
            Os::Linux => 0,
            Os::MacOs => 1,
            Os::Windows => 2,
        }];
        match path.split_once('/')? {
            ("~", rest) => Some(self.home().join(rest)),
            ("P", rest) => Some(self.project().join(rest)),
            _ => Some(self.folder.path().join(path)),
        }
    }

    pub fn places(&self) -> Places {
        let mut places = Places::of_home(self.home(), self.os);
        places.homes = vec![Home { path: self.home(), os: self.os }];
        places.projects = vec![self.project()];
        self.folder.path().clone_into(&mut places.root);
        places
    }
}
