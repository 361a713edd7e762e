//! Reaches MCP servers and records what they present, byte for byte.
//!
//! **For:** starting a server or connecting to it, having it introduce itself in either era of the protocol,
//! listing its tools, prompts and resources within bounds, and keeping that as a file. Everything a server sends
//! is hostile: one malformed item hides no other, nothing is decoded that is not also kept as it was sent, and what
//! was not heard is told apart from what is not there.
//!
//! **Not for:** judging any of it, calling a tool (probes do not either), or being a client for anything but a look. No other crate speaks
//! the MCP wire.
//!
//! Read [`Listing`] first: it is what [`list`] (a live server) and [`snapshot::read`] (a file) return.
//!
//! ```no_run
//! use bartizan_mcp::{Options, Target, list_blocking};
//!
//! let command = vec!["npx".into(), "-y".into(), "@modelcontextprotocol/server-everything".into()];
//! let target = Target::Stdio { command, env: Default::default(), cwd: None };
//! let listing = list_blocking(&target, &Options::default())?;
//! for tool in &listing.server.tools {
//!     println!("{}", bartizan_model::printable(&tool.name));
//! }
//! for missing in &listing.missing {
//!     println!("not checked: {}: {}", missing.what, missing.why);
//! }
//! # Ok::<(), bartizan_mcp::Error>(())
//! ```
//!
//! # What is tried beyond listing
//! Nothing, unless [`Options::probe`] names it; [`probes`] says what there is. Whether an answer to a probe is good is not said here.
//! [`look`] keeps what was learnt of a server that let nobody in, where [`list`] gives the error alone.
//!
//! # A server's environment
//! A server that is started gets `PATH`, `HOME`, `USER`, `LOGNAME`, `SHELL`, `LANG`, `LC_ALL`, `LC_CTYPE`, `TZ`,
//! `TMPDIR`, `TERM` (on Windows also what programs there need to start), what the caller and a [`Launcher`] give, and on Linux
//! `BARTIZAN_LISTING`, by which processes it leaves behind are found. Nothing else: no token of ours.
//!
//! It runs in a session of its own (Windows: a job) and ends with all its descendants when the listing ends, is dropped or
//! fails. On Linux that includes daemons; if *we* are killed with SIGKILL, a watchdog (`/bin/sh`) ends the group and
//! whatever carries the variable above. For this the process makes itself the reaper of orphans; a program that uses this
//! crate must not itself start children in sessions of their own while a listing runs.
//!
//! # Observations
//! `docs/observations.md` lists what is told of a server beyond what it said, and in which shape.

mod cacheable;
mod child;
mod drift;
mod envelope;
mod error;
mod handshake;
mod item;
mod json;
mod jsonrpc;
mod keys;
mod launcher;
mod limits;
mod listing;
mod probe;
mod record;
mod session;
pub mod snapshot;
#[cfg(target_os = "linux")]
mod sweep;
mod target;
mod transport;

pub use error::{Error, Missing, Refusal, Unheard};
pub use launcher::Launcher;
pub use limits::Limits;
pub use listing::{Listing, list, list_blocking, look, look_blocking};
pub use probe::{Probe, ProbeInfo, Probes, UnknownProbe, probes};
pub use record::Record;
pub use reqwest::Url;
pub use target::{Era, HttpTransport, Options, Progress, Target};
pub use tokio_util::sync::CancellationToken;
