//! What a name is the name of: which credential, if any.
//!
//! Most names that hold "token" or "key" are no credentials: `max_tokens`, `page_token`, `primary_key`. So the words of a
//! name are read together, and a bare `token` needs words around it that say what it is for.

use bartizan_listing::Text;

/// What kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Password,
    /// A key or a secret that a service issued.
    Key,
    /// A token that a service issued to somebody for another use: an OAuth access token, a service's own.
    Bearer,
    /// A token whose use is not said in the name.
    Token,
    PrivateKey,
    /// The words that a wallet is made of.
    SeedPhrase,
    Cookie,
    OneTimeCode,
    /// An address with a password in it.
    ConnectionString,
    Credentials,
}

impl Kind {
    /// "a password".
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Password => "a password",
            Self::Key => "a key or a secret of a service",
            Self::Bearer => "an access token",
            Self::Token => "a token that authenticates",
            Self::PrivateKey => "a private key",
            Self::SeedPhrase => "the recovery phrase of a wallet",
            Self::Cookie => "a session cookie",
            Self::OneTimeCode => "a one-time code",
            Self::ConnectionString => "a connection string, which may hold a password",
            Self::Credentials => "credentials",
        }
    }

    /// Hardly any tool has a use for these.
    pub(crate) fn is_grave(self) -> bool {
        matches!(self, Self::PrivateKey | Self::SeedPhrase | Self::Cookie)
    }
}

/// Words that make of a credential's name the name of something about one, or of another thing.
#[rustfmt::skip]
const OTHER: [&str; 62] = [
    "max", "min", "count", "limit", "budget", "page", "next", "previous", "prev", "continuation", "continue", "cursor",
    "sync", "skip", "start", "end", "delta", "resume", "csrf", "xsrf", "usage", "num", "total", "contract", "erc20", "nft",
    "mint", "symbol", "address", "public", "pub", "primary", "foreign", "partition", "sort", "length", "expiry", "expires",
    "ttl", "policy", "hint", "field", "env", "var", "variable", "type", "types", "kind", "strength", "registration",
    "include", "decrypt", "export", "show", "has", "is", "with", "rotate", "change", "stop", "input", "output",
];
/// Words that a name ends in which is about a credential and holds none.
#[rustfmt::skip]
const ABOUT: [&str; 26] = [
    "name", "names", "id", "ids", "path", "file", "filename", "url", "uri", "endpoint", "label", "prefix", "ref", "arn",
    "list", "lists", "index", "version", "scope", "scopes", "issuer", "audience", "status", "count", "alias", "manager",
];
/// Services whose tokens are asked for by name.
#[rustfmt::skip]
const SERVICES: [&str; 46] = [
    "github", "gh", "gitlab", "bitbucket", "slack", "discord", "telegram", "notion", "google", "gmail", "microsoft", "azure",
    "graph", "aws", "hf", "huggingface", "jira", "atlassian", "confluence", "linear", "npm", "pypi", "vercel", "netlify",
    "stripe", "shopify", "openai", "anthropic", "figma", "asana", "trello", "zoom", "dropbox", "box", "salesforce", "hubspot",
    "twitter", "facebook", "meta", "linkedin", "spotify", "sentry", "cloudflare", "heroku", "datadog", "okta",
];

/// The credential that a value under this name is, if it is one. `around` is what is said of it.
pub(crate) fn of(words: &[String], around: &Text) -> Option<Kind> {
    let has = |any: &[&str]| words.iter().any(|word| any.contains(&word.as_str()));
    let last = words.last()?.as_str();
    if has(&OTHER) || ABOUT.contains(&last) {
        return None;
    }
    let before = words.len().checked_sub(2).and_then(|at| words.get(at)).map_or("", String::as_str);
    // That what is asked for is the name or the place of a credential, which is the way to keep it out of the call.
    if around.says(
        &["name", "path", "id", "reference"],
        &["secret", "key", "token", "password", "credential", "variable"],
        4,
    ) {
        return None;
    }
    match last {
        "password" | "passwd" | "pwd" | "passphrase" | "passcode" | "passwords" | "passwort" | "kennwort"
        | "contrasena" | "contraseña" | "senha" | "motdepasse" | "пароль" | "密码" | "パスワード" => {
            Some(Kind::Password)
        }
        "apikey" | "apikeys" | "apisecret" | "clientsecret" | "secretkey" | "accesskey" => Some(Kind::Key),
        "key" | "keys" => match before {
            "private" | "ssh" | "rsa" | "pem" | "pgp" | "gpg" => Some(Kind::PrivateKey),
            "api" | "secret" | "access" | "signing" | "encryption" | "auth" | "master" | "deploy"
            | "subscription" | "account" | "service" | "admin" => Some(Kind::Key),
            _ => None,
        },
        "privatekey" => Some(Kind::PrivateKey),
        "secret" | "secrets" => match before {
            "client" | "api" | "app" | "consumer" | "shared" | "webhook" | "signing" | "jwt" | "oauth"
            | "auth" => Some(Kind::Key),
            // "The secret to share" is a text like any other.
            "" if authenticates(around) => Some(Kind::Key),
            _ => None,
        },
        "token" | "tokens" | "jwt" | "pat" => token(last, before, words, around),
        "bearer" | "authorization" | "authtoken" | "accesstoken" => Some(Kind::Bearer),
        "header" if matches!(before, "auth" | "authorization") => Some(Kind::Bearer),
        "cookie" | "cookies" if !around.has(&["consent", "banner", "accept", "recipe"]) => Some(Kind::Cookie),
        "phrase" if matches!(before, "seed" | "recovery" | "mnemonic" | "secret") => Some(Kind::SeedPhrase),
        "mnemonic" if around.has(&["wallet", "seed", "phrase", "recovery", "key"]) => Some(Kind::SeedPhrase),
        "otp" | "totp" | "mfa" | "2fa" => Some(Kind::OneTimeCode),
        "code" if matches!(before, "otp" | "mfa" | "2fa" | "totp" | "authenticator") => {
            Some(Kind::OneTimeCode)
        }
        "string" if before == "connection" => Some(Kind::ConnectionString),
        "connectionstring" | "dsn" => Some(Kind::ConnectionString),
        "credentials" | "creds" | "credential" => Some(Kind::Credentials),
        _ => None,
    }
}

