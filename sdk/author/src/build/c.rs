//! C: bindings come out of the contract here, `zig cc` or clang makes a core module of them, the SDK and the project.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    path::Path,
};

use wit_bindgen_core::Files;

use super::{
    WORLD, ZIGLANG, contract,
    tool::Tool,
    workbench::{Workbench, literal, read},
};
use crate::AuthorError;

pub(super) fn build(bench: &Workbench<'_>) -> Result<Vec<u8>, AuthorError> {
    for (name, bytes) in bindings(&bench.wit())?.iter() {
        bench.write(name, bytes)?;
    }
    bench.write("bartizan_project.h", project_header(bench))?;
    let module = bench.output.join("module.wasm");
    let sdk = bench.folder().join("bartizan-sdk");
    // Stack is memory that every call is given: Zig's 16 MiB would take all that a call may have.
    let mut arguments: Vec<OsString> = [
        "--target=wasm32-wasi",
        "-mexec-model=reactor",
        "-Os",
        "-std=c17",
        "-Wall",
        "-Wextra",
        "-g0",
        "-Wl,-z,stack-size=1048576",
    ]
    .map(Into::into)
    .to_vec();
    for folder in [&bench.output, &sdk, &bench.entry_folder()] {
        arguments.extend(["-I".into(), folder.into()]);
    }
    arguments.extend(bench.siblings()?.into_iter().map(OsString::from));
    arguments.push(sdk.join("bartizan.c").into());
    arguments.push(bench.output.join("rule_pack.c").into());
    arguments.push(bench.output.join("rule_pack_component_type.o").into());
    arguments.extend(["-o".into(), module.clone().into()]);
    let cache = bench.folder().join("build").join("zig-cache");
    let variables: [(&str, &OsStr); 1] = [("ZIG_LOCAL_CACHE_DIR", cache.as_os_str())];
    compiler(bench)?.output(bench.folder(), arguments, &variables)?;
    read(&module)
}

/// Header, source and type information that the contract's world comes down to in C.
fn bindings(wit: &Path) -> Result<Files, AuthorError> {
    let (mut resolve, world) = contract::world(wit, WORLD)?;
    let mut files = Files::default();
    wit_bindgen_c::Opts::default()
        .build()
        .generate(&mut resolve, world, &mut files)
        .map_err(|error| AuthorError::Manifest { path: wit.to_owned(), why: format!("{error:#}") })?;
    Ok(files)
}

fn project_header(bench: &Workbench<'_>) -> String {
    let project = bench.project;
    format!(
        "/* Made by `bartizan plugins build`. */\n#define BARTIZAN_NAME {}\n#define BARTIZAN_VERSION {}\n#define BARTIZAN_SUMMARY {}\n",
        literal(project.name.as_str()),
        literal(&project.version.to_string()),
        literal(&project.summary),
    )
}

/// Zig brings a C library for WebAssembly along; clang needs one that is installed.
fn compiler(bench: &Workbench<'_>) -> Result<Tool, AuthorError> {
    if zig(bench).is_none() && clang(bench).is_none() && bench.options.install_tools {
        bench.pip_install("ziglang", ZIGLANG)?;
    }
    zig(bench).or_else(|| clang(bench)).ok_or_else(|| {
        bench.missing(
            "zig",
            format!("build with --install-tools, or: python3 -m venv .venv && .venv/bin/pip install ziglang=={ZIGLANG}; clang with lld and wasi-libc does too"),
        )
    })
}

fn zig(bench: &Workbench<'_>) -> Option<Tool> {
    let environment = bench.folder().join(".venv");
    if has_ziglang(&environment)
        && let Some(python) = Tool::in_environment(&environment, "python")
    {
        return Some(python.with(&["-m", "ziglang", "cc"]));
    }
    bench.tool("zig").map(|zig| zig.with(&["cc"]))
}

fn has_ziglang(environment: &Path) -> bool {
    let packages = |lib: &Path| lib.join("site-packages").join("ziglang").is_dir();
    let versions = fs::read_dir(environment.join("lib")).into_iter().flatten().flatten();
    packages(&environment.join("Lib")) || versions.map(|entry| entry.path()).any(|lib| packages(&lib))
}

fn clang(bench: &Workbench<'_>) -> Option<Tool> {
    let sysroot = match env::var("WASI_SYSROOT") {
        Ok(sysroot) => sysroot,
        // Where Debian's wasi-libc lies.
        Err(_) if Path::new("/usr/include/wasm32-wasi").is_dir() => "/usr".to_owned(),
        Err(_) => return None,
    };
    bench.tool("clang").map(|clang| clang.with(&[&format!("--sysroot={sysroot}")]))
}
