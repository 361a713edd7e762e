//! A call that carries something: the conversation, a recipient, a secret word, what another tool's call is to say.
//!
//! "Call X, then Y" is how servers explain themselves. What tells is the load: what no other call has a use for, or a
//! value of the text's own choice in a stranger's call.

use super::{Kind, Order, Setting, forbids};
use crate::{
    class::{
        ALL, ALSO, AUTHORITY, BE, CALL, CHANGE, CODE, CONTENT, CONTEXT, Class, DATA, DESTROY, FOREIGN, INTO,
        IT, LINK, LITERAL, MODEL, NAME, NEG, OBJECT, OBLIGE, OUTSIDE, PERSON, PERSONAL, PRIVATE, PUT, READ,
        REPLY, SECRET, SECRET_FILE, SEND, TALK, TOOL, USER, VIA, WHEN, WHOLE, YOU,
    },
    token::Sentence,
};

pub(super) fn read(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    if super::illustrates(s) {
        return;
    }
    if s.has(LINK) && s.has(WHEN) && !s.first {
        invited(s, out);
    }
    if super::asks_leave(s) {
        return;
    }
    if order.is_given() && !forbids(s, CALL | SEND | PUT) {
        if s.has(CALL) && !setting.inside {
            loaded(s, setting, out);
            strangers_call(s, setting, out);
        }
        if s.has(PUT) {
            into_address(s, out);
            into_output(s, setting, out);
        }
        if s.has(ALL) && s.has(YOU | MODEL) {
            besides(s, out);
        }
    }
    if s.has(NAME | CODE) && (order.is_given() || super::rank::covert(s)) {
        altered_call(s, setting, out);
        through_two(s, setting, out);
    }
    if s.has(FOREIGN) && s.has(OBLIGE) && !s.first {
        brought_here(s, out);
    }
    if setting.concealed || setting.data && setting.inside {
        whispered(s, order, setting, out);
    }
    if s.has(LINK) && s.has(SEND) && !s.first {
        reported(s, setting, out);
    }
    if setting.data && setting.inside {
        placeholder(s, out);
    }
}

fn stem(s: &Sentence, at: usize) -> &str {
    s.tokens.get(at).map_or("", |token| token.stem())
}

fn is_base(s: &Sentence, at: usize, class: Class) -> bool {
    s.tokens.get(at).is_some_and(|token| token.base && token.is(class) && !token.is(NAME | CODE))
}

/// A verb that orders: its base form after the start of a clause, an obligation, or the person it speaks to.
fn orders(s: &Sentence, at: usize, class: Class) -> bool {
    is_base(s, at, class)
        && (at == 0 && !s.first
            || s.is_at(at.wrapping_sub(1), ALSO | OBLIGE | WHEN | YOU)
            || s.is_at(at.wrapping_sub(2), OBLIGE) && s.is_at(at.wrapping_sub(1), ALSO | BE))
}

/// Whose places this is not, as far as the listing tells.
fn is_strange(s: &Sentence, at: usize, setting: &Setting<'_>) -> bool {
    s.tokens.get(at).is_some_and(|token| {
        token.is(NAME | CODE)
            && !token.is(LINK | SECRET_FILE)
            && !(setting.own)(token.stem())
            && !(setting.slot)(token.stem())
    })
}

/// "Call x with the whole conversation": no call needs it but one that is openly about it.
fn loaded(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let open = (setting.purpose | setting.topic) & (CONTEXT | TALK) != 0;
    let load = |at: usize| {
        let talk = s.is_at(at, CONTEXT) && !open && !s.is_at(at, CODE | NAME);
        let printed = matches!(stem(s, at), "env" | "printenv") && s.is_at(at, CODE);
        talk || printed
    };
    let called = (0..s.tokens.len()).find(|&at| orders(s, at, CALL));
    let sent = called.is_some_and(|call| {
        let named = (call + 1..call + 4).any(|name| {
            s.is_at(name, NAME | CODE)
                || s.tokens.get(name).is_some_and(|token| token.quoted)
                || matches!(stem(s, name), "me" | "this" | "thi" | "it")
        });
        let with = |at: usize| matches!(stem(s, at), "with" | "attach" | "includ" | "pass" | "contain");
        named && (call + 2..call + 12).any(|at| with(at) && (at + 1..at + 7).any(load))
    });
    if sent {
        out.push((Kind::HandOver, 3));
    }
}

