//! Names as a model or a reader takes them.

/// Characters of a name that are compared.
const MAX_NAME: usize = 200;

/// What a name comes to if letters that look alike, case, separators and a version at its end do not count.
pub(crate) fn plain(name: &str) -> String {
    let head: String = name.chars().take(MAX_NAME).collect();
    let canonical = bartizan_text::Text::read(&head).canonical.to_lowercase();
    let words: Vec<&str> =
        canonical.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_version = |word: &&str| {
        let digits = word.strip_prefix('v').unwrap_or(word);
        !digits.is_empty() && digits.len() <= 2 && digits.chars().all(|c| c.is_ascii_digit())
    };
    let kept = match words.split_last() {
        Some((last, rest)) if !rest.is_empty() && is_version(last) => rest,
        _ => &words,
    };
    kept.concat()
}

/// Whether a name is dressed up: it shows as plain letters that it is not made of.
pub(crate) fn is_disguised(name: &str) -> bool {
    !name.is_ascii() && bartizan_text::Text::read(name).hidden.iter().any(|_| true)
}

/// A server's name without the words that every server's has.
pub(crate) fn of_server(name: &str) -> String {
    let canonical =
        bartizan_text::Text::read(&name.chars().take(MAX_NAME).collect::<String>()).canonical.to_lowercase();
    let own = canonical.split(|c: char| !c.is_alphanumeric()).filter(|word| {
        !word.is_empty()
            && !matches!(
                *word,
                "mcp" | "server" | "servers" | "the" | "for" | "official" | "modelcontextprotocol"
            )
    });
    own.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_reader_takes_for_one_are_one() {
        for name in [
            "read_file",
            "readFile",
            "READ-FILE",
            "read_file_v2",
            "reаd_file",
            "read.file",
            "read\u{200b}_file",
        ] {
            assert_eq!(plain(name), "readfile", "{name}");
        }
        assert_ne!(plain("read_files"), plain("read_file"));
        assert_eq!(plain("v2"), "v2");
    }

    #[test]
    fn only_what_shows_as_something_else_is_disguised() {
        assert!(is_disguised("reаd_file"));
        assert!(!is_disguised("readFile"));
        assert!(!is_disguised("читать_файл"));
    }

    #[test]
    fn a_server_is_known_by_its_own_words() {
        for name in ["github-mcp-server", "GitHub MCP Server", "mcp-server-github"] {
            assert_eq!(of_server(name), "github");
        }
    }
}
