//! The components that misbehave: built once, and altered in their binary form.

use std::{fs, path::PathBuf, process::Command, sync::OnceLock};

use crate::{binary, root};

/// The component of this crate of `tests/fixtures/components`. The first call builds them all, with `bartizan plugins build`.
pub fn hostile_component(name: &str) -> Vec<u8> {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(build);
    let path = folder.join(format!("{name}-1.0.0.wasm"));
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn build() -> PathBuf {
    // Kept, so that a second run has little to build.
    let build = root().join("target/hostile-components");
    fs::create_dir_all(&build).unwrap();
    // Several test programs may want them at once.
    let lock = fs::File::create(build.join("lock")).unwrap();
    lock.lock().unwrap();
    let output = Command::new(binary())
        .args(["plugins", "build"])
        .arg(root().join("tests/fixtures/components"))
        .arg("--key")
        .arg(build.join("key.pem"))
        .arg("-o")
        .arg(build.join("packages"))
        .env("CARGO_TARGET_DIR", &build)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "the components were not built:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    build.join("packages")
}

/// The component as another version of itself: it says so too, and has other bytes.
pub fn versioned(component: &[u8], version: &str) -> Vec<u8> {
    assert_eq!(version.len(), "1.0.0".len());
    let mut out = component.to_vec();
    for at in 0..out.len() - 4 {
        if &out[at..at + 5] == b"1.0.0" {
            out[at..at + 5].copy_from_slice(version.as_bytes());
        }
    }
    assert_ne!(out, component, "it does not say its version");
    out
}

/// The component with one more import, of an interface with this name.
pub fn with_import(component: &[u8], name: &str) -> Vec<u8> {
    // A resource type: the one kind of import that refers to nothing else in the component.
    let mut section = vec![1, 0, u8::try_from(name.len()).unwrap()];
    section.extend_from_slice(name.as_bytes());
    section.extend_from_slice(&[0x03, 0x01]);
    with_section(component, 10, &section)
}

/// The component with one more core module, instantiated together with the rest. `modules` is how many it has already.
pub fn with_core_module(component: &[u8], modules: u32, module: &[u8]) -> Vec<u8> {
    let component = with_section(component, 1, module);
    let mut instance = vec![1, 0x00];
    leb128(&mut instance, modules);
    instance.push(0);
    with_section(&component, 2, &instance)
}

/// Sections of a component may come in any order and more than once (component model, Binary.md).
fn with_section(component: &[u8], id: u8, content: &[u8]) -> Vec<u8> {
    let mut out = component.to_vec();
    out.push(id);
    leb128(&mut out, u32::try_from(content.len()).unwrap());
    out.extend_from_slice(content);
    out
}

fn leb128(out: &mut Vec<u8>, mut value: u32) {
    loop {
        let byte = u8::try_from(value & 0x7f).unwrap();
        value >>= 7;
        if value == 0 {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}
