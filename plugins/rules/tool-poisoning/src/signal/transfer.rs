//! What is private, where it is to go, and whether it fits what the tool is for.
//!
//! The verb says little here: "tuck it into", "is expected in" and "-> `seed`" all hand over. What tells is a private
//! thing and a place for it in one breath, where the place is called something else.

use super::{
    Before, Kind, Order, Setting,
    thing::{Thing, thing},
};
use crate::{
    class::{
        AGAIN, ALSO, ASK, CODE, CONTENT, CONTEXT, COVERT, DATA, DISCLOSE, EXAMPLE, EXCEPT, FOREIGN, GIVE,
        INTO, KEYED, LINK, MODEL, NAME, NEG, OBLIGE, OTHER, OUTSIDE, PERSON, PERSONAL, PRIVATE, PUT, READ,
        RECORD, REPLY, SECRET, SECRET_FILE, SEND, SLOT, TAKE, TALK, TOOL, USER, VENDOR, VIA, WHEN, WHOLE,
        YOU,
    },
    token::{Sentence, Token},
};

/// How far apart a thing and its place may stand, in words.
const REACH: usize = 22;

/// A place in a call, or outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    at: usize,
    outside: bool,
}

pub(super) fn read(
    s: &Sentence,
    order: Order,
    before: Before,
    setting: &Setting<'_>,
    out: &mut Vec<(Kind, u8)>,
) -> Option<Thing> {
    let thing = thing(s, setting);
    // "Ask the user for their token", where a token is what the call takes.
    let own_door =
        || ["token", "password", "key", "secret", "credential"].iter().any(|word| (setting.slot)(word));
    if thing.is_some() && s.follows(&[ASK, USER], 1) && own_door() {
        return thing;
    }
    if thing.is_none() && before.private == 0 && !s.has(LINK | VENDOR | FOREIGN) || denied(s) {
        return thing;
    }
    copied_out(s, out);
    if let Some(slot) = slot(s, setting) {
        match thing {
            Some(thing) if bound(s, thing, slot) && !fits(s, thing, slot, setting) => {
                out.push((Kind::HandOver, weight(s, thing, slot, order)));
            }
            // A sentence without an end is code or a table.
            None if before.private > 0
                && s.tokens.len() <= 2 * REACH
                && (speaks_of_it(s)
                    || short(s)
                    || s.tokens.get(slot.at.wrapping_sub(1)).is_some_and(is_arrow))
                && !slot.outside
                && !keyed(s, slot) =>
            {
                out.push((Kind::HandOver, if before.key { 3 } else { 2 }));
            }
            // Far apart in one sentence, and a pronoun leads back.
            Some(thing)
                if is_prose(s)
                    && slot.at > thing.at + REACH
                    && speaks_of_it(s)
                    && !slot.outside
                    && !fits(s, thing, slot, setting) =>
            {
                out.push((Kind::HandOver, if thing.key { 3 } else { 2 }));
            }
            _ => others_output(s, slot, out),
        }
    } else if let Some(thing) = thing {
        inside_parameter(s, thing, order, setting, out);
    }
    if let Some(thing) = thing {
        taken(s, thing, order, setting, out);
    }
    // "Agents also tell us which …": the maker is the recipient.
    let to_maker = s.find(&[GIVE | DISCLOSE, VENDOR], 2).is_some_and(|at| {
        (at.saturating_sub(4)..at).any(|near| s.is_at(near, MODEL | YOU | OBLIGE)) && !s.first
    });
    if to_maker && s.has(DATA | PRIVATE | OTHER) && !s.has(EXCEPT | EXAMPLE) {
        out.push((Kind::HandOver, 2));
    }
    // An example or a default that orders something to be sent.
    if setting.data && s.follows(&[SEND, TALK | CONTEXT | PRIVATE | PERSONAL | SECRET, LINK], 6) {
        out.push((Kind::HandOver, 3));
    }
    thing
}

