//! TLS as the platform verifies it, with a witness beside the verifier: what a certificate says is known also when
//! it is refused. A refusal is final; there is no way to go on without verification.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use bartizan_model::{printable, truncate_chars};
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
    client::{
        Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use serde_json::{Value, json};

/// What was seen of each host's certificate, as the detail of a "tls" observation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen(Arc<Mutex<BTreeMap<String, Value>>>);

impl Seen {
    /// What was seen of every host.
    pub(crate) fn all(&self) -> BTreeMap<String, Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was seen of this host, if its certificate was refused.
    pub(crate) fn refused(&self, host: &str) -> Option<(String, Value)> {
        let facts = self.all().remove(host.trim_start_matches('[').trim_end_matches(']'))?;
        let why = facts.get("verification_error")?.as_str()?.to_owned();
        Some((why, facts))
    }

    fn put(&self, host: &str, facts: Value) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(host.to_owned(), facts);
    }

    /// The handshake goes on, and now its version is known.
    fn version(&self, der: &CertificateDer<'_>, version: &str) {
        let fingerprint = fingerprint(der);
        for facts in self.0.lock().unwrap_or_else(PoisonError::into_inner).values_mut() {
            if facts.get("sha256") == Some(&fingerprint)
                && let Some(object) = facts.as_object_mut()
            {
                object.insert("version".into(), version.into());
            }
        }
    }
}

/// A client that verifies as the platform does, and what it will have seen.
pub(crate) fn platform() -> Result<(ClientConfig, Seen), Error> {
    /// Made once for all listings: it reads every certificate that the platform trusts.
    static PLATFORM: OnceLock<(Arc<CryptoProvider>, Arc<rustls_platform_verifier::Verifier>)> =
        OnceLock::new();
    let (provider, verifier) = if let Some(made) = PLATFORM.get() {
        made.clone()
    } else {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Arc::new(rustls_platform_verifier::Verifier::new(Arc::clone(&provider))?);
        PLATFORM.get_or_init(|| (provider, verifier)).clone()
    };
    config(provider, verifier)
}

fn config(
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
) -> Result<(ClientConfig, Seen), Error> {
    let seen = Seen::default();
    let witness = Witness { inner: verifier, seen: seen.clone() };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(witness))
        .with_no_client_auth();
    // A resumed session shows no certificate.
    config.resumption = Resumption::disabled();
    Ok((config, seen))
}

/// Writes down what the verifier is shown and says. It decides nothing.
#[derive(Debug)]
struct Witness {
    inner: Arc<dyn ServerCertVerifier>,
    seen: Seen,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict =
            self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let error = verdict.as_ref().err().map(ToString::to_string);
        self.seen.put(&server_name.to_str(), facts(end_entity, error));
        verdict
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.seen.version(cert, "TLSv1.2");
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.seen.version(cert, "TLSv1.3");
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

fn fingerprint(der: &CertificateDer<'_>) -> Value {
    bartizan_model::Digest::of(der).to_string().into()
}

fn facts(der: &CertificateDer<'_>, error: Option<String>) -> Value {
    let clean = |text: String| printable(&truncate_chars(&text, 300));
    let parsed = x509_parser::parse_x509_certificate(der).ok().map(|(_, certificate)| certificate);
    let (subject, issuer, not_after, self_signed) = match &parsed {
        Some(certificate) => (
            Some(clean(certificate.subject().to_string())),
            Some(clean(certificate.issuer().to_string())),
            Some(certificate.validity().not_after.timestamp()),
            Some(certificate.subject().as_raw() == certificate.issuer().as_raw()),
        ),
        None => (None, None, None, None),
    };
    json!({
        "version": Value::Null,
        "subject": subject,
        "issuer": issuer,
        // Seconds since 1970.
        "not_after": not_after,
        "self_signed": self_signed,
        "sha256": fingerprint(der),
        "verification_error": error.map(clean),
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use rustls::{
        ClientConnection, RootCertStore, ServerConfig, ServerConnection, client::WebPkiServerVerifier,
        pki_types::PrivateKeyDer,
    };

    use super::*;

    #[test]
    fn a_certificate_that_verifies_is_described_with_the_version_of_the_handshake() {
        let made = rcgen::generate_simple_self_signed(vec!["mcp.example".into()]).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).unwrap();
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .unwrap();
        let (client, seen) = config(Arc::clone(&provider), verifier).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let mut server = ServerConnection::new(Arc::new(server)).unwrap();
        let mut client = ClientConnection::new(Arc::new(client), "mcp.example".try_into().unwrap()).unwrap();
        client.writer().write_all(b"hello").unwrap();
        let mut heard = Vec::new();
        while heard.is_empty() {
            let mut wire = Vec::new();
            client.write_tls(&mut wire).unwrap();
            server.read_tls(&mut wire.as_slice()).unwrap();
            server.process_new_packets().unwrap();
            let _ = server.reader().read_to_end(&mut heard);
            let mut wire = Vec::new();
            server.write_tls(&mut wire).unwrap();
            client.read_tls(&mut wire.as_slice()).unwrap();
            client.process_new_packets().unwrap();
        }
        let facts = seen.all().remove("mcp.example").unwrap();
        assert_eq!((&facts["version"], &facts["verification_error"]), (&json!("TLSv1.3"), &Value::Null));
        assert_eq!(seen.refused("mcp.example"), None);
    }
}
