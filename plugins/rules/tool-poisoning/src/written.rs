//! What a piece of text is by how it is written: a path, an address, a piece of shell.

use smol_str::StrExt as _;

use crate::class::{Class, LINK, OUTSIDE, ROLE, SECRET, SECRET_FILE, SHELL, WEAKEN};

/// Names of files and folders that hold keys, sessions or a client's settings.
const SECRET_PATHS: &[&str] = &[
    ".ssh",
    ".aws/",
    ".netrc",
    ".npmrc",
    ".pypirc",
    "/etc/passwd",
    "/etc/shadow",
    "mcp.json",
    ".kube/",
    ".gnupg",
    "wallet.dat",
    ".git-credentials",
    ".docker/config",
    "credentials.json",
    ".bash_history",
    ".zsh_history",
    "desktop_config.json",
    ".config/gcloud",
    "ntds.dit",
    "cookies.sqlite",
    "/proc/self/environ",
    ".vault-token",
    "secrets.yaml",
    "secrets.yml",
    "secrets.json",
    ".pgpass",
    ".cursor/",
    ".azure/",
    ".env.local",
    "/etc/sudoers",
    "logins.json",
    "key4.db",
    "service-account.json",
    "/private/",
];

/// As [`SECRET_PATHS`], without a dot or a slash: most words with an underscore or a hyphen are names in a program.
const SECRET_NAMES: &[&str] = &["id_rsa", "id_ed25519", "id_ecdsa", "authorized_keys", "keychain-db"];

/// Pieces of shell that fetch and run, open a way in, or destroy.
const SHELL_PIECES: &[&str] = &["/dev/tcp/", "/bin/sh", "/bin/bash", "$(", "&&", "|sh", "|bash"];

/// The classes of a piece without blanks, told by how it is written.
pub(crate) fn class_of(word: &str) -> Class {
    // A plain word is none of these; most words are plain.
    if !word.contains(['.', '/', '~', '@', ':', '$', '&', '_', '-', '|']) && word != "chmod" {
        return 0;
    }
    let lower = word.to_ascii_lowercase_smolstr();
    let mut class = 0;
    let path = word.contains(['.', '/']);
    let secret = SECRET_NAMES.iter().any(|name| lower.contains(name))
        || path && SECRET_PATHS.iter().any(|part| lower.contains(part))
        || lower == ".env"
        || lower == ".pem"
        || (lower.strip_suffix(".env").is_some_and(|name| {
            // What programs call their environment is no file.
            !name.is_empty() && !["process", "meta", "os", "self", "this"].iter().any(|of| name.ends_with(of))
        }))
        || lower.ends_with(".git/config")
        || lower.ends_with("/.env")
        || lower.starts_with("~/.")
        || lower.starts_with("$home/.")
        || (lower.strip_suffix(".pem").is_some_and(|name| !name.is_empty()));
    if secret {
        class |= SECRET_FILE;
    }
    if lower.contains("://")
        || lower.starts_with("www.")
        || is_mail(&lower)
        || is_ipv4(&lower)
        || is_host(&lower)
    {
        class |= LINK;
        let local = ["://localhost", "://127.", "://0.0.0.0", "://[::1]"];
        let odd = [
            "attacker",
            "evil",
            "exfil",
            "malicious",
            "collect",
            "webhook",
            "ngrok",
            "requestbin",
            "pastebin",
        ];
        if odd.iter().any(|part| lower.contains(part)) && !local.iter().any(|part| lower.contains(part)) {
            class |= OUTSIDE;
        }
    }
    let shell = word.contains(['/', '$', '&', '|']) && SHELL_PIECES.iter().any(|piece| lower.contains(piece));
    if shell || lower == "chmod" {
        class |= SHELL;
    }
    // A variable whose name says that it holds a key.
    if ["_token", "_key", "_secret", "_password"].iter().any(|end| lower.ends_with(end))
        && word.chars().all(|c| !c.is_lowercase())
    {
        class |= SECRET;
    }
    if is_wallet(&lower) {
        class |= LINK;
    }
    if lower == "0.0.0.0/0" {
        class |= WEAKEN;
    }
    if lower.starts_with("system:") {
        class |= ROLE;
    }
    class
}

/// An address that money goes to.
pub(crate) fn is_wallet(word: &str) -> bool {
    let hex = word
        .strip_prefix("0x")
        .is_some_and(|rest| rest.len() == 40 && rest.bytes().all(|b| b.is_ascii_hexdigit()));
    let segwit =
        word.starts_with("bc1") && word.len() > 25 && word.bytes().all(|b| b.is_ascii_alphanumeric());
    // IBAN: a country, two check digits, and the account.
    let iban = (15..=34).contains(&word.len())
        && word
            .bytes()
            .enumerate()
            .all(|(at, b)| if at < 2 { b.is_ascii_alphabetic() } else { b.is_ascii_digit() });
    hex || segwit || iban
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.ends_with('.') && !word.contains('/')
    })
}

/// A host's name without a scheme, told by its last part; two letters may as well be a file's ending.
fn is_host(word: &str) -> bool {
    const TOP: &[&str] = &[
        "com", "net", "org", "dev", "app", "xyz", "info", "cloud", "online", "site", "email", "biz",
        "example", "test", "invalid",
    ];
    let host = word.split(['/', ':']).next().unwrap_or_default();
    host.rsplit_once('.').is_some_and(|(name, top)| {
        TOP.contains(&top)
            && !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
    })
}

fn is_ipv4(word: &str) -> bool {
    let host = word.split([':', '/']).next().unwrap_or_default();
    host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok())
}
