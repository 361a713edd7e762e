//! As much of a shell's grammar as tells commands apart: words, quotes, pipes, lists and substitutions.
//!
//! Not for running anything: no expansion is made, so a command that is put together from variables stays unread.

/// Commands of one script that are read.
const MAX_STEPS: usize = 200;
/// Substitutions within substitutions.
const MAX_DEPTH: usize = 16;

/// How a command stands to the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Joint {
    /// The first.
    #[default]
    Start,
    /// After it: `;`, `&&`, a new line.
    Then,
    /// It reads what that one writes.
    Pipe,
    /// Its output becomes part of the command that has this number: `$(…)`, `` `…` ``, `<(…)`.
    Into(usize),
}

/// One command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) words: Vec<String>,
    pub(crate) joint: Joint,
}

/// The commands of a script, in the order in which they begin.
#[expect(clippy::match_same_arms, reason = "the order of the arms is the grammar's")]
pub(crate) fn read(script: &str) -> Vec<Step> {
    let mut reader = Reader { steps: vec![Step::default()], open: Vec::new(), at: 0, word: None };
    let mut quote: Option<char> = None;
    let mut chars = script.chars().peekable();
    while let Some(c) = chars.next() {
        if reader.steps.len() >= MAX_STEPS {
            break;
        }
        match (quote, c) {
            (Some(open), _) if open == '\'' && c != '\'' => reader.push(c),
            (_, '\\') => {
                // In Windows paths a backslash is itself; before what a shell would read, it takes its meaning away.
                match chars.peek() {
                    Some(&next) if !next.is_alphanumeric() => {
                        reader.push(next);
                        chars.next();
                    }
                    _ => reader.push(c),
                }
            }
            (Some(open), _) if open == c && c != '`' => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                reader.word.get_or_insert_default();
            }
            (_, '$') if chars.peek() == Some(&'(') => {
                chars.next();
                reader.open(')', quote.take());
            }
            (None, '<' | '>') if chars.peek() == Some(&'(') => {
                chars.next();
                reader.open(')', None);
            }
            (_, '`') if reader.closes('`') => quote = reader.close(),
            (_, '`') => reader.open('`', quote.take()),
            (Some(_), _) => reader.push(c),
            (None, ')') if reader.closes(')') => quote = reader.close(),
            (None, '(' | ')' | '{' | '}') => reader.end_word(),
            (None, '|') => {
                let joint = if chars.next_if_eq(&'|').is_some() { Joint::Then } else { Joint::Pipe };
                reader.next(joint);
            }
            (None, '&') => {
                // `2>&1` joins nothing.
                if reader.word.as_deref().is_some_and(|word| word.ends_with('>')) {
                    reader.push(c);
                } else {
                    while chars.next_if_eq(&'&').is_some() {}
                    reader.next(Joint::Then);
                }
            }
            (None, ';' | '\n') => reader.next(Joint::Then),
            (None, '>') => {
                // The file that is written is a word of its own after the sign.
                reader.push('>');
                if chars.peek() != Some(&'&') {
                    while chars.next_if_eq(&'>').is_some() {}
                    reader.end_word();
                }
            }
            (None, _) if c.is_whitespace() => reader.end_word(),
            (None, _) => reader.push(c),
        }
    }
    reader.end_word();
    reader.steps.retain(|step| !step.words.is_empty() || matches!(step.joint, Joint::Start));
    reader.steps
}

struct Reader {
    steps: Vec<Step>,
    /// For each substitution that is open: what closes it, the command it is part of, its word, and the quote around it.
    open: Vec<(char, usize, Option<String>, Option<char>)>,
    /// The command that is being read.
    at: usize,
    word: Option<String>,
}

impl Reader {
    fn push(&mut self, c: char) {
        self.word.get_or_insert_default().push(c);
    }

    fn end_word(&mut self) {
        if let (Some(word), Some(step)) = (self.word.take(), self.steps.get_mut(self.at)) {
            step.words.push(word);
        }
    }

    fn next(&mut self, joint: Joint) {
        self.end_word();
        // What stands in a substitution stays of it.
        let joint = match (joint, self.steps.get(self.at).map(|step| step.joint)) {
            (Joint::Then, Some(Joint::Into(parent))) => Joint::Into(parent),
            _ => joint,
        };
        self.begin(joint);
    }

    fn begin(&mut self, joint: Joint) {
        self.at = self.steps.len();
        self.steps.push(Step { words: Vec::new(), joint });
    }

    fn open(&mut self, closes: char, quote: Option<char>) {
        if self.open.len() >= MAX_DEPTH {
            return;
        }
        self.open.push((closes, self.at, self.word.take(), quote));
        self.begin(Joint::Into(self.at));
    }

    fn closes(&self, c: char) -> bool {
        self.open.last().is_some_and(|(closes, ..)| *closes == c)
    }

    /// The quote that is open again.
    fn close(&mut self) -> Option<char> {
        self.end_word();
        let (_, at, word, quote) = self.open.pop()?;
        self.at = at;
        self.word = word;
        // The place of what was substituted stays a word, even if nothing else is in it.
        self.push('\u{fffc}');
        quote
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(script: &str) -> Vec<(String, Joint)> {
        read(script).into_iter().map(|step| (step.words.join(" "), step.joint)).collect()
    }

    #[test]
    fn pipes_and_lists_are_told_apart() {
        assert_eq!(
            words("cd /srv && curl -s 'https://a.example/x y' | bash; echo done"),
            [
                ("cd /srv".to_owned(), Joint::Start),
                ("curl -s https://a.example/x y".to_owned(), Joint::Then),
                ("bash".to_owned(), Joint::Pipe),
                ("echo done".to_owned(), Joint::Then),
            ]
        );
    }

    #[test]
    fn a_substitution_belongs_to_the_command_it_stands_in() {
        for script in ["bash -c \"$(curl -s u)\"", "bash <(curl -s u)", "eval `curl -s u`"] {
            let steps = read(script);
            assert_eq!(steps[1].words, ["curl", "-s", "u"], "{script}");
            assert_eq!(steps[1].joint, Joint::Into(0), "{script}");
        }
    }

    #[test]
    fn quotes_keep_operators_out() {
        assert_eq!(words("echo 'a | b' \"c;d\" e\\|f"), [("echo a | b c;d e|f".to_owned(), Joint::Start)]);
    }

    #[test]
    fn hostile_nesting_is_survived() {
        for script in ["$(".repeat(100_000), "`".repeat(9_999), "|;&".repeat(50_000), "\"".repeat(7)] {
            assert!(read(&script).len() <= MAX_STEPS + MAX_DEPTH);
        }
    }
}
