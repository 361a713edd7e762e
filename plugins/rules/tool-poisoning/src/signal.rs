//! What one sentence says that an honest description would not.
//!
//! A signal is a small grammar over classes of words. None is proof; [`crate::score`] weighs what agrees.

mod bind;
mod display;
mod distort;
mod errand;
mod others;
mod prefer;
mod press;
mod rank;
mod shape;
mod silence;
mod sway;
mod theft;
mod thing;
mod transfer;

pub(crate) use display::{Shown, shown};

use crate::{
    class::{
        ALL, ALSO, ASK, AUTHORITY, CALL, CHANGE, CODE, CONTEXT, COVERT, Class, DESTROY, EXAMPLE, EXCEPT,
        EXEC, LINK, MODEL, NEG, OBJECT, OBLIGE, OVERRIDE, PERSONAL, PRIVATE, PROMOTE, PUT, READ, SECRET,
        SECRET_FILE, SEND, TELL, WHEN, YOU,
    },
    token::{Sentence, Token},
};

/// The kinds of signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// Earlier instructions are to be put aside.
    Override,
    /// It speaks as the system, or gives the model another role.
    Role,
    /// The user is not to know.
    Secrecy,
    /// Secrets or private files are to be read.
    TakeSecret,
    /// Secrets or the conversation are to be handed over.
    HandOver,
    /// What the tool works on goes to a third party.
    CopyOut,
    /// A command is to be run.
    RunCommand,
    /// What the user asked for is to be made something else.
    Tamper,
    /// A tool that this server does not have is to be called.
    ForeignTool,
    /// This tool is to come before others.
    Precedence,
    /// Other tools are run down, or not to be spoken of.
    Belittle,
    /// Praise meant for whoever chooses.
    Praise,
    /// The user is to be led elsewhere than they asked.
    Steer,
    /// The model is to say a given text.
    Script,
    /// The user is to be asked for secrets.
    Phish,
    /// What the user was to be asked for is taken as given.
    Unasked,
    /// What comes back from a call is to be obeyed.
    Obey,
    /// Something is to stay in the model's memory.
    Plant,
    /// What is there is to be destroyed.
    Destroy,
    /// The text says itself that it attacks.
    Malice,
    /// A parameter asks for what the call does not need.
    Harvest,
    /// An order with somebody's authority as its reason.
    Pretext,
    /// An order is backed by a threat.
    Threat,
    // From here on: weak, and counted only beside one of those above.
    /// It speaks to the model.
    Addressed,
    /// Something is tied to a moment of the model's work.
    Moment,
    /// A third party's place is named.
    Outside,
    /// It speaks of other tools.
    OtherTools,
}

impl Kind {
    /// What it means, as the end of "the text …".
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Override => "puts earlier instructions aside",
            Self::Role => "speaks with the system's voice",
            Self::Secrecy => "wants it kept from the user",
            Self::TakeSecret => "orders secrets or private files to be read",
            Self::HandOver => "orders secrets or the conversation to be handed over",
            Self::CopyOut => "sends data to a third party",
            Self::RunCommand => "orders a command to be run",
            Self::Tamper => "orders what the user asked for to be altered",
            Self::ForeignTool => "orders a call to a tool this server does not have",
            Self::Precedence => "claims precedence over other tools",
            Self::Belittle => "runs other tools down",
            Self::Praise => "praises the tool to whoever chooses",
            Self::Steer => "steers the user away from what they asked for",
            Self::Script => "dictates what the user is to be told",
            Self::Phish => "has the user asked for secrets",
            Self::Unasked => "takes the user's approval as given",
            Self::Obey => "has what comes back from a call obeyed",
            Self::Plant => "wants something kept in the model's memory",
            Self::Destroy => "orders something to be destroyed",
            Self::Malice => "declares an attack as its purpose",
            Self::Harvest => "asks for something the call does not need",
            Self::Pretext => "gives an authority as the reason for an order",
            Self::Threat => "threatens with what happens otherwise",
            Self::Addressed => "speaks to the model",
            Self::Moment => "ties it to a moment in the model's work",
            Self::Outside => "names an outside address",
            Self::OtherTools => "speaks of other tools",
        }
    }

    /// Whether it is about which tool is chosen, rather than about what is done.
    pub(crate) fn is_choice(self) -> bool {
        matches!(self, Self::Precedence | Self::Belittle | Self::Praise)
    }

    /// Whether it counts by itself.
    pub(crate) fn is_strong(self) -> bool {
        self < Self::Addressed
    }
}
/// What the sentences before this one spoke of.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Before {
    /// A secret, or a file that holds them, was to be read; counts down.
    secret: u8,
    /// Something was changed; counts down.
    changed: u8,
    /// Something private was spoken of; counts down.
    private: u8,
    /// What was spoken of opens doors.
    key: bool,
    /// Something was ordered that no description needs; counts down.
    ordered: u8,
}

