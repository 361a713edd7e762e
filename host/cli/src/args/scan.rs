//! `scan`, `multi-scan`, `snapshot` and `report`.

use std::path::PathBuf;

use bartizan_model::{Confidence, Severity};
use clap::{Args as ClapArgs, ValueEnum};

/// How to reach servers.
#[derive(Debug, ClapArgs)]
pub(crate) struct Reach {
    /// URLs of servers, saved listings, or configurations of clients
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
    /// Also try these, beyond listing: names as `bartizan doctor --probes` lists them, or all of them; separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',', num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    pub(crate) probe: Vec<String>,
    #[command(flatten)]
    pub(crate) confine: Confine,
}

/// What a started server may do.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct Confine {
    /// How to confine servers that are started [default: default]
    #[arg(long, value_name = "LEVEL")]
    pub(crate) sandbox: Option<SandboxLevel>,
    /// Let started servers use the network, as `npx` and `uvx` need to download
    #[arg(long)]
    pub(crate) allow_network: bool,
    /// Let started servers read this, though it is in the home; repeatable
    #[arg(long = "read", value_name = "PATH")]
    pub(crate) readable: Vec<PathBuf>,
    /// Let started servers write to this folder; repeatable
    #[arg(long = "write", value_name = "FOLDER")]
    pub(crate) writable: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SandboxLevel {
    /// None: the server is started as it is
    Off,
    /// What this machine can enforce
    Default,
    /// Nothing of the home, small limits; not started where a promise cannot be kept
    Strict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Transport {
    Auto,
    StreamableHttp,
    Sse,
}

/// How much to look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// Rules of severity medium and worse
    Quick,
    /// Every rule
    #[default]
    Standard,
    /// Every rule, and every probe
    Full,
}

/// Which rules judge, and what is made of what they find.
#[derive(Debug, ClapArgs)]
pub(crate) struct Judging {
    /// How to report: what `bartizan plugins list` offers; repeatable together with -o [default: text]
    #[arg(long = "format", value_name = "FORMAT")]
    pub(crate) formats: Vec<String>,
    /// Write the report here instead of to stdout; repeatable, each with its --format (or told by its extension)
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub(crate) outputs: Vec<PathBuf>,
    /// Exit with 1 if there is a finding of this severity or worse [default: high]
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub(crate) fail_on: Option<Severity>,
    /// How much to look at [default: standard]
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<Profile>,
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
    /// Report nothing below this severity
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub(crate) min_severity: Option<Severity>,
    /// Report nothing below this confidence
    #[arg(long, value_name = "CONFIDENCE", value_parser = confidence)]
    pub(crate) min_confidence: Option<Confidence>,
    /// Set aside what stands in this file: one that --save-baseline wrote, or a JSON report
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Save what was found as a baseline
    #[arg(long, value_name = "FILE")]
    pub(crate) save_baseline: Option<PathBuf>,
    /// Ask components anew, also of what did not change
    #[arg(long)]
    pub(crate) no_cache: bool,
}

/// Whether servers that somebody else configured are started.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct Consent {
    /// Look for the configurations of clients on this machine, and at the servers in them
    #[arg(long)]
    pub(crate) discover: bool,
    /// Start what configurations name without asking
    #[arg(short = 'y', long)]
    pub(crate) yes: bool,
    /// Start and reach nothing: judge how servers are configured, and saved listings
    #[arg(long, conflicts_with = "yes")]
    pub(crate) no_start: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Scan {
    #[command(flatten)]
    pub(crate) reach: Reach,
    #[command(flatten)]
    pub(crate) consent: Consent,
    #[command(flatten)]
    pub(crate) judging: Judging,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct MultiScan {
    #[command(flatten)]
    pub(crate) reach: Reach,
    /// A server, as 'NAME: COMMAND' or 'NAME: URL'; repeatable
    #[arg(long = "server", value_name = "NAME: COMMAND")]
    pub(crate) servers: Vec<String>,
    /// Several at once
    #[arg(long)]
    pub(crate) parallel: bool,
    /// How many at once [default: as many as there are processors, and at least 4]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) concurrency: Option<u16>,
    /// Stop at the first server that cannot be checked or has findings at or over the threshold
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Judge the servers together, too [default: true]
    #[arg(long, value_name = "WHETHER", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) cross_server: Option<bool>,
    #[command(flatten)]
    pub(crate) consent: Consent,
    #[command(flatten)]
    pub(crate) judging: Judging,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Snapshot {
    #[command(flatten)]
    pub(crate) reach: Reach,
    #[command(flatten)]
    pub(crate) consent: Consent,
    /// Write the snapshot here instead of to stdout
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Report {
    /// A report that was saved as JSON
    pub(crate) file: PathBuf,
    /// How to render it; repeatable together with -o [default: text]
    #[arg(long = "format", value_name = "FORMAT")]
    pub(crate) formats: Vec<String>,
    /// Write it here instead of to stdout; repeatable, each with its --format (or told by its extension)
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub(crate) outputs: Vec<PathBuf>,
}

pub(crate) fn severity(text: &str) -> Result<Severity, String> {
    text.parse().map_err(|_| "one of info, low, medium, high, critical is expected".to_owned())
}

pub(crate) fn confidence(text: &str) -> Result<Confidence, String> {
    [Confidence::Low, Confidence::Medium, Confidence::High]
        .into_iter()
        .find(|one| one.as_str() == text)
        .ok_or_else(|| "one of low, medium, high is expected".to_owned())
}
