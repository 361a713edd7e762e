//! Other tools: called, bound, or put behind this one.

use super::{Kind, Order, Setting, forbids};
use crate::{
    class::{
        ALL, AUTHORITY, AVAILABLE, BE, CALL, CHANGE, CHOOSE, CODE, CONTEXT, COVERT, DATA, EXCEPT, FAIL,
        FOREIGN, INSTEAD, INTO, LINK, MODEL, NAME, NEG, OBLIGE, OTHER, PREFER, PRETEXT, PUT, REGARDLESS,
        ROLE, SECRET, SECRET_FILE, SEND, SPITE, TELL, TOOL, USER, WHEN, WORN_OUT,
    },
    token::Sentence,
};

pub(super) fn tools(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    // A name written for machines, after a verb of calling, that is nobody's here.
    let foreign = s.tokens.iter().enumerate().any(|(at, token)| {
        // "Must be called before x" speaks of this tool.
        let passive = s.tokens.get(at.wrapping_sub(1)).is_some_and(|before| before.stem() == "be");
        let called = matches!(token.stem(), "call" | "invok");
        token.is(CALL)
            && !passive
            && !token.third
            && !s.tokens.get(at + 1).is_some_and(|next| matches!(next.stem(), "this" | "thi" | "it"))
            && !token.is(NAME | CODE)
            && (at + 1..at + 5).any(|name| {
                let named = s.is_at(name, NAME) || (called && s.is_at(name, CODE));
                named
                    && !is_part(s, name)
                    && !is_one_of(s, name)
                    && s.tokens.get(name).is_some_and(|token| !(setting.own)(token.stem()))
            })
    });
    if foreign && s.follows(&[OBLIGE, CALL], 3) && !forbids(s, CALL) && !s.has(EXCEPT) {
        out.push((Kind::ForeignTool, if looks_up(s, setting) { 1 } else { 2 }));
    }
    let over = (s.follows(&[PREFER, INSTEAD, OTHER, TOOL], 6)
        || s.follows(&[PREFER, TOOL, INSTEAD, OTHER], 6))
        && s.has(CALL | CHOOSE)
        && !among_own(s, setting);
    let worn = s.follows(&[OTHER, TOOL, WORN_OUT], 4)
        || (s.follows(&[OTHER, TOOL], 3) && s.follows(&[OTHER, BE | INTO, WORN_OUT], 3));
    if worn {
        out.push((Kind::Precedence, 3));
    } else if over {
        out.push((Kind::Precedence, if s.has(MODEL | REGARDLESS | AUTHORITY) { 3 } else { 2 }));
    }
}

/// "Use the `configPath` from …": a value rather than a tool.
fn is_part(s: &Sentence, at: usize) -> bool {
    let end = (at..s.tokens.len()).find(|&end| !s.is_at(end, NAME)).unwrap_or(s.tokens.len());
    s.tokens.get(end).is_some_and(|token| {
        matches!(
            token.stem(),
            "from"
                | "of"
                | "in"
                | "parameter"
                | "argument"
                | "field"
                | "valu"
                | "property"
                | "properti"
                | "flag"
                | "option"
        )
    })
}

/// "Use a `query` with a `topK`": a thing there are many of, and no tool.
fn is_one_of(s: &Sentence, at: usize) -> bool {
    let start = (0..=at).rev().find(|&start| !s.is_at(start, NAME)).unwrap_or(at);
    s.tokens.get(start).is_some_and(|token| matches!(token.stem(), "a" | "an"))
}

/// Whether what else the sentence speaks of makes a stranger's name more than a gap in a listing.
fn suspect(s: &Sentence) -> bool {
    s.has(
        SECRET
            | SECRET_FILE
            | CONTEXT
            | AUTHORITY
            | PRETEXT
            | COVERT
            | MODEL
            | LINK
            | SPITE
            | REGARDLESS
            | FOREIGN,
    )
}

/// Which of a server's own tools comes first, and what comes before what, is a server's own matter.
pub(super) fn among_own(s: &Sentence, setting: &Setting<'_>) -> bool {
    // "Prior to any transformation" orders steps; "before any other tool" ranks tools.
    let step = |at: usize| {
        s.tokens.get(at).is_some_and(|token| matches!(token.stem(), "befor" | "before" | "prior"))
            && !(at + 1..at + 6).any(|next| {
                s.tokens
                    .get(next)
                    .is_some_and(|token| matches!(token.stem(), "other" | "another" | "competitor"))
                    && s.is_at(next + 1, TOOL)
            })
    };
    let instead: Vec<usize> = (0..s.tokens.len()).filter(|&at| s.is_at(at, INSTEAD)).take(8).collect();
    // "Any other tool of this server."
    let here = (0..s.tokens.len()).any(|at| {
        s.is_at(at, TOOL)
            && (at + 1..at + 3).any(|of| {
                s.tokens.get(of).is_some_and(|token| matches!(token.stem(), "of" | "from" | "in" | "on"))
            })
            && (at + 2..at + 4).any(|this| {
                s.tokens
                    .get(this)
                    .is_some_and(|token| matches!(token.stem(), "this" | "thi" | "our" | "same"))
            })
            && (at + 3..at + 6).any(|server| s.is_at(server, TOOL))
    });
    // "If a tool fails, do not try others": what to do when something goes wrong.
    let fails = s.has(FAIL | AVAILABLE)
        && s.any(|stem| matches!(stem, "if" | "when"))
        && s.has(NEG)
        && !s.has(SPITE | MODEL);
    let steps = here || fails || !instead.is_empty() && instead.iter().all(|&at| step(at));
    steps || names_sibling(s, setting)
}

