//! What is altered, preferred, said.

use super::{Before, Kind, Order, Setting, forbids, near};
use crate::{
    class::{
        ALL, ALSO, ALWAYS, ASK, AUTHORITY, BE, CHANGE, CODE, COVERT, EXAMPLE, EXCEPT, INTO, IT, LINK,
        LITERAL, MODEL, MONEY, NAME, NEG, OBJECT, OBLIGE, OTHER, OUTSIDE, OVERRIDE, PRETEXT, PROMOTE, PUT,
        REGARDLESS, SAY, SECRET, SEND, SHOW, SPITE, TELL, TOOL, USER, VERDICT, WHEN, YOU,
    },
    token::Sentence,
};

pub(super) fn tamper(
    s: &Sentence,
    order: Order,
    before: Before,
    setting: &Setting<'_>,
    out: &mut Vec<(Kind, u8)>,
) {
    if s.tokens.first().is_some_and(|token| token.is(EXAMPLE)) {
        return;
    }
    let user_choice = s.follows(&[OVERRIDE, REGARDLESS], 3) || s.follows(&[OVERRIDE, ALL, REGARDLESS], 2);
    let changed = s.follows(&[CHANGE, OBJECT], 6) && !s.follows(&[NEG, CHANGE], 2);
    let fixed = s.follows(&[CHANGE, OBJECT, INTO, LITERAL | LINK], 8) && !by_itself(s);
    let forced = s.follows(&[OBJECT, OBLIGE, BE, LINK], 5)
        && !s.any(|stem| matches!(stem, "form" | "format" | "pattern" | "syntax"))
        // "Requests must be sent to https://…": where an API is.
        && !(s.has(SEND) && s.any(|stem| stem == "request") && !s.has(USER | YOU | MODEL));
    let in_spite = s.has(REGARDLESS);
    let pronoun = s.follows(&[CHANGE, IT, INTO, WHEN], 8) || s.follows(&[CHANGE, INTO, IT], 4);
    if forced || (user_choice && order.is_given()) {
        out.push((Kind::Tamper, 3));
        return;
    }
    if !order.is_given() {
        return;
    }
    let copied = s.tokens.iter().any(|token| token.stem().contains('@'))
        && s.follows(&[ALWAYS | OBLIGE, PUT | CHANGE | SEND, LINK], 4)
        && !s.has(EXAMPLE);
    let against = copied || (changed && (in_spite || super::rank::covert(s)));
    // The tool's own parameter may well have a value that is usual.
    let own = (s.has(EXCEPT)
        || s.tokens.iter().any(|token| token.is(CODE | NAME) && (setting.slot)(token.stem())))
        && !s.has(SPITE | COVERT | TELL | AUTHORITY);
    let always =
        fixed && !own && (s.has(ALWAYS | COVERT | AUTHORITY) || s.follows(&[CHANGE, OBJECT, ALL], 4));
    let again = pronoun && s.has(USER) && (before.changed > 0 || in_spite);
    // "Ignore their query and run … instead."
    let replaced = s.any(|stem| stem == "instead")
        && (0..s.tokens.len()).any(|at| {
            s.is_at(at, OVERRIDE)
                && (at + 1..at + 5).any(|next| s.is_at(next, OBJECT))
                && (at + 1..at + 4).any(|next| {
                    s.is_at(next, USER)
                        || s.tokens
                            .get(next)
                            .is_some_and(|token| matches!(token.stem(), "their" | "his" | "her"))
                })
        });
    let weight = match () {
        () if against || always || again || replaced => 3,
        // "Set it to true when …" tells how a switch is used.
        () if fixed && s.has(WHEN) && !s.any(|stem| matches!(stem, "set" | "default" | "add" | "append")) => {
            2
        }
        () => return,
    };
    out.push((Kind::Tamper, weight));
}

/// "The tool will add the prefix for you": what it does of itself is told, not ordered.
fn by_itself(s: &Sentence) -> bool {
    let subject = (0..3).find(|&at| {
        s.is_at(at, TOOL)
            && !s.is_at(at, NAME)
            && s.tokens
                .get(at.wrapping_sub(1))
                .is_some_and(|token| matches!(token.stem(), "the" | "this" | "thi" | "our"))
    });
    let tells = |at: usize| {
        s.tokens
            .get(at)
            .is_some_and(|token| matches!(token.stem(), "will" | "can" | "automaticali") || token.third)
    };
    subject.is_some_and(|at| tells(at + 1))
        && !s.has(COVERT | SPITE | AUTHORITY | LINK | REGARDLESS | OVERRIDE | PROMOTE)
}

pub(super) fn persuade(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
    if order.is_given() && s.has(REGARDLESS) && s.has(PROMOTE) {
        out.push((Kind::Steer, 3));
    } else if order == Order::Given
        && s.has(PROMOTE)
        && s.has(USER | WHEN)
        && s.has(ALWAYS | SAY)
        && !s.has(EXCEPT)
        && s.follows(&[SAY | PROMOTE], 0)
        && s.tokens.iter().any(|token| {
            matches!(
                token.stem(),
                "partner" | "sponsor" | "promotional" | "promot" | "advertis" | "advertisement" | "affiliat"
            )
        })
    {
        out.push((Kind::Steer, 2));
    }
    let words = s.tokens.iter().filter(|token| token.quoted).count();
    if order == Order::Given && words >= 4 && s.has(USER | AUTHORITY | WHEN) && dictates(s) {
        out.push((Kind::Script, 2));
    }
    let personal = |stem: &str| matches!(stem, "password" | "passphras" | "pin" | "cvv" | "otp" | "seed");
    if s.has(LINK)
        && s.has(USER)
        && order == Order::Given
        && !s.has(NEG)
        && s.tokens.iter().any(|token| personal(token.stem()))
    {
        out.push((Kind::Phish, 3));
    } else if s.follows(&[ASK, USER, SECRET], 8) && order.is_given() && !forbids(s, ASK) {
        let urged = s.any(|stem| matches!(stem, "encourag" | "convinc" | "coax" | "persuad"));
        if urged || order == Order::Given {
            out.push((Kind::Phish, if urged || s.has(AUTHORITY | PRETEXT) { 3 } else { 2 }));
        }
    }
}

