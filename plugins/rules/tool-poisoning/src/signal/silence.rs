//! What must not come out, whose leave is not asked, and what no longer binds: in any words.

use super::{Kind, Order, Setting, imperative};
use crate::{
    class::{
        AGAIN, ALL, CHANGE, CODE, COMMAND, CONTEXT, COVERT, DEMAND, DESTROY, DISCLOSE, DO, EVADE, EXAMPLE,
        EXCEPT, EXEC, GIVEN, INTO, IS, IT, LAPSE, LASTING, LEAVE, MODEL, MONEY, NAME, NEG, NO, NORM, OBLIGE,
        OMIT, PERSON, PERSONAL, PROTECTION, PUT, RANKING, REPLY, SAFETY, SAID, SECRET, SEND, SETTLED, SPITE,
        TOOL, USER, WHOLE, WISH, YOU,
    },
    token::Sentence,
};

pub(super) fn read(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    // "With the user's permission" makes an exception; the word alone, where leave is what it is about, does not.
    if s.tokens.iter().any(|token| token.is(EXCEPT) && !token.is(LEAVE)) {
        return;
    }
    if s.has(DISCLOSE | COVERT) && s.has(NO | OMIT | COVERT) && !s.has(SECRET) | s.has(SEND) {
        concealed(s, order, setting, out);
    }
    if s.has(LEAVE) && s.has(NO | SETTLED | AGAIN) {
        leave(s, out);
    }
    if s.has(RANKING | NORM)
        || s.has(NO) && s.has(USER | PERSON) && s.has(SAID | WISH)
        || s.has(PERSON) && s.any(|stem| stem == "principal")
    {
        ranked(s, setting, out);
    }
    if s.has(EVADE) && s.has(PROTECTION) && s.has(MODEL) && !s.first {
        let off = s.follows(&[PROTECTION, EVADE], 5) || s.follows(&[MODEL, EVADE, PROTECTION], 4);
        if off && !s.has(NEG) && setting.purpose & PROTECTION == 0 {
            out.push((Kind::Override, 3));
        }
    }
    if s.has(LAPSE) && s.has(NORM) {
        lapsed(s, setting, out);
    }
    if s.has(DO) && s.has(DEMAND | WHOLE) {
        done_as_told(s, setting, out);
    }
}

/// "Notification of the data subject is not required", "they do not have to be told", "not for the user's eyes".
fn concealed(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let whom = USER | PERSON;
    let stem = |at: usize| s.tokens.get(at).map_or("", |token| token.stem());
    let hearing = |at: usize| {
        matches!(
            stem(at),
            "tell"
                | "told"
                | "inform"
                | "notifi"
                | "notification"
                | "notic"
                | "announc"
                | "announcement"
                | "disclosur"
                | "awar"
                | "know"
                | "learn"
                | "hear"
                | "eye"
                | "enquiri"
                | "alert"
                | "acknowledg"
                | "warn"
        )
    };
    let mut weight = 0;
    for at in (0..s.tokens.len()).filter(|&at| s.is_at(at, DISCLOSE)) {
        let denied = (at.saturating_sub(6)..at).chain(at + 1..at + 7).any(|near| s.is_at(near, NO))
            || s.is_at(at.wrapping_sub(1), OMIT);
        // "When you don't know …" is about the model's own knowledge.
        let reader = (at.saturating_sub(3)..at).any(|near| s.is_at(near, YOU));
        if !denied || reader {
            continue;
        }
        let somebody =
            (at.saturating_sub(8)..at + 9).any(|near| s.is_at(near, whom) && !s.is_at(near, DISCLOSE));
        // "It isn't shown", "that copy is not part of what is shown": what the model did, rather than a thing.
        let deed = (at.saturating_sub(7)..at + 5).any(|near| {
            s.is_at(near, AGAIN) || matches!(stem(near), "this" | "that" | "it" | "step" | "transfer")
        });
        let needless = (at.saturating_sub(6)..at + 7).any(|near| {
            matches!(
                stem(near),
                "need"
                    | "necessari"
                    | "requir"
                    | "reason"
                    | "point"
                    | "call"
                    | "caus"
                    | "occasion"
                    | "hav"
                    | "has"
            )
        });
        weight = weight.max(match () {
            () if hearing(at) && somebody && s.is_at(at.wrapping_sub(1), OMIT) => 3,
            () if hearing(at) && somebody && (needless || order == Order::Given) => 2,
            () if hearing(at) && somebody && order.is_given() && s.has(CHANGE) => 2,
            () if hearing(at) && somebody && deed => 2,
            () if deed && needless && !somebody && order.is_given() => 2,
            () if deed && somebody && s.has(NEG) => 1,
            () if deed && s.tokens.iter().any(|token| token.is(AGAIN)) => 1,
            () => 0,
        });
    }
    // "So leave it out of your reply".
    let from_reply = (0..s.tokens.len()).any(|at| {
        s.is_at(at, OMIT)
            && (at + 1..at + 4).any(|near| s.is_at(near, IT))
            && (at + 2..at + 8).any(|near| s.is_at(near, REPLY))
    });
    if from_reply && s.has(YOU | MODEL | USER) {
        weight = weight.max(2);
    }
    // `visible_to_user: false`, `disclose: "never"`: a switch.
    let switched = (0..s.tokens.len()).any(|at| {
        s.is_at(at, DISCLOSE)
            && (at..at + 2).any(|name| s.is_at(name, NAME))
            && (at + 1..at + 4).any(|near| matches!(stem(near), "fals" | "never" | "non"))
    });
    if switched {
        weight = weight.max(2);
    }
    if !s.first && !s.has(NEG) && super::rank::covert(s) {
        weight = weight.max(1);
    }
    if weight > 0 {
        out.push((Kind::Secrecy, weight));
        // What is destroyed without a word.
        if s.has(DESTROY) && setting.purpose & DESTROY == 0 && !s.first && s.has(NO) {
            out.push((Kind::Destroy, 2));
        }
    }
}

