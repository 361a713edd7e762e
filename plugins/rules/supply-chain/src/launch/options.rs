//! Walking a command line's options without knowing every one.

/// A word of a command line and what it turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word<'w> {
    /// An option, and its value if it has one.
    Option(&'w str, Option<&'w str>),
    /// The first word that is no option, and those after it.
    Rest(&'w [String]),
}

/// The options up to the first word that is none. `takes_value` says which options are followed by their value.
pub(crate) fn walk(words: &[String], takes_value: impl Fn(&str) -> bool) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut rest = words;
    while let Some((word, after)) = rest.split_first() {
        if word == "--" {
            rest = after;
            break;
        }
        if !word.starts_with('-') || word == "-" {
            break;
        }
        rest = after;
        if let Some((name, value)) = word.split_once('=') {
            found.push(Word::Option(name, Some(value)));
        } else if takes_value(word) {
            let value = after.first().map(String::as_str);
            found.push(Word::Option(word, value));
            rest = after.get(1..).unwrap_or_default();
        } else {
            found.push(Word::Option(word, None));
        }
    }
    found.push(Word::Rest(rest));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_end_where_the_command_begins() {
        let words: Vec<String> = "-y --from x --a=b tool --from y".split(' ').map(str::to_owned).collect();
        let found = walk(&words, |option| option == "--from");
        assert_eq!(
            found,
            [
                Word::Option("-y", None),
                Word::Option("--from", Some("x")),
                Word::Option("--a", Some("b")),
                Word::Rest(&words[4..]),
            ]
        );
    }

    #[test]
    fn an_option_without_its_value_is_survived() {
        let words = vec!["--from".to_owned()];
        assert_eq!(walk(&words, |_| true), [Word::Option("--from", None), Word::Rest(&[])]);
    }
}
