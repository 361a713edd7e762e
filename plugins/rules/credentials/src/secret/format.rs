//! Secrets by the form that their issuers gave them.

use super::{Secret, Sure, masked, placeholder};

/// Of which characters the rest is.
#[derive(Clone, Copy)]
enum Letters {
    Hex,
    /// Capitals and figures.
    Capitals,
    Base62,
    /// Base62, `-` and `_`.
    Url,
    /// The same with `.`, `+`, `/` and `=`.
    Wide,
}

impl Letters {
    fn has(self, byte: u8) -> bool {
        match self {
            Self::Hex => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
            Self::Capitals => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Base62 => byte.is_ascii_alphanumeric(),
            Self::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
            Self::Wide => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+' | b'/' | b'=')
            }
        }
    }
}

/// What more is known of a form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    Nothing,
    /// The last six characters are the CRC-32 of the rest in base 62 (GitHub, npm).
    Crc,
    /// This stands within.
    Holds(&'static str),
    /// It holds so many parts between these.
    Parts(char, usize),
    /// A key for trying things out.
    Trial,
}

struct Form {
    what: &'static str,
    prefix: &'static str,
    letters: Letters,
    least: usize,
    most: usize,
    proof: Proof,
}

const fn form(
    what: &'static str,
    prefix: &'static str,
    letters: Letters,
    least: usize,
    most: usize,
    proof: Proof,
) -> Form {
    Form { what, prefix, letters, least, most, proof }
}

/// Longer prefixes before shorter ones that they begin with.
#[rustfmt::skip]
static FORMS: [Form; 52] = [
    form("an AWS access key id", "AKIA", Letters::Capitals, 16, 16, Proof::Nothing),
    form("a temporary AWS access key id", "ASIA", Letters::Capitals, 16, 16, Proof::Nothing),
    form("a GitHub token", "ghp_", Letters::Base62, 36, 36, Proof::Crc),
    form("a GitHub token", "gho_", Letters::Base62, 36, 36, Proof::Crc),
    form("a GitHub token", "ghu_", Letters::Base62, 36, 36, Proof::Crc),
    form("a GitHub token", "ghs_", Letters::Base62, 36, 36, Proof::Crc),
    form("a GitHub token", "ghr_", Letters::Base62, 36, 76, Proof::Nothing),
    form("a GitHub token", "github_pat_", Letters::Url, 82, 82, Proof::Parts('_', 2)),
    form("an npm token", "npm_", Letters::Base62, 36, 36, Proof::Crc),
    form("a GitLab token", "glpat-", Letters::Wide, 20, 64, Proof::Nothing),
    form("a Slack token", "xoxb-", Letters::Url, 40, 120, Proof::Parts('-', 3)),
    form("a Slack token", "xoxp-", Letters::Url, 40, 120, Proof::Parts('-', 3)),
    form("a Slack token", "xoxa-", Letters::Url, 20, 120, Proof::Nothing),
    form("a Slack token", "xapp-", Letters::Url, 60, 160, Proof::Parts('-', 4)),
    form("the address of a Slack webhook", "hooks.slack.com/services/", Letters::Wide, 40, 60, Proof::Parts('/', 3)),
    form("the address of a Discord webhook", "discord.com/api/webhooks/", Letters::Wide, 80, 100, Proof::Parts('/', 2)),
    form("a Stripe key", "sk_live_", Letters::Base62, 24, 128, Proof::Nothing),
    form("a Stripe key", "rk_live_", Letters::Base62, 24, 128, Proof::Nothing),
    form("a Stripe key for tests", "sk_test_", Letters::Base62, 24, 128, Proof::Trial),
    form("a webhook secret", "whsec_", Letters::Wide, 24, 88, Proof::Nothing),
    form("an Anthropic key", "sk-ant-", Letters::Url, 80, 120, Proof::Nothing),
    form("an OpenRouter key", "sk-or-v1-", Letters::Hex, 64, 64, Proof::Nothing),
    form("an OpenAI key", "sk-proj-", Letters::Url, 40, 200, Proof::Nothing),
    form("an OpenAI key", "sk-svcacct-", Letters::Url, 40, 200, Proof::Nothing),
    form("an OpenAI key", "sk-admin-", Letters::Url, 40, 200, Proof::Nothing),
    form("an OpenAI key", "sk-", Letters::Base62, 48, 48, Proof::Holds("T3BlbkFJ")),
    form("the key of a language model's service", "sk-", Letters::Base62, 32, 64, Proof::Nothing),
    form("a Google API key", "AIza", Letters::Url, 35, 35, Proof::Nothing),
    form("a Google OAuth client secret", "GOCSPX-", Letters::Url, 28, 28, Proof::Nothing),
    form("a Google access token", "ya29.", Letters::Url, 60, 2_048, Proof::Nothing),
    form("a Hugging Face token", "hf_", Letters::Base62, 34, 34, Proof::Nothing),
    form("a PyPI token", "pypi-AgEIcHlwaS5vcmc", Letters::Url, 50, 1_000, Proof::Nothing),
    form("a SendGrid key", "SG.", Letters::Wide, 66, 66, Proof::Parts('.', 2)),
    form("a DigitalOcean token", "dop_v1_", Letters::Hex, 64, 64, Proof::Nothing),
    form("a Shopify token", "shpat_", Letters::Hex, 32, 32, Proof::Nothing),
    form("a Databricks token", "dapi", Letters::Hex, 32, 32, Proof::Nothing),
    form("a Notion token", "ntn_", Letters::Base62, 43, 50, Proof::Nothing),
    form("a Linear key", "lin_api_", Letters::Base62, 40, 40, Proof::Nothing),
    form("a Figma token", "figd_", Letters::Url, 40, 60, Proof::Nothing),
    form("a Tavily key", "tvly-", Letters::Url, 28, 60, Proof::Nothing),
    form("a Groq key", "gsk_", Letters::Base62, 52, 52, Proof::Nothing),
    form("a Replicate token", "r8_", Letters::Base62, 37, 37, Proof::Nothing),
    form("a Supabase token", "sbp_", Letters::Hex, 40, 40, Proof::Nothing),
    form("a Perplexity key", "pplx-", Letters::Base62, 48, 56, Proof::Nothing),
    form("an Atlassian token", "ATATT3", Letters::Wide, 100, 250, Proof::Nothing),
    form("a Postman key", "PMAK-", Letters::Url, 59, 59, Proof::Nothing),
    form("a Vault token", "hvs.", Letters::Url, 24, 200, Proof::Nothing),
    form("a Doppler token", "dp.pt.", Letters::Base62, 40, 44, Proof::Nothing),
    form("a Sentry token", "sntrys_", Letters::Wide, 40, 400, Proof::Nothing),
    form("a Sentry token", "sntryu_", Letters::Hex, 64, 64, Proof::Nothing),
    form("a key of age", "AGE-SECRET-KEY-1", Letters::Capitals, 58, 58, Proof::Nothing),
    form("an Azure storage key", "AccountKey=", Letters::Wide, 86, 88, Proof::Nothing),
];