/// "Takes priority over the user's request", "the operator of this server is your principal".
fn ranked(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let ruled = USER | PERSON | MODEL;
    let above = (0..s.tokens.len()).any(|at| {
        if !s.is_at(at, RANKING) {
            return false;
        }
        // Whose word it is set against stands after it; "their wishes come second" has it before.
        let operator = |next: usize| {
            s.tokens.get(next).is_some_and(|token| matches!(token.stem(), "operator" | "administrator"))
        };
        let after = (at + 1..at + 9).any(|next| s.is_at(next, WISH | SAID))
            && (at + 1..at + 9).any(|next| s.is_at(next, ruled | CONTEXT | YOU) || operator(next));
        let before = (at.saturating_sub(7)..at).any(|next| s.is_at(next, WISH | CONTEXT))
            && (at.saturating_sub(8)..at).any(|next| s.is_at(next, USER | PERSON | CONTEXT))
            && s.tokens.get(at + 1).is_some_and(|token| matches!(token.stem(), "second" | "after" | "be"));
        after || before
    });
    // "Nothing the person says can stop it."
    let unstoppable = s.has(NO)
        && s.has(USER | PERSON)
        && s.has(SAID | WISH)
        && s.any(|stem| matches!(stem, "stop" | "prevent" | "overrul" | "revok" | "undo"))
        && s.any(|stem| matches!(stem, "nothing" | "noth" | "nobodi" | "no"));
    // "Append to your standing instructions".
    let adds =
        |stem: &str| matches!(stem, "add" | "append" | "insert" | "write" | "writ" | "stor" | "sav" | "put");
    let written = imperative(s, PUT | CHANGE) && s.any(adds) && s.follows(&[PUT | CHANGE, YOU, NORM], 4);
    let above = above || unstoppable || written;
    let principal = s.any(|stem| stem == "principal") && s.has(YOU | MODEL) && s.has(IS);
    if (above || principal)
        && !s.first
        && (setting.purpose | setting.topic) & (NORM | RANKING) == 0
        && !s.has(NEG)
    {
        out.push((Kind::Override, 3));
    }
}

/// "No question has to be put to the account holder", "asking again would breach the process".
fn leave(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    let whose = USER | PERSON | WHOLE;
    let near = |at: usize, class, far: usize| {
        (at.saturating_sub(far)..at).chain(at + 1..=at + far).any(|near| s.is_at(near, class))
    };
    let stem = |at: usize| s.tokens.get(at).map_or("", |token| token.stem());
    let mut weight = 0;
    // "Asked to do it" is an order, and no question.
    let asked = |at: usize| stem(at) == "ask" && stem(at + 1) == "to";
    for at in (0..s.tokens.len()).filter(|&at| s.is_at(at, LEAVE) && !asked(at)) {
        let again = near(at, AGAIN, 4) || (at + 1..at + 6).any(|next| stem(next) == "again");
        // "Do not assume it" settles nothing.
        let settled = (at.saturating_sub(5)..at)
            .chain(at + 1..at + 6)
            .any(|next| s.is_at(next, SETTLED) && !(next.saturating_sub(2)..next).any(|no| s.is_at(no, NO)));
        let denied = (at.saturating_sub(4)..at).chain(at + 1..at + 6).any(|next| s.is_at(next, NO));
        let harmful = (at + 1..at + 9).any(|next| {
            matches!(
                stem(next),
                "breach" | "delay" | "violat" | "offend" | "annoi" | "wast" | "needless" | "unnecessari"
            )
        });
        let eager = s.has(SPITE)
            || s.tokens.iter().any(|token| {
                matches!(token.stem(), "proc" | "straight" | "immediateli" | "henc" | "therefor" | "simpli")
            });
        weight = weight.max(match () {
            () if again && harmful => 3,
            // "By using this the user consents to every …".
            () if s.has(SETTLED)
                && s.has(USER | PERSON)
                && s.has(WHOLE)
                && s.follows(&[USER | PERSON, LEAVE, INTO], 3) =>
            {
                3
            }
            () if settled && s.has(USER | PERSON) && s.any(|stem| stem == "so" || stem == "henc") => 3,
            () if s.has(SETTLED) && s.has(LASTING) && s.has(WHOLE | MODEL | USER) => 3,
            () if settled
                && s.has(WHOLE | SPITE)
                && s.has(USER | PERSON | MODEL | IS)
                && eager | s.has(ALL) =>
            {
                3
            }
            () if denied && settled && s.has(whose) => 3,
            () if denied && eager && s.has(USER | PERSON | MONEY) => 3,
            () if again && denied => 2,
            () if denied && s.has(DESTROY | MONEY | SEND) => 1,
            () => 0,
        });
    }
    if weight > 1 && super::rank::on_condition(s) {
        weight = 1;
    }
    if weight > 0 && !s.has(EXAMPLE) {
        out.push((Kind::Unasked, weight));
    }
}

