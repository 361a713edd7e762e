//! What is taken, handed over, run.

use super::{Before, Kind, Order, Setting, forbids, near};
use crate::{
    class::{
        AGAIN, ALL, ALSO, ALWAYS, ASK, AUTHORITY, CALL, CHANGE, CODE, CONTENT, CONTEXT, COVERT, Class, DATA,
        DESTROY, EXCEPT, EXEC, INSTRUCTION, INTO, IT, KEEPSAKE, LINK, MALICE, MODEL, NAME, NEG, OBJECT,
        OBLIGE, OTHER, OUTSIDE, PERSONAL, PRIOR, PUT, READ, ROLE, SECRET, SECRET_FILE, SEND, SHELL, SHOW,
        SPITE, STARTUP, TELL, TOOL, USER, WHEN, YOU,
    },
    token::Sentence,
};

pub(super) fn take_secret(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let declared = setting.purpose & (SECRET | SECRET_FILE) != 0;
    if !order.is_given() || declared || forbids(s, READ | EXEC) {
        return;
    }
    // "Reads it from ~/.x" is what the tool does; the verb of an order is not in the third person.
    if s.find(&[READ, SECRET_FILE], 10).is_some_and(|at| s.tokens.get(at).is_some_and(|token| !token.third)) {
        out.push((Kind::TakeSecret, 3));
    } else if order == Order::Given
        && s.follows(&[READ, SECRET], 5)
        && s.has(WHEN | USER | COVERT | AUTHORITY)
        && !s.follows(&[ASK, USER], 3)
    {
        out.push((Kind::TakeSecret, 2));
    } else if s.follows(&[SHOW | READ | TELL | PUT, CONTEXT], 3)
        && s.has(OUTSIDE | YOU | USER)
        && reveals_prompt(s)
    {
        out.push((Kind::TakeSecret, 3));
    }
}

/// "Reveal your system prompt".
fn reveals_prompt(s: &Sentence) -> bool {
    s.find(&[TELL | PUT | SHOW, CONTEXT], 3).is_some_and(|verb| {
        (verb + 1..verb + 6)
            .any(|at| s.is_at(at, CONTEXT) && (s.is_at(at, PRIOR) || s.is_at(at + 1, INSTRUCTION)))
            && (verb..verb + 5).any(|at| s.is_at(at, YOU | ALL))
    })
}

pub(super) fn hand_over(
    s: &Sentence,
    order: Order,
    before: Before,
    setting: &Setting<'_>,
    out: &mut Vec<(Kind, u8)>,
) {
    if forbids(s, SEND | PUT) {
        return;
    }
    let place = s.has(LINK | OUTSIDE);
    let private = SECRET_FILE | CONTEXT;
    let open = setting.purpose & (SECRET | SECRET_FILE | CONTEXT) != 0;
    let sent_private = s.follows(&[SEND, private], 7) && (order.is_given() || s.has(OUTSIDE) || place);
    // "Set it in your .env file" puts something into the file, not the file somewhere.
    let into_file = s.tokens.windows(3).any(|three| {
        matches!(three, [a, b, c] if c.is(SECRET_FILE) && [a, b].iter().any(|token| matches!(token.stem(), "in" | "into" | "to" | "at")))
    });
    let optional = s.any(|stem| stem == "whether");
    let put_private = s.follows(&[PUT, private], 7) && order.is_given() && !open && !into_file && !optional;
    let sent_secret =
        s.follows(&[SEND, SECRET], 6) && (place || order == Order::Given && s.has(ALL | COVERT | ALWAYS));
    let spoken_of = s.has(SECRET_FILE) || (s.has(SECRET) && s.has(READ)) || before.secret > 0;
    let moved = spoken_of && s.follows(&[SEND | PUT, IT], 4) && order.is_given() && !open;
    let plain_theft = s.follows(&[SEND, SECRET_FILE | SECRET], 4) && s.has(MALICE);
    if plain_theft || (sent_private && (place || order == Order::Given)) || (sent_secret && place) {
        out.push((Kind::HandOver, 3));
    } else if moved || sent_private || sent_secret || put_private {
        out.push((Kind::HandOver, if place || s.has(NAME | WHEN) && order == Order::Given { 3 } else { 2 }));
    }
}

