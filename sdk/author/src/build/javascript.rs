//! JavaScript: `componentize-qjs` puts QuickJS, the SDK and the project's modules into one component.

use std::{ffi::OsString, path::Path};

use super::{
    COMPONENTIZE_QJS, WORLD,
    tool::Tool,
    workbench::{Workbench, literal, read},
};
use crate::AuthorError;

pub(super) fn build(bench: &Workbench<'_>) -> Result<Vec<u8>, AuthorError> {
    // Two levels up from build/javascript is the project.
    let entry = bench.entry.to_string_lossy().replace('\\', "/");
    let entry =
        bench.write("entry.js", entry_module(bench, "../../bartizan-sdk", &format!("../../{entry}")))?;
    componentize(bench, &entry)
}

/// Makes the component of an entry module.
pub(super) fn componentize(bench: &Workbench<'_>, entry: &Path) -> Result<Vec<u8>, AuthorError> {
    let component = bench.output.join("component.wasm");
    // Not `--opt-size`: that runtime uses tail calls, which the sandbox does not take. `--sync`: nor async.
    let mut arguments: Vec<OsString> = ["--sync", "--world", WORLD].map(Into::into).to_vec();
    if !bench.keeps_wasi() {
        arguments.push("--stub-wasi".into());
    }
    arguments.extend(["--wit".into(), bench.wit().into()]);
    arguments.extend(["--module-root".into(), bench.folder().into()]);
    arguments.extend(["--js".into(), entry.into(), "--output".into(), component.clone().into()]);
    tool(bench, "componentize-qjs", COMPONENTIZE_QJS)?.run(bench.folder(), arguments)?;
    read(&component)
}

/// A tool from npm.
pub(super) fn tool(bench: &Workbench<'_>, package: &'static str, version: &str) -> Result<Tool, AuthorError> {
    let name = if package == "typescript" { "tsc" } else { package };
    if bench.tool(name).is_none() && bench.options.install_tools {
        bench.npm_install()?;
    }
    bench.tool(name).ok_or_else(|| {
        bench.missing(
            package,
            format!("build with --install-tools, or: npm install --save-dev {package}@{version}"),
        )
    })
}

/// The module that gives the pack to the runtime, with what the manifest says of it.
pub(super) fn entry_module(bench: &Workbench<'_>, sdk: &str, pack: &str) -> String {
    let project = bench.project;
    format!(
        "// Made by `bartizan plugins build`.\nimport {{ component }} from {};\nimport {{ pack }} from {};\n\n\
         export const {{ meta, serverRules }} = component(pack, {{ name: {}, version: {}, summary: {} }});\n",
        literal(&format!("{sdk}/component.js")),
        literal(pack),
        literal(project.name.as_str()),
        literal(&project.version.to_string()),
        literal(&project.summary),
    )
}
