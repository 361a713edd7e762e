//! The contract as it lies in a project.

use std::path::Path;

use wit_bindgen_core::wit_parser::{Resolve, WorldId};

use crate::AuthorError;

/// One world of the contract in this folder.
pub(super) fn world(wit: &Path, name: &str) -> Result<(Resolve, WorldId), AuthorError> {
    let mut resolve = Resolve::default();
    let found = resolve.push_dir(wit).and_then(|(package, _)| resolve.select_world(&[package], Some(name)));
    match found {
        Ok(world) => Ok((resolve, world)),
        Err(error) => Err(AuthorError::Manifest { path: wit.to_owned(), why: format!("{error:#}") }),
    }
}
