//! `bartizan trust`

use std::{fs, path::Path};

use bartizan_registry::{ComponentName, PublicKey, TrustStore};

use super::table;
use crate::{
    args::Trust,
    exit::{Exit, Failure},
    output::to_stdout,
    paths::Paths,
};

pub(crate) fn run(command: Trust) -> Result<Exit, Failure> {
    let paths = Paths::of_user()
        .ok_or_else(|| Failure::usage("this user has no home folder to keep trust in", "set HOME"))?;
    let path = paths.trust();
    let mut store = TrustStore::read(&path).map_err(|error| {
        Failure::new(Exit::Refused, error, "repair the file, or move it away and trust its keys again")
    })?;
    match command {
        Trust::Add { publisher, key } => {
            add(&mut store, &publisher, &key)?;
            store.write(&path).map_err(|error| {
                Failure::new(Exit::Incomplete, error, "check the folder and the free space")
            })?;
        }
        Trust::List => {
            let mut listed = table::table(&["PUBLISHER", "KEY (SHA-256)"]);
            for trusted in store.keys() {
                listed.add_row([trusted.publisher.clone(), trusted.key.id().to_string()]);
            }
            table::print(&listed);
        }
    }
    Ok(Exit::Clean)
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
    let pem = fs::read_to_string(key).map_err(|error| {
        Failure::usage(format!("cannot read key `{}`: {error}", key.display()), "check the path")
    })?;
    let public = PublicKey::from_pem(&pem).map_err(|error| {
        Failure::usage(error, "a public key is expected, as `openssl pkey -in KEY.pem -pubout` prints it")
    })?;
    let news =
        if store.add(publisher.to_owned(), public.clone()) { "now trusted" } else { "already trusted" };
    to_stdout(format!("{news} for `{publisher}/*`: key {}\n", public.id()).as_bytes(), false);
    Ok(())
}
