//! A publisher: a key, and statements signed with it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use bartizan_registry::{AskedLimits, Claims, Grants, SignedComponent, Signer, statement_path};

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
            limits: AskedLimits::default(),
            license: None,
            source: None,
            compiled: None,
        }
    }

    /// The statement's text.
    pub fn statement(&self, component: &[u8], claims: &Claims) -> String {
        claims.sign(component, &self.signer).to_line()
    }

    /// The publisher's key.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// The component and its signed statement.
    pub fn signed(&self, component: &[u8], claims: &Claims) -> SignedComponent {
        SignedComponent {
            component: component.to_vec(),
            statement: self.statement(component, claims).into_bytes(),
        }
    }

    /// Writes a package into the folder the user works in. Gives its path.
    pub fn package(&self, user: &Bartizan, component: &[u8], claims: &Claims) -> PathBuf {
        let packed = bartizan_archive::write_package(&self.signed(component, claims)).unwrap();
        user.write(&bartizan_archive::package_file_name(claims), packed)
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
