//! What a component is, read off its type before anything is compiled.

use bartizan_registry::{Grant, Grants, MAX_COMPONENT_BYTES};
use semver::Version;
use wasmparser::{Chunk, Encoding, Parser, Payload, Validator, WasmFeatures};

use crate::{LoadReason, contract::ContractVersion, wasi};

const CONTRACT: &str = "bartizan:plugin/";

/// The parts of the contract that a component exports. It is what it exports; there is no other notion of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Which contract it was built for.
    pub contract: ContractVersion,
    /// It judges servers.
    pub rules: bool,
    /// It judges what changed in a server.
    pub drift: bool,
    /// It judges servers together.
    pub fleet: bool,
    /// It renders reports.
    pub reporter: bool,
    /// It imports WASI.
    pub wasi: bool,
}

impl Shape {
    /// Whether it judges anything.
    pub fn judges(self) -> bool {
        self.rules || self.drift || self.fleet
    }
}

/// Validates the component, reads its imports and exports and holds them against what it may have. Nothing is compiled.
pub fn inspect(bytes: &[u8], grants: &Grants) -> Result<Shape, LoadReason> {
    let shape = read(bytes, grants)?;
    validate(bytes)?;
    Ok(shape)
}

/// Validates the whole binary, function bodies included, before the runtime sees it: the runtime has panicked on odd
/// binaries before, and a validator that is made to be fuzzed should see them first. It costs more than everything else
/// that loading does, so it is done where code is compiled, and not again for code that was.
pub(crate) fn validate(bytes: &[u8]) -> Result<(), LoadReason> {
    Validator::new_with_features(WasmFeatures::all().difference(WasmFeatures::MULTI_MEMORY))
        .validate_all(bytes)
        .map(|_| ())
        .map_err(|error| LoadReason::Invalid(error.to_string()))
}

/// As [`inspect`], without validating: for a component whose compiled code is there already.
pub(crate) fn read(bytes: &[u8], grants: &Grants) -> Result<Shape, LoadReason> {
    let (imports, exports) = surface(bytes)?;
    let uses_wasi = check_imports(&imports, grants)?;

    let mut found: Option<Version> = None;
    let (mut rules, mut drift, mut fleet, mut reporter) = (false, false, false, false);
    for export in &exports {
        let Some((interface, version)) = export.strip_prefix(CONTRACT).and_then(|rest| rest.split_once('@'))
        else {
            // Toolchains export helpers of their own (QuickJS `init`, Python `exports`); they are not called.
            continue;
        };
        let version = Version::parse(version)
            .map_err(|error| LoadReason::Invalid(format!("export `{export}`: {error}")))?;
        match &found {
            Some(other) if *other != version => {
                return Err(LoadReason::Invalid(format!(
                    "it exports contract versions {other} and {version} at once"
                )));
            }
            _ => found = Some(version),
        }
        match interface {
            "server-rules" => rules = true,
            "drift-rules" => drift = true,
            "fleet-rules" => fleet = true,
            "reporter" => reporter = true,
            _ => {}
        }
    }
    let found = found.ok_or(LoadReason::NoContract)?;
    let contract = ContractVersion::of(&found).ok_or_else(|| LoadReason::UnknownContract {
        found: found.to_string(),
        spoken: ContractVersion::spoken(),
    })?;
    if !(rules || drift || fleet || reporter) {
        return Err(LoadReason::NoParts);
    }
    Ok(Shape { contract, rules, drift, fleet, reporter, wasi: uses_wasi })
}

/// Whether it uses WASI; an error for an import it may not have.
fn check_imports(imports: &[String], grants: &Grants) -> Result<bool, LoadReason> {
    let mut uses_wasi = false;
    for import in imports {
        if import.starts_with(CONTRACT) {
            continue;
        }
        let refused = |advice: Option<String>| LoadReason::ForbiddenImport {
            import: bartizan_model::printable(import),
            advice,
        };
        if !import.starts_with("wasi:") {
            return Err(refused(None));
        }
        if !wasi::is_offered(import) {
            return Err(refused(Some(wasi::NEVER.to_owned())));
        }
        if !grants.has(Grant::Wasi) {
            return Err(refused(Some(wasi::HOW_TO_LEAVE_OUT.to_owned())));
        }
        uses_wasi = true;
    }
    Ok(uses_wasi)
}

