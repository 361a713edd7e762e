//! Writes the list of components that `bartizan-assemble` left in the build tree.

// Debug formatting of a path is what makes a Rust string literal of it.
#![allow(clippy::unnecessary_debug_formatting, reason = "a literal is wanted, with its quotes and escapes")]

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=BARTIZAN_FIRST_PARTY");
    let manifest = env::var("CARGO_MANIFEST_DIR")?;
    let folder =
        env::var("BARTIZAN_FIRST_PARTY").unwrap_or_else(|_| format!("{manifest}/../../target/first-party"));
    let folder = Path::new(&folder);
    println!("cargo::rerun-if-changed={}", folder.display());
    if !folder.join("publisher.pem").exists() {
        println!(
            "cargo::error=there are no first-party components in {}; `./dev build` makes them",
            folder.display()
        );
        return Ok(());
    }
    let folder = folder.canonicalize()?;
    let mut components: Vec<_> = fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .collect();
    components.sort();
    let mut source = format!("static KEY: &str = include_str!({:?});\n", folder.join("publisher.pem"));
    source.push_str("static COMPONENTS: &[Embedded] = &[\n");
    for path in &components {
        for file in [path.clone(), path.with_extension("intoto.jsonl"), path.with_extension("code")] {
            println!("cargo::rerun-if-changed={}", file.display());
        }
        writeln!(
            source,
            "Embedded {{ component: include_bytes!({:?}), statement: include_bytes!({:?}), code: include_bytes!({:?}) }},",
            path,
            path.with_extension("intoto.jsonl"),
            path.with_extension("code"),
        )?;
    }
    source.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("components.rs"), source)?;
    Ok(())
}
