//! Whether a sentence makes an attack or shows one: documentation, a detector's purpose, a quotation.

use crate::{
    class::{ALSO, ATTEMPT, CALL, Class, DEFEND, EXAMPLE, MODEL, NAME, OBLIGE, TOOL, YOU},
    token::Sentence,
};

/// How far a sentence shows an attack rather than makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shown {
    /// It makes one.
    Not,
    /// It speaks of one: documentation, a detector's purpose.
    Told,
    /// And quotes it.
    Quoted,
}

/// Whether the sentence shows an attack rather than makes one.
pub(crate) fn shown(s: &Sentence) -> Shown {
    // An order outside quotation marks is an order, whatever stands around it.
    let ordered = s
        .tokens
        .windows(4)
        .any(|four| matches!(four, [a, rest @ ..] if !a.quoted && a.is(YOU | MODEL) && rest.iter().any(|b| b.is(OBLIGE))))
        || s.tokens.windows(2).any(|pair| matches!(pair, [a, b] if !a.quoted && a.is(YOU | MODEL) && b.is(OBLIGE)));
    // So is "…, use x with …", which names what is to be called.
    let calls = s.tokens.windows(3).any(|three| {
        matches!(three, [a, b, c] if a.is(ALSO) && b.is(CALL) && b.base && !b.quoted && !a.quoted && c.is(NAME))
    });
    if s.marked || ordered || calls {
        return Shown::Not;
    }
    let quoted = s.tokens.iter().filter(|token| token.quoted).count();
    // "Use this tool like …" is how attackers write too: the cue has to stand before what it excuses.
    // "Other documentation tools" is no cue either.
    let early = |class: Class| {
        s.tokens.iter().enumerate().take(8).any(|(at, token)| {
            !token.quoted && token.is(class) && !(token.is(EXAMPLE) && s.is_at(at + 1, TOOL))
        })
    };
    // "Checks whether a prompt asks …": what follows is what it looks for.
    let relative =
        s.tokens.iter().take(10).any(|token| matches!(token.stem(), "that" | "which" | "whether" | "if"));
    let purpose = s.first && s.tokens.iter().take(2).any(|token| token.is(DEFEND));
    let defends = early(DEFEND) && (quoted > 0 || s.follows(&[DEFEND, ATTEMPT], 6)) || purpose && relative;
    // A text about attacks may quote one.
    let studied = quoted >= 3 && early(ATTEMPT);
    let cue = early(EXAMPLE) || defends || studied;
    match (cue, quoted * 3 > s.tokens.len()) {
        (true, true) => Shown::Quoted,
        (true, false) => Shown::Told,
        (false, _) if quoted * 2 > s.tokens.len() && !s.has(OBLIGE) => Shown::Told,
        (false, _) => Shown::Not,
    }
}
