//! What clients call the members of an entry.

/// The program.
pub(super) const COMMAND: &[&str] = &["command", "cmd"];
/// The endpoint.
pub(super) const URLS: &[&str] =
    &["httpUrl", "http_url", "url", "serverUrl", "server_url", "uri", "endpoint"];
/// How it is spoken to.
pub(super) const TYPE: &[&str] = &["type", "transport", "transportType", "transport_type"];
/// The program's arguments.
pub(super) const ARGS: &[&str] = &["args", "arguments"];
/// Its variables.
pub(super) const ENV: &[&str] = &["env", "environment", "envs"];
/// What is sent along.
pub(super) const HEADERS: &[&str] = &["headers", "http_headers"];
/// Where it is started.
pub(super) const CWD: &[&str] = &["cwd", "workingDirectory", "working_directory"];
/// Further variables.
pub(super) const ENV_FILE: &[&str] = &["envFile", "env_file"];
/// Tools that are called without asking.
pub(super) const APPROVED: &[&str] =
    &["alwaysAllow", "autoApprove", "auto_approve", "autoApproveTools", "autoAllow"];
/// Whether all of them are.
pub(super) const TRUSTED: &[&str] = &["trust", "trusted"];
/// Whether it is used.
pub(super) const ENABLED: &[&str] = &["enabled", "isActive", "is_active"];

/// Members that are read beside those above.
const READ: &[&str] = &[
    "disabled",
    "tools",
    "default_tools_approval_mode",
    "env_vars",
    "env_keys",
    "env_http_headers",
    "bearer_token_env_var",
    "requestOptions",
    "requestInit",
];

/// Members that say nothing about what is started, reached or allowed.
const NEUTRAL: &[&str] = &[
    "name",
    "id",
    "title",
    "description",
    "display_name",
    "icon",
    "version",
    "note",
    "comment",
    "$schema",
    "timeout",
    "timeoutMs",
    "timeout_ms",
    "defer_loading",
    "alwaysLoad",
    "init_timeout",
    "connectionTimeout",
    "networkTimeout",
    "startup_timeout_sec",
    "startup_timeout_ms",
    "tool_timeout_sec",
    "includeTools",
    "excludeTools",
    "enabled_tools",
    "disabled_tools",
    "disabledTools",
    "available_tools",
    "required",
    "gallery",
    "source",
    "settings",
    "dev",
    "bundled",
    "oauth",
    "oauth_resource",
    "scopes",
    "start_on_launch",
    "extensionName",
];

/// Whether a member of this name means something here, or is known to mean nothing.
pub(super) fn is_known(name: &str) -> bool {
    let lists =
        [COMMAND, URLS, TYPE, ARGS, ENV, HEADERS, CWD, ENV_FILE, APPROVED, TRUSTED, ENABLED, READ, NEUTRAL];
    lists.iter().any(|list| list.contains(&name))
}
