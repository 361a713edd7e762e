//! The one way to a component that may run.

use std::sync::Arc;

use bartizan_model::{ComponentRef, Digest};
use jiff::Timestamp;

use crate::{
    AskedLimits, Claims, CompiledCode, Envelope, Grant, Grants, KeyId, KeyStanding, MAX_COMPONENT_BYTES,
    Ratchet, Refusal, Statement, TrustStore, TrustedKey,
};

/// A component whose every signed promise was checked. Only [`Verifier::verify`] makes one.
///
/// ```compile_fail
/// // The fields are private: no other crate can make one up.
/// let forged = bartizan_registry::Verified { bytes: std::sync::Arc::from([]), digest: bartizan_model::Digest::of(b"") };
/// ```
#[derive(Clone, Debug)]
pub struct Verified {
    bytes: Arc<[u8]>,
    digest: Digest,
    claims: Claims,
    key: KeyId,
    grants: Grants,
    first_party: bool,
}

impl Verified {
    /// The component.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the component.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What its publisher claims of it.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The key that signed it.
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// What it asked for and was given.
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// The raised limits that it asked for and was given.
    pub fn limits(&self) -> AskedLimits {
        self.claims.limits
    }

    /// The compiled code that its publisher vouches for, if the publisher is the first-party one.
    pub fn compiled_code(&self) -> Option<CompiledCode> {
        self.claims.compiled.filter(|_| self.first_party)
    }

    /// Name, version and digest.
    pub fn reference(&self) -> ComponentRef {
        ComponentRef {
            name: self.claims.id.to_string(),
            version: self.claims.version.to_string(),
            digest: self.digest,
        }
    }
}

/// What a user gave to a component beyond the contract.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Granted {
    /// Grants.
    pub grants: Grants,
    /// Raised limits.
    pub limits: AskedLimits,
}

/// A component whose signature, digest and time were checked, on its way to [`Verified`]: what can be shown to whoever grants.
#[derive(Clone, Debug)]
pub struct Examined {
    bytes: Arc<[u8]>,
    digest: Digest,
    claims: Claims,
    key: KeyId,
    first_party: bool,
}

impl Examined {
    /// What its publisher claims of it; by now under a trusted signature.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// SHA-256 of the component.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The key that signed it.
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// The component, if what it asks for was given.
    pub fn grant(self, granted: &Granted) -> Result<Verified, Refusal> {
        let Self { bytes, digest, claims, key, first_party } = self;
        let refused = |grant: String| Refusal::NotGranted { component: claims.id.clone(), grant };
        if let Some(missing) = claims.grants.iter().find(|asked: &Grant| !granted.grants.has(*asked)) {
            return Err(refused(missing.to_string()));
        }
        if !claims.limits.fits(&granted.limits) {
            return Err(refused(claims.limits.to_string()));
        }
        let grants = claims.grants.clone();
        Ok(Verified { bytes, digest, claims, key, grants, first_party })
    }
}

/// Checks components against what is trusted, what was withdrawn, what was seen before and what was granted.
#[derive(Debug)]
pub struct Verifier {
    trust: TrustStore,
    ratchet: Ratchet,
    now: Timestamp,
}

impl Verifier {
    /// A verifier for now.
    pub fn new(trust: TrustStore, ratchet: Ratchet) -> Self {
        Self::at(trust, ratchet, Timestamp::now())
    }

    /// A verifier for another time.
    pub fn at(trust: TrustStore, ratchet: Ratchet, now: Timestamp) -> Self {
        Self { trust, ratchet, now }
    }

    /// Whose signatures count.
    pub fn trust(&self) -> &TrustStore {
        &self.trust
    }

    /// What was accepted before.
    pub fn ratchet_mut(&mut self) -> &mut Ratchet {
        &mut self.ratchet
    }