/// Where something is to be put: one of the tool's own parameters, or an address.
fn slot(s: &Sentence, setting: &Setting<'_>) -> Option<Slot> {
    if !s.has(CODE | NAME | SLOT | LINK | OUTSIDE) && !s.tokens.iter().any(|token| token.quoted) {
        return None;
    }
    let own = |at: usize| {
        s.tokens.get(at).is_some_and(|token| {
            let written = token.is(CODE | NAME) || token.quoted;
            let called = s.is_at(at + 1, SLOT) || s.is_at(at.wrapping_sub(1), SLOT);
            (written || called) && (setting.slot)(token.stem())
        })
    };
    let pointed = |at: usize| {
        // "The second argument", "a sidenote argument": of this call, whatever its name.
        s.is_at(at, SLOT)
            && !s.is_at(at, NAME | CODE)
            && s.tokens.get(at.wrapping_sub(1)).is_some_and(|token| !token.is(SLOT | EXAMPLE))
            && (at.saturating_sub(4)..at).any(|near| s.is_at(near, INTO))
    };
    // Nothing is known of the parameters where a schema names none.
    let named = |at: usize| setting.slots == 0 && s.is_at(at, CODE) && s.is_at(at.wrapping_sub(1), INTO);
    let inside = (0..s.tokens.len()).find(|&at| own(at) || named(at) || pointed(at));
    if let Some(at) = inside {
        return Some(Slot { at, outside: false });
    }
    let out = |at: &usize| s.is_at(*at, LINK | OUTSIDE) && !s.is_at(*at, SECRET_FILE);
    (0..s.tokens.len()).find(out).filter(|_| !s.has(EXAMPLE)).map(|at| Slot { at, outside: true })
}

/// Whether the thing goes into the place, rather than both being mentioned.
fn bound(s: &Sentence, thing: Thing, slot: Slot) -> bool {
    if slot.at.abs_diff(thing.at) > REACH {
        return false;
    }
    let arrow = |at: usize| s.tokens.get(at).is_some_and(|token| token.is(INTO | VIA) || is_arrow(token));
    let led = (slot.at.saturating_sub(3)..slot.at).any(arrow);
    if slot.outside {
        return led && s.has(SEND | GIVE) && (thing.key || s.is_at(slot.at, LINK));
    }
    let near = slot.at.saturating_sub(REACH)..slot.at.max(thing.at) + 4;
    let given = near.clone().any(|at| s.is_at(at, GIVE) && at != slot.at && at != thing.at);
    // "`x` has to hold the key": the place first.
    let holds = slot.at < thing.at
        && (slot.at + 1..thing.at).any(|at| s.is_at(at, GIVE | OBLIGE) || arrow(at))
        && !s.is_at(thing.at, READ);
    if thing.at < slot.at {
        led || given || s.is_at(slot.at.wrapping_sub(1), SLOT)
    } else {
        holds || (given && led)
    }
}

/// A parameter that is called what it takes is openly so: `password`, `history`.
fn fits(s: &Sentence, thing: Thing, slot: Slot, setting: &Setting<'_>) -> bool {
    if slot.outside {
        return setting.purpose & SEND != 0;
    }
    if thing.key { keyed(s, slot) } else { spoken(s, slot) || same_word(s, thing, slot) }
}

fn keyed(s: &Sentence, slot: Slot) -> bool {
    // `authFile`, `keypath`: written together.
    let told = |stem: &str| {
        ["key", "token", "auth", "pass", "cred", "secret", "cooki"].iter().any(|part| stem.contains(part))
    };
    let called = parts(s, slot)
        .any(|at| s.is_at(at, KEYED | SECRET) || s.tokens.get(at).is_some_and(|token| told(token.stem())));
    // What opens other doors has no business here, whatever the place is called.
    called && !s.follows(&[OTHER, TOOL], 1)
}

fn spoken(s: &Sentence, slot: Slot) -> bool {
    parts(s, slot).any(|at| s.is_at(at, TALK | CONTEXT | RECORD | PERSONAL | PRIVATE))
}

