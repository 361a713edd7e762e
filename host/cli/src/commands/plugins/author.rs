//! What an author does: `new`, `build` and `sign`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use bartizan_author::Language;
use bartizan_pack::BuildOptions;
use bartizan_registry::{
    AskedLimits, Audience, Claims, ComponentName, Granted, Grants, SignedComponent, Signer, statement_path,
    write_atomically,
};

use crate::{
    args::{Build, New, Sign},
    exit::{Exit, Failure},
    output::to_stdout,
};

/// A plugin that was built.
pub(super) struct Built {
    /// What it is to be signed with.
    pub(super) claims: Claims,
    /// The folder of its project.
    pub(super) folder: PathBuf,
    /// The component.
    pub(super) component: Vec<u8>,
}

pub(super) fn new(args: &New) -> Result<Exit, Failure> {
    let failure = |error: bartizan_author::AuthorError| Failure::usage(&error, error.advice());
    let language: Language = args.lang.parse().map_err(failure)?;
    let name: ComponentName =
        args.name.parse().map_err(|error| Failure::usage(error, "write publisher/name"))?;
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from(name.name()));
    let written = bartizan_author::new_plugin(language, &name, &folder).map_err(failure)?;
    let (count, folder) = (written.len(), folder.display());
    let text = format!("made {name} in {language}: {count} files. Next: `bartizan plugins test {folder}`\n");
    to_stdout(text.as_bytes(), false);
    Ok(Exit::Clean)
}

/// Builds what lies in a folder: a project of any language, or a workspace of Rust crates.
pub(super) fn built(folder: &Path, install_tools: bool) -> Result<Vec<Built>, Failure> {
    if !folder.join("Cargo.toml").exists() || folder.join(bartizan_author::MANIFEST).exists() {
        let failure =
            |error: bartizan_author::AuthorError| Failure::new(Exit::Incomplete, &error, error.advice());
        let project = bartizan_author::read_project(folder).map_err(failure)?;
        let options = bartizan_author::BuildOptions { install_tools };
        let component = bartizan_author::build(&project, options).map_err(failure)?;
        let claims = Claims {
            license: project.license.clone(),
            source: project.source.clone(),
            grants: project.grants.clone(),
            limits: project.limits,
            ..claims(project.name.clone(), project.version.clone())
        };
        return Ok(vec![Built { claims, folder: project.folder().to_owned(), component }]);
    }
    let advice = "docs/writing-a-rule.md shows a crate from its first line";
    let crates =
        bartizan_pack::read_crates(folder).map_err(|error| Failure::new(Exit::Incomplete, error, advice))?;
    if crates.is_empty() {
        return Err(Failure::usage(
            format!("there is no plugin crate in `{}`", folder.display()),
            "a plugin crate has [package.metadata.bartizan] name = \"publisher/name\" in its manifest",
        ));
    }
    let components = bartizan_pack::build(&crates, BuildOptions { profile: "release" }).map_err(|error| {
        Failure::new(
            Exit::Incomplete,
            error,
            "`rustup target add wasm32-unknown-unknown` if the target is missing",
        )
    })?;
    let mut all = Vec::new();
    for (krate, component) in crates.iter().zip(components) {
        let version =
            krate.version.parse().map_err(|error| Failure::usage(error, "correct the crate's version"))?;
        let claims = Claims {
            license: krate.license.clone(),
            source: krate.metadata.source.clone(),
            grants: krate.metadata.grants.clone(),
            limits: krate.metadata.limits.asked(),
            ..claims(krate.metadata.name.clone(), version)
        };
        all.push(Built { claims, folder: krate.folder().to_owned(), component });
    }
    Ok(all)
}

pub(super) fn build(args: &Build) -> Result<Exit, Failure> {
    let all = built(&args.folder, args.install_tools)?;
    let Some(key) = &args.key else {
        for Built { claims, component, .. } in &all {
            let path = args.output.join(format!("{}-{}.wasm", claims.id.name(), claims.version));
            write_atomically(&path, component, Audience::Everyone).map_err(|error| {
                Failure::new(Exit::Incomplete, error, "check the folder and the free space")
            })?;
            let kilobytes = component.len().div_ceil(1024);
            to_stdout(format!("{} ({kilobytes} KB), not signed\n", path.display()).as_bytes(), false);
        }
        return Ok(Exit::Clean);
    };
    let signer = signer(key)?;
    for Built { claims, component, .. } in &all {
        package(component, claims, &signer, &args.output)?;
    }
    Ok(Exit::Clean)
}

