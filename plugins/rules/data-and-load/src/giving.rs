//! Whether words say that something is given out.

use crate::lexicon::{GIVES, MASKED, NOT_GIVEN, OF_ANOTHER, PERSONAL};

/// Words that may stand between the verb and what is given.
const MAX_BETWEEN: usize = 14;
/// Things in one sentence that are looked at.
const MAX_THINGS: usize = 24;

/// The thing that this sentence says is given out, as it says it.
pub(crate) fn given(sentence: &[String], things: &[&[&str]], is_first: bool) -> Option<String> {
    // Most sentences speak of none, so that is asked first.
    let mut found = occurrences(sentence, things).take(MAX_THINGS).peekable();
    found.peek()?;
    if sentence.iter().any(|word| MASKED.contains(&word.as_str())) {
        return None;
    }
    found
        .find(|(at, length)| is_given(sentence, *at, *length, is_first))
        .map(|(at, length)| words(sentence, at, length))
}

/// Whether a verb before it says so, with nothing in between that makes it another's object.
fn is_given(sentence: &[String], at: usize, length: usize, is_first: bool) -> bool {
    let before = sentence.get(at.saturating_sub(MAX_BETWEEN)..at).unwrap_or_default();
    // One connects with a password, but not with its hash or with a card's number.
    let thing = sentence.get(at..at.saturating_add(length)).unwrap_or_default();
    let is_used =
        begins_with(thing, PERSONAL).is_none() && !thing.iter().any(|word| word.starts_with("hash"));
    let parts = |word: &str| NOT_GIVEN.contains(&word) && (is_used || word != "with");
    let near = before.iter().enumerate().rev().take_while(|(_, word)| !parts(word));
    let offset = at.saturating_sub(before.len());
    // "Get your API key from …" is said to a person; what the tool gets, its first sentence says.
    let counts = |word: &str, at: usize| match word {
        "get" | "gets" => is_first,
        "has" | "have" | "holds" | "carries" => is_of_the_answer(sentence, at),
        word => GIVES.contains(&word),
    };
    near.into_iter().any(|(index, word)| {
        let at = offset.saturating_add(index);
        counts(word, at) && !is_denied(sentence, at)
    })
}

/// "The response has …": other things have passwords too.
fn is_of_the_answer(sentence: &[String], at: usize) -> bool {
    let before = sentence.get(at.saturating_sub(3)..at).unwrap_or_default();
    before.iter().any(|word| {
        matches!(word.as_str(), "response" | "result" | "results" | "output" | "answer" | "report" | "reply")
    })
}

/// Where things are named, and how many words each takes.
fn occurrences(sentence: &[String], things: &[&[&str]]) -> impl Iterator<Item = (usize, usize)> {
    (0..sentence.len()).filter_map(move |at| {
        let rest = sentence.get(at..)?;
        let length = begins_with(rest, things)?;
        let next = rest.get(length).map(String::as_str).unwrap_or_default();
        (!OF_ANOTHER.contains(&next)).then_some((at, length))
    })
}

fn words(sentence: &[String], at: usize, length: usize) -> String {
    sentence.get(at..at.saturating_add(length)).unwrap_or_default().join(" ")
}

/// "never returns", "does not include".
fn is_denied(sentence: &[String], at: usize) -> bool {
    let before = sentence.get(at.saturating_sub(3)..at).unwrap_or_default();
    before
        .iter()
        .any(|word| matches!(word.as_str(), "not" | "never" | "no" | "without" | "doesn" | "don" | "cannot"))
}

/// How many words the thing takes that these begin with.
pub(crate) fn begins_with(words: &[String], things: &[&[&str]]) -> Option<usize> {
    let fits = |thing: &&&[&str]| {
        words.len() >= thing.len()
            && thing.iter().zip(words).enumerate().all(|(index, (wanted, word))| {
                let is_last = index.saturating_add(1) == thing.len();
                word == wanted || is_last && is_plural(word, wanted)
            })
    };
    things.iter().filter(fits).map(|thing| thing.len()).max()
}

/// The thing that is named anywhere in these words.
pub(crate) fn named(sentence: &[String], things: &[&[&str]]) -> Option<String> {
    occurrences(sentence, things).next().map(|(at, length)| words(sentence, at, length))
}

fn is_plural(word: &str, singular: &str) -> bool {
    word.strip_suffix('s').is_some_and(|stem| stem == singular)
        || word.strip_suffix("es").is_some_and(|stem| stem == singular)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{PERSONAL, SECRETS};
    use bartizan_listing::Text;

    fn says(text: &str) -> Option<String> {
        let text = Text::new(text);
        let mut sentences = text.sentences().enumerate();
        sentences.find_map(|(at, sentence)| {
            given(sentence, SECRETS, at == 0).or_else(|| given(sentence, PERSONAL, at == 0))
        })
    }

    #[test]
    fn what_is_said_to_be_given_is_found() {
        for (text, thing) in [
            ("Returns database URLs, API keys, and other service configuration.", "api keys"),
            ("Get admin configuration including API keys and database credentials.", "api keys"),
            ("Shows the user. Includes the password hash and the role.", "password hash"),
            ("Lists users with password hashes.", "password hashes"),
            ("Fetches a customer with card number and address.", "card number"),
            ("Returns the webhook secret of the project.", "webhook secret"),
            ("Find a record. The response has the full credit card number.", "credit card number"),
            ("Set include_sensitive=true to include salary, SSN, and bank details.", "ssn"),
            ("Exports all accounts with names.\nThe file contains access_tokens.", "access tokens"),
        ] {
            assert_eq!(says(text).as_deref(), Some(thing), "{text}");
        }
    }

    #[test]
    fn what_is_needed_named_or_kept_back_is_not_given() {
        for text in [
            "Returns the forecast. Requires an API key.",
            "Fetches a page using your access token.",
            "Lists the names of secrets.",
            "Returns the settings; passwords are redacted.",
            "Never returns passwords.",
            "Returns the user. Does not include the password.",
            "Returns the password policy of the domain.",
            "The document has a password.",
            "Reads a table with the credentials of the profile.",
            "Searches issues. Get your API key from https://example.com/keys.",
            "Checks a repository for exposed secrets and credentials.",
            "Returns the next page token and the token count.",
            "List all documents about credentials.",
            "Get the list of API key names.",
        ] {
            assert_eq!(says(text), None, "{text}");
        }
    }
}
