//! The private things that a sentence may speak of.

use super::Setting;
use crate::{
    class::{
        CODE, CONTENT, CONTEXT, Class, DATA, GIVE, IT, KEYED, MODEL, NAME, PERSON, PERSONAL, PRIVATE, SAID,
        SECRET, SECRET_FILE, TAKE, TALK, USER, WHOLE, YOU,
    },
    token::Sentence,
};

/// A private thing in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) at: usize,
    /// It opens doors, rather than being nobody's business.
    pub(super) key: bool,
    /// It is said whose it is, or that all of it is meant.
    pub(super) owned: bool,
}

/// The private thing that a sentence speaks of, unless the tool is openly about such things.
pub(super) fn thing(s: &Sentence, setting: &Setting<'_>) -> Option<Thing> {
    let open = setting.purpose | setting.topic;
    let doors = SECRET | SECRET_FILE;
    let owned = s.has(SECRET_FILE | WHOLE) && s.has(GIVE | TAKE) || s.has(USER | PERSON | MODEL | YOU);
    // "Set by the environment variable X" names one; all of them are another matter.
    let named = s.has(doors)
        && s.tokens.iter().any(|token| matches!(token.stem(), "environment" | "env"))
        && !(s.has(TAKE) && s.has(WHOLE | USER | PERSON | MODEL));
    // "Removes secrets from a text": what the tool is for, told in its first clause.
    // "Set `x` to the value of the variable": into a place of this very call.
    let filled = named
        && s.any(|stem| matches!(stem, "valu" | "content" | "contents"))
        && (0..s.tokens.len()).any(|at| {
            s.is_at(at, CODE | NAME) && s.tokens.get(at).is_some_and(|token| (setting.slot)(token.stem()))
        });
    let named = named && !filled || s.first && setting.topic & doors != 0;
    if setting.purpose & doors == 0
        && let Some(at) = position(s, doors).filter(|_| !named)
    {
        return Some(Thing { at, key: true, owned });
    }
    if setting.purpose & doors == 0
        && s.has(KEYED)
        && s.has(USER | PERSON | YOU)
        && let Some(at) = (0..s.tokens.len()).find(|&at| opens_doors(s, at))
    {
        return Some(Thing { at, key: true, owned: true });
    }
    // `env` as a command prints what the process was started with.
    let prints = |at: &usize| {
        (s.is_at(*at, CODE) || s.is_at(at.wrapping_sub(1), TAKE))
            && s.tokens.get(*at).is_some_and(|token| matches!(token.stem(), "env" | "printenv"))
    };
    if s.has(KEYED)
        && let Some(at) = (0..s.tokens.len()).find(prints)
    {
        return Some(Thing { at, key: true, owned: true });
    }
    if open & (CONTEXT | PRIVATE | PERSONAL | TALK) == 0 {
        if let Some(at) = position(s, CONTEXT | PERSONAL | PRIVATE) {
            return Some(Thing { at, key: false, owned });
        }
        // "The answers given in this conversation".
        let talk = |stem: &str| {
            matches!(stem, "convers" | "conversation" | "chat" | "session" | "dialog" | "thread")
        };
        let said = |at: usize| {
            (at + 1..at + 6)
                .any(|next| s.is_at(next, TALK) && s.tokens.get(next).is_some_and(|token| talk(token.stem())))
        };
        if s.has(TALK)
            && !setting.parameter
            && let Some(at) = (0..s.tokens.len()).find(|&at| s.is_at(at, SAID) && said(at))
        {
            return Some(Thing { at, key: false, owned: true });
        }
        // "The contents of every file that …", "those outside the repository": more than the call is about.
        let beyond = |stem: &str| {
            matches!(stem, "repository" | "repositori" | "repo" | "project" | "workspac" | "folder")
        };
        let wide = !setting.parameter
            && s.has(CONTENT | DATA)
            && (s.has(CONTENT)
                && s.pair(
                    |stem| matches!(stem, "every" | "everi" | "all" | "any" | "other"),
                    |stem| stem == "fil" || stem == "document",
                    1,
                )
                || s.follows(&[WHOLE, CONTENT], 0)
                    && s.pair(
                        |stem| matches!(stem, "content" | "contents"),
                        |stem| stem == "fil" || stem == "document",
                        3,
                    )
                || s.pair(|stem| stem == "outsid" || stem == "outside", beyond, 2));
        if wide && let Some(at) = position(s, CONTENT | DATA) {
            return Some(Thing { at, key: false, owned: true });
        }
        // "Where they live and what they earn".
        let asks = |stem: &str| matches!(stem, "who" | "wher" | "what" | "how");
        let lives =
            |stem: &str| matches!(stem, "liv" | "live" | "earn" | "own" | "believ" | "vot" | "sleep" | "ow");
        if s.has(USER | PERSON)
            && s.pair(asks, lives, 3)
            && let Some(at) = position(s, USER | PERSON)
        {
            return Some(Thing { at, key: false, owned: true });
        }
        // "Everything it knows about its principal", "whatever the person told you so far".
        if s.has(USER | PERSON | YOU | MODEL | TALK)
            && let Some(at) = s.find(&[WHOLE | IT, SAID], 7).filter(|_| s.has(WHOLE))
        {
            return Some(Thing { at, key: false, owned: true });
        }
    }
    None
}

/// "The developer's GitHub token", "your OpenAI key": somebody's, and for another door than this one.
fn opens_doors(s: &Sentence, at: usize) -> bool {
    s.tokens
        .get(at)
        .is_some_and(|token| matches!(token.stem(), "token" | "key" | "login" | "cooki" | "passcod"))
        && !s.is_at(at, CODE | NAME)
        && (at.saturating_sub(3)..at).any(|near| s.is_at(near, USER | PERSON | YOU))
        && !(at.saturating_sub(1)..at).any(|near| s.is_at(near, USER | PERSON | YOU))
}

pub(super) fn position(s: &Sentence, class: Class) -> Option<usize> {
    if !s.has(class) {
        return None;
    }
    (0..s.tokens.len()).find(|&at| s.is_at(at, class) && !s.is_at(at, CODE))
}
