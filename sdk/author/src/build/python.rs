//! Python: `componentize-py` puts CPython, the SDK and the project's modules into one component.

use super::{
    COMPONENTIZE_PY, WORLD,
    tool::Tool,
    workbench::{Workbench, literal, read},
};
use crate::{AuthorError, MANIFEST};

/// Must differ from every module of a project, and from those that the tool makes.
const MODULE: &str = "bartizan_entry";

pub(super) fn build(bench: &Workbench<'_>) -> Result<Vec<u8>, AuthorError> {
    let module = module_of(bench)?;
    bench.write(&format!("{MODULE}.py"), entry(bench, &module))?;
    let component = bench.output.join("component.wasm");
    let mut arguments: Vec<std::ffi::OsString> = Vec::new();
    arguments.extend(["--quiet", "--wit-path"].map(Into::into));
    arguments.push(bench.wit().into());
    arguments.extend(["--world", WORLD, "componentize"].map(Into::into));
    if !bench.keeps_wasi() {
        arguments.push("--stub-wasi".into());
    }
    for folder in [bench.output.clone(), bench.entry_folder(), bench.folder().to_owned()] {
        arguments.extend(["--python-path".into(), folder.into()]);
    }
    arguments.extend(["--output".into(), component.clone().into(), MODULE.into()]);
    tool(bench)?.run(bench.folder(), arguments)?;
    read(&component)
}

fn tool(bench: &Workbench<'_>) -> Result<Tool, AuthorError> {
    const NAME: &str = "componentize-py";
    if bench.tool(NAME).is_none() && bench.options.install_tools {
        bench.pip_install(NAME, COMPONENTIZE_PY)?;
    }
    bench.tool(NAME).ok_or_else(|| {
        bench.missing(
            NAME,
            format!("build with --install-tools, or: python3 -m venv .venv && .venv/bin/pip install {NAME}=={COMPONENTIZE_PY}"),
        )
    })
}

fn module_of(bench: &Workbench<'_>) -> Result<String, AuthorError> {
    let stem = bench.entry.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let identifier = stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !stem.starts_with(|first: char| first.is_ascii_digit());
    let taken = [MODULE, "wit_world", "bartizan_sdk", "componentize_py_types"].contains(&stem.as_str());
    if identifier && !taken {
        return Ok(stem);
    }
    Err(AuthorError::Manifest {
        path: bench.folder().join(MANIFEST),
        why: format!("`{stem}` (build.entry) cannot be the name of a Python module here"),
    })
}

fn entry(bench: &Workbench<'_>, module: &str) -> String {
    let project = bench.project;
    format!(
        "# Made by `bartizan plugins build`.\nfrom bartizan_sdk.component import export\nfrom {module} import pack\n\n\
         Meta, ServerRules = export(pack, name={}, version={}, summary={})\n",
        literal(project.name.as_str()),
        literal(&project.version.to_string()),
        literal(&project.summary),
    )
}