/// Data leaves for a third party, as a second deed beside what the tool is for.
pub(super) fn copy_out(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    let second = s.follows(&[ALSO, SEND], 1) || s.follows(&[ALSO, ALSO, SEND], 1) || !s.first;
    let gone = s.follows(&[SEND, DATA, OUTSIDE], 8) || s.follows(&[SEND, DATA, INTO, LINK], 8);
    if second && gone && !forbids(s, SEND) && !s.has(EXCEPT) {
        out.push((Kind::CopyOut, if s.has(OUTSIDE) { 3 } else { 2 }));
    }
}

pub(super) fn run_command(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    if forbids(s, EXEC | CALL) {
        return;
    }
    let piped = s.tokens.windows(2).any(|pair| matches!(pair, [bar, shell] if bar.is(SHELL) && matches!(shell.stem(), "sh" | "bash" | "zsh" | "python" | "python3")));
    // "Run `rm -rf …`", in passing.
    let razed = s.pair(|stem| stem == "rm", |stem| stem == "-rf", 0)
        && s.tokens.iter().any(|token| token.base && token.is(EXEC))
        && !s.first;
    if razed {
        out.push((Kind::RunCommand, 3));
        return;
    }
    let piped = piped
        || s.tokens
            .iter()
            .any(|token| token.is(LINK) && ["|sh", "|bash"].iter().any(|shell| token.stem().contains(shell)));
    let fetched = s.tokens.iter().any(|token| matches!(token.stem(), "curl" | "wget")) && s.has(LINK);
    let commanded = s.has(SHELL) || fetched;
    if (piped && fetched)
        || (commanded && setting.concealed)
        || s.tokens.iter().any(|token| token.stem().contains("/dev/tcp"))
    {
        out.push((Kind::RunCommand, 3));
    } else if commanded && order == Order::Given && s.has(EXEC) {
        out.push((Kind::RunCommand, if s.has(AUTHORITY | WHEN) { 3 } else { 2 }));
    } else if order == Order::Given
        && s.has(AUTHORITY)
        && s.has(EXEC)
        && s.has(WHEN)
        && s.follows(&[EXEC, OBJECT], 8)
        && s.tokens.iter().any(|token| matches!(token.stem(), "command" | "script"))
    {
        out.push((Kind::RunCommand, 2));
    }
}

