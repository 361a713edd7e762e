//! The one way to a component that may run.

use std::sync::Arc;

use bartizan_model::{ComponentRef, Digest};
use jiff::Timestamp;

use crate::{
    Claims, CompiledCode, Envelope, Grant, Grants, KeyId, MAX_COMPONENT_BYTES, Ratchet, Refusal, Statement,
    TrustStore, TrustedKey,
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

/// Checks components against what is trusted, what was seen before and what was granted.
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

    /// Checks, in this order: size, envelope, signature and whose it is, digest, time, sequence, grants.
    ///
    /// `granted` is asked, once the name is known to be true, what the user gave to this component.
    pub fn verify(
        &mut self,
        component: &[u8],
        statement: &[u8],
        granted: impl FnOnce(&Claims) -> Grants,
    ) -> Result<Verified, Refusal> {
        if component.len() as u64 > MAX_COMPONENT_BYTES {
            return Err(Refusal::TooBig { actual: component.len() as u64, limit: MAX_COMPONENT_BYTES });
        }
        let envelope = Envelope::parse(statement)?;
        let (statement, signer) = self.authenticate(&envelope)?;
        let (key, first_party) = (signer.key.id(), signer.first_party);
        let claims = statement.claims().clone();

        let digest = Digest::of(component);
        if let Some(signed) = statement.digest().filter(|signed| *signed != digest) {
            return Err(Refusal::Altered { actual: digest, signed });
        }
        if let Some(not_before) = claims.not_before.filter(|t| self.now < *t) {
            return Err(Refusal::NotYetValid { not_before: not_before.to_string() });
        }
        if let Some(expired) = claims.expires.filter(|t| self.now >= *t) {
            return Err(Refusal::Expired { expired: expired.to_string() });
        }
        self.ratchet.check(key, &claims.id, claims.sequence, digest)?;

        let granted = granted(&claims);
        if let Some(missing) = claims.grants.iter().find(|asked: &Grant| !granted.has(*asked)) {
            return Err(Refusal::NotGranted { component: claims.id, grant: missing.to_string() });
        }
        self.ratchet
            .accept(key, &claims.id, claims.sequence, digest)
            .map_err(|error| Refusal::NoRatchet(error.to_string()))?;
        let grants = claims.grants.clone();
        Ok(Verified { bytes: Arc::from(component), digest, claims, key, grants, first_party })
    }

    /// The statement in the envelope, if a key signed it that may sign for the name in it.
    fn authenticate(&self, envelope: &Envelope) -> Result<(Statement, &TrustedKey), Refusal> {
        let mut foreign = None;
        for trusted in self.trust.keys() {
            if !envelope.is_signed_by(&trusted.key)? {
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
        if let Some(refusal) = foreign {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Signer;

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
        verifier.verify(component, envelope.to_line().as_bytes(), |_| Grants::none())
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
        let mut verifier = verifier(&signer);
        assert!(matches!(verify(&mut verifier, COMPONENT, &asking), Err(Refusal::NotGranted { .. })));
        let given = verifier.verify(COMPONENT, asking.to_line().as_bytes(), |_| wasi.clone()).unwrap();
        assert!(given.grants().has(Grant::Wasi));
        let unasked = verifier.verify(COMPONENT, not_asking.to_line().as_bytes(), |_| wasi.clone()).unwrap();
        assert!(!unasked.grants().has(Grant::Wasi), "a grant that was not asked for was given");
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
            prop_assert!(verifier(&signer).verify(COMPONENT, &bytes, |_| Grants::none()).is_err());
        }

        #[test]
        fn no_altered_envelope_passes(at in 0_usize..600, bit in 0_u8..8) {
            let signer = Signer::generate().unwrap();
            let line = claims("acme/x", 1).sign(COMPONENT, &signer).to_line();
            let mut altered = line.clone().into_bytes();
            let at = at % altered.len();
            altered[at] ^= 1 << bit;
            if let Ok(verified) = verifier(&signer).verify(COMPONENT, &altered, |_| Grants::none()) {
                // Only what is not under the signature may change: JSON white space and the key id, which is a hint.
                prop_assert_eq!(verified.claims(), &claims("acme/x", 1));
                prop_assert_eq!(verified.bytes(), COMPONENT);
            }
        }
    }
}
