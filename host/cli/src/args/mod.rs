//! What can be asked on the command line.

mod bundle;
mod plugins;
mod repository;
mod trust;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

pub(crate) use self::{
    bundle::{Bundle, BundleCreate, BundleInstall},
    plugins::{Build, Install, New, Plugins, Publish, Sign, Test, Update},
    repository::{Repository, Role, SignedBy},
    trust::Trust,
};

/// Vets Model Context Protocol (MCP) servers: what they say of themselves, judged by signed rules in a sandbox.
#[derive(Debug, Parser)]
#[command(name = "bartizan", version = version(), max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 checked and clean, 1 findings, 2 usage, 3 something was not checked, 4 refused, 130 interrupted."
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

fn version() -> String {
    format!("{} (wasmtime {})", env!("CARGO_PKG_VERSION"), bartizan_kernel::runtime_version())
}

/// What every command takes.
#[derive(Debug, ClapArgs)]
pub(crate) struct Global {
    /// Read this configuration instead of ./bartizan.toml; the user's own still counts where this one is silent
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Say nothing on stderr but errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Colour: auto is on for a terminal, unless NO_COLOR is set [default: auto]
    #[arg(long, global = true, value_name = "WHEN")]
    pub(crate) color: Option<When>,
    /// Run with nothing but the components that ./bartizan.lock pins
    #[arg(long, global = true)]
    pub(crate) locked: bool,
    /// No progress display, even on a terminal
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look at servers and judge what they present
    #[command(
        after_help = "Examples:\n  bartizan scan -- npx -y @modelcontextprotocol/server-everything\n  \
        bartizan scan https://example.com/mcp --header 'Authorization: Bearer …'\n  \
        bartizan scan snapshot.json --format sarif -o report.sarif\n\n\
        A file is read and nothing is started: a snapshot, a `tools/list` result, or an array of tools.\n\
        A command is started with an environment of its own: PATH, HOME and the like, and what --env gives it."
    )]
    Scan(Scan),
    /// Save what a server presents, to be scanned later without starting it
    #[command(after_help = "Example:\n  bartizan snapshot -o server.json -- python3 server.py")]
    Snapshot(Snapshot),
    /// List the rules, or explain one
    #[command(after_help = "Examples:\n  bartizan rules\n  bartizan rules MCP-PROTO-001")]
    Rules(Rules),
    /// The components that do the judging and the reporting
    #[command(subcommand)]
    Plugins(Plugins),
    /// Components with all that is needed to trust them, in one signed file, for where there is no network
    #[command(subcommand)]
    Bundle(Bundle),
    /// Keep a repository of components: a folder of static files after The Update Framework
    #[command(subcommand)]
    Repository(Repository),
    /// Whose components may run
    #[command(subcommand)]
    Trust(Trust),
    /// Send a canary through every component, and look at this installation
    #[command(after_help = "Example:\n  bartizan doctor")]
    Doctor,
    /// Print a completion script
    #[command(after_help = "Example:\n  bartizan completions bash > /etc/bash_completion.d/bartizan")]
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
}

/// How to reach servers.
#[derive(Debug, ClapArgs)]
pub(crate) struct Reach {
    /// URLs of servers, or files that were saved; see below
    #[arg(value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    /// A command that starts a server on stdio
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
    /// Give up on a server after this long, e.g. 90s or 2m [default: 60s]
    #[arg(long, value_name = "TIME")]
    pub(crate) timeout: Option<String>,
    /// Send this header to URLs, e.g. 'Authorization: Bearer …'; repeatable
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,
    /// Which HTTP transport to speak to URLs [default: auto]
    #[arg(long, value_name = "KIND")]
    pub(crate) transport: Option<Transport>,
    /// Set a variable in the environment of the started server; NAME alone passes ours on; repeatable
    #[arg(long = "env", value_name = "NAME[=VALUE]")]
    pub(crate) env: Vec<String>,
    /// Start the server in this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) cwd: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Transport {
    Auto,
    StreamableHttp,
    Sse,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Scan {
    #[command(flatten)]
    pub(crate) reach: Reach,
    /// How to report: what `bartizan plugins list` offers; repeatable together with -o [default: text]
    #[arg(long = "format", value_name = "FORMAT")]
    pub(crate) formats: Vec<String>,
    /// Write the report here instead of to stdout; repeatable, each with its --format (or told by its extension)
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub(crate) outputs: Vec<PathBuf>,
    /// Exit with 1 if there is a finding of this severity or worse [default: high]
    #[arg(long, value_name = "SEVERITY", value_parser = parse_severity)]
    pub(crate) fail_on: Option<bartizan_model::Severity>,
    /// Only rules whose id matches, e.g. 'MCP-SEC-*'; repeatable or separated by commas
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub(crate) rules: Vec<String>,
    /// Not the rules whose id matches; repeatable or separated by commas
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub(crate) exclude: Vec<String>,
    /// Only rules of these components; repeatable or separated by commas
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) plugins: Vec<String>,
    /// Only rules of the components that came with this program
    #[arg(long, conflicts_with = "plugins")]
    pub(crate) no_plugins: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Snapshot {
    #[command(flatten)]
    pub(crate) reach: Reach,
    /// Write the snapshot here instead of to stdout
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Rules {
    /// Explain this rule
    pub(crate) id: Option<String>,
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: RulesFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    Text,
    Markdown,
    Json,
}

fn parse_severity(text: &str) -> Result<bartizan_model::Severity, String> {
    text.parse().map_err(|_| "one of info, low, medium, high, critical is expected".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Args::command().debug_assert();
    }
}
