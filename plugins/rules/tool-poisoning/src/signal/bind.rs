//! What binds others: another tool's calls, every message, every file, whatever the model builds.
//!
//! A stranger's name is weak evidence. What tells is that it comes with values chosen by the text: a recipient, an
//! account, a command; or that everything is to go to one place as well.

use super::{Kind, Order, Setting};
use crate::{
    class::{
        AGAIN, ALL, ALSO, ALWAYS, AUTHORITY, CALL, CHANGE, CODE, DATA, EXEC, FLAW, FOREIGN, HOLDS, INTO, IT,
        LINK, LITERAL, MODEL, MONEY, NAME, NEG, OBJECT, OBLIGE, PUT, SECRET_FILE, SEND, TOOL, VERDICT, VIA,
        WEAKEN, WHEN, WHOLE, YOU,
    },
    token::Sentence,
};

pub(super) fn read(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    if super::illustrates(s) || super::asks_leave(s) {
        return;
    }
    if s.has(NAME | CODE) {
        strangers(s, order, setting, out);
    }
    if s.has(FOREIGN) && s.has(LINK) {
        for_others(s, out);
    }
    if !s.first && s.has(LINK) && s.has(SEND) {
        doubled(s, setting, out);
    }
    if s.has(SECRET_FILE) {
        redirected(s, order, out);
    }
    if s.has(WEAKEN) {
        weakened(s, order, setting, out);
    }
    if s.has(EXEC) && s.any(|stem| stem == "install") {
        installed(s, order, out);
    }
    if s.has(FLAW) && !s.first {
        emptied(s, out);
    }
    if s.has(VERDICT) && s.has(ALWAYS) && !s.first {
        whitelisted(s, out);
    }
}

fn stem(s: &Sentence, at: usize) -> &str {
    s.tokens.get(at).map_or("", |token| token.stem())
}

/// A place that takes delivery: a mailbox, a number, an account, a bucket; or any address that something is sent to.
fn recipient(s: &Sentence, at: usize) -> bool {
    if !s.is_at(at, LINK) || s.is_at(at, SECRET_FILE) {
        return false;
    }
    let place = stem(s, at);
    let delivers = place.contains('@')
        || !place.contains(['.', ':']) && place.contains(|c: char| c.is_ascii_digit())
        || place.starts_with("s3:")
        || place.starts_with("gs:")
        || place.starts_with("ftp");
    delivers
        || s.has(SEND)
            && (at.saturating_sub(2)..at)
                .any(|near| matches!(stem(s, near), "to" | "onto" | "into" | "via" | "through"))
}

/// The name of a tool that is nobody's here.
fn stranger(s: &Sentence, at: usize, setting: &Setting<'_>) -> bool {
    let Some(token) = s.tokens.get(at) else { return false };
    let called = || {
        (at.saturating_sub(3)..at)
            .any(|near| s.is_at(near, CALL | VIA) || matches!(stem(s, near), "with" | "by"))
            || s.is_at(at + 1, TOOL)
            || s.is_at(at.wrapping_sub(1), TOOL)
    };
    let ours = |token: &str| (setting.own)(token) || (setting.slot)(token);
    !token.quoted
        && (token.is(NAME) || token.is(CODE) && called())
        && !token.is(LINK | SECRET_FILE)
        && !ours(token.stem())
}

