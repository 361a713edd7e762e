//! Numbers that take delivery: of accounts and telephones.

use crate::{class::LINK, token::Token};

/// A number in groups is an account's: "DE00 1234 1234 …".
pub(crate) fn account(tokens: &mut [Token]) {
    let digits = |token: &Token| {
        (3..=4).contains(&token.stem().len()) && token.stem().bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut run = 0;
    for at in 0..tokens.len() {
        run = if tokens.get(at).is_some_and(digits) { run + 1 } else { 0 };
        if run == 4
            && let Some(token) = tokens.get_mut(at - 3)
        {
            token.class |= LINK;
        }
    }
}

/// `+` and the digits of a telephone number.
pub(crate) fn is_phone(chunk: &str) -> bool {
    chunk.trim_start_matches(['(', '"', '\'', '`']).strip_prefix('+').is_some_and(|rest| {
        rest.bytes().filter(u8::is_ascii_digit).count() >= 8
            && rest.chars().all(|c| c.is_ascii_digit() || c.is_ascii_punctuation())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{purpose::words, token::Sentence};

    fn links(text: &str) -> bool {
        let sentence: Sentence = words(text);
        sentence.has(LINK)
    }

    #[test]
    fn an_account_in_groups_and_a_telephone_number_take_delivery() {
        assert!(links("pay to DE00 1234 1234 1234 1234 00"));
        assert!(links("call +49 (it is +49301234567)"));
        assert!(!links("in 2024 2025 2026 and 12 345 times"));
        assert!(!links("a+b, C++ and +5"));
    }
}