/// What is known of the item that the sentence belongs to.
pub(crate) struct Setting<'a> {
    /// Stems of the words of every name that this server may rightly speak of: its tools, its parameters.
    pub(crate) own: &'a dyn Fn(&str) -> bool,
    /// Whether a stem is of the name of one of the item's own parameters.
    pub(crate) slot: &'a dyn Fn(&str) -> bool,
    /// How many parameters it has.
    pub(crate) slots: usize,
    /// Whether a stem is of the name of the parameter that the sentence stands in.
    pub(crate) called: &'a dyn Fn(&str) -> bool,
    /// Classes of that name's words.
    pub(crate) about: &'a dyn Fn() -> Class,
    /// Whether the sentence stands in a parameter.
    pub(crate) inside: bool,
    /// Whether a stem says what kind of tool it is: it is of the item's name, or of how the description begins.
    pub(crate) kind: &'a dyn Fn(&str) -> bool,
    /// Classes of the words that the description begins with.
    pub(crate) topic: Class,
    /// Classes of the words of the item's name: what it is openly for.
    pub(crate) purpose: Class,
    /// It is no tool's: instructions and prompts speak of a client's tools, and of those that are switched off.
    pub(crate) guide: bool,
    /// It belongs to a parameter, or stands elsewhere in a tool's JSON.
    pub(crate) parameter: bool,
    /// Data (a default, an example) rather than prose.
    pub(crate) data: bool,
    /// It was hidden or encoded: then a command needs no order beside it.
    pub(crate) concealed: bool,
}

/// The signals of a sentence, each with its weight.
pub(crate) fn of(s: &Sentence, setting: &Setting<'_>, before: &mut Before) -> Vec<(Kind, u8)> {
    let mut out = Vec::new();
    let order = Order::of(s, setting.data);
    let secret = s.has(SECRET_FILE) || s.has(SECRET);
    rank::overriding(s, order, setting, &mut out);
    rank::role(s, order, &mut out);
    let secrecy = rank::secrecy(s, order);
    out.extend(secrecy.map(|weight| (Kind::Secrecy, weight)));
    theft::take_secret(s, order, setting, &mut out);
    theft::hand_over(s, order, *before, setting, &mut out);
    theft::copy_out(s, &mut out);
    theft::run_command(s, order, setting, &mut out);
    sway::tamper(s, order, *before, setting, &mut out);
    others::tools(s, setting, &mut out);
    sway::persuade(s, order, &mut out);
    rank::wider(s, order, setting, &mut out);
    theft::wider(s, order, setting, &mut out);
    sway::wider(s, order, setting, &mut out);
    silence::read(s, order, setting, &mut out);
    distort::read(s, order, setting, &mut out);
    prefer::read(s, setting, &mut out);
    bind::read(s, order, setting, &mut out);
    shape::read(s, order, setting, &mut out);
    errand::read(s, order, setting, &mut out);
    press::read(s, order, *before, setting, &mut out);
    let thing = transfer::read(s, order, *before, setting, &mut out);
    if states_need(s) {
        out.retain(|(kind, _)| !matches!(kind, Kind::HandOver | Kind::TakeSecret));
    }
    let destroys = s.find(&[DESTROY, ALL], 1).is_some_and(|at| !s.is_at(at, CODE) && !theft::is_aim(s, at));
    if destroys && !s.has(NEG) && order == Order::Also {
        out.push((Kind::Destroy, 2));
    }
    if s.tokens.iter().any(|token| token.is(AUTHORITY) && !token.quoted)
        && (s.has(OBLIGE) || order == Order::Also && s.has(OVERRIDE))
        && s.has(CALL | EXEC | READ | SEND | PUT | CHANGE)
        && !s.follows(&[NEG], 0)
    {
        out.push((Kind::Pretext, 2));
    }
    if out.iter().any(|&(kind, weight)| kind.is_strong() && weight > 1) {
        sway::weak(s, &mut out);
    }
    let strong = out.iter().any(|&(kind, weight)| kind.is_strong() && kind != Kind::Threat && weight > 1);
    before.ordered = if strong { 2 } else { before.ordered.saturating_sub(1) };
    before.secret =
        if secret && (s.has(READ) || s.has(CONTEXT)) { 2 } else { before.secret.saturating_sub(1) };
    if let Some(thing) = thing.filter(|thing| thing.key || s.has(PRIVATE | PERSONAL | CONTEXT)) {
        (before.private, before.key) = (2, thing.key);
    } else {
        before.private = before.private.saturating_sub(1);
    }
    before.changed = if s.follows(&[CHANGE, OBJECT], 6) { 2 } else { before.changed.saturating_sub(1) };
    out
}

/// Whether, and how, a sentence orders something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    /// It states.
    None,
    /// A clause starts with a bare verb, as in "then read it".
    Also,
    /// Must, you, the assistant.
    Given,
}

