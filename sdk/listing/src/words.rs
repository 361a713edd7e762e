//! Names and sentences as words, so that "sh" is found in `sh -c` and not in "push".

/// Bytes of one text that are read. Descriptions beyond that say nothing new, and their writer may be hostile.
const MAX_TEXT: usize = 4 * 1024;
/// Stands between sentences.
const STOP: &str = ".";

/// The words, in lower case, of an identifier in `camelCase`, `snake_case`, `kebab-case` or any mixture.
pub fn of_identifier(name: &str) -> Vec<String> {
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
pub fn head(text: &str) -> &str {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
}

/// A text, and its words.
///
/// ```
/// use bartizan_listing::Text;
/// let text = Text::new("The value is pushed on. It is never passed to a shell.");
/// assert!(text.has(&["pushed"]) && !text.has(&["sh"]));
/// assert!(!text.says(&["passed"], &["shell"], 4));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Text {
    lower: String,
    words: Vec<String>,
}

impl Text {
    /// Reads the beginning of the text, up to four thousand bytes.
    pub fn new(text: &str) -> Self {
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
    pub fn has(&self, any: &[&str]) -> bool {
        self.words.iter().any(|word| any.contains(&word.as_str()))
    }

    /// Whether it holds one of these words, and does not deny it ("without running it").
    pub fn has_undenied(&self, any: &[&str]) -> bool {
        self.words.iter().enumerate().any(|(at, word)| any.contains(&word.as_str()) && !self.is_denied(at))
    }

    /// Whether it holds one of these pieces, punctuation and all.
    pub fn holds(&self, any: &[&str]) -> bool {
        any.iter().any(|piece| self.lower.contains(piece))
    }

    /// Whether one of the first words is followed by one of the second, in one sentence and at most `within` words on,
    /// and is not denied ("is never passed to a shell").
    pub fn says(&self, first: &[&str], second: &[&str], within: usize) -> bool {
        self.words.iter().enumerate().any(|(at, word)| {
            first.contains(&word.as_str()) && !self.is_denied(at) && self.follows(at, second, within)
        })
    }

    /// Whether one of these verbs has one of these objects: within so many words, in one sentence, with nothing between
    /// them that would make the object another's ("run a linter on the code"), and not denied.
    pub fn does(&self, verbs: &[&str], objects: &[&str], within: usize) -> bool {
        self.words.iter().enumerate().any(|(at, word)| {
            verbs.contains(&word.as_str())
                && !self.is_denied(at)
                && self
                    .words
                    .iter()
                    .skip(at.saturating_add(1))
                    .take(within)
                    .take_while(|word| word.as_str() != STOP && !BETWEEN.contains(&word.as_str()))
                    .any(|word| objects.contains(&word.as_str()))
        })
    }

    /// Whether something is denied: one of these words after "no", "not" or "without".
    pub fn denies(&self, any: &[&str]) -> bool {
        self.words
            .iter()
            .enumerate()
            .any(|(at, word)| NEGATIONS.contains(&word.as_str()) && self.follows(at, any, 3))
    }

    /// The sentences, each as its words. A line is a sentence too.
    pub fn sentences(&self) -> impl Iterator<Item = &[String]> {
        self.words.split(|word| word == STOP).filter(|sentence| !sentence.is_empty())
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

/// What makes the words after it another thing than the verb's object.
const BETWEEN: [&str; 12] =
    ["on", "against", "over", "for", "from", "with", "before", "after", "about", "when", "by", "to"];

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
    fn an_object_is_the_verbs_own() {
        assert!(Text::new("Runs the given Python code.").does(&["runs"], &["code"], 4));
        assert!(!Text::new("Runs a linter on the code.").does(&["runs"], &["code"], 4));
        assert!(!Text::new("Checks without running the code.").does(&["running"], &["code"], 4));
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(head(&"€".repeat(MAX_TEXT)).len(), MAX_TEXT - MAX_TEXT % 3);
    }
}
