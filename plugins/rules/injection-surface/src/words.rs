//! Names and sentences as words, so that "sh" is found in `sh -c` and not in "push".

/// Bytes of one text that are read. Descriptions beyond that say nothing new, and their writer may be hostile.
const MAX_TEXT: usize = 4 * 1024;
/// Stands between sentences.
const STOP: &str = ".";

/// The words of an identifier in `camelCase`, `snake_case`, `kebab-case` or any mixture.
pub(crate) fn of_identifier(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().take(256).collect();
    for (index, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = index.checked_sub(1).and_then(|before| chars.get(before)).copied();
        let after = chars.get(index.saturating_add(1)).copied();
        let starts = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase() || b.is_numeric())
                // The last capital of "HTTPUrl" starts a word.
                || (before.is_some_and(char::is_uppercase) && after.is_some_and(char::is_lowercase)));
        if starts {
            words.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// As much of the text as is read.
pub(crate) fn head(text: &str) -> &str {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
}

/// A text, and its words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    lower: String,
    words: Vec<String>,
}

impl Text {
    pub(crate) fn new(text: &str) -> Self {
        let lower = head(text).to_lowercase();
        let mut words = Vec::new();
        let mut word = String::new();
        let mut chars = lower.chars().peekable();
        while let Some(c) = chars.next() {
            if c.is_alphanumeric() {
                word.push(c);
                continue;
            }
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            let ends = matches!(c, '\n' | ';')
                || (matches!(c, '.' | '!' | '?') && chars.peek().is_none_or(|next| next.is_whitespace()));
            if ends {
                words.push(STOP.to_owned());
            }
        }
        words.push(word);
        words.retain(|word| !word.is_empty());
        Self { lower, words }
    }

    /// Whether it holds one of these words.
    pub(crate) fn has(&self, any: &[&str]) -> bool {
        self.words.iter().any(|word| any.contains(&word.as_str()))
    }

    /// Whether it holds one of these words, and does not deny it ("without running it").
    pub(crate) fn has_undenied(&self, any: &[&str]) -> bool {
        self.words.iter().enumerate().any(|(at, word)| any.contains(&word.as_str()) && !self.is_denied(at))
    }

    /// Whether it holds one of these pieces, punctuation and all.
    pub(crate) fn holds(&self, any: &[&str]) -> bool {
        any.iter().any(|piece| self.lower.contains(piece))
    }

    /// Whether one of the first words is followed by one of the second, in one sentence and at most `within` words on,
    /// and is not denied ("is never passed to a shell").
    pub(crate) fn says(&self, first: &[&str], second: &[&str], within: usize) -> bool {
        self.words.iter().enumerate().any(|(at, word)| {
            first.contains(&word.as_str()) && !self.is_denied(at) && self.follows(at, second, within)
        })
    }

    /// Whether something is denied: one of these words after "no", "not" or "without".
    pub(crate) fn denies(&self, any: &[&str]) -> bool {
        self.words
            .iter()
            .enumerate()
            .any(|(at, word)| NEGATIONS.contains(&word.as_str()) && self.follows(at, any, 3))
    }

    fn follows(&self, at: usize, any: &[&str], within: usize) -> bool {
        self.words
            .iter()
            .skip(at.saturating_add(1))
            .take(within)
            .take_while(|word| word.as_str() != STOP)
            .any(|word| any.contains(&word.as_str()))
    }

    fn is_denied(&self, at: usize) -> bool {
        let start = at.saturating_sub(4);
        let before = self.words.get(start..at).unwrap_or_default();
        before
            .iter()
            .rev()
            .take_while(|word| word.as_str() != STOP)
            .any(|word| NEGATIONS.contains(&word.as_str()))
    }
}

/// "isn't" and "don't" lose their tails to the apostrophe.
const NEGATIONS: [&str; 12] =
    ["not", "no", "never", "without", "isn", "doesn", "don", "cannot", "aren", "nor", "unlike", "avoid"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_fall_into_words() {
        for (name, words) in [
            ("imagePath", vec!["image", "path"]),
            ("where_clause", vec!["where", "clause"]),
            ("HTTPCallbackURL", vec!["http", "callback", "url"]),
            ("x-api.key2Name", vec!["x", "api", "key2", "name"]),
            ("push", vec!["push"]),
            ("", vec![]),
        ] {
            assert_eq!(of_identifier(name), words, "{name}");
        }
    }

    #[test]
    fn words_count_within_a_sentence_only() {
        assert!(Text::new("It is passed to the shell.").says(&["passed"], &["shell"], 4));
        assert!(!Text::new("It is passed on. The shell is closed.").says(&["passed"], &["shell"], 8));
        assert!(!Text::new("Pushed to origin").has(&["sh", "push"]));
    }

    #[test]
    fn what_is_denied_is_not_said() {
        assert!(!Text::new("The value is never passed to a shell.").says(&["passed"], &["shell"], 4));
        assert!(Text::new("Passed to the shell without validation.").denies(&["validation"]));
        assert!(!Text::new("Passed on after validation.").denies(&["validation"]));
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(head(&"€".repeat(MAX_TEXT)).len(), MAX_TEXT - MAX_TEXT % 3);
    }
}
