//! The clients there are, as data. A new client is a new row here and a sample among the tests.

use crate::{
    client::{Client, Member, Os, Place, Reach},
    reference::Syntax,
};

const ALL: &[Os] = &[Os::Linux, Os::MacOs, Os::Windows];
const UNIX: &[Os] = &[Os::Linux, Os::MacOs];
const LINUX: &[Os] = &[Os::Linux];
const MAC: &[Os] = &[Os::MacOs];
const WINDOWS: &[Os] = &[Os::Windows];

const MCP_SERVERS: &[Member] = &[Member::Servers(&["mcpServers"])];
const CLAUDE_CODE: &[Member] =
    &[Member::Servers(&["mcpServers"]), Member::PerFolder(&["projects", "*", "mcpServers"])];
/// A plug-in's file may leave the wrapper out.
const PLUGIN: &[Member] = &[Member::Servers(&["mcpServers"]), Member::Perhaps(&[])];
const MANIFEST: &[Member] = &[Member::ServersOrFile(&["mcpServers"])];
const VS_CODE: &[Member] = &[Member::Servers(&["servers"]), Member::Servers(&["mcpServers"])];
const VS_CODE_SETTINGS: &[Member] = &[
    Member::Servers(&["mcp", "servers"]),
    Member::Servers(&["mcp.servers"]),
    Member::Servers(&["amp.mcpServers"]),
];
const DEV_CONTAINER: &[Member] = &[Member::Servers(&["customizations", "vscode", "mcp", "servers"])];
const CODEX: &[Member] =
    &[Member::Servers(&["mcp_servers"]), Member::Servers(&["profiles", "*", "mcp_servers"])];
const OPENCODE: &[Member] = &[Member::Servers(&["mcp", "servers"]), Member::Servers(&["mcp"])];
const ZED: &[Member] = &[Member::Servers(&["context_servers"])];
const CONTINUE: &[Member] =
    &[Member::Servers(&["mcpServers"]), Member::Servers(&["experimental", "modelContextProtocolServers"])];
const AMP: &[Member] = &[Member::Servers(&["amp.mcpServers"]), Member::Servers(&["mcpServers"])];
const GOOSE: &[Member] = &[Member::Servers(&["extensions"])];
const CRUSH: &[Member] = &[Member::Servers(&["mcp"])];
const BUNDLE: &[Member] = &[Member::One(&["server", "mcp_config"])];
const GENERIC: &[Member] = &[Member::Servers(&["mcpServers"]), Member::Perhaps(&["servers"])];
const VISUAL_STUDIO: &[Member] = &[Member::Servers(&["servers"]), Member::Servers(&["mcpServers"])];

/// Where Claude Code has what it may call without asking: no servers stand there.
pub(crate) const PERMISSIONS: &[Place] = &[
    user("~/.claude.json", &[]),
    user("@claude/settings.json", &[]),
    project(".claude/settings.json", &[]),
    project(".claude/settings.local.json", &[]),
    managed("/etc/claude-code/managed-settings.json", LINUX, &[]),
    managed("/Library/Application Support/ClaudeCode/managed-settings.json", MAC, &[]),
    managed("@programfiles/ClaudeCode/managed-settings.json", WINDOWS, &[]),
];

/// A file that a plug-in's manifest names, wherever it is.
pub(crate) const INCLUDED: Place = place("*", ALL, Reach::Plugin, PLUGIN);

/// What is tried on a file that stands in no client's place, and which client writes it so.
pub(crate) const BY_CONTENT: &[(&str, Member)] = &[
    ("generic", Member::Servers(&["mcpServers"])),
    ("claude-code", Member::PerFolder(&["projects", "*", "mcpServers"])),
    ("zed", Member::Perhaps(&["context_servers"])),
    ("codex", Member::Perhaps(&["mcp_servers"])),
    ("codex", Member::Perhaps(&["profiles", "*", "mcp_servers"])),
    ("vscode", Member::Perhaps(&["mcp", "servers"])),
    ("vscode", Member::Perhaps(&["mcp.servers"])),
    ("vscode", Member::Perhaps(&["customizations", "vscode", "mcp", "servers"])),
    ("vscode", Member::Perhaps(&["servers"])),
    ("opencode", Member::Perhaps(&["mcp"])),
    ("amp", Member::Perhaps(&["amp.mcpServers"])),
    ("continue", Member::Perhaps(&["experimental", "modelContextProtocolServers"])),
    ("goose", Member::Perhaps(&["extensions"])),
];