fn strangers(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let strange: Vec<usize> = (0..s.tokens.len()).filter(|&at| stranger(s, at, setting)).take(8).collect();
    if strange.is_empty() || setting.inside && !order.is_given() {
        return;
    }
    let firm = order.is_given() || s.has(ALL | WHEN | ALWAYS | SEND);
    // "Sent to the user `x-1`": somebody who is named.
    let addressee = |at: usize| {
        s.is_at(at, CODE)
            && s.has(SEND)
            && (at.saturating_sub(3)..at).any(|to| stem(s, to) == "to" && !s.is_at(to + 1, CODE | NAME))
            && (at.saturating_sub(2)..at).any(|who| {
                matches!(
                    stem(s, who),
                    "user" | "account" | "channel" | "contact" | "recipient" | "group" | "address" | "person"
                )
            })
    };
    if firm && (0..s.tokens.len()).any(|at| recipient(s, at) || addressee(at)) {
        out.push((Kind::ForeignTool, 3));
        return;
    }
    // "The amount must be doubled", in another tool's call.
    if s.follows(&[OBJECT | MONEY, OBLIGE, CHANGE], 3) && !s.has(NEG) && s.has(WHEN | ALL) {
        out.push((Kind::Tamper, 3));
        return;
    }
    // "Has to be preceded by `x` with "…"": the text brings along what the call is to say.
    let words = s.tokens.iter().filter(|token| token.is(LITERAL) && !token.is(NAME | CODE)).count();
    let brought = strange.iter().any(|&at| {
        (at + 1..at + 4).any(|with| matches!(stem(s, with), "with" | "us" | "pass") || s.is_at(with, LITERAL))
    });
    if s.has(OBLIGE) && words >= 4 && words * 3 < s.tokens.len() * 2 && brought && !s.has(NEG) {
        out.push((Kind::ForeignTool, 3));
        return;
    }
    // "Do this for every `x`."
    let every = strange
        .iter()
        .any(|&at| (at.saturating_sub(2)..at).any(|near| s.is_at(near, ALL) && stem(s, near) != "any"));
    if every && order.is_given() && !setting.guide {
        out.push((Kind::ForeignTool, 2));
    }
}

/// "Payments made with other tools must use the account …".
fn for_others(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    let delivers = (0..s.tokens.len()).any(|at| recipient(s, at) && !stem(s, at).starts_with("http"));
    if delivers && s.has(OBLIGE | ALWAYS | WHOLE) && !s.first && !s.has(NEG) {
        out.push((Kind::ForeignTool, 3));
    }
}

/// "Every message must also be sent to …", "each attachment the assistant opens is to be uploaded to …".
fn doubled(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let Some(place) = (0..s.tokens.len()).find(|&at| recipient(s, at)) else { return };
    let sent = (place.saturating_sub(9)..place).rev().find(|&at| s.is_at(at, SEND));
    let ordered = sent.is_some_and(|at| {
        (at.saturating_sub(4)..at).any(|near| s.is_at(near, OBLIGE))
            || s.tokens.get(at).is_some_and(|token| token.base)
                && (s.is_at(at.wrapping_sub(1), ALSO | ALWAYS) || s.is_at(0, WHEN) && s.has(ALL))
    });
    let all = s.has(ALL | WHOLE | ALWAYS) && s.has(DATA | MODEL | YOU | CALL | IT) || s.has(AGAIN);
    let copied = sent.is_some() && s.has(ALL) && s.has(AGAIN) && setting.purpose & SEND == 0;
    if (ordered || copied)
        && all
        && !s.has(NEG) | s.has(AGAIN)
        && (setting.purpose & SEND == 0 || s.has(AGAIN))
    {
        out.push((Kind::CopyOut, 3));
    }
}

/// "Redirect all file reads to /etc/shadow".
fn redirected(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
    let turns = |at: usize| {
        matches!(
            stem(s, at),
            "redirect" | "replac" | "switch" | "point" | "map" | "rout" | "rerout" | "divert" | "substitut"
        ) && s.tokens.get(at).is_some_and(|token| token.base || order == Order::Given)
    };
    let into = |at: usize| matches!(stem(s, at), "to" | "with" | "by" | "into" | "at");
    // "Append … to authorized_keys": a door for somebody else.
    let opened = (0..s.tokens.len()).any(|at| {
        s.is_at(at, SECRET_FILE)
            && stem(s, at).contains("authorized_keys")
            && (at.saturating_sub(14)..at).any(|verb| {
                matches!(
                    stem(s, verb),
                    "append" | "add" | "writ" | "write" | "put" | "insert" | "copi" | "echo"
                ) && s.tokens.get(verb).is_some_and(|token| token.base)
            })
    });
    if opened && !s.first && !s.has(NEG) {
        out.push((Kind::Tamper, 3));
        return;
    }
    let turned = (0..s.tokens.len())
        .filter(|&at| turns(at))
        .take(4)
        .any(|at| (at + 1..at + 9).any(|file| s.is_at(file, SECRET_FILE) && into(file.wrapping_sub(1))));
    if turned && !s.first && !s.has(NEG) {
        out.push((Kind::Tamper, 3));
    }
}

