//! What a component imports and exports, read apart from the crate under test.

use wasmparser::{Parser, Payload};

/// Imports nothing but the contract's types, exports the contract's parts, once each.
pub(crate) fn is_the_contracts(component: &[u8]) {
    for import in imports(component) {
        assert_eq!(import, "bartizan:plugin/types@0.1.0");
    }
    let exports = outermost(component, false);
    for part in ["bartizan:plugin/meta@0.1.0", "bartizan:plugin/server-rules@0.1.0"] {
        assert_eq!(exports.iter().filter(|export| *export == part).count(), 1, "{exports:?}");
    }
}

/// The imports of the outermost component.
pub(crate) fn imports(component: &[u8]) -> Vec<String> {
    outermost(component, true)
}

fn outermost(component: &[u8], wants_imports: bool) -> Vec<String> {
    let (mut names, mut depth) = (Vec::new(), 0_usize);
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 && wants_imports => {
                names.extend(section.into_iter().map(|import| import.unwrap().name.name.to_owned()));
            }
            Payload::ComponentExportSection(section) if depth == 0 && !wants_imports => {
                names.extend(section.into_iter().map(|export| export.unwrap().name.name.to_owned()));
            }
            _ => {}
        }
    }
    names
}
