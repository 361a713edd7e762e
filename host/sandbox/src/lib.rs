//! Confines a started MCP server, so that looking at it is not an act of faith, and says what could not be enforced.
//!
//! A server is started through a *launcher*: this very program, run again by way of a hidden subcommand that calls
//! [`launch`]. In that fresh process, which has one thread, the launcher confines itself step by step (namespaces, a
//! file system of its own, Landlock, limits, no new privileges, a filter of system calls), writes down what it
//! enforced, and only then runs the server. Nothing here needs `unsafe`, and the parent stays as it is.
//!
//! It is *not* for components (they run in WebAssembly and never get this far), and it does not speak with the server:
//! whoever starts it keeps its pipes, its process group and its deadline. It cannot tell hosts apart (the network is
//! there or not), does not hide how fast or how many this machine's processors are, and is no stronger than the kernel:
//! for a server that is known to be hostile use a virtual machine that you can lose.
//!
//! Read [`Policy`] first: what may it do? [`Policy::prepare`] gives a [`Prepared`] command to start, and
//! [`Prepared::report`] the [`Enforced`] promises.

mod error;
mod job;
mod policy;
mod prepare;
mod report;

#[cfg(target_os = "linux")]
mod launch;
#[cfg(not(target_os = "linux"))]
#[path = "launch/elsewhere.rs"]
mod launch;

pub use error::Error;
pub use launch::launch;
pub use policy::{Home, Level, Limits, Network, Policy};
pub use prepare::{Launcher, Prepared, probe_machine};
pub use report::{End, Enforced, Outcome, Promise};