fn token(last: &str, before: &str, words: &[String], around: &Text) -> Option<Kind> {
    if last == "pat" && words.len() == 1 {
        return authenticates(around).then_some(Kind::Bearer);
    }
    if last == "jwt" || last == "pat" {
        return Some(Kind::Bearer);
    }
    let issued = ["access", "bearer", "oauth", "oauth2", "refresh", "user", "personal"];
    if issued.contains(&before) || SERVICES.contains(&before) || (before == "id" && authenticates(around)) {
        return Some(Kind::Bearer);
    }
    let named =
        ["auth", "api", "session", "bot", "secret", "security", "service", "admin", "device", "login"];
    if named.contains(&before) {
        return Some(Kind::Token);
    }
    // Pages, links and coins have tokens of their own.
    (last == "token" && authenticates(around)).then_some(Kind::Token)
}

/// Whether the words speak of proving who one is.
fn authenticates(text: &Text) -> bool {
    let proof = [
        "authentication",
        "authorization",
        "authenticate",
        "authenticates",
        "authenticated",
        "auth",
        "oauth",
        "bearer",
        "jwt",
        "login",
        "credential",
        "credentials",
        "access token",
        "personal",
    ];
    let other = [
        "page",
        "pagination",
        "cursor",
        "next",
        "previous",
        "link",
        "coin",
        "erc",
        "swap",
        "chain",
        "balance",
    ];
    (text.has_undenied(&proof) || text.says(&["api", "access"], &["token", "secret", "key"], 1))
        && !text.has(&other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_listing::of_identifier;

    fn kind(name: &str, said: &str) -> Option<Kind> {
        of(&of_identifier(name), &Text::new(said))
    }

    #[test]
    fn what_only_sounds_like_a_credential_is_none() {
        for name in [
            "max_tokens",
            "page_token",
            "nextPageToken",
            "primary_key",
            "key",
            "token_count",
            "public_key",
            "secret_name",
            "private_key_path",
            "password_policy",
            "tokens",
            "author",
            "keyboard",
            "sort_key",
            "continuation_token",
            "csrfToken",
            "token_address",
            "password_list",
            "api_key_id",
            "include_private_keys",
            "authority",
        ] {
            assert_eq!(kind(name, ""), None, "{name}");
        }
        assert_eq!(kind("token", "Single-use token from a previous call"), None);
        assert_eq!(kind("token", "Token to swap, for example ETH"), None);
        assert_eq!(kind("secret", "The message to hide in the picture"), None);
        assert_eq!(kind("api_key", "Name of the secret that holds the key"), None);
    }

    #[test]
    fn a_credential_is_known_by_its_name() {
        for (name, expected) in [
            ("apiKey", Kind::Key),
            ("OPENAI_API_KEY", Kind::Key),
            ("client_secret", Kind::Key),
            ("db_password", Kind::Password),
            ("accessToken", Kind::Bearer),
            ("github_token", Kind::Bearer),
            ("auth_token", Kind::Token),
            ("sshKey", Kind::PrivateKey),
            ("seed_phrase", Kind::SeedPhrase),
            ("session_cookie", Kind::Cookie),
            ("connectionString", Kind::ConnectionString),
        ] {
            assert_eq!(kind(name, ""), Some(expected), "{name}");
        }
        assert_eq!(kind("token", "Your API token"), Some(Kind::Token));
        assert_eq!(kind("token", "Bearer token for authentication"), Some(Kind::Token));
    }
}
