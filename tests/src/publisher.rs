//! A publisher: a key, and statements signed with it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use bartizan_registry::{Claims, Grants, Signer, statement_path};

use crate::Bartizan;

/// Somebody who signs components.
#[derive(Debug)]
pub struct Publisher {
    signer: Signer,
}

impl Default for Publisher {
    fn default() -> Self {
        Self::new()
    }
}

impl Publisher {
    /// With a new key.
    pub fn new() -> Self {
        Self { signer: Signer::generate().unwrap() }
    }

    /// Has the user trust this key for that publisher's name, as `bartizan trust add` does.
    pub fn trusted_by(&self, user: &Bartizan, name: &str) {
        let pem = user.write("publisher.pem.pub", self.signer.public().to_pem().unwrap());
        user.run([Path::new("trust"), Path::new("add"), Path::new(name), &pem]).expect_code(0);
    }

    /// What is claimed of a component unless a test wants something else.
    pub fn claims(id: &str) -> Claims {
        Claims {
            id: id.parse().unwrap(),
            version: semver::Version::new(1, 0, 0),
            contract: "bartizan:plugin@0.1.0".to_owned(),
            sequence: 1,
            not_before: None,
            expires: None,
            grants: Grants::none(),
            license: None,
            source: None,
            compiled: None,
        }
    }

    /// The statement's text.
    pub fn statement(&self, component: &[u8], claims: &Claims) -> String {
        claims.sign(component, &self.signer).to_line()
    }

    /// Lays the component and its signed statement into the user's folder. Gives the component's path.
    pub fn install(&self, user: &Bartizan, component: &[u8], claims: &Claims) -> PathBuf {
        fs::create_dir_all(user.plugins()).unwrap();
        let path = user.plugins().join(format!("{}.wasm", claims.id.name()));
        fs::write(&path, component).unwrap();
        fs::write(statement_path(&path), self.statement(component, claims)).unwrap();
        path
    }
}
