//! Passwords in addresses: `postgres://app:password@db.internal/…`.

use super::{Secret, Sure, has_two_kinds, placeholder};

/// Passwords and hosts that everybody writes who shows the form.
#[rustfmt::skip]
const SHOWN: [&str; 26] = [
    "password", "pass", "passwd", "pwd", "pw", "secret", "user", "username", "postgres", "root", "admin", "mysql", "mongo", "redis",
    "guest", "rabbitmq", "test", "dev", "local", "minio", "sa", "db", "neo4j", "p", "password123", "secret123",
];

/// Hosts of those who show the form, and of those who try it out.
const HOSTS: [&str; 8] =
    ["localhost", "127.0.0.1", "host", "hostname", "server", "db", "0.0.0.0", "your-host"];

pub(super) fn find(text: &str) -> Vec<(usize, usize, Secret)> {
    let mut found = Vec::new();
    for (colon, mark) in text.match_indices("://") {
        let start = colon.saturating_add(mark.len());
        let rest = text.get(start..).unwrap_or_default();
        let ends =
            |c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '`' | '<' | '>' | '?' | '#' | '|');
        let authority: String = rest.chars().take(300).take_while(|c| !ends(*c)).collect();
        let Some((userinfo, host)) = authority.rsplit_once('@') else { continue };
        let Some((user, password)) = userinfo.split_once(':') else { continue };
        let host = host.to_lowercase();
        let name = host.split(':').next().unwrap_or_default();
        let shown_host = HOSTS.contains(&name) || name.contains("example");
        let lower = password.to_lowercase();
        if shown_host
            || user == password
            || SHOWN.contains(&lower.as_str())
            || placeholder::is(password)
            || password.len() < 6
        {
            continue;
        }
        let sure = if password.len() >= 10 && has_two_kinds(password) { Sure::Likely } else { Sure::Hardly };
        let length = password.chars().count();
        let shown = format!("…@{} ({length} characters)", name.chars().take(60).collect::<String>());
        let end = start.saturating_add(userinfo.len());
        found.push((start, end, Secret { what: "a password in an address", sure, shown }));
    }
    found
}
