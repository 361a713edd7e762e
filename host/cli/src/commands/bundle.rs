//! `bartizan bundle`

use std::{collections::BTreeSet, path::Path};

use bartizan_archive::bundle::{self, BundleMetadata, Contents, MAX_BUNDLE_BYTES, Opened, VerifiedBundle};
use bartizan_installed::{Entry, LockFile, Pin};
use bartizan_registry::{Audience, Revocation, SignedComponent, Signer, TrustStore, write_atomically};
use serde::{Deserialize, Serialize};

use super::{
    plugins::{
        install,
        obtain::{Obtained, bytes_of},
        standing::{home, name, state},
    },
    table,
};
use crate::{
    args::{Bundle, BundleCreate, BundleInstall, Global},
    config::Config,
    exit::{Exit, Failure, warn},
    output::to_stdout,
    paths::Paths,
    session,
};

/// `revocations` of a bundle: as in the trust file.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RevocationList {
    #[serde(default)]
    revoked: Vec<Revocation>,
}

/// What a bundle is refused for, as one failure.
type Refused = bartizan_archive::Refusal;

pub(crate) fn run(global: &mut Global, command: Bundle) -> Result<Exit, Failure> {
    let (config, _) = session::configuration(global)?;
    let paths = home()?;
    match command {
        Bundle::Create(args) => create(&paths, &args),
        Bundle::Inspect { bundle } => inspect(&bundle),
        Bundle::Verify { bundle, allow_expired_bundle, allow_older_bundle } => {
            let bytes = bytes_of(&bundle, MAX_BUNDLE_BYTES)?;
            let verified =
                verify(&paths, &bytes, &bundle, allow_expired_bundle.as_deref(), allow_older_bundle)?;
            show(&verified);
            Ok(Exit::Clean)
        }
        Bundle::Install(args) => {
            let [path] = args.install.source.as_slice() else {
                return Err(Failure::usage("one bundle is installed at a time", "name its file"));
            };
            let path = Path::new(path);
            let bytes = bytes_of(path, MAX_BUNDLE_BYTES)?;
            let source = std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
            install(global, &config, &paths, &bytes, &source, &args)
        }
    }
}

/// Whether this is compressed as bundles are; packages are not.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

fn refused(path: &Path, refusal: &Refused) -> Failure {
    Failure::new(Exit::Refused, format!("refused bundle `{}`: {refusal}", path.display()), refusal.advice())
}

fn create(paths: &Paths, args: &BundleCreate) -> Result<Exit, Failure> {
    let time = |option: &str, text: &Option<String>| {
        text.as_ref()
            .map(|text| {
                text.parse::<jiff::Timestamp>().map_err(|error| {
                    Failure::usage(
                        format!("{option} {text}: {error}"),
                        "write a time such as 2027-12-31T00:00:00Z",
                    )
                })
            })
            .transpose()
    };
    let metadata = BundleMetadata {
        name: args.publisher.clone(),
        sequence: args.sequence,
        created: time("--created", &args.created)?,
        expires: time("--expires", &args.expires)?,
    };
    let signer = Signer::read(&args.key).map_err(|error| {
        Failure::usage(error, "an Ed25519 key is expected, as `openssl genpkey -algorithm ed25519` makes it")
    })?;
    let trust = session::trust(paths)?;
    let mut lock = LockFile::default();
    let mut components = Vec::new();
    for text in &args.components {
        let (signed, pin) = chosen(paths, text)?;
        lock.pin(pin);
        components.push(signed);
    }
    let publishers: BTreeSet<String> =
        lock.pins().iter().map(|pin| pin.name.publisher().to_owned()).collect();
    let keys = trust.current_keys().filter(|trusted| publishers.contains(&trusted.publisher));
    let contents = Contents {
        metadata: metadata.clone(),
        trust: keys.map(|trusted| (trusted.publisher.clone(), trusted.key.clone())).collect(),
        revocations: Some(revocations_text(&trust)?),
        lock: lock.to_text().map_err(|why| Failure::new(Exit::Incomplete, why, "tell us"))?.into_bytes(),
        components,
        repositories: Vec::new(),
    };
    let default = bundle::bundle_file_name(&metadata);
    let path = args.output.as_deref().unwrap_or(Path::new(&default));
    let bytes = bundle::create(&contents, &signer).map_err(|refusal| refused(path, &refusal))?;
    write_atomically(path, &bytes, Audience::Everyone).map_err(state)?;
    let line = format!(
        "{} ({} KB, {}), signed by key {}\n",
        path.display(),
        bytes.len().div_ceil(1024),
        counted(contents.components.len()),
        signer.public().id()
    );
    to_stdout(line.as_bytes(), false);
    Ok(Exit::Clean)
}

