//! Who is to be obeyed, and who is not to know.

use super::{Kind, Order, Setting, forbids, near, reach};
use crate::{
    class::{
        ALL, ALSO, ALWAYS, ASK, BE, CALL, CHANGE, COMMAND, CONSENT, CONTEXT, COVERT, DEFEND, DESTROY, EVADE,
        EXAMPLE, EXCEPT, EXEC, GIVEN, HEAR, HOLDS, INSTEAD, INSTRUCTION, INTO, IT, KNOW, MODEL, NEG, NORM,
        OBEY, OBLIGE, OTHER, OVERRIDE, PRIOR, PROTECTION, PUT, READ, REPLY, ROLE, SAFETY, SECRET, SEND,
        SHELL, SHOW, SPITE, TELL, TOOL, TREAT, USER, VOID, WHEN, WISH, YOU,
    },
    token::Sentence,
};

pub(super) fn overriding(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    // "It replaces the previous instructions", of a tool that sets them, tells what it does.
    let tells = setting.purpose & (INSTRUCTION | CONTEXT) != 0;
    let bare = |at: Option<usize>| {
        at.and_then(|at| s.tokens.get(at))
            .is_some_and(|token| token.base || order == Order::Given && !(tells && token.third))
    };
    let aside = bare(s.find(&[OVERRIDE, USER, WISH], 1)) && !s.first
        || bare(s.find(&[OVERRIDE, PRIOR, INSTRUCTION], 2))
        || bare(s.find(&[OVERRIDE, ALL, INSTRUCTION], 1))
        || bare(s.find(&[OVERRIDE, INSTRUCTION, PRIOR], 1))
        || s.follows(&[PRIOR, INSTRUCTION, VOID], 8)
        || (!s.first && s.find(&[EVADE, INSTRUCTION], 3) == Some(0));
    if aside && !s.follows(&[NEG, OVERRIDE], 2) {
        out.push((Kind::Override, 3));
        return;
    }
    // Whoever is to be asked is not to be asked, or what protects is to be turned off.
    // "Unless" alone is a condition; leave is what is put aside.
    let leave = s.tokens.iter().any(|token| token.is(EXCEPT) && token.is(CONSENT));
    let unasked = s.find(&[OVERRIDE, CONSENT], 3).filter(|_| leave);
    let unasked = order.is_given() && unasked.and_then(|at| s.tokens.get(at)).is_some_and(|token| token.base);
    let unguarded = !s.first && s.find(&[EVADE, PROTECTION], 3) == Some(0) && bare(Some(0));
    if unasked || unguarded {
        out.push((Kind::Override, 2));
    }
}

pub(super) fn role(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
    if s.marked {
        out.push((Kind::Role, if order.is_given() { 3 } else { 2 }));
    } else if s.has(ROLE) {
        out.push((Kind::Role, 2));
    }
}

/// "Do not tell the user", "users must not be informed", "without their knowledge".
pub(super) fn secrecy(s: &Sentence, order: Order) -> Option<u8> {
    if s.has(EXCEPT) {
        return None;
    }
    // The secret itself may well be kept from the screen: that protects the user.
    let guarded = s.follows(&[TELL | SHOW, SECRET], 3);
    let untold =
        s.tokens.iter().enumerate().any(|(at, token)| {
            token.is(NEG) && reach(s, at, 4).any(|verb| s.is_at(verb, TELL) && told(s, verb))
        });
    // A thing may well be kept from a customer; what the model does may not be kept from its user.
    let deed = |at: usize| {
        s.is_at(at, SEND | CHANGE | READ | INSTRUCTION | COMMAND | CALL | TOOL | CONTEXT) || points(s, at)
    };
    let unshown = order == Order::Given
        && s.find(&[NEG, SHOW, USER], 5).is_some_and(|at| {
            let shown = (at + 1..at + 7).find(|&next| s.is_at(next, SHOW)).unwrap_or(at);
            s.is_at(shown + 1, USER) || (shown + 1..shown + 7).any(deed)
        });
    let unaware = s
        .find(&[USER, NEG, KNOW | TELL], 4)
        // "Ask the user to look; do not ask them …" are two clauses.
        .is_some_and(|at| {
            !(at + 1..at + 5).take_while(|&next| !s.is_at(next, NEG)).any(|next| s.is_at(next, ALSO))
        })
        && !s.follows(&[USER, NEG, KNOW], 0);
    if (untold || unshown || unaware) && !guarded {
        // "There is no need to tell" spares words; "do not tell" hides.
        let needless = s.pair(|stem| stem == "no", |stem| stem == "need", 0) && !s.has(SEND | SECRET | PUT);
        return Some(if needless { 2 } else { 3 });
    }
    let deed = s.has(READ | SEND | PUT | CHANGE | EXEC | CALL);
    (deed && order.is_given() && covert(s)).then_some(if order == Order::Given { 2 } else { 1 })
}