/// Where each secret starts and ends, and which it is.
pub(super) fn find(text: &str) -> Vec<(usize, usize, Secret)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut before = b' ';
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let starts_word = !before.is_ascii_alphanumeric() && byte.is_ascii_alphabetic();
        before = byte;
        let hit = if starts_word { at_word(text, bytes, at) } else { None };
        match hit {
            Some((end, seen)) => {
                if let Seen::Found(secret) = seen {
                    found.push((at, end, secret));
                }
                before = b'0';
                at = end.max(at.saturating_add(1));
            }
            None => at = at.saturating_add(1),
        }
    }
    found.extend(bot_tokens(text));
    found
}

/// What a word turned out to be.
enum Seen {
    /// Of another form.
    Other,
    /// Of this form, and only the place of a secret.
    FillIn,
    Found(Secret),
}

/// The form that begins here, if one does, and where it ends.
fn at_word(text: &str, bytes: &[u8], at: usize) -> Option<(usize, Seen)> {
    let here = bytes.get(at..)?;
    let first = here.first()?;
    for form in FORMS.iter().filter(|form| form.prefix.as_bytes().first() == Some(first)) {
        if !here.starts_with(form.prefix.as_bytes()) {
            continue;
        }
        let start = at.saturating_add(form.prefix.len());
        let rest = bytes.get(start..).unwrap_or_default();
        let most = form.most.saturating_add(1);
        let mut length = rest.iter().take(most).take_while(|byte| form.letters.has(**byte)).count();
        // A stop at the end is the sentence's.
        let is_stop = |at: usize| rest.get(at).is_some_and(|byte| matches!(byte, b'.' | b'/'));
        while matches!(form.letters, Letters::Wide) && length > 0 && is_stop(length.saturating_sub(1)) {
            length = length.saturating_sub(1);
        }
        // A longer word of the same letters is something else.
        let goes_on = rest.get(length).is_some_and(u8::is_ascii_alphanumeric);
        if length < form.least || length > form.most || goes_on {
            continue;
        }
        let end = start.saturating_add(length);
        match judge(form, text.get(at..end)?, text.get(start..end)?) {
            Seen::Other => {}
            seen => return Some((end, seen)),
        }
    }
    None
}

