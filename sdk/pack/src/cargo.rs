//! Plugin crates, as cargo sees them.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use bartizan_registry::{ComponentName, Grants};
use serde::Deserialize;

use crate::{ManifestLimits, PackError, componentize};

/// The target whose modules import nothing but the contract.
const TARGET: &str = "wasm32-unknown-unknown";

/// A crate that says in its manifest that it is a component.
#[derive(Clone, Debug)]
pub struct Crate {
    /// Cargo's name of it.
    pub package: String,
    /// Its version, which is the component's.
    pub version: String,
    /// SPDX expression.
    pub license: Option<String>,
    /// What `[package.metadata.bartizan]` holds.
    pub metadata: CrateMetadata,
    manifest: PathBuf,
    library: String,
    target_folder: PathBuf,
}

impl Crate {
    /// The folder its manifest is in.
    pub fn folder(&self) -> &Path {
        self.manifest.parent().unwrap_or(Path::new("."))
    }
}

/// `[package.metadata.bartizan]` of a plugin crate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrateMetadata {
    /// The component's name, "publisher/name".
    pub name: ComponentName,
    /// What it asks for beyond the contract.
    #[serde(default)]
    pub grants: Grants,
    /// Which limits it asks to be raised.
    #[serde(default)]
    pub limits: ManifestLimits,
    /// Where its source is.
    #[serde(default)]
    pub source: Option<String>,
}

/// How to build.
#[derive(Clone, Copy, Debug)]
pub struct BuildOptions<'a> {
    /// Cargo profile.
    pub profile: &'a str,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    #[serde(default)]
    metadata: serde_json::Value,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    crate_types: Vec<String>,
}

/// The plugin crates of the package or workspace in this folder.
pub fn read_crates(folder: &Path) -> Result<Vec<Crate>, PackError> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()
        .map_err(PackError::NoCargo)?;
    if !output.status.success() {
        return Err(PackError::Cargo { what: "metadata", status: output.status });
    }
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).map_err(|error| PackError::Metadata(error.to_string()))?;
    let mut crates = Vec::new();
    for package in metadata.packages {
        let Some(table) = package.metadata.get("bartizan") else { continue };
        let wrong = |why: String| PackError::Crate { krate: package.name.clone(), why };
        let table = CrateMetadata::deserialize(table)
            .map_err(|error| wrong(format!("has a wrong [package.metadata.bartizan]: {error}")))?;
        let library = package
            .targets
            .iter()
            .find(|target| target.crate_types.iter().any(|kind| kind == "cdylib"))
            .ok_or_else(|| {
                wrong("is not a cdylib; add `crate-type = [\"cdylib\", \"rlib\"]` under [lib]".to_owned())
            })?;
        crates.push(Crate {
            library: library.name.replace('-', "_"),
            package: package.name.clone(),
            version: package.version.clone(),
            license: package.license.clone(),
            metadata: table,
            manifest: package.manifest_path.clone(),
            target_folder: metadata.target_directory.clone(),
        });
    }
    crates.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
    Ok(crates)
}

/// Builds these crates, which must be of one workspace, and makes a component of each.
pub fn build(crates: &[Crate], options: BuildOptions<'_>) -> Result<Vec<Vec<u8>>, PackError> {
    let Some(first) = crates.first() else { return Ok(Vec::new()) };
    let mut command = Command::new("cargo");
    // Where `cargo metadata` was asked, too: cargo looks for its configuration from the folder that it is in.
    command
        .current_dir(first.folder())
        .args(["build", "--target", TARGET, "--profile", options.profile, "--manifest-path"])
        .arg(&first.manifest);
    for krate in crates {
        command.args(["-p", &krate.package]);
    }
    let mut target_folder = first.target_folder.clone();
    // Where rustup's server is out of reach, another compiler that has the target's standard library may stand in.
    // Its artefacts do not mix with those of the first, so they get a folder of their own.
    if let Some(rustc) = env::var_os("BARTIZAN_COMPONENT_RUSTC") {
        target_folder.push("component-rustc");
        command.env("RUSTC", rustc).env("CARGO_TARGET_DIR", &target_folder);
        if let Some(linker) = env::var_os("BARTIZAN_COMPONENT_LINKER") {
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
    }
    // Our stdout may be a report's or a list's; cargo's own words go to stderr.
    let status = command.stdout(Stdio::null()).status().map_err(PackError::NoCargo)?;
    if !status.success() {
        return Err(PackError::Cargo { what: "build", status });
    }
    let profile_folder = match options.profile {
        "dev" => "debug",
        other => other,
    };
    crates
        .iter()
        .map(|krate| {
            let module =
                target_folder.join(TARGET).join(profile_folder).join(format!("{}.wasm", krate.library));
            let bytes = fs::read(&module).map_err(|source| PackError::Io {
                doing: "read",
                path: module.clone(),
                source,
            })?;
            componentize(&bytes).map_err(|why| PackError::Component { module, why })
        })
        .collect()
}
