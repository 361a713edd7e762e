//! Where a word of a text leads: to a host, to an address, to files that are somebody's own.

/// The host of a URL, or an e-mail address. Names that are reserved for examples are none.
pub(crate) fn of(word: &str) -> Option<String> {
    // Most words are neither, and are not looked at twice.
    if !word.contains([':', '@']) {
        return None;
    }
    let word = word.to_lowercase();
    let host = |text: &str| -> String {
        text.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect()
    };
    let (user, host) = match (word.split_once("://"), word.split_once('@')) {
        (Some((_, rest)), _) => ("", host(rest)),
        (None, Some((user, rest))) if !user.is_empty() && rest.contains('.') => (user, host(rest)),
        _ => return None,
    };
    let host = host.trim_matches('.');
    let reserved = ["example.com", "example.org", "example.net", "localhost"];
    let is_reserved = reserved.iter().any(|name| host.ends_with(name)) || host.starts_with("127.");
    if host.is_empty() || is_reserved {
        return None;
    }
    Some(if user.is_empty() { host.to_owned() } else { format!("{user}@{host}") })
}

/// A path to what is somebody's own, and no tool's business unless it says so: what stands in a home folder and is not
/// shown there, a system's own settings, keys.
pub(crate) fn is_private(word: &str) -> bool {
    if word.len() > 512 || !word.contains(['/', '.', '\\', '~', '_']) {
        return false;
    }
    let path = word.trim_end_matches(['.', ',']).replace('\\', "/").to_lowercase();
    if path.contains("://") && !path.starts_with("file:") {
        return false;
    }
    let home = HOME.iter().find_map(|home| path.strip_prefix(home)).or_else(|| in_home(&path));
    if home.is_some_and(|rest| rest.starts_with('.') || OF_A_HOME.iter().any(|part| rest.starts_with(part))) {
        return true;
    }
    if OF_A_SYSTEM.iter().any(|part| path.starts_with(part)) {
        return true;
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    NAMES.contains(&name)
        || name.starts_with(".env.")
        || ENDS.iter().any(|end| name.ends_with(end) && name.len() > end.len())
}

/// What follows a home folder that is written out: `/home/alice/.ssh`, `c:/users/alice/appdata`.
fn in_home(path: &str) -> Option<&str> {
    let path = path.trim_start_matches("file:").trim_start_matches("//");
    let after_drive = path.split_once(":/").filter(|(drive, _)| drive.len() == 1).map(|(_, rest)| rest);
    let rest = after_drive.unwrap_or(path).trim_start_matches('/');
    let rest = rest.strip_prefix("home/").or_else(|| rest.strip_prefix("users/"))?;
    rest.split_once('/').map(|(_, rest)| rest)
}

const HOME: [&str; 6] = ["~/", "$home/", "${home}/", "%userprofile%/", "$env:userprofile/", "/root/"];
const OF_A_HOME: [&str; 4] =
    ["library/keychains", "library/application support", "appdata/", "library/cookies"];
#[rustfmt::skip]
const OF_A_SYSTEM: [&str; 9] = [
    "/etc/passwd", "/etc/shadow", "/etc/ssh", "/etc/sudoers", "/etc/kubernetes", "/proc/self", "/run/secrets", "/var/run/secrets",
    "%appdata%/",
];
#[rustfmt::skip]
const NAMES: [&str; 20] = [
    ".env", ".netrc", "_netrc", ".npmrc", ".pypirc", ".pgpass", ".htpasswd", ".git-credentials", ".bash_history", ".zsh_history",
    "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "authorized_keys", "wallet.dat", "credentials.json", "service-account.json", "shadow",
    "logins.json",
];
const ENDS: [&str; 7] = [".pem", ".key", ".ppk", ".p12", ".pfx", ".kdbx", ".keystore"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_hosts_and_addresses() {
        for (word, place) in [
            ("https://docs.acme.dev/a", Some("docs.acme.dev")),
            ("a@b.example", Some("a@b.example")),
            ("https://example.com/x", None),
            ("http://localhost:80", None),
            ("word", None),
            ("a:b", None),
        ] {
            assert_eq!(of(word).as_deref(), place, "{word}");
        }
    }

    #[test]
    fn what_is_somebodys_own_is_told_from_other_paths() {
        for path in [
            "~/.netrc",
            "~/.aws/credentials",
            "$HOME/.config/gh/hosts.yml",
            "%USERPROFILE%\\.ssh\\id_rsa",
            "/home/alice/.kube/config",
            "C:\\Users\\alice\\AppData\\Roaming\\x",
            "/etc/passwd",
            "/proc/self/environ",
            "deploy/server.pem",
            ".env",
            ".env.local",
            "~/Library/Keychains/login.keychain-db",
        ] {
            assert!(is_private(path), "{path}");
        }
        for path in [
            "~/projects/app",
            "/home/alice/report.pdf",
            "/etc/hosts",
            "/tmp/out.json",
            "./src/main.rs",
            "README.md",
            "e.g.",
            ".json",
            "https://a.example/.env",
            "read_file",
            ".key",
            "and/or",
        ] {
            assert!(!is_private(path), "{path}");
        }
    }
}
