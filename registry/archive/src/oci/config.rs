//! The configuration of a WebAssembly artifact.

use bartizan_model::{Digest, printable, truncate_chars};
use serde::{Deserialize, Serialize};
use wasmparser::{Chunk, Encoding, Parser, Payload};

use super::OciError;

/// The moment that every artifact claims to be made at: a real one would make the same component hash differently each time.
/// The layout's readers insist on there being one.
const CREATED: &str = "1970-01-01T00:00:00Z";
const ARCHITECTURE: &str = "wasm";
/// What readers take as "a component", whichever WASI it imports.
const OS: &str = "wasip2";

/// `application/vnd.wasm.config.v0+json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WasmConfig {
    #[serde(default)]
    created: String,
    architecture: String,
    #[serde(default)]
    os: String,
    #[serde(default)]
    pub(super) layer_digests: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    component: Option<Shape>,
}

/// What a component exports and imports at its outermost level, in its own order.
#[derive(Debug, Serialize, Deserialize)]
struct Shape {
    #[serde(default)]
    exports: Vec<String>,
    #[serde(default)]
    imports: Vec<String>,
}

impl WasmConfig {
    pub(super) fn of(component: &[u8]) -> Result<Self, OciError> {
        Ok(Self {
            created: CREATED.to_owned(),
            architecture: ARCHITECTURE.to_owned(),
            os: OS.to_owned(),
            layer_digests: vec![format!("sha256:{}", Digest::of(component))],
            component: Some(Shape::of(component)?),
        })
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, OciError> {
        let malformed = |why: String| OciError::Malformed { what: "configuration", why };
        let config: Self = serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?;
        if config.architecture != ARCHITECTURE {
            let actual = truncate_chars(&printable(&config.architecture), 40);
            return Err(malformed(format!(
                "it is for architecture `{actual}`, and not for `{ARCHITECTURE}`"
            )));
        }
        Ok(config)
    }
}

impl Shape {
    fn of(component: &[u8]) -> Result<Self, OciError> {
        must_be_component(component)?;
        let broken =
            |error: wasmparser::BinaryReaderError| OciError::NotAComponent { why: error.to_string() };
        let (mut exports, mut imports, mut depth) = (Vec::new(), Vec::new(), 0_usize);
        for payload in Parser::new(0).parse_all(component) {
            match payload.map_err(broken)? {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::ComponentImportSection(section) if depth == 0 => {
                    for import in section {
                        imports.push(import.map_err(broken)?.name.name.to_owned());
                    }
                }
                Payload::ComponentExportSection(section) if depth == 0 => {
                    for export in section {
                        exports.push(export.map_err(broken)?.name.name.to_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(Self { exports, imports })
    }
}

/// Whether these bytes begin as a component does. Whether they are a valid one is for whoever compiles them.
pub(super) fn must_be_component(bytes: &[u8]) -> Result<(), OciError> {
    let why = match Parser::new(0).parse(bytes, true) {
        Ok(Chunk::Parsed { payload: Payload::Version { encoding: Encoding::Component, .. }, .. }) => {
            return Ok(());
        }
        Ok(Chunk::Parsed { payload: Payload::Version { encoding: Encoding::Module, .. }, .. }) => {
            "it is a core module".to_owned()
        }
        Ok(_) => "it does not begin as one".to_owned(),
        Err(error) => error.to_string(),
    };
    Err(OciError::NotAComponent { why })
}