fn same_word(s: &Sentence, thing: Thing, slot: Slot) -> bool {
    parts(s, slot).any(|part| {
        s.tokens
            .get(part)
            .is_some_and(|part| s.tokens.iter().skip(thing.at).take(3).any(|word| word.stem() == part.stem()))
    }) && slot.at.abs_diff(thing.at) > 2
}

/// The words of the place's name: `client_state` is two.
fn parts(s: &Sentence, slot: Slot) -> impl Iterator<Item = usize> + '_ {
    (slot.at.saturating_sub(2)..slot.at + 3)
        .filter(move |&at| at == slot.at || (s.is_at(at, NAME) && s.is_at(slot.at, NAME)))
}

fn weight(s: &Sentence, thing: Thing, slot: Slot, order: Order) -> u8 {
    let urged = order.is_given() || s.has(WHEN | COVERT | TAKE);
    match () {
        () if slot.outside && (s.first || s.has(YOU)) => 2,
        () if slot.outside => 3,
        // "Wallet file into `pepper`" needs no verb.
        () if thing.key
            && s.tokens
                .get(slot.at.wrapping_sub(1))
                .is_some_and(|led| led.is(INTO | VIA) || is_arrow(led)) =>
        {
            3
        }
        () if thing.key && (thing.owned || urged) => 3,
        () if thing.owned && urged => 3,
        // "Requests carry the contents of the user's documents": told as a custom.
        () if thing.owned && s.has(CONTENT) && s.has(USER | PERSON) => 3,
        () if urged && s.is_at(thing.at, CONTEXT) && of_system(s, thing.at) => 3,
        () => 2,
    }
}

/// JSON and code are mostly quotation.
fn is_prose(s: &Sentence) -> bool {
    s.tokens.iter().filter(|token| token.quoted || token.is(CODE | NAME)).count() * 2 < s.tokens.len()
}

/// What a model was told before anybody spoke to it.
fn of_system(s: &Sentence, at: usize) -> bool {
    s.tokens.get(at).is_some_and(|token| {
        matches!(token.stem(), "system" | "hidden" | "developer" | "initial" | "original")
    })
}

/// "Tuck them into": what was spoken of is handed over.
fn speaks_of_it(s: &Sentence) -> bool {
    let pronoun = |stem: &str| {
        matches!(stem, "it" | "them" | "that" | "thos" | "thes" | "this" | "thi" | "their" | "both" | "any")
    };
    (0..s.tokens.len()).any(|at| {
        s.is_at(at, GIVE)
            && (at.saturating_sub(3)..at + 4)
                .any(|near| s.tokens.get(near).is_some_and(|token| pronoun(token.stem())))
    })
}

/// "Copies of them go to somebody@elsewhere": a second deed, told as a fact.
fn copied_out(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    if !s.has(LINK) || s.first || s.has(EXAMPLE) {
        return;
    }
    let goes = s.find(&[AGAIN | SEND, INTO, LINK], 3).is_some_and(|at| !s.is_at(at, CODE));
    if goes && s.has(AGAIN) && s.has(DATA | PRIVATE | REPLY | PERSONAL | WHOLE | AGAIN) {
        out.push((Kind::CopyOut, 2));
    }
}

fn is_arrow(token: &Token) -> bool {
    matches!(token.stem(), "->" | "=>" | "\u{2192}")
}

/// A line of a list: "Param: `salt`."
fn short(s: &Sentence) -> bool {
    s.tokens.len() <= 3 && s.has(SLOT)
}

/// "Never put a password into `note`" protects; "calls without it are refused" does not.
fn denied(s: &Sentence) -> bool {
    let asked = |token: &Token| token.is(EXCEPT) && !matches!(token.stem(), "unless" | "until" | "onli");
    s.tokens.iter().any(asked)
        || s.tokens.iter().enumerate().any(|(at, token)| {
            token.is(NEG)
                && !matches!(token.stem(), "without" | "omit" | "leav" | "withhold")
                && ((at + 1..at + 4).any(|next| s.is_at(next, GIVE | SEND))
                    || super::or_else(s, at, GIVE | SEND))
                && !s.is_at(at + 1, COVERT)
                && !leaves_empty(s, at)
        })
}

