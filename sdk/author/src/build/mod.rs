//! Builds a project to a component, with the tools of its language.

mod c;
mod contract;
mod go;
mod javascript;
mod python;
mod rust;
mod tool;
mod typescript;
mod workbench;

use bartizan_pack::componentize;

use crate::{AuthorError, Language, Project, project::Kind, surface};
use workbench::Workbench;

/// Pinned: what a template was tested with is what it is built with.
pub(crate) const COMPONENTIZE_PY: &str = "0.25.1";
/// Pinned, as above.
pub(crate) const COMPONENTIZE_QJS: &str = "0.4.5";
/// Pinned, as above.
pub(crate) const TYPESCRIPT: &str = "7.0.2";
/// Pinned, as above.
pub(crate) const ZIGLANG: &str = "0.17.0";

/// The world of the contract that projects in languages other than Rust are built for.
const WORLD: &str = "rule-pack";

/// How to build.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuildOptions {
    /// Whether tools that are missing are fetched into the project: Python's into `.venv`, npm's into `node_modules`.
    pub install_tools: bool,
}

/// Builds a project. What is given back is a component that the host would look at: right size, no import that would be
/// refused, the exports of a plugin. What the tools leave lies in the project's `build` folder; of Rust, in cargo's.
pub fn build(project: &Project, options: BuildOptions) -> Result<Vec<u8>, AuthorError> {
    let bytes = match &project.kind {
        Kind::Crate(krate) => rust::build(krate)?,
        Kind::Manifest { entry } => {
            let bench = Workbench::new(project, entry, options)?;
            match project.language {
                Language::Python => python::build(&bench)?,
                Language::JavaScript => javascript::build(&bench)?,
                Language::TypeScript => typescript::build(&bench)?,
                Language::C => c::build(&bench)?,
                Language::Go => go::build(&bench)?,
                Language::Rust => {
                    return Err(AuthorError::Manifest {
                        path: project.folder.join(crate::MANIFEST),
                        why: "a Rust project says what it is in Cargo.toml".to_owned(),
                    });
                }
            }
        }
    };
    let component = componentize(&bytes).map_err(AuthorError::NoComponent)?;
    surface::check(&component, &project.grants)?;
    Ok(component)
}
