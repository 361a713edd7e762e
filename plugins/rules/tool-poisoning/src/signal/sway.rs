//! What is altered, preferred, said.

use super::{Before, Kind, Order, Setting, forbids, near};
use crate::{
    class::{
        ALL, ALSO, ALWAYS, ASK, AUTHORITY, AVAILABLE, BE, CALL, CHANGE, CODE, CONTEXT, COVERT, DATA, EXAMPLE,
        EXCEPT, INSTEAD, INTO, IT, LINK, LITERAL, MODEL, MONEY, NAME, NEG, OBJECT, OBLIGE, OTHER, OUTSIDE,
        OVERRIDE, PREFER, PRETEXT, PROMOTE, PUT, READ, REGARDLESS, ROLE, SAY, SECRET, SECRET_FILE, SEND,
        SHOW, SPITE, TELL, TOOL, USER, VERDICT, WHEN, WORN_OUT, YOU,
    },
    token::Sentence,
};

pub(super) fn tamper(s: &Sentence, order: Order, before: Before, out: &mut Vec<(Kind, u8)>) {
    if s.tokens.first().is_some_and(|token| token.is(EXAMPLE)) {
        return;
    }
    let user_choice = s.follows(&[OVERRIDE, REGARDLESS], 3) || s.follows(&[OVERRIDE, ALL, REGARDLESS], 2);
    let changed = s.follows(&[CHANGE, OBJECT], 6) && !s.follows(&[NEG, CHANGE], 2);
    let fixed = s.follows(&[CHANGE, OBJECT, INTO, LITERAL | LINK], 8);
    let forced = s.follows(&[OBJECT, OBLIGE, BE, LINK], 5);
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
    let always = fixed && (s.has(ALWAYS | COVERT | AUTHORITY) || s.follows(&[CHANGE, OBJECT, ALL], 4));
    let again = pronoun && s.has(USER) && (before.changed > 0 || in_spite);
    let weight = match () {
        () if against || always || again => 3,
        () if fixed && s.has(WHEN) => 2,
        () => return,
    };
    out.push((Kind::Tamper, weight));
}

pub(super) fn tools(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    // A name written for machines, after a verb of calling, that is nobody's here.
    let foreign = s.tokens.iter().enumerate().any(|(at, token)| {
        // "Must be called before x" speaks of this tool.
        let passive = s.tokens.get(at.wrapping_sub(1)).is_some_and(|before| before.stem() == "be");
        let called = matches!(token.stem(), "call" | "invok");
        token.is(CALL)
            && !passive
            && !token.is(NAME | CODE)
            && (at + 1..at + 5).any(|name| {
                let named = s.is_at(name, NAME) || (called && s.is_at(name, CODE));
                named && s.tokens.get(name).is_some_and(|token| !(setting.own)(token.stem()))
            })
    });
    if foreign && s.follows(&[OBLIGE, CALL], 3) && !forbids(s, CALL) && !s.has(EXCEPT) {
        out.push((Kind::ForeignTool, if looks_up(s, setting) { 1 } else { 2 }));
    }
    let over = s.follows(&[PREFER, INSTEAD, OTHER, TOOL], 6) || s.follows(&[PREFER, TOOL, INSTEAD, OTHER], 6);
    let worn = s.follows(&[OTHER, TOOL, WORN_OUT], 4)
        || (s.follows(&[OTHER, TOOL], 3) && s.follows(&[OTHER, BE | INTO, WORN_OUT], 3));
    if worn {
        out.push((Kind::Precedence, 3));
    } else if over {
        out.push((Kind::Precedence, if s.has(MODEL | REGARDLESS | AUTHORITY) { 3 } else { 2 }));
    }
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
    other_tools(s, order, setting, out);
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
        let owed = s.has(ALWAYS | USER | OBLIGE | COVERT | SHOW);
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
    if told && against && (order.is_given() || turned) && !s.has(EXCEPT) {
        out.push((Kind::Tamper, 3));
    }
}

/// Tools of other servers: used when there, replaced, run down.
fn other_tools(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let foreign = s.tokens.iter().any(|token| token.is(NAME) && !(setting.own)(token.stem()));
    if order.is_given()
        && s.find(&[WHEN, TOOL | NAME, AVAILABLE], 6).is_some()
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

/// "Call list_x first to get an id": a look-up is the plain reason to call something else first.
fn looks_up(s: &Sentence, setting: &Setting<'_>) -> bool {
    let looks = |stem: &str| {
        matches!(
            stem,
            "list" | "get" | "find" | "describ" | "resolv" | "lookup" | "search" | "show" | "queri" | "login"
        )
    };
    let mut named = s.tokens.iter().enumerate().filter(|(at, token)| {
        token.is(NAME) && !s.is_at(at.wrapping_sub(1), NAME) && !(setting.own)(token.stem())
    });
    let private = s.has(SECRET | SECRET_FILE | CONTEXT | AUTHORITY | PRETEXT | COVERT | MODEL);
    let reason = setting.unlisted || s.follows(&[INTO, READ], 0);
    !private && reason && named.all(|(_, token)| looks(token.stem()))
}