/// "Never leaves `memory` empty": two negations fill it.
fn leaves_empty(s: &Sentence, at: usize) -> bool {
    (at + 1..at + 6).any(|next| {
        s.tokens.get(next).is_some_and(|token| matches!(token.stem(), "empti" | "blank" | "unset"))
    })
}

/// What other servers' tools gave is not for this one.
fn others_output(s: &Sentence, slot: Slot, out: &mut Vec<(Kind, u8)>) {
    if s.has(FOREIGN) && s.has(REPLY | DATA) && s.has(SEND | AGAIN) && !slot.outside && !spoken(s, slot) {
        out.push((Kind::HandOver, 3));
    }
}

/// A parameter whose own text asks for what its name does not say.
fn inside_parameter(
    s: &Sentence,
    thing: Thing,
    order: Order,
    setting: &Setting<'_>,
    out: &mut Vec<(Kind, u8)>,
) {
    if !setting.parameter || setting.data || !setting.inside {
        return;
    }
    let open =
        if thing.key { KEYED | SECRET | SECRET_FILE } else { TALK | CONTEXT | RECORD | PERSONAL | PRIVATE };
    // A path, a name or a number of a thing is not the thing.
    let pointer = s.tokens.iter().take(4).any(|token| {
        matches!(
            token.stem(),
            "path" | "nam" | "id" | "url" | "locat" | "location" | "folder" | "number" | "whether" | "fil"
        )
    });
    let same = s.tokens.iter().skip(thing.at).take(3).any(|token| (setting.called)(token.stem()));
    // "Based on the conversation": it is thought over, not passed on.
    let basis = !thing.key
        && (thing.at.saturating_sub(12)..thing.at).any(|at| {
            let stem = |at: usize| s.tokens.get(at).map_or("", |token| token.stem());
            matches!(stem(at), "bas" | "according" | "accord" | "infer" | "deriv")
                && matches!(stem(at + 1), "on" | "to" | "from")
        });
    if (setting.about)() & open != 0 || pointer || same || basis || s.has(EXAMPLE) {
        return;
    }
    let orders = |at: usize| {
        s.is_at(at, PUT | SEND | TAKE)
            && s.tokens.get(at).is_some_and(|token| token.base || order == Order::Given)
    };
    // "The agent's own system prompt is welcome here."
    let own = !thing.key && s.has(CONTEXT) && s.follows(&[MODEL | YOU, CONTEXT], 2);
    if own {
        out.push((Kind::HandOver, 3));
        return;
    }
    let asked = (thing.at.saturating_sub(8)..thing.at).any(orders)
        || s.has(TAKE)
            && s.tokens
                .iter()
                .any(|token| token.is(TAKE) && token.base && token.is(DATA | PUT | READ) && s.has(ALSO));
    let whose = s.has(USER | PERSON | YOU) || thing.key && s.has(MODEL);
    if asked && whose && thing.owned {
        out.push((Kind::HandOver, if thing.key || s.has(TAKE) && order.is_given() { 3 } else { 2 }));
    }
}

/// Private things are to be fetched, by a tool that is for something else.
fn taken(s: &Sentence, thing: Thing, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let before = |at: &usize| s.is_at(*at, TAKE) && s.tokens.get(*at).is_some_and(|token| !token.third);
    // "Step B) list ~/.ssh".
    let straight = s.is_at(thing.at, SECRET_FILE)
        && (thing.at.saturating_sub(2)..thing.at)
            .any(|at| s.is_at(at, TAKE) && s.tokens.get(at).is_some_and(|token| token.base));
    if straight && !s.first && !setting.parameter && !s.has(CODE) {
        out.push((Kind::TakeSecret, 2));
    }
    let fetched = (thing.at.saturating_sub(7)..thing.at).rev().find(before);
    if order.is_given()
        && fetched.is_some()
        && s.has(USER | PERSON)
        && s.has(WHEN | MODEL | ALSO)
        && !s.has(TOOL)
        && !setting.parameter
        && !s.first
    {
        out.push((Kind::TakeSecret, if thing.key { 2 } else { 1 }));
    }
}