/// An installed component, or the one in a package.
fn chosen(paths: &Paths, text: &str) -> Result<(SignedComponent, Pin), Failure> {
    let path = Path::new(text);
    if path.is_file() {
        let signed =
            bartizan_archive::read_package(bytes_of(path, bartizan_archive::MAX_PACKAGE_BYTES)?.as_slice())
                .map_err(|refusal| refused(path, &refusal))?;
        // Whom it is by and what it is given, the taker's own verifier decides.
        let from = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let pin = pin_of(&signed, from)?;
        return Ok((signed, pin));
    }
    let wanted = name(text)?;
    let store = paths.store();
    let installed = store.read().map_err(state)?;
    let entry: &Entry = installed.get(&wanted).ok_or_else(|| {
        Failure::usage(
            format!("`{wanted}` is not installed, and no package file is called so"),
            "`bartizan plugins list` lists what there is",
        )
    })?;
    let signed =
        store.component(entry).map_err(|error| Failure::new(Exit::Refused, &error, error.advice()))?;
    Ok((signed, Pin::from(entry)))
}

fn pin_of(signed: &SignedComponent, source: String) -> Result<Pin, Failure> {
    let claims =
        signed.claimed().map_err(|refusal| Failure::new(Exit::Refused, &refusal, refusal.advice()))?;
    let signer =
        signed.claimed_signer().map_err(|refusal| Failure::new(Exit::Refused, &refusal, refusal.advice()))?;
    Ok(Pin {
        name: claims.id,
        version: claims.version,
        sha256: signed.digest(),
        signer,
        source,
        grants: claims.grants,
        limits: claims.limits,
    })
}

fn revocations_text(trust: &TrustStore) -> Result<Vec<u8>, Failure> {
    let list = RevocationList { revoked: trust.revocations().to_vec() };
    toml::to_string_pretty(&list)
        .map(String::into_bytes)
        .map_err(|error| Failure::new(Exit::Incomplete, error, "tell us"))
}

fn inspect(path: &Path) -> Result<Exit, Failure> {
    let opened =
        bundle::read(&bytes_of(path, MAX_BUNDLE_BYTES)?).map_err(|refusal| refused(path, &refusal))?;
    let claimed = opened.claimed().map_err(|refusal| refused(path, &refusal))?;
    let mut facts = table::table(&["", ""]);
    let mut fact = |what: &str, value: String| {
        facts.add_row([what.to_owned(), value]);
    };
    fact("claims to be by", claimed.name.clone());
    fact("signed by key", bartizan_model::printable(&opened.claimed_signer()));
    fact("sequence", claimed.sequence.to_string());
    fact("made", claimed.created.map_or("not said".to_owned(), |time| time.to_string()));
    fact("expires", claimed.expires.map_or("never".to_owned(), |time| time.to_string()));
    fact("verified", "no: `bartizan bundle verify` does that".to_owned());
    table::print(&facts);
    let mut components = table::table(&["COMPONENT", "VERSION", "SHA-256"]);
    for component in &claimed.components {
        components.add_row([
            component.id.to_string(),
            component.version.to_string(),
            component.sha256.to_string(),
        ]);
    }
    table::print(&components);
    let mut members = table::table(&["MEMBER", "BYTES"]);
    for (member, bytes) in opened.listing() {
        members.add_row([bartizan_model::printable(member), bytes.to_string()]);
    }
    table::print(&members);
    Ok(Exit::Clean)
}

