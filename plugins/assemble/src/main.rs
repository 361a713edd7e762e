//! Builds, signs and compiles ahead the components that the binary carries: `bartizan-assemble FOLDER KEY-FILE`.
//!
//! A part of the build, not of the product. What is there already and still right is left alone, so that nothing that
//! depends on it is built again. The key is made on first use; a release passes one that was made elsewhere.

use std::{env, fs, path::Path};

use bartizan_kernel::Kernel;
use bartizan_model::Digest;
use bartizan_pack::{BuildOptions, Crate};
use bartizan_registry::{
    Audience, Claims, CompiledCode, Ratchet, Signer, TrustStore, Verifier, statement_path, write_atomically,
};
use miette::{Context as _, IntoDiagnostic as _, Result, miette};

const PUBLISHER: &str = "bartizan";

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder, key] = arguments.as_slice() else {
        return Err(miette!("usage: bartizan-assemble FOLDER KEY-FILE"));
    };
    let (folder, key) = (Path::new(folder), Path::new(key));
    let signer = signer(key)?;
    let kernel = Kernel::new(None).into_diagnostic()?;

    let crates = bartizan_pack::read_crates(Path::new(".")).into_diagnostic()?;
    let crates: Vec<Crate> =
        crates.into_iter().filter(|krate| krate.metadata.name.publisher() == PUBLISHER).collect();
    let components =
        bartizan_pack::build(&crates, BuildOptions { profile: "component" }).into_diagnostic()?;

    fs::create_dir_all(folder).into_diagnostic()?;
    let mut wanted = vec!["publisher.pem".to_owned()];
    write_if_changed(&folder.join("publisher.pem"), signer.public().to_pem().into_diagnostic()?.as_bytes())?;
    for (krate, component) in crates.iter().zip(&components) {
        let stem = krate.metadata.name.name();
        wanted.extend([format!("{stem}.wasm"), format!("{stem}.intoto.jsonl"), format!("{stem}.code")]);
        assemble(krate, component, folder, &signer, &kernel)
            .with_context(|| format!("component `{}`", krate.metadata.name))?;
    }
    remove_others(folder, &wanted)
}

/// Writes one component, its code and its statement, unless they are there and right.
fn assemble(krate: &Crate, component: &[u8], folder: &Path, signer: &Signer, kernel: &Kernel) -> Result<()> {
    let path = folder.join(format!("{}.wasm", krate.metadata.name.name()));
    let code_path = path.with_extension("code");
    let version: semver::Version = krate.version.parse().into_diagnostic()?;
    let mut claims = Claims {
        id: krate.metadata.name.clone(),
        sequence: bartizan_pack::sequence_of(version.major, version.minor, version.patch),
        version,
        contract: "bartizan:plugin@0.1.0".to_owned(),
        not_before: None,
        // It lives and dies with the binary that carries it.
        expires: None,
        grants: krate.metadata.grants.clone(),
        limits: krate.metadata.limits.asked(),
        license: krate.license.clone(),
        source: None,
        compiled: None,
    };
    if let Ok(code) = fs::read(&code_path) {
        claims.compiled = Some(CompiledCode { settings: kernel.settings(), code: Digest::of(&code) });
        if is_signed_so(&path, component, &claims, signer) {
            return Ok(());
        }
    }
    let code = kernel.compile_ahead(component).into_diagnostic()?;
    claims.compiled = Some(CompiledCode { settings: kernel.settings(), code: Digest::of(&code) });
    let statement = claims.sign(component, signer).to_line();
    write_if_changed(&path, component)?;
    write_if_changed(&code_path, &code)?;
    write_if_changed(&statement_path(&path), statement.as_bytes())?;
    eprintln!(
        "assembled {} {} ({} KB, compiled {} KB)",
        claims.id,
        claims.version,
        component.len() / 1024,
        code.len() / 1024
    );
    Ok(())
}

/// Whether the folder holds this very component with a statement of these very claims by this key.
fn is_signed_so(path: &Path, component: &[u8], claims: &Claims, signer: &Signer) -> bool {
    let (Ok(old), Ok(statement)) = (fs::read(path), fs::read(statement_path(path))) else { return false };
    let mut trust = TrustStore::empty();
    trust.add_first_party(PUBLISHER.to_owned(), signer.public());
    let mut verifier = Verifier::new(trust, Ratchet::in_memory());
    old == component
        && verifier
            .verify(&old, &statement, Claims::everything_asked)
            .is_ok_and(|verified| verified.claims() == claims)
}

fn signer(path: &Path) -> Result<Signer> {
    if path.exists() {
        return Signer::read(path).into_diagnostic();
    }
    let signer = Signer::generate().into_diagnostic()?;
    signer.write_new(path).into_diagnostic()?;
    eprintln!("made a signing key for this machine's builds: {}", path.display());
    Ok(signer)
}

fn write_if_changed(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    write_atomically(path, content, Audience::Everyone).into_diagnostic()
}

/// Removes what an earlier build left of components that are no more.
fn remove_others(folder: &Path, wanted: &[String]) -> Result<()> {
    for entry in fs::read_dir(folder).into_diagnostic()? {
        let entry = entry.into_diagnostic()?;
        if !wanted.iter().any(|name| entry.file_name().to_str() == Some(name)) {
            fs::remove_file(entry.path()).into_diagnostic()?;
        }
    }
    Ok(())
}