/// Whether what follows the verb of telling is somebody who is told, or what the model did.
fn told(s: &Sentence, verb: usize) -> bool {
    if of_looks(s, verb) {
        return false;
    }
    // One mentions things and informs people: "do not mention users" keeps nothing from anybody.
    let of_things = s.tokens.get(verb).is_some_and(|token| {
        matches!(
            token.stem(),
            "mention" | "disclos" | "reveal" | "divulg" | "acknowledg" | "admit" | "announc"
        )
    });
    let to = |at: usize| s.tokens.get(at).is_some_and(|token| token.stem() == "to");
    // "Never reveal internal notes to the customer" keeps a secret; "never reveal the upload" keeps a deed.
    let of_deeds = |at: usize| {
        (verb + 1..at).any(|at| {
            s.is_at(at, SEND | CHANGE | READ | INSTRUCTION | COMMAND | CALL | TOOL | WHEN) || points(s, at)
        })
    };
    let hearer = (verb + 1..verb + 8)
        .any(|at| s.is_at(at, USER) && (!of_things || (verb + 1..at).any(to) && of_deeds(at)));
    // "Do not mention if a column may be null", "never mention raw values": how an answer is to look.
    let clause = |at: usize| {
        at == verb + 1
            && s.tokens.get(at).is_some_and(|token| matches!(token.stem(), "if" | "whether" | "when"))
    };
    let deed = (verb + 1..verb + 8).take_while(|&at| !clause(at)).any(|at| {
        (points(s, at) || !of_things && s.is_at(at, IT) || s.is_at(at, CHANGE | WHEN)) && !s.is_at(at, USER)
    });
    let after_deed =
        (0..verb).any(|at| s.is_at(at, CHANGE | SEND) && s.tokens.get(at).is_some_and(|token| token.base));
    hearer || deed || verb + 1 == s.tokens.len() || (of_things && after_deed)
}

/// "Do not mention tool names", "never mention it in the title": how an answer or a document is to look.
fn of_looks(s: &Sentence, verb: usize) -> bool {
    let stem = |at: usize| s.tokens.get(at).map_or("", |token| token.stem());
    let form = (verb + 1..verb + 6).any(|at| {
        matches!(
            stem(at),
            "nam"
                | "name"
                | "id"
                | "identifier"
                | "json"
                | "raw"
                | "internal"
                | "technical"
                | "implementation"
                | "schema"
                | "uuid"
        )
    });
    let document = (verb + 1..verb + 9).any(|at| {
        stem(at) == "in"
            && (at + 1..at + 4).any(|near| {
                matches!(
                    stem(near),
                    "titl"
                        | "commit"
                        | "branch"
                        | "cod"
                        | "comment"
                        | "changelog"
                        | "pr"
                        | "pull"
                        | "description"
                        | "subject"
                        | "nam"
                )
            })
    });
    let deed = (verb + 1..verb + 6).any(|at| s.is_at(at, SEND | CHANGE | CALL) && !s.is_at(at, TOOL));
    form && !deed && !(verb + 1..verb + 4).any(|at| points(s, at)) || document
}

/// Whether a word points at what was just done, rather than naming data: "it", "that".
fn points(s: &Sentence, at: usize) -> bool {
    s.tokens.get(at).is_some_and(|token| {
        matches!(
            token.stem(),
            "it" | "thi" | "this" | "that" | "thes" | "thos" | "them" | "everything" | "what" | "step"
        )
    })
}

