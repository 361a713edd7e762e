//! `bartizan trust`

use std::{fs, path::Path};

use bartizan_registry::{
    ComponentName, KeyId, KeyStanding, PublicKey, Revocation, Revoked, StateError, TrustStore,
};

use super::table;
use crate::{
    args::Trust,
    exit::{Exit, Failure},
    output::to_stdout,
    paths::Paths,
    repositories::{self, Repositories},
    session,
};

pub(crate) fn run(command: Trust) -> Result<Exit, Failure> {
    let paths = Paths::of_user()
        .ok_or_else(|| Failure::usage("this user has no home folder to keep trust in", "set HOME"))?;
    let path = paths.trust();
    let changed = |change: &mut dyn FnMut(&mut TrustStore) -> Result<(), Failure>| {
        // Two at once must not lose each other's: a revocation that is lost lets a stolen key back in.
        let _lock = TrustStore::lock(&path).map_err(unwritten)?;
        let mut store = session::trust(&paths)?;
        change(&mut store)?;
        store.write(&path).map_err(unwritten)
    };
    match command {
        Trust::Add { publisher, key } => changed(&mut |store| add(store, &publisher, &key))?,
        Trust::Rotate { publisher, old, new } => changed(&mut |store| rotate(store, &publisher, &old, &new))?,
        Trust::Revoke { what, reason } => changed(&mut |store| revoke(store, &what, &reason))?,
        Trust::List => {
            list(&session::trust(&paths)?);
            list_repositories(&Repositories::read(&paths)?);
        }
        Trust::Repository { name, location, root } => {
            let root = fs::read(&root).map_err(|error| {
                Failure::usage(
                    format!("cannot read `{}`: {error}", root.display()),
                    "name the repository's root.json",
                )
            })?;
            let location = if location.contains("://") {
                location
            } else {
                std::path::absolute(&location).map_or(location, |path| path.display().to_string())
            };
            Repositories::add(&paths, &name, &location, &root)?;
            repositories::open(&paths, &name, None)?;
            to_stdout(format!("now trusted: repository `{name}` at {location}\n").as_bytes(), false);
        }
    }
    Ok(Exit::Clean)
}

fn unwritten(error: StateError) -> Failure {
    Failure::new(Exit::Incomplete, error, "check the folder and the free space; nothing was changed")
}

fn list(store: &TrustStore) {
    let mut listed = table::table(&["PUBLISHER", "KEY (SHA-256)", ""]);
    for trusted in store.keys() {
        let revoked = store.revocations().iter().any(|known| known.what == Revoked::Key(trusted.key.id()));
        let standing = match trusted.standing {
            _ if revoked => "revoked",
            KeyStanding::Retired => "retired",
            KeyStanding::Current | KeyStanding::FirstParty => "",
        };
        listed.add_row([trusted.publisher.clone(), trusted.key.id().to_string(), standing.to_owned()]);
    }
    table::print(&listed);
    if store.revocations().is_empty() {
        return;
    }
    let mut listed = table::table(&["REVOKED", "REASON", "SINCE"]);
    for revocation in store.revocations() {
        listed.add_row([
            revocation.what.to_string(),
            bartizan_model::printable(&revocation.reason),
            revocation.since.map_or(String::new(), |since| since.to_string()),
        ]);
    }
    table::print(&listed);
}

fn list_repositories(known: &Repositories) {
    if known.repositories.is_empty() {
        return;
    }
    let mut listed = table::table(&["REPOSITORY", "AT"]);
    for (name, place) in &known.repositories {
        listed.add_row([name, &place.location]);
    }
    table::print(&listed);
}

fn rotate(store: &mut TrustStore, publisher: &str, old: &str, new: &Path) -> Result<(), Failure> {
    let public = public_key(new)?;
    // As much of the id as tells it from the publisher's other keys.
    let known: Vec<KeyId> = store
        .keys()
        .iter()
        .filter(|trusted| trusted.publisher == publisher && trusted.standing == KeyStanding::Current)
        .map(|trusted| trusted.key.id())
        .filter(|id| old.len() >= 8 && id.to_string().starts_with(old))
        .collect();
    let [old] = known.as_slice() else {
        return Err(Failure::usage(
            format!("`{publisher}` has no one key in use whose id starts with `{old}`"),
            "`bartizan trust list` lists the ids; give at least 8 characters of one",
        ));
    };
    if *old == public.id() {
        return Err(Failure::usage("the new key is the old one", "name the file of the new public key"));
    }
    store.rotate(publisher, *old, public.clone());
    to_stdout(
        format!(
            "now trusted for `{publisher}/*`: key {}\nretired: key {old}; what was installed under it still runs. If it was stolen, \
             revoke it: `bartizan trust revoke {old} --reason …`\n",
            public.id()
        )
        .as_bytes(),
        false,
    );
    Ok(())
}

fn revoke(store: &mut TrustStore, what: &str, reason: &str) -> Result<(), Failure> {
    let what = super::repository::revoked(what)?;
    let shown = what.to_string();
    let revocation = Revocation { what, reason: reason.to_owned(), since: Some(jiff::Timestamp::now()) };
    let news = if store.revoke(revocation) { "revoked" } else { "was revoked before" };
    to_stdout(format!("{news}: {shown}; nothing under it loads from now on\n").as_bytes(), false);
    Ok(())
}

fn add(store: &mut TrustStore, publisher: &str, key: &Path) -> Result<(), Failure> {
    if !ComponentName::is_valid_half(publisher) {
        return Err(Failure::usage(
            format!("`{publisher}` is not a publisher's name"),
            "it is the first half of their components' names: lower-case letters, digits and inner hyphens",
        ));
    }
    if publisher == "bartizan" {
        return Err(Failure::new(
            Exit::Refused,
            "the publisher `bartizan` has one key, which is in this program",
            "use another publisher's name for your own components",
        ));
    }
    let public = public_key(key)?;
    let news =
        if store.add(publisher.to_owned(), public.clone()) { "now trusted" } else { "already trusted" };
    to_stdout(format!("{news} for `{publisher}/*`: key {}\n", public.id()).as_bytes(), false);
    Ok(())
}

pub(crate) fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let pem = fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!("cannot read key `{}`: {error}", path.display()), "check the path")
    })?;
    PublicKey::from_pem(&pem).map_err(|error| {
        Failure::usage(error, "a public key is expected, as `openssl pkey -in KEY.pem -pubout` prints it")
    })
}
