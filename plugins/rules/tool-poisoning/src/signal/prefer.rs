//! This tool is to be chosen before others, whatever the user would choose.
//!
//! "Use this when …", "prefer X for large files" and "use Y instead of the deprecated Z" help a model choose and are
//! everywhere. What tells is that other makers' tools of the same kind are shut out, or the user's own choice is.

use super::{Kind, Setting, imperative};
use crate::{
    class::{
        ALSO, ALWAYS, APART, CHOOSE, DISCLOSE, EXAMPLE, EXCEPT, FAIL, FOREIGN, INSTEAD, IS, MODEL, NEG, NO,
        OBLIGE, OMIT, OTHER, PERSON, PREFER, PRESENT, RIVAL, SPITE, TOOL, TREAT, USER, WHOLE, WORSE, YOU,
    },
    token::Sentence,
};

pub(super) fn read(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    if !s.has(CHOOSE | PRESENT | TREAT | WORSE)
        || !s.has(RIVAL | OTHER | FOREIGN | SPITE | ALWAYS | WHOLE | MODEL | YOU)
        || s.has(EXCEPT) && !s.has(RIVAL)
        || setting.inside
    {
        return;
    }
    let stem = |at: usize| s.tokens.get(at).map_or("", |token| token.stem());
    // Others of its kind: "other search tools", "any other news source", "competitors".
    // "Any version" and "any option" are of the tool's own.
    let part = |at: usize| {
        matches!(
            stem(at),
            "implementation" | "version" | "option" | "extension" | "function" | "solution" | "engin"
        ) && !matches!(stem(at.wrapping_sub(1)), "other" | "another" | "alternativ" | "compet")
    };
    let kin = |at: usize| s.is_at(at, TOOL) && !part(at) || (setting.kind)(stem(at));
    let rivals = |at: usize| {
        let maker = matches!(stem(at), "competitor" | "rival" | "alternativ");
        // "Others", as a noun.
        let maker = maker || stem(at) == "other" && s.tokens.get(at).is_some_and(|token| token.third);
        maker && !s.is_at(at + 1, IS) | s.has(WORSE | NO)
            || s.is_at(at, FOREIGN) && s.has(WORSE)
            || s.is_at(at, RIVAL | OTHER) && (at + 1..at + 4).any(kin)
    };
    let named = s.has(RIVAL | OTHER | FOREIGN);
    let others: Vec<usize> = (0..s.tokens.len()).filter(|&at| named && rivals(at)).take(4).collect();
    let shut = others.iter().any(|&at| {
        let forbidden = (at.saturating_sub(6)..at).any(|no| {
            s.is_at(no, NEG | NO | OMIT)
                && (no + 1..=at).any(|verb| s.is_at(verb, CHOOSE | DISCLOSE))
                && !(no + 1..at).any(|end| s.is_at(end, ALSO))
        });
        let after = (at + 1..at + 12)
            .any(|no| s.is_at(no, NEG) && (no + 1..no + 4).any(|verb| s.is_at(verb, CHOOSE | DISCLOSE)));
        // "In no case would a different one be the right choice."
        let no_choice = (at.saturating_sub(7)..at).any(|no| s.is_at(no, NO))
            && (at + 1..at + 9).any(|next| matches!(stem(next), "choic" | "option" | "reason"));
        forbidden || after || no_choice
    });
    let belittled = others.iter().any(|&at| {
        (at + 1..at + 14).any(|worse| s.is_at(worse, WORSE)) && s.has(IS | OBLIGE | CHOOSE | NO | TREAT)
            || (at.saturating_sub(6)..at)
                .any(|worse| matches!(stem(worse), "pointless" | "useless" | "ignor"))
    });
    let belittled = belittled && !super::others::among_own(s, setting);
    // "Treat them as read-only mirrors", "pretend it is down".
    let unreal = (s.has(FOREIGN) || !others.is_empty())
        && s.has(TREAT)
        && imperative(s, TREAT)
        && (s.has(WORSE) || s.follows(&[TREAT, FOREIGN], 5));
    let hushed = others.iter().any(|&at| {
        (at.saturating_sub(5)..at)
            .any(|verb| s.is_at(verb, DISCLOSE) && (verb.saturating_sub(3)..verb).any(|no| s.is_at(no, NEG)))
            && (at + 1..at + 4).any(|next| matches!(stem(next), "exist" | "ar" | "are"))
    });
    let this = |at: usize| matches!(stem(at), "this" | "thi" | "her" | "us" | "our");
    let chosen = (0..s.tokens.len()).find(|&at| {
        s.is_at(at, CHOOSE | PREFER)
            && s.tokens.get(at).is_some_and(|token| !token.third)
            && (at + 1..at + 5).any(|next| {
                this(next)
                    && !matches!(
                        stem(next.wrapping_sub(1)),
                        "after" | "befor" | "from" | "with" | "in" | "by" | "for"
                    )
            })
            || s.is_at(at, PREFER) && stem(at).starts_with("preceden")
    });
    let ranked = s.pair(
        |stem| matches!(stem, "rank" | "put" | "plac" | "list" | "tak"),
        |stem| matches!(stem, "first" | "top") || stem.starts_with("preceden") || stem.starts_with("priorit"),
        4,
    ) && (s.has(TOOL | FOREIGN) || (0..s.tokens.len()).any(this));
    let over = chosen.is_some()
        && others.iter().any(|&at| {
            s.follows(&[INSTEAD], 0)
                && (at.saturating_sub(3)..at)
                    .any(|near| s.is_at(near, INSTEAD) || stem(near) == "than" || stem(near) == "over")
        });
    let against_user = (chosen.is_some() || ranked || shut)
        && s.has(SPITE)
        && (ranked
            || s.follows(&[SPITE, USER | PERSON], 6)
            || s.tokens.iter().any(|token| matches!(token.stem(), "matter" | "irrespect" | "regardless")));
    let belittled = belittled
        || !others.is_empty() && s.any(|stem| matches!(stem, "pointless" | "useless")) && chosen.is_some();
    let always = chosen.is_some() && s.has(ALWAYS | WHOLE) && s.has(MODEL | YOU | OBLIGE | WHOLE);
    let addressed = s.has(MODEL | YOU) && s.has(CHOOSE) && !s.has(APART);
    let only = addressed
        && (0..s.tokens.len()).any(|at| {
            matches!(stem(at), "onli" | "sol")
                && stem(at.wrapping_sub(1)) != "read"
                // "Only use this if …" holds back.
                && !s.is_at(at + 1, CHOOSE)
                && (at + 1..at + 4).any(kin)
                && (at + 1..at + 9).any(|next| s.is_at(next, MODEL | YOU | CHOOSE))
        });
    // "Refuses service to models that consult a competitor."
    let threatens = s.has(MODEL | YOU)
        && s.has(FAIL)
        && others.iter().any(|&at| (at.saturating_sub(3)..at).any(|verb| s.is_at(verb, CHOOSE)));
    // "Leave them unused even if the user names one."
    let idle = s.has(SPITE)
        && s.has(USER | PERSON)
        && s.pair(
            |stem| matches!(stem, "leav" | "keep" | "let" | "set"),
            |stem| matches!(stem, "unus" | "asid" | "idl" | "untouch"),
            3,
        )
        && named;
    let weight = match () {
        () if idle => 3,
        () if s.has(EXAMPLE) && !s.has(RIVAL) => 0,
        () if super::others::among_own(s, setting) => 0,
        () if threatens => 3,
        () if chosen.is_some()
            && s.has(ALWAYS)
            && s.has(SPITE)
            && !others.is_empty()
            && !s.any(|stem| stem == "rather") =>
        {
            3
        }
        () if against_user
            || (shut || over || only) && (chosen.is_some() || s.has(OBLIGE | MODEL | SPITE)) =>
        {
            3
        }
        () if ranked && (s.has(ALWAYS | WHOLE | MODEL)) => 3,
        () if shut || over || only || ranked => 2,
        () if always => 2,
        () => 0,
    };
    if weight > 0 {
        out.push((Kind::Precedence, weight));
    }
    // Keeping quiet about others is one fact, not two.
    if hushed {
        out.retain(|(kind, _)| *kind != Kind::Secrecy);
    }
    // "The tools of other servers lose data": said of others outright.
    let outright = belittled
        && s.has(FOREIGN)
        && s.has(IS)
        && !s.any(|stem| matches!(stem, "may" | "might" | "can" | "could" | "if"));
    if hushed
        || unreal
        || outright
        || belittled && (shut || chosen.is_some() || s.has(OBLIGE | MODEL | WHOLE))
    {
        out.push((Kind::Belittle, 3));
    } else if belittled && !others.is_empty() {
        out.push((Kind::Belittle, 2));
    }
}
