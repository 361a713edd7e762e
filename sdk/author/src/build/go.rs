//! Go: the standard toolchain makes a core module, the SDK speaks the component model's ABI itself, and what the Go runtime
//! asks of WASI is answered by a module that has nothing to give.

use std::{ffi::OsStr, path::Path};

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

use super::{
    WORLD, contract,
    tool::Tool,
    workbench::{Workbench, literal, read},
};
use crate::AuthorError;

/// Made of `wasi_stub.wat` when this program was built.
static WASI_STUB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/wasi_stub.wasm"));

pub(super) fn build(bench: &Workbench<'_>) -> Result<Vec<u8>, AuthorError> {
    let go = bench.tool("go").ok_or_else(|| bench.missing("go", "install Go 1.24 or newer (go.dev/dl)"))?;
    bench.write("main.go", main_go(bench, &module_of(bench, &go)?))?;
    let module = bench.output.join("module.wasm");
    let arguments: Vec<&OsStr> = ["build", "-trimpath", "-buildmode=c-shared", "-ldflags=-s -w", "-o"]
        .map(OsStr::new)
        .into_iter()
        .chain([module.as_os_str(), OsStr::new("./build/go")])
        .collect();
    go.output(bench.folder(), arguments, &environment(true))?;
    componentize(&read(&module)?, &bench.wit())
}

/// Nothing is fetched but what the project's own `go.mod` names, no other toolchain either.
fn environment(cross: bool) -> Vec<(&'static str, &'static OsStr)> {
    let mut variables = vec![("GOTOOLCHAIN", OsStr::new("local")), ("GOWORK", OsStr::new("off"))];
    if cross {
        variables.extend(
            [("GOOS", "wasip1"), ("GOARCH", "wasm"), ("CGO_ENABLED", "0")].map(|(k, v)| (k, OsStr::new(v))),
        );
    }
    variables
}

/// The path of the project's Go module.
fn module_of(bench: &Workbench<'_>, go: &Tool) -> Result<String, AuthorError> {
    let output = go.output(bench.folder(), ["list", "-m"], &environment(false))?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().trim().to_owned())
}

fn main_go(bench: &Workbench<'_>, module: &str) -> String {
    let project = bench.project;
    let folder =
        bench.entry.parent().map(|folder| folder.to_string_lossy().replace('\\', "/")).unwrap_or_default();
    let rules = if folder.is_empty() { module.to_owned() } else { format!("{module}/{folder}") };
    format!(
        "// Made by `bartizan plugins build`.\npackage main\n\nimport (\n\tpack {}\n\tsdk {}\n)\n\nfunc init() {{\n\tsdk.Export(&pack.Pack, {}, {}, {})\n}}\n\nfunc main() {{}}\n",
        literal(&rules),
        literal(&format!("{module}/bartizan")),
        literal(project.name.as_str()),
        literal(&project.version.to_string()),
        literal(&project.summary),
    )
}

fn componentize(module: &[u8], wit: &Path) -> Result<Vec<u8>, AuthorError> {
    let (resolve, world) = contract::world(wit, WORLD)?;
    let failed = |error| AuthorError::NoComponent(format!("{error:#}"));
    let mut module = module.to_vec();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).map_err(failed)?;
    ComponentEncoder::default()
        .module(&module)
        .and_then(|encoder| encoder.adapter("wasi_snapshot_preview1", WASI_STUB))
        .and_then(|encoder| encoder.validate(true).encode())
        .map_err(failed)
}
