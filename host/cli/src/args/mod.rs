//! What can be asked on the command line.

mod bundle;
mod pin;
mod plugins;
mod repository;
mod scan;
mod trust;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

pub(crate) use self::{
    bundle::{Bundle, BundleCreate, BundleInstall},
    pin::{Pin, PinAction, PinWhat},
    plugins::{Build, Install, New, Plugins, Publish, Sign, Test, Update},
    repository::{Repository, Role, SignedBy},
    scan::{
        Confine, Consent, Judging, MultiScan, Profile, Reach, Report, SandboxLevel, Scan, Snapshot,
        Transport, confidence, severity,
    },
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

/// The first word by which this program starts a server in a sandbox. No command: `main` looks for it before anything else.
pub(crate) const SANDBOX: &str = "__sandbox";

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
        bartizan scan .cursor/mcp.json --no-start\n  \
        bartizan scan --discover --yes\n  \
        bartizan scan snapshot.json --format sarif -o report.sarif\n\n\
        A saved listing is read and nothing is started: a snapshot, a `tools/list` result, or an array of tools.\n\
        The servers of a client's configuration are shown, and started after you said yes.\n\
        A server is started in a sandbox, with an environment of its own: PATH, HOME and the like, and what --env gives it."
    )]
    Scan(Scan),
    /// Look at many servers, each for itself and all of them together
    #[command(after_help = "Examples:\n  bartizan multi-scan --config servers.toml --parallel --yes\n  \
        bartizan multi-scan --server 'files: node files.js' --server 'web: https://example.com/mcp'\n  \
        bartizan multi-scan --discover --format html -o team.html\n  \
        bartizan multi-scan snapshots/")]
    MultiScan(MultiScan),
    /// Save what a server presents, to be scanned later without starting it
    #[command(after_help = "Example:\n  bartizan snapshot -o server.json -- python3 server.py")]
    Snapshot(Snapshot),
    /// Keep what servers were approved to present in bartizan.lock, and see what changed
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Examples:\n  bartizan pin -- node server.js\n  bartizan pin diff -- node server.js\n  \
        bartizan pin approve --yes -- node server.js\n\nA scan of a server that is pinned says what changed, too."
    )]
    Pin(Pin),
    /// Render a saved JSON report in another format
    #[command(after_help = "Example:\n  bartizan report report.json --format html -o report.html")]
    Report(Report),
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
    #[command(after_help = "Examples:\n  bartizan doctor\n  bartizan doctor --probes")]
    Doctor {
        /// List what `scan --probe` can try, and what each of them sends
        #[arg(long)]
        probes: bool,
    },
    /// Print a completion script
    #[command(after_help = "Example:\n  bartizan completions bash > /etc/bash_completion.d/bartizan")]
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Args::command().debug_assert();
    }
}