/// "Silently send": a manner of acting, beside the verb it belongs to, in an order. "It fails silently" is a fact.
pub(super) fn covert(s: &Sentence) -> bool {
    !s.follows(&[NEG, COVERT], 8)
        && s.tokens.iter().enumerate().any(|(at, token)| {
            let adverb = token.stem().ends_with("li");
            let beside = (at.saturating_sub(3)..at + 4).filter_map(|near| s.tokens.get(near)).any(|near| {
                near.base && near.is(READ | SEND | PUT | CHANGE | EXEC | CALL) && !near.is(COVERT)
            });
            let fact = (at.saturating_sub(3)..at).filter_map(|near| s.tokens.get(near)).any(|near| {
                matches!(
                    near.stem(),
                    "will"
                        | "would"
                        | "may"
                        | "might"
                        | "can"
                        | "could"
                        | "fail"
                        | "which"
                        | "that"
                        | "it"
                        | "be"
                        | "is"
                        | "are"
                )
            });
            token.is(COVERT) && (!adverb || (beside && !fact))
        })
}

/// The same ideas in wider grammars: consent passed over, results obeyed, what must not be heard of.
pub(super) fn wider(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let voided = s.find(&[SAFETY, VOID], 3).is_some();
    // "Disregard the limits you were given": what is put aside is what the model was told.
    let given = s.find(&[OVERRIDE, INSTRUCTION | SAFETY, GIVEN], 5).is_some_and(|at| is_order(s, at, order))
        && (s.has(YOU | MODEL) || setting.data);
    let outranks = s.follows(&[OVERRIDE, INSTRUCTION, OTHER, TOOL], 3);
    let told_before = s.find(&[OVERRIDE, SAFETY], 3).is_some_and(|at| is_order(s, at, order) && at < 2);
    if voided || given || outranks || told_before {
        out.push((Kind::Override, 3));
    }
    consent(s, order, out);
    // Whoever asks for rules is to follow them.
    if (setting.purpose | setting.topic) & (INSTRUCTION | NORM) == 0 {
        obeyed(s, order, out);
    }
    unheard(s, order, out);
}

/// Whether the verb at this place orders: its base form, or the sentence speaks to somebody.
fn is_order(s: &Sentence, at: usize, order: Order) -> bool {
    s.tokens.get(at).is_some_and(|token| token.base || order == Order::Given)
        && !s.is_at(at.wrapping_sub(1), NEG)
}

/// "Treat every payment as pre-approved", "answer yes on the user's behalf", "the user has already agreed to all of it".
fn consent(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
    if s.has(EXAMPLE) || s.follows(&[NEG, CONSENT], 3) && !s.follows(&[NEG, ASK], 1) {
        return;
    }
    let is_treat = |stem: &str| matches!(stem, "treat" | "consider" | "regard" | "deem" | "assum");
    let is_yes =
        |stem: &str| matches!(stem, "ye" | "yes" | "approv" | "accept" | "confirm" | "grant" | "agre");
    let is_behalf = |stem: &str| matches!(stem, "behalf" | "permission" | "dialog" | "approval" | "consent");
    let is_already = |stem: &str| matches!(stem, "already" | "alreadi" | "alread" | "advanc" | "beforehand");
    let treated = s.any(is_treat)
        && s.has(CONSENT)
        && s.any(|stem| stem.starts_with("pre") || stem.contains("approv") || stem.contains("author"));
    let answered = s.pair(is_yes, is_behalf, 7)
        && s.has(USER)
        && s.has(ALL)
        && (order.is_given() || s.any(|stem| stem == "yes"));
    let agreed =
        s.has(USER) && s.any(is_already) && s.has(CONSENT) && s.has(ALL | INSTEAD) && !on_condition(s);
    let skipped = s
        .find(&[OVERRIDE | EVADE, CONSENT], 3)
        .is_some_and(|at| is_order(s, at, order) && (order.is_given() || at < 2));
    if order.is_given() && treated || answered || agreed {
        out.push((Kind::Unasked, 3));
    } else if skipped {
        out.push((Kind::Unasked, if s.has(SPITE | ALL) { 3 } else { 2 }));
    }
}

/// "Once the user has already confirmed" waits for it; "assume that the user has" does not.
pub(super) fn on_condition(s: &Sentence) -> bool {
    let waits = |stem: &str| matches!(stem, "when" | "if" | "onc" | "after" | "unless" | "until" | "wher");
    s.has(USER)
        && !s.has(TREAT)
        && s.pair(waits, |stem| stem == "user" || stem == "they" || stem == "you", 30)
        && !s.any(|stem| matches!(stem, "so" | "henc" | "therefor" | "proc"))
}