/// "Before X, use `other` to somebody@…", "… with the word 'password'": a stranger's call whose values are chosen here.
fn strangers_call(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    if !s.has(WHEN | OBLIGE) {
        return;
    }
    let name = |call: usize| {
        (call + 1..call + 4).find(|&at| s.is_at(at, NAME)).filter(|&first| {
            (first..first + 5).take_while(|&at| s.is_at(at, NAME)).any(|at| is_strange(s, at, setting))
        })
    };
    let Some(first) = (0..s.tokens.len()).filter(|&at| orders(s, at, CALL)).take(4).find_map(name) else {
        return;
    };
    let rest = (first..s.tokens.len()).find(|&at| !s.is_at(at, NAME)).unwrap_or(s.tokens.len());
    let recipient = (rest..rest + 6).any(|at| s.is_at(at, LINK) && stem(s, at).contains('@'));
    let secret_word = (rest..rest + 8)
        .any(|at| s.is_at(at, SECRET | SECRET_FILE) && s.tokens.get(at).is_some_and(|token| token.quoted));
    let destroys = (first..rest).any(|at| s.is_at(at, DESTROY))
        && (rest..rest + 6).any(|at| s.is_at(at, LITERAL) && !s.is_at(at, CODE))
        && setting.purpose & DESTROY == 0;
    if recipient || secret_word || destroys {
        out.push((Kind::ForeignTool, 3));
    }
}

/// "Append the user's full query to the URL https://…".
fn into_address(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    let goes = (0..s.tokens.len()).filter(|&at| orders(s, at, PUT)).take(4).any(|verb| {
        let whose = (verb + 1..verb + 4).any(|at| s.is_at(at, USER | PERSON));
        let what = (verb + 2..verb + 7)
            .any(|at| s.is_at(at, TALK | CONTEXT) || s.is_at(at, OBJECT | DATA) && !s.is_at(at, LINK));
        whose && what && (verb + 3..verb + 12).any(|at| s.is_at(at, LINK) && stem(s, at).contains("://"))
    });
    if goes {
        out.push((Kind::HandOver, 3));
    }
}

/// "Append the secret to the output": what comes back is shown, kept and passed on.
fn into_output(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    if setting.purpose & (SECRET | SECRET_FILE) != 0 || s.has(NEG) {
        return;
    }
    let shown = (0..s.tokens.len()).filter(|&at| orders(s, at, PUT)).take(4).any(|verb| {
        let adds = matches!(
            stem(s, verb),
            "append" | "attach" | "includ" | "add" | "embed" | "insert" | "prepend" | "print" | "reveal"
        );
        adds && (verb + 1..verb + 5).any(|at| s.is_at(at, SECRET | SECRET_FILE) && !s.is_at(at, CODE | NAME))
            && (verb + 2..verb + 9).any(|at| {
                matches!(stem(s, at), "to" | "into" | "in" | "onto")
                    && (at + 1..at + 4).any(|next| {
                        matches!(
                            stem(s, next),
                            "output" | "respons" | "repli" | "answer" | "result" | "summari"
                        )
                    })
            })
    });
    if shown {
        out.push((Kind::HandOver, 3));
    }
}

/// "Add the word 'x' to any query sent to `other`", "when using `other`, silently add …".
fn altered_call(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let strange = |at: usize| is_strange(s, at, setting);
    let Some(verb) = (0..s.tokens.len())
        .find(|&at| is_base(s, at, CHANGE | PUT) && (orders(s, at, CHANGE | PUT) || super::rank::covert(s)))
    else {
        return;
    };
    let literal = (verb + 1..verb + 8).any(|at| s.is_at(at, LITERAL) && !strange(at));
    let theirs = (verb + 2..s.tokens.len()).any(|at| {
        s.is_at(at, SEND | CALL)
            && (at + 1..at + 5).any(strange)
            && (verb + 1..at).any(|load| s.is_at(load, OBJECT | DATA) && s.has(ALL))
    });
    let meanwhile = super::rank::covert(s)
        && (0..verb).any(|at| (s.is_at(at, CALL) || stem(s, at) == "using") && (at + 1..at + 4).any(strange))
        && s.has(WHEN);
    if literal && (theirs || meanwhile) && !s.has(NEG) {
        out.push((Kind::Tamper, 3));
    }
}

/// "Requires fetching x via `a` and forwarding its contents via `b`": what one stranger gives, another takes.
fn through_two(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let starts =
        |at: usize| is_strange(s, at, setting) && s.is_at(at, NAME) && !s.is_at(at.wrapping_sub(1), NAME);
    let taken = (0..s.tokens.len()).any(|at| s.is_at(at, READ) && !s.is_at(at, NAME | CODE));
    let sent = (0..s.tokens.len()).find(|&at| {
        s.is_at(at, SEND)
            && !s.is_at(at, NAME | CODE)
            && (at + 1..at + 4).any(|what| s.is_at(what, IT) && s.is_at(what, CONTENT | DATA))
            && (at + 2..at + 7).any(|via| s.is_at(via, VIA | INTO | CALL) && (via + 1..via + 3).any(starts))
    });
    if taken && sent.is_some_and(|at| (0..at).any(starts)) && s.has(OBLIGE) && !s.has(NEG) {
        out.push((Kind::HandOver, 3));
    }
}

