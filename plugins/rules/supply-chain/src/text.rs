//! Somebody else's words, made fit to be shown.

/// Characters of somebody else's text in a message.
const MAX_TEXT: usize = 200;

/// The text on one line, not too long, and with what does not show made to show.
pub(crate) fn clipped(text: &str) -> String {
    let mut out: String =
        text.chars().take(MAX_TEXT).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    if out.len() < text.len() && text.chars().nth(MAX_TEXT).is_some() {
        out.push('…');
    }
    bartizan_text::visible(&out)
}

/// A word of a command line without what may be a secret: a URL's user and query, the value of an option.
pub(crate) fn harmless(word: &str) -> String {
    let cut = |text: &str, at: &[char]| text.split(at).next().unwrap_or_default().to_owned();
    let Some((scheme, rest)) = word.split_once("://") else {
        // `--key=value`, `KEY=value`: the name is the reason, the value may be anything.
        return match word.split_once('=') {
            Some((name, value))
                if !value.starts_with('=') && !name.contains(['/', '[', '<', '>', '~', '!', '=']) =>
            {
                clipped(&format!("{name}=…"))
            }
            _ => clipped(word),
        };
    };
    let rest = cut(rest, &['?', '#']);
    let (host, path) = rest.split_once('/').unwrap_or((&rest, ""));
    let host = host.rsplit('@').next().unwrap_or_default();
    let slash = if path.is_empty() { "" } else { "/" };
    clipped(&format!("{scheme}://{host}{slash}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_not_repeated() {
        for (word, shown) in [
            ("https://user:hunter2@example.com/a.sh?key=hunter3", "https://example.com/a.sh"),
            ("git+https://hunter2@github.com/a/b@main", "git+https://github.com/a/b@main"),
            ("--api-key=hunter2", "--api-key=…"),
            ("TOKEN=hunter2", "TOKEN=…"),
            ("@scope/name@1.2.3", "@scope/name@1.2.3"),
            ("name==1.2.3", "name==1.2.3"),
        ] {
            assert_eq!(harmless(word), shown);
        }
    }

    #[test]
    fn control_characters_are_shown_and_not_sent_on() {
        assert_eq!(clipped("a\u{1b}[2Jb\nc"), "a\\u{1b}[2Jb c");
    }
}