const fn place(path: &'static str, os: &'static [Os], reach: Reach, members: &'static [Member]) -> Place {
    Place { path, os, reach, members }
}

const fn user(path: &'static str, members: &'static [Member]) -> Place {
    place(path, ALL, Reach::User, members)
}

const fn project(path: &'static str, members: &'static [Member]) -> Place {
    place(path, ALL, Reach::Project, members)
}

const fn managed(path: &'static str, os: &'static [Os], members: &'static [Member]) -> Place {
    place(path, os, Reach::Managed, members)
}

const fn plugin(path: &'static str, members: &'static [Member]) -> Place {
    place(path, ALL, Reach::Plugin, members)
}

const fn client(id: &'static str, name: &'static str, places: &'static [Place]) -> Client {
    Client { id, name, places, syntax: Syntax { dollar: false, braces: false } }
}

const fn shell_like(client: Client) -> Client {
    Client { syntax: Syntax { dollar: true, braces: false }, ..client }
}

const fn braced(client: Client) -> Client {
    Client { syntax: Syntax { dollar: false, braces: true }, ..client }
}

pub(crate) const CLIENTS: &[Client] = &[
    client(
        "claude-desktop",
        "Claude Desktop",
        &[
            user("@config/Claude/claude_desktop_config.json", MCP_SERVERS),
            // As installed from Microsoft's store.
            place(
                "@localappdata/Packages/Claude_*/LocalCache/Roaming/Claude/claude_desktop_config.json",
                WINDOWS,
                Reach::User,
                MCP_SERVERS,
            ),
            plugin("@config/Claude/Claude Extensions/*/manifest.json", BUNDLE),
        ],
    ),
    client(
        "claude-code",
        "Claude Code",
        &[
            user("~/.claude.json", CLAUDE_CODE),
            user("@claude/.claude.json", CLAUDE_CODE),
            project(".mcp.json", MCP_SERVERS),
            managed("/etc/claude-code/managed-mcp.json", LINUX, MCP_SERVERS),
            managed("/etc/claude-code/managed-settings.json", LINUX, MCP_SERVERS),
            managed("/Library/Application Support/ClaudeCode/managed-mcp.json", MAC, MCP_SERVERS),
            managed("/Library/Application Support/ClaudeCode/managed-settings.json", MAC, MCP_SERVERS),
            managed("@programfiles/ClaudeCode/managed-mcp.json", WINDOWS, MCP_SERVERS),
            managed("@programfiles/ClaudeCode/managed-settings.json", WINDOWS, MCP_SERVERS),
            managed("@programdata/ClaudeCode/managed-mcp.json", WINDOWS, MCP_SERVERS),
            plugin("@claude/plugins/cache/**/.mcp.json", PLUGIN),
            plugin("@claude/plugins/cache/**/.claude-plugin/plugin.json", MANIFEST),
        ],
    ),
    client(
        "cursor",
        "Cursor",
        &[
            user("~/.cursor/mcp.json", MCP_SERVERS),
            project(".cursor/mcp.json", MCP_SERVERS),
            project(".cursor/rules/mcp.json", MCP_SERVERS),
            plugin("~/.cursor/plugins/**/.cursor-plugin/plugin.json", MANIFEST),
            plugin("~/.cursor/plugins/**/mcp.json", PLUGIN),
            plugin("~/.cursor/plugins/**/.mcp.json", PLUGIN),
        ],
    ),
    client(
        "vscode",
        "Visual Studio Code",
        &[
            user("@config/Code/User/mcp.json", VS_CODE),
            user("@config/Code/User/settings.json", VS_CODE_SETTINGS),
            user("@config/Code/User/profiles/*/mcp.json", VS_CODE),
            user("@config/Code/User/profiles/*/settings.json", VS_CODE_SETTINGS),
            user("@config/Code - Insiders/User/mcp.json", VS_CODE),
            user("@config/Code - Insiders/User/settings.json", VS_CODE_SETTINGS),
            user("@config/VSCodium/User/mcp.json", VS_CODE),
            user("@config/VSCodium/User/settings.json", VS_CODE_SETTINGS),
            user("~/.vscode-server/data/User/mcp.json", VS_CODE),
            user("~/.vscode-server/data/Machine/mcp.json", VS_CODE),
            user("~/.vscode/mcp.json", VS_CODE),
            project(".vscode/mcp.json", VS_CODE),
            project(".vscode/settings.json", VS_CODE_SETTINGS),
            project(".devcontainer/devcontainer.json", DEV_CONTAINER),
            project(".devcontainer.json", DEV_CONTAINER),
        ],
    ),
    client(
        "copilot",
        "GitHub Copilot",
        &[
            user("@copilot/mcp-config.json", MCP_SERVERS),
            user("@xdg/mcp-config.json", MCP_SERVERS),
            place("@xdg/github-copilot/intellij/mcp.json", UNIX, Reach::User, VS_CODE),
            place("@localappdata/github-copilot/intellij/mcp.json", WINDOWS, Reach::User, VS_CODE),
            project(".copilot/mcp-config.json", MCP_SERVERS),
            project(".github/mcp.json", VS_CODE),
        ],
    ),
    client(
        "windsurf",
        "Windsurf",
        &[
            user("~/.codeium/windsurf/mcp_config.json", MCP_SERVERS),
            user("~/.codeium/windsurf-next/mcp_config.json", MCP_SERVERS),
            user("~/.codeium/mcp_config.json", MCP_SERVERS),
        ],
    ),
    shell_like(client(
        "gemini-cli",
        "Gemini CLI",
        &[
            user("~/.gemini/settings.json", MCP_SERVERS),
            project(".gemini/settings.json", MCP_SERVERS),
            managed("/etc/gemini-cli/settings.json", LINUX, MCP_SERVERS),
            managed("/etc/gemini-cli/system-defaults.json", LINUX, MCP_SERVERS),
            managed("/Library/Application Support/GeminiCli/settings.json", MAC, MCP_SERVERS),
            managed("/Library/Application Support/GeminiCli/system-defaults.json", MAC, MCP_SERVERS),
            managed("@programdata/gemini-cli/settings.json", WINDOWS, MCP_SERVERS),
            managed("@programdata/gemini-cli/system-defaults.json", WINDOWS, MCP_SERVERS),
            plugin("~/.gemini/extensions/*/gemini-extension.json", MCP_SERVERS),
            // Extensions of one project are brought along by whoever writes to it.
            project(".gemini/extensions/*/gemini-extension.json", MCP_SERVERS),
        ],
    )),
    shell_like(client(
        "antigravity",
        "Antigravity",
        &[
            user("~/.gemini/antigravity/mcp_config.json", MCP_SERVERS),
            user("~/.gemini/config/mcp_config.json", MCP_SERVERS),
        ],
    )),
    client(
        "kiro",
        "Kiro",
        &[
            user("~/.kiro/settings/mcp.json", MCP_SERVERS),
            user("~/.kiro/agents/*.json", MCP_SERVERS),
            project(".kiro/settings/mcp.json", MCP_SERVERS),
            project(".kiro/agents/*.json", MCP_SERVERS),
            plugin("~/.kiro/powers/**/mcp.json", MCP_SERVERS),
        ],
    ),
    client(
        "amazon-q",
        "Amazon Q Developer",
        &[
            user("~/.aws/amazonq/mcp.json", MCP_SERVERS),
            user("~/.aws/amazonq/default.json", MCP_SERVERS),
            user("~/.aws/amazonq/agents/*.json", MCP_SERVERS),
            user("~/.aws/amazonq/cli-agents/*.json", MCP_SERVERS),
            project(".amazonq/mcp.json", MCP_SERVERS),
            project(".amazonq/default.json", MCP_SERVERS),
            project(".amazonq/agents/*.json", MCP_SERVERS),
            project(".amazonq/cli-agents/*.json", MCP_SERVERS),
        ],
    ),
    client(
        "codex",
        "Codex",
        &[
            user("@codex/config.toml", CODEX),
            user("@codex/*.config.toml", CODEX),
            project(".codex/config.toml", CODEX),
            managed("/etc/codex/config.toml", UNIX, CODEX),
            managed("/etc/codex/managed_config.toml", UNIX, CODEX),
            managed("@programdata/OpenAI/Codex/config.toml", WINDOWS, CODEX),
            managed("@programdata/OpenAI/Codex/managed_config.toml", WINDOWS, CODEX),
        ],
    ),
    braced(client(
        "opencode",
        "OpenCode",
        &[
            user("@xdg/opencode/opencode.json", OPENCODE),
            user("@xdg/opencode/opencode.jsonc", OPENCODE),
            user("@xdg/opencode/config.json", OPENCODE),
            user("~/.opencode/opencode.json", OPENCODE),
            user("~/.opencode/opencode.jsonc", OPENCODE),
            project("opencode.json", OPENCODE),
            project("opencode.jsonc", OPENCODE),
            project(".opencode/opencode.json", OPENCODE),
            project(".opencode/opencode.jsonc", OPENCODE),
            managed("/etc/opencode/opencode.json", LINUX, OPENCODE),
            managed("/etc/opencode/opencode.jsonc", LINUX, OPENCODE),
            managed("/Library/Application Support/opencode/opencode.json", MAC, OPENCODE),
            managed("/Library/Application Support/opencode/opencode.jsonc", MAC, OPENCODE),
            managed("@programdata/opencode/opencode.json", WINDOWS, OPENCODE),
            managed("@programdata/opencode/opencode.jsonc", WINDOWS, OPENCODE),
        ],
    )),
    client(
        "zed",
        "Zed",
        &[
            place("@xdg/zed/settings.json", UNIX, Reach::User, ZED),
            place("@config/Zed/settings.json", WINDOWS, Reach::User, ZED),
            place("~/.var/app/dev.zed.Zed/config/zed/settings.json", LINUX, Reach::User, ZED),
            project(".zed/settings.json", ZED),
        ],
    ),
    client(
        "cline",
        "Cline",
        &[
            user(
                "@config/*/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
                MCP_SERVERS,
            ),
            user(
                "~/.vscode-server/data/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
                MCP_SERVERS,
            ),
            user("~/.cline/data/settings/cline_mcp_settings.json", MCP_SERVERS),
            user("~/.cline/mcp.json", MCP_SERVERS),
        ],
    ),
    client(
        "roo",
        "Roo Code",
        &[
            user(
                "@config/*/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
                MCP_SERVERS,
            ),
            user(
                "@config/*/User/globalStorage/rooveterinaryinc.roo-cline/settings/cline_mcp_settings.json",
                MCP_SERVERS,
            ),
            user(
                "~/.vscode-server/data/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
                MCP_SERVERS,
            ),
            project(".roo/mcp.json", MCP_SERVERS),
        ],
    ),
    client(
        "kilo",
        "Kilo Code",
        &[
            user("@config/*/User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json", MCP_SERVERS),
            project(".kilocode/mcp.json", MCP_SERVERS),
        ],
    ),
    client(
        "continue",
        "Continue",
        &[
            user("~/.continue/config.yaml", CONTINUE),
            user("~/.continue/config.json", CONTINUE),
            user("~/.continue/mcpServers/*.yaml", CONTINUE),
            user("~/.continue/mcpServers/*.yml", CONTINUE),
            user("~/.continue/mcpServers/*.json", CONTINUE),
            project(".continue/config.yaml", CONTINUE),
            project(".continue/mcpServers/*.yaml", CONTINUE),
            project(".continue/mcpServers/*.yml", CONTINUE),
            project(".continue/mcpServers/*.json", CONTINUE),
        ],
    ),
    client(
        "amp",
        "Amp",
        &[
            user("@xdg/amp/settings.json", AMP),
            user("@xdg/amp/settings.jsonc", AMP),
            project(".amp/settings.json", AMP),
            project(".amp/settings.jsonc", AMP),
        ],
    ),
    client(
        "goose",
        "goose",
        &[
            place("@xdg/goose/config.yaml", UNIX, Reach::User, GOOSE),
            place("@config/Block/goose/config/config.yaml", WINDOWS, Reach::User, GOOSE),
        ],
    ),
    shell_like(client(
        "qwen-code",
        "Qwen Code",
        &[user("~/.qwen/settings.json", MCP_SERVERS), project(".qwen/settings.json", MCP_SERVERS)],
    )),
    shell_like(client(
        "crush",
        "Crush",
        &[user("@xdg/crush/crush.json", CRUSH), project("crush.json", CRUSH), project(".crush.json", CRUSH)],
    )),
    client(
        "junie",
        "Junie",
        &[user("~/.junie/mcp/mcp.json", MCP_SERVERS), project(".junie/mcp/mcp.json", MCP_SERVERS)],
    ),
    client("warp", "Warp", &[user("~/.warp/.mcp.json", PLUGIN), project(".warp/.mcp.json", PLUGIN)]),
    client(
        "droid",
        "Factory Droid",
        &[user("~/.factory/mcp.json", MCP_SERVERS), project(".factory/mcp.json", MCP_SERVERS)],
    ),
    client(
        "trae",
        "Trae",
        &[user("@config/Trae/User/mcp.json", MCP_SERVERS), project(".trae/mcp.json", MCP_SERVERS)],
    ),
    client("augment", "Augment Code", &[user("~/.augment/settings.json", MCP_SERVERS)]),
    client(
        "grok-cli",
        "Grok CLI",
        &[
            user("~/.grok/config.toml", CODEX),
            user("~/.grok/user-settings.json", MCP_SERVERS),
            project(".grok/config.toml", CODEX),
            project(".grok/settings.json", MCP_SERVERS),
        ],
    ),
    client("lm-studio", "LM Studio", &[user("~/.lmstudio/mcp.json", MCP_SERVERS)]),
    client("rovo-dev", "Rovo Dev", &[user("~/.rovodev/mcp.json", MCP_SERVERS)]),
    client(
        "mcphub",
        "mcphub.nvim",
        &[user("@xdg/mcphub/servers.json", VS_CODE), project(".mcphub/servers.json", VS_CODE)],
    ),
    client(
        "visual-studio",
        "Visual Studio",
        &[
            place("~/.mcp.json", WINDOWS, Reach::User, VISUAL_STUDIO),
            place(".vs/mcp.json", WINDOWS, Reach::Project, VISUAL_STUDIO),
        ],
    ),
    client(
        "generic",
        "a client",
        &[
            // A folder that several clients share.
            user("~/.agents/mcp.json", VS_CODE),
            project(".agents/mcp.json", VS_CODE),
            project("mcp.json", GENERIC),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{client_by_id, clients};

    #[test]
    fn ids_are_plain_and_unique_and_no_place_belongs_to_two() {
        let mut ids = HashSet::new();
        let mut places = HashSet::new();
        for client in clients() {
            assert!(ids.insert(client.id), "{} twice", client.id);
            assert!(client.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
            for place in client.places {
                assert!(places.insert(place.path), "{} twice", place.path);
                assert!(!place.members.is_empty() && !place.os.is_empty());
                let starts =
                    ["~/", "@config/", "@xdg/", "@claude/", "@codex/", "@copilot/", "@localappdata/"];
                let shared = ["/", "@programdata/", "@programfiles/"];
                match place.reach {
                    Reach::Managed => assert!(shared.iter().any(|start| place.path.starts_with(start))),
                    Reach::Project => assert!(!place.path.starts_with(['~', '@', '/'])),
                    Reach::User | Reach::Plugin => {
                        assert!(starts.iter().any(|start| place.path.starts_with(start)));
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_told_by_content_is_told_as_a_known_client() {
        assert!(BY_CONTENT.iter().all(|(id, _)| client_by_id(id).is_some()));
    }
}