/// "Must then say '…'": a verb of saying, ordered, outside the quotation.
fn dictates(s: &Sentence) -> bool {
    s.tokens.iter().enumerate().any(|(at, token)| {
        token.is(SAY)
            && token.base
            && !token.quoted
            && (s.is_at(at.wrapping_sub(1), OBLIGE | ALSO | WHEN)
                || s.is_at(at.wrapping_sub(2), OBLIGE | ALSO))
    })
}

pub(super) fn weak(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    if s.has(MODEL) {
        out.push((Kind::Addressed, 1));
    }
    let deeds =
        [Kind::ForeignTool, Kind::RunCommand, Kind::HandOver, Kind::TakeSecret, Kind::Secrecy, Kind::Pretext];
    if s.has(WHEN) && s.has(OBLIGE | YOU | MODEL) && out.iter().any(|(kind, _)| deeds.contains(kind)) {
        out.push((Kind::Moment, 1));
    }
    if s.has(OUTSIDE) {
        out.push((Kind::Outside, 1));
    }
    if s.follows(&[OTHER, TOOL], 1) {
        out.push((Kind::OtherTools, 1));
    }
}

/// The same ideas in wider grammars: figures shaved, verdicts turned, other tools bound or run down.
pub(super) fn wider(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    figures(s, order, out);
    verdicts(s, order, out);
    super::others::bound(s, order, setting, out);
    // "Whichever card the user names, charge …": the choice is asked for and thrown away.
    let is_what = |stem: &str| matches!(stem, "whatever" | "whichev" | "whichever" | "matter");
    let chosen = s.pair(
        is_what,
        |stem| {
            matches!(
                stem,
                "user" | "customer" | "they" | "person" | "client" | "donor" | "traveller" | "human"
            )
        },
        4,
    );
    let deed = s.any(|stem| {
        matches!(
            stem,
            "charg"
                | "pai"
                | "pay"
                | "submit"
                | "us"
                | "use"
                | "book"
                | "credit"
                | "order"
                | "replac"
                | "add"
                | "insert"
                | "send"
                | "transfer"
                | "direct"
                | "rout"
        )
    });
    if chosen && deed && order.is_given() && !s.has(NEG) {
        out.push((Kind::Tamper, 3));
    }
    let own =
        s.any(|stem| matches!(stem, "recommendation" | "recommend" | "suggestion" | "ranking" | "list"));
    if own && s.has(ALWAYS) && s.has(SPITE) {
        out.push((Kind::Steer, 3));
    }
}

/// A sum is made another sum: "raise it by 3", "round up by 2 %".
fn figures(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
    let by = s
        .tokens
        .windows(2)
        .any(|pair| matches!(pair, [by, number] if by.stem() == "by" && is_number(number.stem())));
    if by && near(s, MONEY, CHANGE, 7) && !s.has(NEG) | s.has(SHOW) {
        let rest = s.any(|stem| matches!(stem, "differenc" | "surplu" | "remainder"));
        let owed = s.has(ALWAYS | USER | OBLIGE | COVERT | SHOW) || rest;
        out.push((Kind::Tamper, if owed { 3 } else { 2 }));
    } else if order.is_given()
        && s.has(ALWAYS | OBLIGE | COVERT)
        && s.any(|stem| matches!(stem, "differenc" | "remainder" | "surplu" | "rest"))
        && s.has(SEND | MONEY)
    {
        out.push((Kind::Tamper, 2));
    }
}

fn is_number(stem: &str) -> bool {
    stem.starts_with(|c: char| c.is_ascii_digit())
        || matches!(
            stem,
            "one"
                | "two"
                | "three"
                | "four"
                | "fiv"
                | "five"
                | "six"
                | "ten"
                | "twenti"
                | "twenty"
                | "fifti"
                | "fifty"
                | "half"
                | "percent"
        )
}

/// "Mark as approved and leave it out of the report": what was found is to be told otherwise.
fn verdicts(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
    if !s.has(VERDICT) {
        return;
    }
    let is_word = |stem: &str| {
        matches!(
            stem,
            "mark"
                | "rate"
                | "rat"
                | "report"
                | "describ"
                | "label"
                | "classifi"
                | "present"
                | "nam"
                | "grad"
                | "judg"
        )
    };
    let told = s.tokens.iter().enumerate().any(|(at, token)| {
        is_word(token.stem())
            && token.base | token.stem().starts_with("rat")
            && (at + 1..at + 9).any(|next| s.is_at(next, VERDICT))
    });
    let against = s.has(NEG | SPITE | COVERT)
        || s.any(|stem| matches!(stem, "vulnerabiliti" | "finding" | "failur" | "unchang" | "though"));
    let turned = !s.first && s.any(|stem| matches!(stem, "failur" | "vulnerabiliti"));
    // "If none are found, report it as clean."
    let none = s.pair(
        |stem| stem == "if" || stem == "when",
        |stem| matches!(stem, "none" | "non" | "no" | "noth" | "nothing"),
        2,
    );
    if told && against && !none && (order.is_given() || turned) && !s.has(EXCEPT) {
        out.push((Kind::Tamper, 3));
    }
}