    /// Checks, in this order: size, envelope, signature and whose it is, digest, time, revocations, sequence. Remembers nothing.
    ///
    /// `installed` is the digest of what was installed under this name, if that is what is looked at: it must be these bytes,
    /// and then a retired key is good enough.
    pub fn examine(
        &self,
        component: Vec<u8>,
        statement: &[u8],
        installed: Option<Digest>,
    ) -> Result<Examined, Refusal> {
        if component.len() as u64 > MAX_COMPONENT_BYTES {
            return Err(Refusal::TooBig { actual: component.len() as u64, limit: MAX_COMPONENT_BYTES });
        }
        let envelope = Envelope::parse(statement)?;
        let (statement, signer) = self.authenticate(&envelope)?;
        let (key, first_party) = (signer.key.id(), signer.standing == KeyStanding::FirstParty);
        let claims = statement.claims().clone();

        let digest = Digest::of(&component);
        if let Some(signed) = statement.digest().filter(|signed| *signed != digest) {
            return Err(Refusal::Altered { actual: digest, signed });
        }
        if let Some(pinned) = installed.filter(|pinned| *pinned != digest) {
            return Err(Refusal::NotAsPinned { actual: digest, pinned });
        }
        if signer.standing == KeyStanding::Retired && installed.is_none() {
            return Err(Refusal::RetiredKey { key, publisher: signer.publisher.clone() });
        }
        if let Some(not_before) = claims.not_before.filter(|t| self.now < *t) {
            return Err(Refusal::NotYetValid { not_before: not_before.to_string() });
        }
        if let Some(expired) = claims.expires.filter(|t| self.now >= *t) {
            return Err(Refusal::Expired { expired: expired.to_string() });
        }
        let mut revocations = self.trust.revocations().iter().filter(|_| !first_party);
        if let Some(revocation) = revocations.find(|revocation| revocation.withdraws(&claims, digest)) {
            return Err(Refusal::Revoked {
                what: revocation.what.to_string(),
                reason: shown(&revocation.reason),
            });
        }
        self.ratchet.check(key, &claims.id, claims.sequence, digest)?;
        Ok(Examined { bytes: Arc::from(component), digest, claims, key, first_party })
    }

    /// Remembers that this component was accepted: from now on nothing older of the same name and key is.
    pub fn accept(&mut self, verified: &Verified) -> Result<(), Refusal> {
        self.ratchet.remember(verified).map_err(|error| Refusal::NoRatchet(error.to_string()))
    }

    /// Examines, grants and remembers. `granted` is asked, once the name is known to be true, what the user gave to this component.
    pub fn verify(
        &mut self,
        component: &[u8],
        statement: &[u8],
        granted: impl FnOnce(&Claims) -> Granted,
    ) -> Result<Verified, Refusal> {
        let examined = self.examine(component.to_vec(), statement, None)?;
        let granted = granted(examined.claims());
        let verified = examined.grant(&granted)?;
        self.accept(&verified)?;
        Ok(verified)
    }

    /// The statement in the envelope, if a key signed it that may sign for the name in it.
    fn authenticate(&self, envelope: &Envelope) -> Result<(Statement, &TrustedKey), Refusal> {
        let mut foreign = None;
        let mut revoked = None;
        for trusted in self.trust.keys() {
            if !envelope.is_signed_by(&trusted.key)? {
                continue;
            }
            // The first-party key comes and goes with the program; who can write a revocation cannot switch the program off.
            let revocation = self.trust.revoked_key(trusted.key.id());
            if let Some(revocation) = revocation.filter(|_| trusted.standing != KeyStanding::FirstParty) {
                revoked =
                    Some(Refusal::RevokedKey { key: trusted.key.id(), reason: shown(&revocation.reason) });
                continue;
            }
            let statement = Statement::parse(&envelope.payload()?)?;
            let claimed = statement.claims().id.publisher();
            if claimed == trusted.publisher {
                return Ok((statement, trusted));
            }
            foreign = Some(Refusal::ForeignName {
                key: trusted.key.id(),
                allowed: trusted.publisher.clone(),
                claimed: claimed.to_owned(),
            });
        }
        if let Some(refusal) = revoked.or(foreign) {
            return Err(refusal);
        }
        if let Some(named) = self.trust.keys().iter().find(|trusted| envelope.names(&trusted.key)) {
            return Err(Refusal::BadSignature { key: named.key.id() });
        }
        // Only for the message: whom it says it is from. Nothing is decided by it.
        let publisher = Statement::parse(&envelope.payload()?)?.claims().id.publisher().to_owned();
        Err(Refusal::UnknownSigner { publisher, signers: envelope.claimed_signers() })
    }
}