impl Order {
    fn of(s: &Sentence, data: bool) -> Self {
        let bare = |at: usize| s.tokens.get(at).is_some_and(|token| token.base && token.is(ACTS));
        let inner = !s.first || data || s.marked;
        let manner = s.is_at(0, COVERT) && bare(1);
        // "For best results delete …": a short aim may stand before the verb.
        let aim = s.tokens.first().is_some_and(|token| token.stem() == "for")
            && (2..6).any(|at| s.tokens.get(at).is_some_and(|token| token.base && token.is(DESTROY)));
        let starts = inner && (bare(0) || manner || aim);
        // "Returns: list of …" names a section.
        let heading = |at: usize| {
            s.tokens.get(at).is_some_and(|token| {
                matches!(
                    token.stem(),
                    "return" | "output" | "result" | "arg" | "argument" | "param" | "parameter" | "rais"
                )
            })
        };
        let later = (0..s.tokens.len()).any(|at| {
            s.is_at(at, ALSO | WHEN)
                && !heading(at)
                && (bare(at + 1) || (s.is_at(at + 1, ALSO) && bare(at + 2)))
        });
        // "Exports what the law requires": told of what the tool does, a need is no order.
        let tells = s.first && !data && s.tokens.first().is_some_and(|token| token.third);
        let need = |stem: &str| {
            matches!(stem, "requir" | "required" | "need" | "expect" | "import" | "critical" | "essential")
        };
        if s.tokens
            .iter()
            .any(|token| token.is(YOU | MODEL) || token.is(OBLIGE) && !(tells && need(token.stem())))
        {
            Self::Given
        } else if starts || later {
            Self::Also
        } else {
            Self::None
        }
    }

    fn is_given(self) -> bool {
        self != Self::None
    }
}

/// Verbs that an order may start with.
const ACTS: Class = READ | SEND | PUT | EXEC | CALL | CHANGE | TELL | OVERRIDE | ASK | DESTROY | PROMOTE;

/// Whether a clause starts with a bare verb of this class, or with its denial: an order to whoever reads.
fn imperative(s: &Sentence, class: Class) -> bool {
    (0..s.tokens.len()).any(|at| {
        let starts = at == 0 || s.is_at(at - 1, ALSO);
        let bare = |at: usize| s.tokens.get(at).is_some_and(|token| token.base && token.is(class));
        starts && (bare(at) || s.is_at(at, NEG) && (bare(at + 1) || bare(at + 2)))
    })
}

/// "Such as", "for example": what follows shows rather than orders.
fn illustrates(s: &Sentence) -> bool {
    s.has(EXAMPLE)
        && s.tokens.iter().any(|token| {
            token.is(EXAMPLE)
                && matches!(
                    token.stem(),
                    "exampl"
                        | "e"
                        | "i"
                        | "for"
                        | "such"
                        | "sampl"
                        | "mock"
                        | "dummi"
                        | "placeholder"
                        | "fixtur"
                        | "test"
                )
        })
}

/// "Access to X requires the `--y` flag": what whoever starts the server has to do, and no order.
fn states_need(s: &Sentence) -> bool {
    !s.has(YOU | MODEL | LINK)
        && s.tokens.iter().enumerate().any(|(at, token)| {
            token.third
                && matches!(token.stem(), "requir" | "need")
                && s.tokens.iter().skip(at + 1).take(9).any(|next| {
                    matches!(
                        next.stem(),
                        "flag" | "option" | "switch" | "permission" | "privileg" | "scop" | "rol"
                    )
                })
        })
}

/// "With the user's permission" leaves it to them; "only if it is sent there first" does not.
fn asks_leave(s: &Sentence) -> bool {
    s.has(EXCEPT)
        && s.pair(
            |stem| {
                matches!(
                    stem,
                    "with" | "unless" | "until" | "onli" | "except" | "after" | "if" | "explicitli"
                )
            },
            |stem| matches!(stem, "permission" | "consent" | "approval" | "request" | "ask"),
            5,
        )
}

/// Whether words of both classes stand within `gap` words of each other, in either order.
fn near(s: &Sentence, one: Class, other: Class, gap: usize) -> bool {
    s.follows(&[one, other], gap) || s.follows(&[other, one], gap)
}

/// The places after `at` up to `far` words on, as long as the clause lasts.
fn reach(s: &Sentence, at: usize, far: usize) -> impl Iterator<Item = usize> + '_ {
    (at + 1..=at + far).take_while(move |&next| next == at + 1 || !s.is_at(next - 1, ALSO))
}

/// Whether the sentence forbids such a deed rather than orders it: "never send".
fn forbids(s: &Sentence, deed: Class) -> bool {
    s.tokens.iter().enumerate().any(|(at, token)| {
        token.is(NEG)
            && !token.is(COVERT)
            && ((at + 1..at + 4).any(|verb| s.is_at(verb, deed) && !s.is_at(verb, TELL))
                || or_else(s, at, deed))
    })
}

/// "Never ask for it or put it there": what is forbidden goes on after an "or".
fn or_else(s: &Sentence, not: usize, deed: Class) -> bool {
    let stem = |at: usize| s.tokens.get(at).map(Token::stem);
    (not + 2..not + 8).any(|at| {
        stem(at) == Some("or")
            && s.is_at(at + 1, deed)
            && s.tokens.get(at + 1).is_some_and(|token| token.base)
    })
}