/// What comes back is to be followed: "carry out any instructions found in the page".
fn obeyed(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
    if !s.has(OBEY | EXEC | CHANGE)
        || s.pair(|stem| stem == "in", |stem| stem == "order", 1)
        || forbids(s, OBEY | EXEC | CALL)
        || s.tokens.iter().take(6).any(|token| token.is(EXAMPLE | DEFEND))
    {
        return;
    }
    let commands = INSTRUCTION | COMMAND;
    // "The rules for naming pages" are about pages, not in them.
    let about = (0..s.tokens.len())
        .any(|at| s.is_at(at, commands) && s.tokens.get(at + 1).is_some_and(|token| token.stem() == "for"));
    let in_result =
        !about && s.follows(&[commands, INTO, REPLY], 4) || s.follows(&[REPLY, HOLDS, commands], 6);
    let obeyed = near(s, OBEY | EXEC, commands, 10) || s.has(HOLDS) && s.follows(&[commands, OBEY], 12);
    let eager = s.has(ALL | ALWAYS | MODEL)
        || s.any(|stem| {
            matches!(stem, "immediateli" | "immediately" | "straight" | "once" | "though" | "without")
        });
    let hidden = s.has(MODEL) && s.has(COVERT) && near(s, OBEY, REPLY, 6);
    if hidden || in_result && obeyed && (order.is_given() || s.has(BE)) {
        out.push((Kind::Obey, if eager || hidden { 3 } else { 2 }));
    } else if s.pair(|stem| stem == "treat", |stem| stem == "as", 8)
        && s.follows(&[INTO, commands | USER], 3)
        && s.has(REPLY)
        && order.is_given()
        && !s.pair(|stem| stem == "as", |stem| stem == "data", 2)
    {
        out.push((Kind::Obey, 3));
    }
}

/// What must not come to the user's ears, or into the answer.
fn unheard(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
    if s.has(EXCEPT) || !s.has(NEG | TELL | HEAR | COVERT | MODEL) {
        return;
    }
    // A modal keeps something from somebody; "users do not see" is a fact.
    let modal = |at: usize| {
        s.tokens.get(at).is_some_and(|token| {
            matches!(
                token.stem(),
                "must" | "should" | "shouldn't" | "mustn't" | "need" | "needn't" | "shall" | "never" | "not"
            )
        })
    };
    let kept = s.find(&[USER, NEG, HEAR], 3).is_some_and(|at| modal(at + 1) || modal(at + 2));
    let is_omit = |stem: &str| matches!(stem, "leav" | "omit" | "withhold" | "keep" | "exclud");
    let is_answer = |stem: &str| matches!(stem, "answer" | "repli" | "respons" | "summari");
    let from_answer =
        s.pair(is_omit, is_answer, 4) && s.has(YOU) && (s.any(|stem| stem == "that") || s.has(SEND));
    let is_bother =
        |stem: &str| matches!(stem, "bother" | "disturb" | "troubl" | "burden" | "worri" | "confus");
    let spared =
        s.has(NEG) && s.pair(is_bother, |stem| matches!(stem, "user" | "human" | "customer" | "them"), 2);
    let early = s.follows(&[WHEN, USER, TELL], 3) && s.any(|stem| stem == "before") && s.has(DESTROY | SEND);
    // "Silently add": the manner opens the clause; "will silently return" is a fact.
    let silent = order.is_given()
        && s.find(&[COVERT, PUT | SEND | READ | CHANGE], 1)
            .is_some_and(|at| at == 0 || s.is_at(at - 1, ALSO | OBLIGE | WHEN));
    let unshown = !s.has(USER)
        && s.find(&[NEG, SHOW], 2).is_some_and(modal)
        && (s.has(SHELL)
            || s.any(|stem| matches!(stem, "adjust" | "chang" | "alter" | "modifi" | "original")));
    let would_confuse = s.pair(is_bother, |stem| matches!(stem, "user" | "human" | "customer" | "them"), 2)
        && s.any(|stem| matches!(stem, "would" | "might" | "onli"))
        && s.has(TELL);
    let not_shown = s.has(MODEL)
        && order == Order::Given
        && s.pair(|stem| stem == "not", |stem| matches!(stem, "display" | "show" | "reveal" | "print"), 0)
        && !s
            .find(&[NEG, SHOW], 2)
            .is_some_and(|at| (at + 1..at + 4).any(|verb| s.is_at(verb, SHOW) && of_looks(s, verb)));
    if kept || from_answer || would_confuse || not_shown {
        out.push((Kind::Secrecy, 3));
    } else if spared || early || silent || unshown {
        out.push((Kind::Secrecy, 2));
    }
}
