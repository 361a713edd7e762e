//! What the whole-system tests share: the built program with a home of its own, publishers who sign, servers to look at.
//!
//! The tests see what a user sees: arguments in; exit code, stdout, stderr and files out. Read [`Bartizan`] first, then [`Run`].
//!
//! Not for: testing one crate from inside; each has its own tests for that.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "all of it is tests: what goes wrong here shall end the test at once"
)]

mod components;
mod program;
mod publisher;
mod servers;
mod terminal;

pub use components::{hostile_component, versioned, with_core_module, with_import};
pub use program::{Bartizan, Run, Running, binary, root, together};
pub use publisher::Publisher;
pub use servers::{Web, everything, everything_over, fixture, runs, serve_folder, time_server};
pub use terminal::on_a_terminal;