/// Opens a bundle and checks everything that is to be checked before any component of it is looked at.
fn verify(
    paths: &Paths,
    bytes: &[u8],
    path: &Path,
    allow_expired: Option<&str>,
    allow_older: bool,
) -> Result<VerifiedBundle, Failure> {
    let refused = |refusal: &Refused| refused(path, refusal);
    let opened: Opened = bundle::read(bytes).map_err(|refusal| refused(&refusal))?;
    let verified = opened
        .verify(&session::trust(paths)?, jiff::Timestamp::now(), allow_expired)
        .map_err(|refusal| refused(&refusal))?;
    let ratchet = session::ratchet(paths)?;
    let later = ratchet.check_bundle(verified.key(), verified.name(), verified.sequence(), verified.digest());
    if let Err(refusal) = later
        && !allow_older
    {
        return Err(Failure::new(
            Exit::Refused,
            format!("refused bundle `{}`: {refusal}", path.display()),
            "if you do want the older one, say so with `--allow-older-bundle`",
        ));
    }
    Ok(verified)
}

fn show(verified: &VerifiedBundle) {
    if let Some(expired) = verified.allowed_expired() {
        warn(
            format!("this bundle expired on {}; taken all the same: {}", expired.expired, expired.reason),
            "get the current one when you can",
        );
    }
    let line = format!(
        "bundle {} of `{}`, signed by key {}: {}, every byte as signed\n",
        verified.sequence(),
        verified.name(),
        verified.key(),
        counted(verified.contents().components.len())
    );
    to_stdout(line.as_bytes(), false);
}

fn counted(components: usize) -> String {
    if components == 1 { "1 component".to_owned() } else { format!("{components} components") }
}

/// Installs all that is in a bundle, or nothing.
pub(crate) fn install(
    global: &Global,
    config: &Config,
    paths: &Paths,
    bytes: &[u8],
    source: &str,
    args: &BundleInstall,
) -> Result<Exit, Failure> {
    let path = Path::new(source);
    let expired = args.install.allow_expired_bundle.as_deref();
    let verified = verify(paths, bytes, path, expired, args.allow_older_bundle)?;
    show(&verified);
    take_trust(paths, &verified, &args.trust)?;
    let (key, maker) = (verified.key(), verified.name().to_owned());
    let (sequence, digest) = (verified.sequence(), verified.digest());
    let note = verified.allowed_expired().map(|expired| {
        format!("its bundle expired on {}; taken because: {}", expired.expired, expired.reason)
    });
    let obtained = verified
        .into_contents()
        .components
        .into_iter()
        .map(|signed| Obtained { signed, source: source.to_owned(), note: note.clone() })
        .collect();
    let exit = install::install(global, config, paths, obtained, &args.install)?;
    session::ratchet(paths)?.remember_bundle(key, &maker, sequence, digest).map_err(state)?;
    Ok(exit)
}

/// Takes over what the bundle revokes, which can only make things stricter, and the keys that the user named.
fn take_trust(paths: &Paths, verified: &VerifiedBundle, publishers: &[String]) -> Result<(), Failure> {
    let contents = verified.contents();
    let list: RevocationList = match &contents.revocations {
        None => RevocationList::default(),
        Some(bytes) => std::str::from_utf8(bytes)
            .map_err(|error| error.to_string())
            .and_then(|text| toml::from_str(text).map_err(|error| error.to_string()))
            .map_err(|why| {
                Failure::new(
                    Exit::Refused,
                    format!("the bundle's revocations are malformed: {why}"),
                    "get the bundle again",
                )
            })?,
    };
    let path = paths.trust();
    let _lock = TrustStore::lock(&path).map_err(state)?;
    let mut store = session::trust(paths)?;
    let mut changed = false;
    for revocation in list.revoked {
        let line =
            format!("revoked: {} ({})", revocation.what, bartizan_model::printable(&revocation.reason));
        if store.revoke(revocation) {
            changed = true;
            eprintln!("{line}");
        }
    }
    for (publisher, public) in &contents.trust {
        let known =
            store.keys().iter().any(|trusted| trusted.publisher == *publisher && trusted.key == *public);
        if known {
            continue;
        }
        if publishers.contains(publisher) {
            changed |= store.add(publisher.clone(), public.clone());
            eprintln!("now trusted for `{publisher}/*`: key {}", public.id());
        } else {
            eprintln!(
                "not trusted: key {} for `{publisher}/*`, which the bundle carries; if you know it is theirs: `--trust {publisher}`",
                public.id()
            );
        }
    }
    if changed {
        store.write(&path).map_err(state)?;
    }
    Ok(())
}