/// Names of the outermost component's imports and exports.
fn surface(bytes: &[u8]) -> Result<(Vec<String>, Vec<String>), LoadReason> {
    let invalid = |error: wasmparser::BinaryReaderError| LoadReason::Invalid(error.to_string());
    if bytes.len() as u64 > MAX_COMPONENT_BYTES {
        return Err(LoadReason::Invalid(format!("it is longer than {MAX_COMPONENT_BYTES} bytes")));
    }
    if let Ok(Chunk::Parsed { payload: Payload::Version { encoding: Encoding::Module, .. }, .. }) =
        Parser::new(0).parse(bytes, true)
    {
        return Err(LoadReason::CoreModule);
    }
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(invalid)? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    imports.push(import.map_err(invalid)?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    exports.push(export.map_err(invalid)?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok((imports, exports))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shape_of(wat: &str, grants: &Grants) -> Result<Shape, LoadReason> {
        inspect(&wat::parse_str(wat).unwrap(), grants)
    }

    fn exporting(names: &[&str]) -> String {
        let exports: Vec<String> =
            names.iter().map(|name| format!("(export \"{name}\" (instance $i))")).collect();
        let exports = exports.concat();
        format!("(component (component $c) (instance $i (instantiate $c)) {exports})")
    }

    #[test]
    fn a_component_is_what_it_exports() {
        let both = exporting(&[
            "bartizan:plugin/meta@0.1.0",
            "bartizan:plugin/server-rules@0.1.0",
            "bartizan:plugin/reporter@0.1.0",
            "init",
        ]);
        let shape = shape_of(&both, &Grants::none()).unwrap();
        assert!(shape.rules && shape.reporter && !shape.wasi);
    }

    #[test]
    fn a_guest_with_two_memories_is_refused_though_the_runtimes_own_adapters_have_them() {
        let bytes = wat::parse_str("(component (core module (memory 1) (memory 1)))").unwrap();
        assert!(matches!(validate(&bytes), Err(LoadReason::Invalid(_))));
    }

    #[test]
    fn an_unknown_contract_is_named_together_with_those_that_are_spoken() {
        for version in ["0.2.0", "1.0.0", "7.3.1"] {
            let error = shape_of(&exporting(&[&format!("bartizan:plugin/meta@{version}")]), &Grants::none())
                .unwrap_err();
            assert!(
                matches!(&error, LoadReason::UnknownContract { found, .. } if found == version),
                "{error}"
            );
            assert!(error.to_string().contains("this version speaks 0.1"), "{error}");
        }
    }

    #[test]
    fn nothing_to_ask_is_said() {
        assert_eq!(shape_of("(component)", &Grants::none()), Err(LoadReason::NoContract));
        assert_eq!(
            shape_of(&exporting(&["bartizan:plugin/meta@0.1.0"]), &Grants::none()),
            Err(LoadReason::NoParts)
        );
        assert!(matches!(
            shape_of(
                &exporting(&["bartizan:plugin/meta@0.1.0", "bartizan:plugin/reporter@0.2.0"]),
                &Grants::none()
            ),
            Err(LoadReason::Invalid(_))
        ));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            prop_assert!(inspect(&bytes, &Grants::none()).is_err());
        }

        #[test]
        fn no_damage_to_a_component_makes_it_panic(damage in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..8), cut in any::<usize>()) {
            let mut bytes = wat::parse_str(exporting(&["bartizan:plugin/meta@0.1.0", "bartizan:plugin/reporter@0.1.0"])).unwrap();
            for (at, value) in damage {
                let at = at % bytes.len();
                bytes[at] = value;
            }
            bytes.truncate(bytes.len() - cut % 16);
            // Either answer will do; that there is one is the point.
            let _ = inspect(&bytes, &Grants::none());
        }
    }

    #[test]
    fn a_core_module_is_not_a_component() {
        assert_eq!(shape_of("(module)", &Grants::none()), Err(LoadReason::CoreModule));
        assert!(matches!(inspect(b"", &Grants::none()), Err(LoadReason::Invalid(_))));
        assert!(matches!(inspect(b"#!/bin/sh", &Grants::none()), Err(LoadReason::Invalid(_))));
    }

    #[test]
    fn imports_outside_the_world_are_refused_with_advice() {
        let wasi: Grants = [Grant::Wasi].into_iter().collect();
        let importing = |name: &str| format!("(component (import \"{name}\" (instance)))");
        for (import, grants) in [
            ("wasi:cli/environment@0.2.6", Grants::none()),
            ("wasi:filesystem/types@0.2.6", Grants::none()),
            ("wasi:sockets/tcp@0.2.6", wasi.clone()),
            ("wasi:http/outgoing-handler@0.2.6", wasi.clone()),
            ("acme:secret/door@1.0.0", wasi.clone()),
        ] {
            let error = shape_of(&importing(import), &grants).unwrap_err();
            assert!(
                matches!(&error, LoadReason::ForbiddenImport { import: name, .. } if name == import),
                "{error}"
            );
        }
        // Allowed as an import; refused only because it exports nothing.
        assert_eq!(shape_of(&importing("wasi:cli/environment@0.2.6"), &wasi), Err(LoadReason::NoContract));
    }
}
