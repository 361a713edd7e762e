//! `bartizan plugins`

use std::{fs, path::Path};

use bartizan_kernel::CodeOrigin;
use bartizan_pack::BuildOptions;
use bartizan_registry::{Claims, ComponentName, Grant, Grants, Signer};
use bartizan_scan::Standing;

use super::table;
use crate::{
    args::{Global, Plugins, Sign},
    exit::{Exit, Failure, warn},
    output::to_stdout,
    session,
};

pub(crate) fn run(global: &mut Global, command: Plugins) -> Result<Exit, Failure> {
    match command {
        Plugins::List => list(global),
        Plugins::Info { name } => info(global, &name),
        Plugins::Build { folder, key, output } => build(&folder, &key, &output),
        Plugins::Sign(args) => sign(&args),
    }
}

fn list(global: &mut Global) -> Result<Exit, Failure> {
    let (config, paths) = session::configuration(global)?;
    let plugins = session::plugins(&config, paths.as_ref(), global.quiet, false)?;
    let mut listed = table::table(&["COMPONENT", "VERSION", "DOES", "FROM", "DIGEST"]);
    for standing in plugins.loaded() {
        let reference = standing.component.reference();
        listed.add_row([
            reference.name.clone(),
            reference.version.clone(),
            what_it_does(standing),
            standing.path.as_ref().map_or("this program".to_owned(), |path| path.display().to_string()),
            reference.digest.short(),
        ]);
    }
    table::print(&listed);
    for problem in plugins.problems() {
        warn(problem, problem.advice());
    }
    Ok(standing_of(&plugins))
}

fn standing_of(plugins: &bartizan_scan::Plugins) -> Exit {
    if plugins.problems().iter().any(bartizan_scan::Problem::is_refusal) {
        Exit::Refused
    } else if plugins.problems().is_empty() {
        Exit::Clean
    } else {
        Exit::Incomplete
    }
}

fn what_it_does(standing: &Standing) -> String {
    let mut parts = Vec::new();
    let component = &standing.component;
    if component.shape().rules {
        parts.push(format!("{} rules", component.rules().len()));
    }
    if component.shape().reporter {
        let formats: Vec<&str> = component.formats().iter().map(|format| format.id.as_str()).collect();
        parts.push(format!("reports as {}", formats.join(", ")));
    }
    parts.join("; ")
}

fn info(global: &mut Global, name: &str) -> Result<Exit, Failure> {
    let (config, paths) = session::configuration(global)?;
    let plugins = session::plugins(&config, paths.as_ref(), global.quiet, false)?;
    if let Some(problem) = plugins.problems().iter().find(|problem| problem.component == name) {
        let exit = if problem.is_refusal() { Exit::Refused } else { Exit::Incomplete };
        return Err(Failure::new(exit, problem, problem.advice()));
    }
    let standing = plugins
        .loaded()
        .iter()
        .find(|standing| standing.component.reference().name == name)
        .ok_or_else(|| {
            Failure::usage(format!("no component is called `{name}`"), "`bartizan plugins list` lists them")
        })?;
    let component = &standing.component;
    let (reference, claims) = (component.reference(), component.claims());
    let mut facts = table::table(&["", ""]);
    let mut fact = |what: &str, value: String| {
        facts.add_row([what.to_owned(), value]);
    };
    fact("component", format!("{} {}", reference.name, reference.version));
    fact("summary", bartizan_model::printable(component.summary()));
    fact("does", what_it_does(standing));
    fact("from", standing.path.as_ref().map_or("this program".to_owned(), |path| path.display().to_string()));
    fact("digest", format!("sha256:{}", reference.digest));
    fact("contract", format!("{} (spoken as {})", claims.contract, component.shape().contract.as_str()));
    fact("sequence", claims.sequence.to_string());
    fact("expires", claims.expires.map_or("never".to_owned(), |time| time.to_string()));
    let grants: Vec<String> = claims.grants.iter().map(|grant| grant.to_string()).collect();
    fact(
        "grants",
        if grants.is_empty() { "none: it can reach nothing".to_owned() } else { grants.join(", ") },
    );
    fact("licence", claims.license.clone().unwrap_or_else(|| "not said".to_owned()));
    fact(
        "code",
        match component.code_origin() {
            CodeOrigin::Ahead => "compiled ahead".to_owned(),
            CodeOrigin::Cache => "compiled by an earlier run".to_owned(),
            CodeOrigin::Compiled => "compiled just now".to_owned(),
        },
    );
    if !component.config_schema().is_empty() {
        fact("configuration", bartizan_model::printable(component.config_schema()));
    }
    table::print(&facts);
    if !component.rules().is_empty() {
        let mut rules = table::table(&["RULE", "SEVERITY", "TITLE"]);
        for rule in component.rules() {
            rules.add_row([&rule.id, rule.severity.as_str(), &bartizan_model::printable(&rule.title)]);
        }
        table::print(&rules);
    }
    Ok(Exit::Clean)
}

fn build(folder: &Path, key: &Path, output: &Path) -> Result<Exit, Failure> {
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
    let signer = signer(key)?;
    for (krate, component) in crates.iter().zip(&components) {
        let version =
            krate.version.parse().map_err(|error| Failure::usage(error, "correct the crate's version"))?;
        let claims = Claims {
            license: krate.license.clone(),
            grants: krate.metadata.grants.clone(),
            ..claims(krate.metadata.name.clone(), version)
        };
        package(component, &claims, &signer, output)?;
    }
    Ok(Exit::Clean)
}

fn sign(args: &Sign) -> Result<Exit, Failure> {
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
    claims.grants = args
        .grants
        .iter()
        .map(|grant| grant.parse::<Grant>())
        .collect::<Result<Grants, _>>()
        .map_err(|error| Failure::usage(error, "ask for a grant that there is, or none"))?;
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
        license: None,
        source: None,
        compiled: None,
    }
}

fn package(component: &[u8], claims: &Claims, signer: &Signer, output: &Path) -> Result<(), Failure> {
    let path = bartizan_pack::package(component, claims, signer, output)
        .map_err(|error| Failure::new(Exit::Incomplete, error, "check the folder and the free space"))?;
    let line = format!(
        "{} {} ({} KB), signed by key {}\n",
        path.display(),
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
