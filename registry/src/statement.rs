//! What is signed: an in-toto Statement v1 about one component.

use bartizan_model::Digest;
use jiff::Timestamp;
use semver::Version;
use serde::{Deserialize, Serialize};

use crate::{AskedLimits, ComponentName, Envelope, Granted, Grants, Refusal, Signer};

const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// `predicateType` of our statements. A URN, because a URL would promise that something is served there.
pub const PREDICATE_TYPE: &str = "urn:bartizan:component:v1";

/// A statement about one component, as in-toto's attestation framework has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<StatementSubject>,
    predicate_type: String,
    predicate: Claims,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StatementSubject {
    name: String,
    digest: SubjectDigest,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SubjectDigest {
    sha256: Digest,
}

/// What a publisher claims of a component by signing it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claims {
    /// Its name; must be what the component says of itself.
    pub id: ComponentName,
    /// Its version; must be what the component says of itself.
    pub version: Version,
    /// The contract it was built for, e.g. "bartizan:plugin@0.1.0".
    pub contract: String,
    /// Grows with every release; a lower one than was seen before is refused.
    pub sequence: u64,
    /// Not valid before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// Not valid after. Absent: for as long as its publisher's key is trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// What it asks for beyond the contract.
    #[serde(default)]
    pub grants: Grants,
    /// Which limits it asks to be raised.
    #[serde(default, skip_serializing_if = "AskedLimits::is_empty")]
    pub limits: AskedLimits,
    /// SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Where its source is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Code that was compiled ahead for one platform. Heeded only from the first-party publisher: compiled code is native
    /// code, and nobody else's runs here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compiled: Option<CompiledCode>,
}

/// Which compiled code belongs to a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompiledCode {
    /// Digest of the engine's version, platform and settings.
    pub settings: Digest,
    /// SHA-256 of the code.
    pub code: Digest,
}

impl Claims {
    /// All that is asked for, as if it were given.
    pub fn everything_asked(&self) -> Granted {
        Granted { grants: self.grants.clone(), limits: self.limits }
    }

    /// Signs these claims about a component with these bytes.
    pub fn sign(&self, component: &[u8], signer: &Signer) -> Envelope {
        let statement = Statement {
            kind: STATEMENT_TYPE.to_owned(),
            subject: vec![StatementSubject {
                name: format!("{}-{}.wasm", self.id.as_str(), self.version),
                digest: SubjectDigest { sha256: Digest::of(component) },
            }],
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate: self.clone(),
        };
        Envelope::sign(serde_json::json!(statement).to_string().as_bytes(), signer)
    }
}

impl Statement {
    /// Reads a payload. To be believed only once its envelope was verified.
    pub(crate) fn parse(payload: &[u8]) -> Result<Self, Refusal> {
        let malformed = |why: String| Refusal::MalformedStatement { why };
        let statement: Self =
            serde_json::from_slice(payload).map_err(|error| malformed(error.to_string()))?;
        if statement.kind != STATEMENT_TYPE {
            return Err(malformed(format!("it is not a {STATEMENT_TYPE}")));
        }
        if statement.predicate_type != PREDICATE_TYPE {
            return Err(malformed(format!("its predicateType is not {PREDICATE_TYPE}")));
        }
        if statement.subject.len() != 1 {
            return Err(malformed(format!(
                "it is about {} files; it must be about one",
                statement.subject.len()
            )));
        }
        Ok(statement)
    }

    /// The claims.
    pub fn claims(&self) -> &Claims {
        &self.predicate
    }

    /// SHA-256 of the component it is about.
    pub fn digest(&self) -> Option<Digest> {
        self.subject.first().map(|subject| subject.digest.sha256)
    }
}
