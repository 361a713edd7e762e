//! Writes the table of files that the program carries: the contract, the SDKs and the templates.
//!
//! A customer has the program and nothing else of this repository, so whatever a new project needs must be in it.

// Debug formatting of a path is what makes a Rust string literal of it.
#![allow(clippy::unnecessary_debug_formatting, reason = "a literal is wanted, with its quotes and escapes")]

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

/// Where a group of files is in this repository, and how it is called in the program.
const GROUPS: &[(&str, &str)] = &[
    ("../../wit", "wit"),
    ("../rust", "sdk/rust"),
    ("../python/bartizan_sdk", "sdk/python"),
    ("../javascript/bartizan-sdk", "sdk/javascript"),
    ("../c/bartizan-sdk", "sdk/c"),
    ("../go/bartizan", "sdk/go"),
    ("templates", "templates"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = env::var("CARGO_MANIFEST_DIR")?;
    let mut source = String::from("pub(crate) static FILES: &[(&str, &str)] = &[\n");
    for (folder, name) in GROUPS {
        let folder = Path::new(&manifest).join(folder).canonicalize()?;
        add(&folder, name, &mut source)?;
    }
    source.push_str("];\n");
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("embedded.rs"), source)?;
    println!("cargo::rerun-if-changed=src/build/wasi_stub.wat");
    let stub = wat::parse_file(Path::new(&manifest).join("src/build/wasi_stub.wat"))?;
    fs::write(Path::new(&out).join("wasi_stub.wasm"), stub)?;
    Ok(())
}

fn add(folder: &Path, name: &str, source: &mut String) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let file =
            entry.file_name().into_string().map_err(|name| format!("{} is not UTF-8", name.display()))?;
        // What interpreters and package managers leave behind is not ours to hand out.
        if ["__pycache__", "node_modules", "target", "Cargo.lock"].contains(&file.as_str()) {
            continue;
        }
        let name = format!("{name}/{file}");
        if entry.file_type()?.is_dir() {
            add(&entry.path(), &name, source)?;
        } else {
            writeln!(source, "    ({name:?}, include_str!({:?})),", entry.path())?;
        }
    }
    Ok(())
}
