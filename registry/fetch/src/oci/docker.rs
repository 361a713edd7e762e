//! Docker's configuration: the one place where every client of registries keeps its logins.

use std::{fs::File, io, io::Read as _, path::Path, sync::mpsc, thread, time::Duration};

use bartizan_model::{printable, truncate_chars};
use docker_credential::{CredentialRetrievalError as Missing, DockerCredential, get_credential_from_reader};
use zeroize::Zeroizing;

use super::{Credentials, Reference, RegistryError};

const MAX_BYTES: u64 = 1 << 20;
/// A helper may have to ask a person for a password.
const MAX_WAIT: Duration = Duration::from_mins(2);

/// The login for this reference's registry in this folder's `config.json`, if there is one.
pub(super) fn find(folder: &Path, reference: &Reference) -> Result<Option<Credentials>, RegistryError> {
    let path = folder.join("config.json");
    let bad = |why: String| RegistryError::DockerConfig {
        registry: reference.registry().to_owned(),
        path: path.clone(),
        why,
    };
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(bad(error.to_string())),
    };
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(MAX_BYTES.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| bad(error.to_string()))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(bad(format!("it is longer than {MAX_BYTES} bytes")));
    }
    match look_up(bytes, reference.login_key().to_owned()) {
        None => Err(bad("its credential helper did not answer in time".to_owned())),
        Some(Ok(DockerCredential::UsernamePassword(user, password))) => {
            Ok(Some(Credentials::Password { user, password: Zeroizing::new(password) }))
        }
        Some(Ok(DockerCredential::IdentityToken(token))) => {
            Ok(Some(Credentials::IdentityToken(Zeroizing::new(token))))
        }
        Some(Err(error)) => why(&error).map_or(Ok(None), |why| Err(bad(why))),
    }
}

/// In a thread of its own: a helper that hangs is left behind.
fn look_up(bytes: Zeroizing<Vec<u8>>, key: String) -> Option<Result<DockerCredential, Missing>> {
    let (sender, receiver) = mpsc::channel();
    let spawned = thread::Builder::new().name("docker-login".to_owned()).spawn(move || {
        let _ = sender.send(get_credential_from_reader(bytes.as_slice(), &key));
    });
    spawned.ok()?;
    receiver.recv_timeout(MAX_WAIT).ok()
}

/// What is wrong; nothing if there simply is no login.
fn why(error: &Missing) -> Option<String> {
    Some(match error {
        Missing::NoCredentialConfigured | Missing::ConfigNotFound => return None,
        // Every helper says it in these words, and on its standard output.
        Missing::HelperFailure { stdout, stderr, .. }
            if format!("{stdout}{stderr}").contains("credentials not found") =>
        {
            return None;
        }
        // What it wrote to its standard output may be the login.
        Missing::HelperFailure { helper, stderr, .. } => {
            format!("{} failed: {}", printable(helper), printable(&truncate_chars(stderr.trim(), 200)))
        }
        Missing::HelperCommunicationError => "its credential helper cannot be run".to_owned(),
        Missing::MalformedHelperResponse => "its credential helper's answer is malformed".to_owned(),
        Missing::CredentialDecodingError => "the login is not base64 of `user:password`".to_owned(),
        Missing::CredentialMismatchError => "the login is there twice, and not the same".to_owned(),
        Missing::ConfigReadError => "it is not Docker's configuration".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(config: &str, reference: &str) -> Result<Option<Credentials>, RegistryError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.json"), config).unwrap();
        find(folder.path(), &reference.parse().unwrap())
    }

    #[test]
    fn a_login_is_for_its_own_registry_only() {
        let config = r#"{"auths": {"a.example": {"auth": "dXNlcjpzM2NyZXQ="}}}"#;
        let Some(Credentials::Password { user, password }) = found(config, "oci://a.example/x").unwrap()
        else {
            panic!("no login")
        };
        assert_eq!((user.as_str(), password.as_str()), ("user", "s3cret"));
        for other in [
            "oci://b.example/x",
            "oci://a.example:5000/x",
            "oci://sub.a.example/x",
            "oci://a.example.evil.example/x",
        ] {
            assert!(found(config, other).unwrap().is_none(), "{other}");
        }
    }

    #[test]
    fn docker_hub_has_a_name_of_its_own() {
        let config = r#"{"auths": {"https://index.docker.io/v1/": {"auth": "dXNlcjpzM2NyZXQ="}}}"#;
        assert!(found(config, "oci://docker.io/acme/rules").unwrap().is_some());
    }

    #[test]
    fn an_identity_token_is_known_as_one() {
        let config = r#"{"auths": {"a.example": {"identitytoken": "t0ken"}}}"#;
        assert!(matches!(found(config, "oci://a.example/x"), Ok(Some(Credentials::IdentityToken(_)))));
    }

    #[test]
    fn a_folder_without_configuration_has_no_login() {
        let folder = tempfile::tempdir().unwrap();
        assert!(find(folder.path(), &"oci://a.example/x".parse().unwrap()).unwrap().is_none());
    }

    #[test]
    fn a_damaged_configuration_is_not_an_empty_one_and_is_not_quoted() {
        for config in [
            "not json s3cret",
            r#"{"auths": {"a.example": {"auth": "s3cret!"}}}"#,
            r#"{"credsStore": "bartizan-does-not-exist"}"#,
        ] {
            let error = found(config, "oci://a.example/x").unwrap_err();
            assert_eq!(error.code(), "docker-config", "{config}");
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn a_login_is_never_shown() {
        let config = r#"{"auths": {"a.example": {"auth": "dXNlcjpzM2NyZXQ="}}}"#;
        let shown = format!("{:?}", found(config, "oci://a.example/x").unwrap());
        assert!(shown.contains("user") && !shown.contains("s3cret"), "{shown}");
    }
}
