//! Looks at what was built as the host will: the size, the imports and the exports.

use bartizan_registry::{Grant, Grants, MAX_COMPONENT_BYTES};
use wasmparser::{Parser, Payload};

use crate::AuthorError;

const CONTRACT: &str = "bartizan:plugin/";

/// Refuses what the host would refuse to load, here, where the author can still mend it.
pub(crate) fn check(component: &[u8], grants: &Grants) -> Result<(), AuthorError> {
    let actual = component.len() as u64;
    if actual > MAX_COMPONENT_BYTES {
        return Err(AuthorError::TooBig { actual, limit: MAX_COMPONENT_BYTES });
    }
    let (imports, exports) = names(component).map_err(|error| AuthorError::NoComponent(error.to_string()))?;
    let allowed = |import: &str| {
        import.starts_with(CONTRACT) || (import.starts_with("wasi:") && grants.has(Grant::Wasi))
    };
    if let Some(import) = imports.into_iter().find(|import| !allowed(import)) {
        return Err(AuthorError::ForbiddenImport { import });
    }
    let has = |part: &str| exports.iter().any(|export| export.starts_with(&format!("{CONTRACT}{part}@")));
    if !has("meta") {
        return Err(AuthorError::MissingExport { export: format!("{CONTRACT}meta") });
    }
    if !has("server-rules") && !has("reporter") {
        return Err(AuthorError::MissingExport { export: format!("{CONTRACT}server-rules") });
    }
    Ok(())
}

/// Names of the outermost component's imports and exports.
fn names(bytes: &[u8]) -> wasmparser::Result<(Vec<String>, Vec<String>)> {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    imports.push(import?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    exports.push(export?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok((imports, exports))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_component_is_refused() {
        for bytes in [&b""[..], b"\0asm", b"\0asm\x0d\0\x01\0", b"#!/bin/sh"] {
            assert!(check(bytes, &Grants::none()).is_err());
        }
    }
}