/// Whether it names another tool of this server.
fn names_sibling(s: &Sentence, setting: &Setting<'_>) -> bool {
    let mut at = 0;
    while at < s.tokens.len() {
        let end = (at..s.tokens.len()).find(|&end| !s.is_at(end, NAME)).unwrap_or(s.tokens.len());
        let name = s.tokens.get(at..end).unwrap_or_default();
        if name.len() > 1
            && name.iter().all(|token| (setting.own)(token.stem()))
            && !name.iter().all(|token| (setting.kind)(token.stem()))
        {
            return true;
        }
        at = end + 1;
    }
    false
}

/// Tools of other servers: used when there, replaced, run down.
pub(super) fn bound(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let foreign = s.tokens.iter().any(|token| token.is(NAME) && !(setting.own)(token.stem()));
    // "If the tool is not available" plans for what goes wrong; "not provided" in quotation marks is a text.
    let at_hand = |at: usize| {
        s.is_at(at, AVAILABLE)
            && s.tokens.get(at).is_some_and(|token| !token.quoted)
            && s.tokens
                .get(at.wrapping_sub(1))
                .is_none_or(|token| !matches!(token.stem(), "not" | "isn't" | "un" | "no"))
    };
    if order.is_given()
        && s.find(&[WHEN, TOOL | NAME, AVAILABLE], 6).is_some()
        && (0..s.tokens.len()).any(at_hand)
        && (foreign || s.has(TOOL))
        && !s.has(EXCEPT)
    {
        let number = |stem: &str| stem.len() >= 4 && stem.bytes().all(|byte| byte.is_ascii_digit());
        if s.any(number) && s.follows(&[AVAILABLE, SEND | CHANGE], 4) {
            out.push((Kind::ForeignTool, 3));
        }
        let bound = s.has(LINK) || s.has(SPITE) || s.follows(&[AVAILABLE, SEND | CHANGE], 12);
        if bound && (s.has(TOOL) && foreign || s.has(LINK | SPITE)) {
            out.push((Kind::ForeignTool, 3));
        }
    }
    let avoided = s.follows(&[OTHER, TOOL, NEG, CALL], 6)
        || s.find(&[OTHER, TOOL, BE], 4).is_some() && s.any(|stem| stem.starts_with("avoid"))
        || foreign && s.follows(&[NAME, WORN_OUT], 4) && s.has(CALL) && s.has(TELL | INSTEAD | SPITE | ROLE);
    if avoided {
        out.push((Kind::Precedence, 3));
    }
    // "To any statement the user runs with x": another tool's work is altered on its way.
    if order.is_given() && foreign && s.follows(&[CHANGE, ALL, USER], 10) && s.follows(&[USER, NAME], 6) {
        out.push((Kind::Tamper, 3));
    }
    // What another tool gave has to come through here first.
    if s.find(&[TOOL, DATA, OBLIGE, PUT | SEND], 4).is_some()
        && s.any(|stem| matches!(stem, "through" | "via"))
    {
        out.push((Kind::ForeignTool, 3));
    }
}

/// "Call list_x first": a look-up is the plain reason to call something else first, and a name that a listing lacks may
/// be a client's own tool, or one that was left out.
fn looks_up(s: &Sentence, setting: &Setting<'_>) -> bool {
    let looks = |stem: &str| {
        matches!(
            stem,
            "list"
                | "get"
                | "find"
                | "read"
                | "fetch"
                | "view"
                | "check"
                | "describ"
                | "resolv"
                | "lookup"
                | "search"
                | "show"
                | "queri"
                | "login"
        )
    };
    let run = |at: usize| (at..s.tokens.len()).take_while(move |&next| s.is_at(next, NAME | CODE));
    let mut named = (0..s.tokens.len())
        .filter(|&at| s.is_at(at, NAME | CODE) && !s.is_at(at.wrapping_sub(1), NAME | CODE))
        .filter(|&at| {
            run(at).any(|next| s.tokens.get(next).is_some_and(|token| !(setting.own)(token.stem())))
        })
        .peekable();
    let looks_at = |at: usize| s.tokens.get(at).is_some_and(|token| looks(token.stem()));
    !suspect(s) && (setting.guide || named.peek().is_some() && named.all(looks_at))
}