fn judge(form: &Form, whole: &str, body: &str) -> Seen {
    if placeholder::is_to_fill_in(body) {
        return Seen::FillIn;
    }
    let found = |sure| Seen::Found(Secret { what: form.what, sure, shown: masked(whole) });
    if placeholder::is_made_up(body) || !looks_drawn(form, body) {
        return if has_figures(body) { found(Sure::MadeUp) } else { Seen::FillIn };
    }
    match form.proof {
        Proof::Crc if has_checksum(body) => found(Sure::Proven),
        Proof::Crc | Proof::Trial => found(Sure::Hardly),
        Proof::Holds(mark) if body.contains(mark) => found(Sure::Proven),
        Proof::Holds(_) => Seen::Other,
        Proof::Parts(between, parts) => {
            let long = body.split(between).filter(|part| part.len() >= 6).count();
            if long < parts.min(2) { Seen::Other } else { found(Sure::Likely) }
        }
        Proof::Nothing => found(Sure::Likely),
    }
}

/// A package called `sk-something-or-other` has the form, but no figures.
fn has_figures(body: &str) -> bool {
    body.bytes().any(|byte| byte.is_ascii_digit())
}

fn looks_drawn(form: &Form, body: &str) -> bool {
    match form.letters {
        // Sixteen capitals and figures; some keys have no figure among them.
        Letters::Capitals => {
            let mut seen: Vec<u8> = body.bytes().collect();
            seen.sort_unstable();
            seen.dedup();
            seen.len() >= 8 && !placeholder::is_sequence(body)
        }
        _ => placeholder::is_random(body),
    }
}

/// The tokens of GitHub and npm end in a checksum of their first thirty characters.
fn has_checksum(body: &str) -> bool {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let Some((random, checksum)) = body.split_at_checked(body.len().saturating_sub(6)) else { return false };
    let mut rest = crc32fast::hash(random.as_bytes());
    let mut wanted = [b'0'; 6];
    for place in wanted.iter_mut().rev() {
        *place = usize::try_from(rest % 62).ok().and_then(|digit| DIGITS.get(digit)).copied().unwrap_or(b'0');
        rest /= 62;
    }
    checksum.as_bytes() == wanted
}

/// Telegram: the bot's number, a colon, thirty-five characters that begin with "AA".
fn bot_tokens(text: &str) -> Vec<(usize, usize, Secret)> {
    let mut found = Vec::new();
    for (colon, _) in text.match_indices(":AA") {
        let figures = text
            .get(..colon)
            .unwrap_or_default()
            .bytes()
            .rev()
            .take_while(u8::is_ascii_digit)
            .take(12)
            .count();
        if !(8..=10).contains(&figures) {
            continue;
        }
        let start = colon.saturating_add(1);
        let body: String = text
            .get(start..)
            .unwrap_or_default()
            .chars()
            .take(36)
            .take_while(|c| Letters::Url.has(u8::try_from(*c).unwrap_or(0)))
            .collect();
        if body.len() == 35 && !placeholder::is(&body) && placeholder::is_random(&body) {
            let from = colon.saturating_sub(figures);
            let end = start.saturating_add(body.len());
            let shown = masked(text.get(from..end).unwrap_or_default());
            found.push((
                from,
                end,
                Secret { what: "the token of a Telegram bot", sure: Sure::Likely, shown },
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_that_github_publishes() {
        // Printed in GitHub's own article on the format.
        assert!(has_checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"));
        assert!(!has_checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18"));
    }

    #[test]
    fn a_form_needs_its_length_and_its_letters() {
        assert_eq!(find("AKIAQ3EGRV7JZKXT2WPN").len(), 1);
        let sure = |text| find(text).first().map(|(.., secret)| secret.sure);
        assert_eq!(sure("AKIAFAKE1234567890AB"), Some(Sure::MadeUp));
        for text in [
            "AKIAQ3EGRV7JZKXT2WPNX",
            "AKIAQ3EGRV7JZKXT2W",
            "xAKIAQ3EGRV7JZKXT2WPN",
            "AKIAIOSFODNN7EXAMPLE",
            "sk-learn-2",
            "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }

    #[test]
    fn nothing_of_the_secret_is_kept_but_its_head() {
        let found = find("key: AKIAQ3EGRV7JZKXT2WPN.");
        assert_eq!(found.first().map(|(.., secret)| secret.shown.as_str()), Some("AKIA… (20 characters)"));
    }
}