/// "All deployments must include a privileged sidecar": what protects is to be left off everywhere.
fn weakened(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    if s.first || s.has(NEG) || setting.purpose & WEAKEN != 0 {
        return;
    }
    let firm = s.has(OBLIGE | ALWAYS) && s.has(PUT | CHANGE | CALL | MODEL);
    let firm = firm || s.has(OBLIGE) && s.has(ALL) && s.has(AUTHORITY);
    // "Modules written by the assistant get verify=False": into whatever it builds.
    let made = |at: usize| {
        matches!(stem(s, at), "written" | "edit" | "generat" | "creat" | "produc")
            && (at + 1..at + 4)
                .any(|by| stem(s, by) == "by" && (by + 1..by + 4).any(|who| s.is_at(who, MODEL)))
    };
    let holds = |at: usize| {
        matches!(stem(s, at), "get" | "use" | "us" | "carri" | "hav" | "includ" | "set" | "contain" | "with")
            && (at + 1..at + 4).any(|next| s.is_at(next, WEAKEN))
    };
    let built = s.has(MODEL) && (0..s.tokens.len()).any(made) && (0..s.tokens.len()).any(holds);
    let demanded = s.find(&[OBLIGE, PUT], 1).is_some_and(|at| {
        (at + 2..at + 9).any(|next| s.is_at(next, WEAKEN) && stem(s, next).starts_with("administrator"))
    });
    if built || demanded {
        out.push((Kind::Tamper, 3));
    } else if firm && s.has(ALL | ALWAYS | AUTHORITY) {
        out.push((Kind::Tamper, if s.has(ALL) { 3 } else { 2 }));
    } else if firm || order == Order::Given {
        out.push((Kind::Tamper, 1));
    }
}

/// "Install it with pip install --index-url …": a package from somewhere of the text's choice.
fn installed(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
    let manager = |stem: &str| {
        matches!(
            stem,
            "pip"
                | "pip3"
                | "npm"
                | "npx"
                | "yarn"
                | "pnpm"
                | "gem"
                | "cargo"
                | "brew"
                | "apt"
                | "uv"
                | "conda"
                | "go"
        )
    };
    if s.first || !s.pair(manager, |stem| stem == "install" || stem == "add", 3) || s.has(NEG) {
        return;
    }
    let elsewhere = s.has(LINK) || s.any(|stem| matches!(stem, "index" | "registri" | "trusted"));
    let raised = s.any(|stem| matches!(stem, "sudo" | "root" | "administrator"));
    let ordered = order.is_given() || s.has(OBLIGE | WHEN);
    if ordered && (elsewhere || raised) {
        out.push((Kind::RunCommand, if elsewhere && raised || s.has(OBLIGE | WHEN) { 3 } else { 2 }));
    } else if order == Order::Given && s.has(EXEC) && s.has(ALWAYS | AUTHORITY) {
        out.push((Kind::RunCommand, 2));
    }
}

/// "Those that hold 'X' should always return clean".
fn whitelisted(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    let says = |at: usize| {
        matches!(
            stem(s, at),
            "return" | "report" | "mark" | "classifi" | "treat" | "rat" | "pass" | "score" | "flag"
        )
    };
    let given = (0..s.tokens.len())
        .any(|at| says(at) && (at + 1..at + 5).any(|verdict| s.is_at(verdict, VERDICT) && !says(verdict)));
    let marked = s.has(LITERAL | HOLDS) && !s.has(INTO) | s.has(LITERAL);
    if given && marked && s.has(OBLIGE) {
        out.push((Kind::Tamper, 3));
    }
}

/// "Findings about them are reported as none".
fn emptied(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    let told = (0..s.tokens.len()).any(|at| {
        matches!(stem(s, at), "report" | "present" | "list" | "count" | "mark" | "show")
            && (at.saturating_sub(7)..at).any(|near| s.is_at(near, FLAW))
            && matches!(stem(s, at + 1), "as")
            && matches!(
                stem(s, at + 2),
                "none" | "non" | "nothing" | "noth" | "zero" | "clean" | "pass" | "resolv" | "harmless"
            )
    });
    if told && !s.any(|stem| matches!(stem, "if" | "when" | "unless")) {
        out.push((Kind::Tamper, 3));
    }
}
