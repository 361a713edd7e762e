//! A component that may be installed, and what it asks for.

use bartizan_installed::{Entry, Installed, Pin};
use bartizan_model::Digest;
use bartizan_registry::{AskedLimits, Claims, Examined, Granted, KeyId, Refusal, SignedComponent, Verifier};

/// A component that was obtained and verified, before anything was granted to it.
#[derive(Clone, Debug)]
pub struct Proposal {
    examined: Examined,
    signed: SignedComponent,
    source: String,
    before: Option<Entry>,
    note: Option<String>,
}

/// A proposal, and what it gets.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What is to be installed.
    pub proposal: Proposal,
    /// What was granted to it.
    pub granted: Granted,
}

impl Proposal {
    /// Verifies what was obtained from `source`, to come in the place of what is installed under its name.
    pub fn of(
        signed: SignedComponent,
        source: String,
        verifier: &Verifier,
        installed: &Installed,
    ) -> Result<Self, Refusal> {
        let examined = verifier.examine(signed.component.clone(), &signed.statement, None)?;
        let before = installed.get(&examined.claims().id).cloned();
        Ok(Self { examined, signed, source, before, note: None })
    }

    /// The same, with what was let pass for it, to be kept.
    #[must_use]
    pub fn noting(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }

    /// What its publisher signed.
    pub fn claims(&self) -> &Claims {
        self.examined.claims()
    }

    /// SHA-256 of its bytes.
    pub fn digest(&self) -> Digest {
        self.examined.digest()
    }

    /// The key that signed it.
    pub fn key(&self) -> KeyId {
        self.examined.key()
    }

    /// Where it came from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The bytes, to be carried on.
    pub fn signed(&self) -> &SignedComponent {
        &self.signed
    }

    /// What is installed under its name.
    pub fn before(&self) -> Option<&Entry> {
        self.before.as_ref()
    }

    /// Whether these very bytes are installed already.
    pub fn is_installed(&self) -> bool {
        self.before.as_ref().is_some_and(|entry| entry.sha256 == self.digest())
    }

    /// Whether an older version of it is not what replaces the installed one.
    pub fn is_older(&self) -> bool {
        self.before.as_ref().is_some_and(|entry| entry.version > self.claims().version)
    }

    /// What it asks for beyond what the installed one was given: that must be granted anew.
    pub fn asks_anew(&self) -> Granted {
        let given = self.before.as_ref().map(Entry::granted).unwrap_or_default();
        let more = |asked: Option<u64>, given: Option<u64>| asked.filter(|asked| Some(*asked) > given);
        let asked = self.claims();
        Granted {
            grants: asked.grants.iter().filter(|grant| !given.grants.has(*grant)).collect(),
            limits: AskedLimits {
                memory: more(asked.limits.memory, given.limits.memory),
                fuel: more(asked.limits.fuel, given.limits.fuel),
            },
        }
    }

    /// Whether what it asks for is all in what this pin allows.
    pub fn is_as_pinned(&self, pin: &Pin) -> bool {
        pin.sha256 == self.digest() && pin.signer == self.key()
    }

    /// As it comes to stand in the list of what is installed. A component gets what it asks for, and no more than it was given.
    pub(crate) fn entry(&self, now: jiff::Timestamp) -> Entry {
        let claims = self.claims();
        Entry {
            name: claims.id.clone(),
            version: claims.version.clone(),
            sha256: self.digest(),
            signer: self.key(),
            sequence: claims.sequence,
            source: self.source.clone(),
            note: self.note.clone(),
            grants: claims.grants.clone(),
            limits: claims.limits,
            enabled: self.before.as_ref().is_none_or(|entry| entry.enabled),
            installed: now,
        }
    }

    pub(crate) fn into_parts(self) -> (Examined, SignedComponent) {
        (self.examined, self.signed)
    }
}