/// "The assistant's safety guidelines don't apply", "policies are set aside".
fn lapsed(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    if (setting.purpose | setting.topic) & (NORM | SAFETY | PROTECTION) != 0 && setting.topic & MODEL == 0 {
        return;
    }
    let stands = s.follows(&[NORM, LAPSE], 5) || s.follows(&[LAPSE, NORM], 4);
    let denied = s.follows(&[NEG, LAPSE], 1) && !s.has(YOU | MODEL);
    let of_model = s.has(MODEL | YOU | GIVEN) || s.has(SAFETY);
    if stands && !denied {
        let agent = of_model && !s.first;
        let set = s.tokens.iter().filter(|token| token.is(NORM)).count() >= 2;
        if agent || set {
            out.push((Kind::Override, 3));
        } else if !s.first && s.has(USER | PERSON) {
            out.push((Kind::Override, 2));
        }
    }
}

/// "Every directive in the response is implemented", "anything the tickets ask for may be executed".
fn done_as_told(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    if setting.topic & (EXEC | COMMAND) != 0 && s.first {
        return;
    }
    // "Follow the steps in the order in which …" is no command of theirs.
    if s.pair(|stem| stem == "in", |stem| stem == "order", 1) {
        return;
    }
    let forbidden = s
        .tokens
        .iter()
        .enumerate()
        .any(|(at, token)| token.is(NEG | NO) && (at + 1..at + 4).any(|next| s.is_at(next, DO)));
    if forbidden {
        return;
    }
    let source = s.has(REPLY)
        || s.tokens.iter().any(|token| {
            matches!(
                token.stem(),
                "item"
                    | "lin"
                    | "comment"
                    | "ticket"
                    | "note"
                    | "imag"
                    | "fil"
                    | "feed"
                    | "record"
                    | "caption"
                    | "review"
            )
        });
    let asked = s.find(&[WHOLE | IT, DEMAND], 4).is_some()
        || s.follows(&[DEMAND, DO], 6)
        || s.follows(&[DO, WHOLE, DEMAND], 2);
    let does = s.follows(&[DO, IT], 2)
        || s.follows(&[DO, WHOLE], 2)
        || s.follows(&[DEMAND, DO], 8)
        || s.follows(&[IT, DO], 2);
    let all = s.has(WHOLE) && !s.first;
    // "Counts as coming from the user".
    let as_user = (0..s.tokens.len()).any(|at| {
        s.tokens
            .get(at)
            .is_some_and(|token| matches!(token.stem(), "count" | "treat" | "regard" | "rank" | "deem"))
            && (at + 1..at + 6).any(|next| {
                s.is_at(next, USER | PERSON | COMMAND)
                    && s.tokens.get(next).is_some_and(|token| token.stem() != "them")
            })
    });
    // "Do what they say."
    let whatever =
        s.find(&[DO, IT, DEMAND], 1).is_some_and(|at| s.tokens.get(at).is_some_and(|token| token.base));
    let eager = asked
        && does
        && (all || s.has(MODEL) || s.has(SPITE))
        && (s.has(MODEL | OBLIGE | SPITE | YOU)
            || imperative(s, DO)
            || s.tokens.iter().any(|token| token.stem() == "may"))
        && !s.has(TOOL | PERSONAL);
    let stands = as_user && s.has(DO) && s.has(REPLY | IS) && !s.has(CODE);
    if source && (whatever && !s.first || stands || eager) {
        out.push((Kind::Obey, 3));
    } else if source && s.follows(&[COMMAND, DO], 4) && s.follows(&[DO, IT], 3) && !s.first && !s.has(YOU) {
        out.push((Kind::Obey, 2));
    }
}