/// Somebody's words, made fit for a message.
fn shown(text: &str) -> String {
    bartizan_model::truncate_chars(&bartizan_model::printable(text), 300)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Release, Revocation, Revoked, Signer};

    const COMPONENT: &[u8] = b"\0asm component";

    fn claims(id: &str, sequence: u64) -> Claims {
        Claims {
            id: id.parse().unwrap(),
            version: "1.0.0".parse().unwrap(),
            contract: "bartizan:plugin@0.1.0".into(),
            sequence,
            not_before: None,
            expires: None,
            grants: Grants::none(),
            limits: AskedLimits::default(),
            license: None,
            source: None,
            compiled: None,
        }
    }

    fn verifier(signer: &Signer) -> Verifier {
        let mut trust = TrustStore::empty();
        trust.add("acme".into(), signer.public());
        Verifier::new(trust, Ratchet::in_memory())
    }

    fn verify(verifier: &mut Verifier, component: &[u8], envelope: &Envelope) -> Result<Verified, Refusal> {
        verifier.verify(component, envelope.to_line().as_bytes(), |_| Granted::default())
    }

    #[test]
    fn what_a_trusted_publisher_signed_is_verified() {
        let signer = Signer::generate().unwrap();
        let envelope = claims("acme/x", 1).sign(COMPONENT, &signer);
        let verified = verify(&mut verifier(&signer), COMPONENT, &envelope).unwrap();
        assert_eq!(verified.bytes(), COMPONENT);
        assert_eq!(verified.claims().id.as_str(), "acme/x");
    }

    #[test]
    fn a_strangers_signature_does_not_count() {
        let (trusted, stranger) = (Signer::generate().unwrap(), Signer::generate().unwrap());
        let envelope = claims("acme/x", 1).sign(COMPONENT, &stranger);
        assert!(matches!(
            verify(&mut verifier(&trusted), COMPONENT, &envelope),
            Err(Refusal::UnknownSigner { .. })
        ));
    }

    #[test]
    fn a_publisher_cannot_sign_anothers_name() {
        let signer = Signer::generate().unwrap();
        let envelope = claims("bartizan/x", 1).sign(COMPONENT, &signer);
        assert!(matches!(
            verify(&mut verifier(&signer), COMPONENT, &envelope),
            Err(Refusal::ForeignName { .. })
        ));
    }

    #[test]
    fn one_flipped_bit_anywhere_is_refused() {
        let signer = Signer::generate().unwrap();
        let envelope = claims("acme/x", 1).sign(COMPONENT, &signer);
        for at in 0..COMPONENT.len() {
            let mut altered = COMPONENT.to_vec();
            altered[at] ^= 1;
            assert!(matches!(
                verify(&mut verifier(&signer), &altered, &envelope),
                Err(Refusal::Altered { .. })
            ));
        }
        let truncated = &COMPONENT[..COMPONENT.len() - 1];
        assert!(matches!(verify(&mut verifier(&signer), truncated, &envelope), Err(Refusal::Altered { .. })));
    }

    #[test]
    fn time_bounds_are_kept() {
        let signer = Signer::generate().unwrap();
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let bounded = Claims {
            not_before: Some(time("2026-01-01T00:00:00Z")),
            expires: Some(time("2027-01-01T00:00:00Z")),
            ..claims("acme/x", 1)
        };
        let envelope = bounded.sign(COMPONENT, &signer);
        let at = |now: &str| {
            let Verifier { trust, ratchet, .. } = verifier(&signer);
            verify(&mut Verifier::at(trust, ratchet, time(now)), COMPONENT, &envelope).map(|_| ())
        };
        assert!(matches!(at("2025-12-31T23:59:59Z"), Err(Refusal::NotYetValid { .. })));
        assert_eq!(at("2026-01-01T00:00:00Z"), Ok(()));
        assert!(matches!(at("2027-01-01T00:00:00Z"), Err(Refusal::Expired { .. })));
    }

    #[test]
    fn an_older_release_does_not_come_back() {
        let signer = Signer::generate().unwrap();
        let mut verifier = verifier(&signer);
        verify(&mut verifier, b"new", &claims("acme/x", 2).sign(b"new", &signer)).unwrap();
        let old = claims("acme/x", 1).sign(b"old", &signer);
        assert_eq!(
            verify(&mut verifier, b"old", &old).map(|_| ()),
            Err(Refusal::RolledBack { offered: 1, seen: 2 })
        );
    }

    #[test]
    fn a_grant_must_be_asked_for_and_given() {
        let signer = Signer::generate().unwrap();
        let wasi: Grants = [Grant::Wasi].into_iter().collect();
        let asking = Claims { grants: wasi.clone(), ..claims("acme/x", 1) }.sign(COMPONENT, &signer);
        let not_asking = claims("acme/y", 1).sign(COMPONENT, &signer);
        let given = Granted { grants: wasi, ..Granted::default() };
        let mut verifier = verifier(&signer);
        assert!(matches!(verify(&mut verifier, COMPONENT, &asking), Err(Refusal::NotGranted { .. })));
        let asked = verifier.verify(COMPONENT, asking.to_line().as_bytes(), |_| given.clone()).unwrap();
        assert!(asked.grants().has(Grant::Wasi));
        let unasked = verifier.verify(COMPONENT, not_asking.to_line().as_bytes(), |_| given.clone()).unwrap();
        assert!(!unasked.grants().has(Grant::Wasi), "a grant that was not asked for was given");
    }

    #[test]
    fn a_raised_limit_must_be_given_as_high_as_it_is_asked() {
        let signer = Signer::generate().unwrap();
        let limits = AskedLimits { memory: Some(64 << 20), fuel: None };
        let asking = Claims { limits, ..claims("acme/x", 1) }.sign(COMPONENT, &signer).to_line();
        let mut verifier = verifier(&signer);
        let mut given = |memory| {
            let limits = AskedLimits { memory, fuel: Some(1) };
            let granted = Granted { limits, ..Granted::default() };
            verifier.verify(COMPONENT, asking.as_bytes(), |_| granted).map(|_| ())
        };
        assert!(matches!(given(None), Err(Refusal::NotGranted { .. })));
        assert!(matches!(given(Some(63 << 20)), Err(Refusal::NotGranted { .. })));
        assert_eq!(given(Some(64 << 20)), Ok(()));
    }

    #[test]
    fn what_was_revoked_is_refused_with_the_reason() {
        let signer = Signer::generate().unwrap();
        let envelope = claims("acme/x", 1).sign(COMPONENT, &signer);
        let release = Release { name: "acme/x".parse().unwrap(), version: "1.0.0".parse().unwrap() };
        for what in [
            Revoked::Key(signer.public().id()),
            Revoked::Release(release),
            Revoked::Sha256(Digest::of(COMPONENT)),
        ] {
            let mut verifier = verifier(&signer);
            verifier.trust.revoke(Revocation { what, reason: "laptop\u{1b}[2J stolen".into(), since: None });
            let refusal = verify(&mut verifier, COMPONENT, &envelope).unwrap_err();
            assert!(matches!(refusal, Refusal::RevokedKey { .. } | Refusal::Revoked { .. }), "{refusal}");
            let said = refusal.to_string();
            assert!(said.contains("laptop") && !said.contains('\u{1b}'), "{said}");
        }
    }

    #[test]
    fn a_retired_key_is_good_for_what_was_installed_and_for_nothing_new() {
        let (old, new) = (Signer::generate().unwrap(), Signer::generate().unwrap());
        let line = claims("acme/x", 1).sign(COMPONENT, &old).to_line();
        let mut verifier = verifier(&old);
        verifier.trust.rotate("acme", old.public().id(), new.public());
        let examine = |installed| {
            verifier.examine(COMPONENT.to_vec(), line.as_bytes(), installed).map(|examined| examined.digest())
        };
        assert!(matches!(examine(None), Err(Refusal::RetiredKey { .. })));
        assert_eq!(examine(Some(Digest::of(COMPONENT))), Ok(Digest::of(COMPONENT)));
        assert!(matches!(examine(Some(Digest::of(b"other"))), Err(Refusal::NotAsPinned { .. })));
        let line = claims("acme/x", 1).sign(COMPONENT, &new).to_line();
        assert!(verifier.examine(COMPONENT.to_vec(), line.as_bytes(), None).is_ok());
    }

    #[test]
    fn only_the_first_party_publisher_may_bring_compiled_code() {
        let signer = Signer::generate().unwrap();
        let compiled = Some(CompiledCode { settings: Digest::of(b"s"), code: Digest::of(b"c") });
        let envelope = Claims { compiled, ..claims("acme/x", 1) }.sign(COMPONENT, &signer);
        let third_party = verify(&mut verifier(&signer), COMPONENT, &envelope).unwrap();
        assert_eq!(third_party.compiled_code(), None);
        let mut trust = TrustStore::empty();
        trust.add_first_party("acme".into(), signer.public());
        let first_party =
            verify(&mut Verifier::new(trust, Ratchet::in_memory()), COMPONENT, &envelope).unwrap();
        assert_eq!(first_party.compiled_code(), compiled);
    }

    proptest! {
        #[test]
        fn no_statement_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            let signer = Signer::generate().unwrap();
            prop_assert!(verifier(&signer).verify(COMPONENT, &bytes, |_| Granted::default()).is_err());
        }

        #[test]
        fn no_altered_envelope_passes(at in 0_usize..600, bit in 0_u8..8) {
            let signer = Signer::generate().unwrap();
            let line = claims("acme/x", 1).sign(COMPONENT, &signer).to_line();
            let mut altered = line.clone().into_bytes();
            let at = at % altered.len();
            altered[at] ^= 1 << bit;
            if let Ok(verified) = verifier(&signer).verify(COMPONENT, &altered, |_| Granted::default()) {
                // Only what is not under the signature may change: JSON white space and the key id, which is a hint.
                prop_assert_eq!(verified.claims(), &claims("acme/x", 1));
                prop_assert_eq!(verified.bytes(), COMPONENT);
            }
        }
    }
}