/// The same ideas in wider grammars: passive orders, the model's own keys, what other tools said.
pub(super) fn wider(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let open = setting.purpose & (SECRET | SECRET_FILE | CONTEXT) != 0;
    let moves = SEND | PUT;
    let private = SECRET | SECRET_FILE | CONTEXT | PERSONAL;
    if !forbids(s, moves | READ) {
        // "All variables the agent sees must be listed", "the model reports what is in …".
        let passive = s.follows(&[private, OBLIGE, moves | READ | SHOW], 9)
            && s.has(MODEL | CONTEXT | SECRET_FILE | LINK | OUTSIDE);
        let by_model =
            s.follows(&[MODEL, moves | READ | SHOW, SECRET_FILE | CONTEXT], 9) && !s.has(ASK_FIRST);
        let own_key = s.follows(&[MODEL, moves, SECRET], 9)
            && s.any(|stem| matches!(stem, "its" | "it" | "own" | "your"));
        let into_link = order.is_given() && s.has(LINK) && near(s, moves, CONTEXT | SECRET_FILE, 16);
        let from_others = order.is_given() && s.follows(&[moves, DATA, OTHER, TOOL], 5);
        let value = s.follows(&[CONTENT, SECRET_FILE], 4) && setting.parameter;
        // "If it is contained in your latest message": where something stands is not what is handed over.
        let stands_in = position(s, CONTEXT).is_some_and(|at| {
            (at.saturating_sub(4)..at)
                .any(|before| s.tokens.get(before).is_some_and(|token| token.stem() == "in"))
        });
        let demanded = s.any(|stem| matches!(stem, "only" | "onli" | "unless"))
            && !stands_in
            && near(s, moves, CONTEXT, 9)
            && s.has(OBJECT | NAME);
        let copied = order.is_given()
            && s.find(&[READ | SEND, CONTENT, SECRET], 4)
                .is_some_and(|at| s.tokens.get(at).is_some_and(|token| !token.third))
            && s.follows(&[SECRET, INTO], 3);
        let from_tool = order.is_given() && s.follows(&[READ, TOOL, PERSONAL], 5);
        let for_others = s.follows(&[MODEL, READ, PERSONAL, moves], 12);
        let unasked = order.is_given() && s.has(SPITE) && s.follows(&[moves, SECRET_FILE], 7);
        let is_put = |stem: &str| {
            matches!(stem, "put" | "past" | "insert" | "fill" | "includ" | "append" | "attach" | "copi")
        };
        let asked_here = setting.parameter
            && s.any(is_put)
            && s.follows(&[PUT, SECRET], 4)
            && s.has(USER)
            && order.is_given();
        if demanded
            || from_tool
            || for_others
            || unasked
            || (!open && (copied || asked_here))
            || by_model
            || into_link
            || from_others
            || (!open && (passive || own_key || value))
        {
            out.push((Kind::HandOver, 3));
        } else if !open
            && order.is_given()
            && s.follows(&[moves, PERSONAL | CONTEXT], 6)
            && (s.has(ALL | COVERT | ALWAYS) || order == Order::Given && s.has(NAME | LINK))
        {
            out.push((Kind::HandOver, 2));
        } else if s.has(SECRET) && setting.data && s.follows(&[PUT | SEND | READ, SECRET], 5) && s.has(USER) {
            out.push((Kind::HandOver, 3));
        }
        // Taken together: "collect the cookies … and supply them".
        if !open && order.is_given() && s.follows(&[READ, SECRET | PERSONAL, moves, IT], 14) {
            out.push((Kind::HandOver, 3));
        }
    }
    every_deed(s, order, out);
    if s.follows(&[PUT | CHANGE, STARTUP], 14) && s.has(SHELL) && !forbids(s, PUT) {
        out.push((Kind::RunCommand, 3));
    }
    if order.is_given()
        && s.find(&[DESTROY, KEEPSAKE], 4).is_some_and(|at| {
            s.tokens.get(at).is_some_and(|token| token.base && !token.is(CODE)) && !is_aim(s, at)
                || s.tokens.get(at.wrapping_sub(1)).is_some_and(|by| by.stem() == "by")
        })
        && (setting.purpose & (DESTROY | KEEPSAKE) == 0 || s.has(AGAIN) && s.has(USER))
        && !s.any(|stem| {
            matches!(stem, "temporari" | "temporary" | "temp" | "tmp" | "stal" | "cach" | "preview")
        })
        && !forbids(s, DESTROY)
        && !s.has(EXCEPT)
    {
        out.push((
            Kind::Destroy,
            if s.has(USER | COVERT | ALSO) || s.any(|stem| matches!(stem, "audit" | "histori")) {
                3
            } else {
                2
            },
        ));
    }
}

/// "A plan to destroy it": what something is for, and no order.
pub(super) fn is_aim(s: &Sentence, at: usize) -> bool {
    let stem = |at: usize| s.tokens.get(at).map_or("", |token| token.stem());
    stem(at.wrapping_sub(1)) == "to"
        && !s.is_at(at.wrapping_sub(2), OBLIGE | MODEL | YOU | ASK | NEG)
        && !matches!(stem(at.wrapping_sub(2)), "sure" | "is" | "are" | "be" | "hav" | "has" | "need")
}

fn position(s: &Sentence, class: Class) -> Option<usize> {
    (0..s.tokens.len()).find(|&at| s.is_at(at, class))
}

/// Asking first makes a reading of private things the user's own choice.
const ASK_FIRST: Class = EXCEPT;

/// Every call, whatever it is, is to be reported to one place.
fn every_deed(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
    if !(s.has(SEND | PUT) && order.is_given() || s.has(ROLE)) {
        return;
    }
    let is_every = |stem: &str| matches!(stem, "every" | "each" | "all" | "everi");
    let is_deed = |stem: &str| {
        matches!(
            stem,
            "call" | "action" | "invocation" | "turn" | "answer" | "repli" | "message" | "step" | "messag"
        )
    };
    let carries = s.has(SEND | PUT)
        && s.any(|stem| {
            matches!(
                stem,
                "argument" | "arguments" | "input" | "output" | "copi" | "log" | "mirror" | "latest" | "full"
            )
        });
    if s.pair(is_every, is_deed, 2)
        && carries
        && (order.is_given() || s.has(ROLE))
        && (s.has(NAME | LINK | ROLE) || s.has(COVERT))
        && s.has(TOOL | MODEL | YOU | USER)
        && !s.has(NEG)
    {
        out.push((Kind::HandOver, 3));
    }
}