pub(super) fn sign(args: &Sign) -> Result<Exit, Failure> {
    let name: ComponentName =
        args.name.parse().map_err(|error| Failure::usage(error, "write publisher/name"))?;
    let version = args.component_version.parse().map_err(|error| {
        Failure::usage(
            format!("--version {}: {error}", args.component_version),
            "write a semantic version such as 1.2.0",
        )
    })?;
    let bytes = fs::read(&args.component).map_err(|error| {
        Failure::usage(format!("cannot read `{}`: {error}", args.component.display()), "check the path")
    })?;
    let component = bartizan_pack::componentize(&bytes).map_err(|error| {
        Failure::usage(
            format!("`{}` cannot be made a component: {error}", args.component.display()),
            "build it with one of the SDKs",
        )
    })?;
    let mut claims = claims(name, version);
    claims.sequence = args.sequence.unwrap_or(claims.sequence);
    if let Some(expires) = &args.expires {
        claims.expires = Some(expires.parse().map_err(|error| {
            Failure::usage(
                format!("--expires {expires}: {error}"),
                "write a time such as 2027-12-31T00:00:00Z",
            )
        })?);
    }
    let asked = bartizan_install::parse_grants(&args.grants, &Granted::default())
        .map_err(|error| Failure::usage(error, "ask for a grant that there is, or none"))?;
    (claims.grants, claims.limits) = (asked.grants, asked.limits);
    bartizan_kernel::inspect(&component, &claims.grants).map_err(|error| {
        Failure::usage(
            format!("`{}` would not load: {error}", args.component.display()),
            "mend it before signing it",
        )
    })?;
    package(&component, &claims, &signer(&args.key)?, &args.output)?;
    Ok(Exit::Clean)
}

fn claims(id: ComponentName, version: semver::Version) -> Claims {
    Claims {
        id,
        sequence: bartizan_pack::sequence_of(version.major, version.minor, version.patch),
        version,
        contract: "bartizan:plugin@0.1.0".to_owned(),
        not_before: None,
        expires: None,
        grants: Grants::none(),
        limits: AskedLimits::default(),
        license: None,
        source: None,
        compiled: None,
    }
}

fn package(component: &[u8], claims: &Claims, signer: &Signer, output: &Path) -> Result<(), Failure> {
    let path = bartizan_pack::package(component, claims, signer, output)
        .map_err(|error| Failure::new(Exit::Incomplete, error, "check the folder and the free space"))?;
    let statement = fs::read(statement_path(&path))
        .map_err(|error| Failure::new(Exit::Incomplete, error, "check the folder and the free space"))?;
    let signed = SignedComponent { component: component.to_vec(), statement };
    let packed = bartizan_archive::write_package(&signed)
        .map_err(|refusal| Failure::new(Exit::Incomplete, &refusal, refusal.advice()))?;
    let package = output.join(bartizan_archive::package_file_name(claims));
    write_atomically(&package, &packed, Audience::Everyone)
        .map_err(|error| Failure::new(Exit::Incomplete, error, "check the folder and the free space"))?;
    let line = format!(
        "{} {} ({} KB), signed by key {}\n",
        package.display(),
        claims.version,
        component.len().div_ceil(1024),
        signer.public().id()
    );
    to_stdout(line.as_bytes(), false);
    Ok(())
}

/// The key in this file; a new one if there is no such file.
fn signer(path: &Path) -> Result<Signer, Failure> {
    let failure = |error: bartizan_registry::KeyError| {
        Failure::usage(error, "an Ed25519 key is expected, as `openssl genpkey -algorithm ed25519` makes it")
    };
    if path.exists() {
        return Signer::read(path).map_err(failure);
    }
    let signer = Signer::generate().map_err(failure)?;
    signer.write_new(path).map_err(failure)?;
    let mut public = path.as_os_str().to_owned();
    public.push(".pub");
    let pem = signer.public().to_pem().map_err(failure)?;
    fs::write(&public, pem).map_err(|error| {
        Failure::new(
            Exit::Incomplete,
            format!("cannot write `{}`: {error}", Path::new(&public).display()),
            "check the folder and the free space",
        )
    })?;
    to_stdout(
        format!(
            "made a key: {} (keep it secret), {} (give it to those who shall trust you)\n",
            path.display(),
            Path::new(&public).display()
        )
        .as_bytes(),
        false,
    );
    Ok(signer)
}