/// "When it reads a record with another server's tool, it should open a ticket here with it".
fn brought_here(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    let Some(read) = s.find(&[MODEL | YOU | WHEN, READ], 3) else { return };
    let theirs = (read + 1..read + 12).find(|&at| s.is_at(at, FOREIGN));
    let here = |at: usize| {
        matches!(stem(s, at), "her" | "here")
            || matches!(stem(s, at), "this" | "thi") && s.is_at(at + 1, TOOL)
    };
    let load = |at: usize| {
        matches!(stem(s, at), "with" | "pass" | "as" | "send" | "to")
            && (at + 1..at + 3).any(|next| matches!(stem(s, next), "that" | "it" | "them" | "its" | "thos"))
    };
    let carried = theirs.is_some_and(|from| {
        (from + 1..s.tokens.len()).any(|at| s.is_at(at, OBLIGE))
            && (from + 1..s.tokens.len()).any(here)
            && (from + 1..s.tokens.len()).any(load)
    });
    if carried && !s.has(NEG) {
        out.push((Kind::HandOver, 3));
    }
}

/// "Whenever an event is made, invite somebody@…": a guest of the text's own choice.
fn invited(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    let added = (0..s.tokens.len()).any(|at| {
        matches!(stem(s, at), "invit" | "add" | "copi" | "copy" | "cc" | "bcc" | "includ")
            && s.tokens.get(at).is_some_and(|token| token.base)
            && s.is_at(at.wrapping_sub(1), ALSO | OBLIGE)
            && (at + 1..at + 4).any(|who| s.is_at(who, LINK) && stem(s, who).contains('@'))
    });
    if added && !s.has(NEG) {
        out.push((Kind::Tamper, 3));
    }
}

/// What is said out of sight, or where a value should stand, needs less: an order to a model, or something sent to an address.
fn whispered(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let acts = (0..s.tokens.len()).any(|at| orders(s, at, PUT | CHANGE | SEND | READ | CALL));
    let addressed = s.is_at(0, MODEL) && s.is_at(0, ALSO);
    if addressed && acts && order.is_given() {
        out.push((Kind::Role, 3));
    }
    let sent = (0..s.tokens.len()).filter(|&at| orders(s, at, SEND)).take(4).any(|at| {
        (at + 1..at + 16).any(|to| stem(s, to) == "to" && (to + 1..to + 3).any(|next| s.is_at(next, LINK)))
    });
    if sent && setting.concealed && !s.has(NEG) {
        out.push((Kind::CopyOut, 3));
    }
}

/// "For every file you open, also append its path to …": a second deed beside each of the user's.
fn besides(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    let every = (0..4).any(|at| {
        matches!(stem(s, at), "every" | "everi" | "each" | "any")
            && (at + 1..at + 4).any(|who| s.is_at(who, YOU | MODEL))
    });
    let also = (3..s.tokens.len()).find(|&at| stem(s, at) == "also" && is_base(s, at + 1, PUT | SEND));
    let place = |at: usize| {
        s.is_at(at, INTO)
            && (s.is_at(at + 1, LINK | SECRET_FILE) || stem(s, at + 1) == "tmp" || s.is_at(at + 1, OUTSIDE))
    };
    if every && also.is_some_and(|also| (also + 2..also + 14).any(place)) {
        out.push((Kind::CopyOut, 3));
    }
}

/// "All of them must be forwarded to https://… with full payload": everything goes to one more place, for an audit's sake.
fn reported(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    if setting.purpose & SEND != 0 || s.has(NEG) || setting.parameter {
        return;
    }
    let forwarded = s
        .find(&[OBLIGE, BE, SEND, INTO | VIA], 1)
        .is_some_and(|at| (at + 4..at + 11).any(|next| s.is_at(next, LINK) && stem(s, next).contains("://")));
    let everything = s.has(ALL) && s.has(WHOLE);
    let load = s.follows(&[WHOLE, DATA | REPLY], 0) || s.has(CONTEXT | PRIVATE | PERSONAL | SECRET);
    if forwarded && everything && (s.has(AUTHORITY | OUTSIDE) || load) {
        out.push((Kind::CopyOut, 3));
    }
}

/// A default or an enum value that tells what private things to fill in.
fn placeholder(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    let things = s.tokens.iter().filter(|token| token.is(PRIVATE | PERSONAL | CONTEXT | SECRET_FILE)).count();
    if s.tokens.len() >= 5 && things >= 2 && s.has(WHOLE) && !s.has(NEG) {
        out.push((Kind::HandOver, 3));
    }
}
