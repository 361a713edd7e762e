//! The author's path: makes a plugin project in one of six languages, reads it, and builds it to a component.
//!
//! Read [`new_plugin`] first, then [`read_project`] and [`build`](fn@build). Everything a project needs besides its language's own tools is
//! carried by the program and written into the project, so that it builds anywhere.
//!
//! Not for: running components (the kernel), signing and packing them (`bartizan-pack`).
//!
//! Building a project runs that project's own code: cargo build scripts, Python modules at their import, whatever its
//! `node_modules` holds. Build only what you would run.

mod build;
mod embedded;
mod error;
mod language;
mod manifest;
mod new;
mod placeholders;
mod project;
mod surface;

pub use build::{BuildOptions, build};
pub use error::AuthorError;
pub use language::Language;
pub use new::new_plugin;
pub use project::{Project, read_project};

/// The file that says what a project is, in every language but Rust.
pub const MANIFEST: &str = "bartizan-plugin.toml";

/// The tools that projects are built with, at the versions that the templates were tested with: name, version, registry.
pub const TOOLS: &[(&str, &str, &str)] = &[
    ("componentize-py", build::COMPONENTIZE_PY, "PyPI"),
    ("ziglang", build::ZIGLANG, "PyPI"),
    ("componentize-qjs", build::COMPONENTIZE_QJS, "npm"),
    ("typescript", build::TYPESCRIPT, "npm"),
];
