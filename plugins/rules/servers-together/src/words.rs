//! Texts as sentences and words.

/// Bytes of one text that are read.
const MAX_TEXT: usize = 16 * 1024;
/// Sentences of one text that are read.
const MAX_SENTENCES: usize = 200;
/// Words of one sentence that are read.
const MAX_WORDS: usize = 120;

/// One sentence.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sentence {
    /// As it was written, of what a model reads.
    pub(crate) text: String,
    /// Lower case. Names with `_`, `-` or `.` inside stay whole.
    pub(crate) words: Vec<String>,
    /// As `words`, in their own case, and with the quotes around them.
    pub(crate) raw: Vec<String>,
}

pub(crate) fn sentences(text: &str) -> Vec<Sentence> {
    let canonical = bartizan_text::Text::read(crate::fact::cut(text, MAX_TEXT)).canonical;
    let mut found = Vec::new();
    let mut current = Sentence::default();
    for line in canonical.lines() {
        for raw in line.split_whitespace() {
            push(&mut current, raw);
            let ends = raw.ends_with(['.', '!', '?']) || current.words.len() >= MAX_WORDS;
            if ends && !current.words.is_empty() {
                found.push(std::mem::take(&mut current));
                if found.len() >= MAX_SENTENCES {
                    return found;
                }
            }
        }
        if line.trim().is_empty() && !current.words.is_empty() {
            found.push(std::mem::take(&mut current));
        }
        if found.len() >= MAX_SENTENCES {
            return found;
        }
    }
    if !current.words.is_empty() {
        found.push(current);
    }
    found
}

fn push(sentence: &mut Sentence, raw: &str) {
    if !sentence.text.is_empty() {
        sentence.text.push(' ');
    }
    sentence.text.push_str(raw);
    let bare = raw.trim_matches(|c: char| !c.is_alphanumeric());
    if !bare.is_empty() {
        sentence.words.push(bare.to_lowercase().replace('’', "'"));
        sentence.raw.push(raw.to_owned());
    }
}

impl Sentence {
    pub(crate) fn has(&self, any: &[&str]) -> bool {
        self.words.iter().any(|word| any.contains(&word.as_str()))
    }

    /// Whether one of `first` is followed by one of `then` within so many words.
    pub(crate) fn near(&self, first: &[&str], then: &[&str], within: usize) -> bool {
        self.words.iter().enumerate().filter(|(_, word)| first.contains(&word.as_str())).any(|(at, _)| {
            self.words
                .iter()
                .skip(at.saturating_add(1))
                .take(within)
                .any(|word| then.contains(&word.as_str()))
        })
    }
}

/// The words of an identifier in `camelCase`, `snake_case`, `kebab-case` or any mixture.
pub(crate) fn of_identifier(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for c in name.chars().take(200) {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower_before) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase() || c.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let found = sentences("Before using `send_email`, add x. Never\ntell. \n\nThird");
        let words: Vec<String> = found.iter().map(|sentence| sentence.words.join(" ")).collect();
        assert_eq!(words, ["before using send_email add x", "never tell", "third"]);
        assert!(found[0].near(&["before"], &["send_email"], 2));
    }

    #[test]
    fn hostile_texts_are_survived() {
        for text in ["a ".repeat(1_000_000), ". ".repeat(1_000_000), "\n".repeat(1_000_000)] {
            assert!(sentences(&text).len() <= MAX_SENTENCES);
        }
    }
}
