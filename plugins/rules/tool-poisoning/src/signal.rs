//! What one sentence says that an honest description would not.
//!
//! A signal is a small grammar over classes of words. None is proof; [`crate::score`] weighs what agrees.

use crate::{
    class::{
        ALL, ALSO, ALWAYS, ASK, ATTEMPT, AUTHORITY, BE, CALL, CHANGE, CODE, CONTEXT, COVERT, Class, DATA,
        DEFEND, DESTROY, EVADE, EXAMPLE, EXCEPT, EXEC, INSTEAD, INSTRUCTION, INTO, IT, KNOW, LINK, LITERAL,
        MODEL, NAME, NEG, OBJECT, OBLIGE, OTHER, OUTSIDE, OVERRIDE, PREFER, PRETEXT, PRIOR, PROMOTE,
        PROTECTION, PUT, READ, REGARDLESS, ROLE, SAY, SECRET, SECRET_FILE, SEND, SHELL, SHOW, TELL, TOOL,
        USER, VOID, WHEN, WORN_OUT, YOU,
    },
    token::Sentence,
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
    /// Praise meant for whoever chooses.
    Praise,
    /// The user is to be led elsewhere than they asked.
    Steer,
    /// The model is to say a given text.
    Script,
    /// The user is to be asked for secrets.
    Phish,
    /// What is there is to be destroyed.
    Destroy,
    /// The text says itself that it attacks.
    Malice,
    /// A parameter asks for what the call does not need.
    Harvest,
    /// An order with somebody's authority as its reason.
    Pretext,
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
            Self::Praise => "praises the tool to whoever chooses",
            Self::Steer => "steers the user away from what they asked for",
            Self::Script => "dictates what the user is to be told",
            Self::Phish => "has the user asked for secrets",
            Self::Destroy => "orders something to be destroyed",
            Self::Malice => "declares an attack as its purpose",
            Self::Harvest => "asks for something the call does not need",
            Self::Pretext => "gives an authority as the reason for an order",
            Self::Addressed => "speaks to the model",
            Self::Moment => "ties it to a moment in the model's work",
            Self::Outside => "names an outside address",
            Self::OtherTools => "speaks of other tools",
        }
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
}

/// What is known of the item that the sentence belongs to.
pub(crate) struct Setting<'a> {
    /// Stems of the words of every name that this server may rightly speak of: its tools, its parameters.
    pub(crate) own: &'a dyn Fn(&str) -> bool,
    /// Classes of the words of the item's name: what it is openly for.
    pub(crate) purpose: Class,
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
    overriding(s, order, &mut out);
    role(s, order, &mut out);
    let secrecy = secrecy(s, order);
    out.extend(secrecy.map(|weight| (Kind::Secrecy, weight)));
    take_secret(s, order, setting, &mut out);
    hand_over(s, order, *before, setting, &mut out);
    copy_out(s, &mut out);
    run_command(s, order, setting, &mut out);
    tamper(s, order, *before, &mut out);
    tools(s, setting, &mut out);
    persuade(s, order, &mut out);
    if order.is_given() && s.follows(&[DESTROY, ALL], 1) && !s.has(NEG) && order == Order::Also {
        out.push((Kind::Destroy, 2));
    }
    if s.tokens.iter().any(|token| token.is(AUTHORITY) && !token.quoted)
        && (s.has(OBLIGE) || order == Order::Also && s.has(OVERRIDE))
        && s.has(CALL | EXEC | READ | SEND | PUT | CHANGE)
        && !s.follows(&[NEG], 0)
    {
        out.push((Kind::Pretext, 2));
    }
    if out.iter().any(|(kind, _)| kind.is_strong()) {
        weak(s, &mut out);
    }
    before.secret =
        if secret && (s.has(READ) || s.has(CONTEXT)) { 2 } else { before.secret.saturating_sub(1) };
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
        let starts = (!s.first || data || s.marked) && bare(0);
        let later = (0..s.tokens.len())
            .any(|at| s.is_at(at, ALSO | WHEN) && (bare(at + 1) || (s.is_at(at + 1, ALSO) && bare(at + 2))));
        if s.tokens.iter().any(|token| token.is(OBLIGE | YOU | MODEL)) {
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

fn overriding(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
    let bare = |at: Option<usize>| {
        at.and_then(|at| s.tokens.get(at)).is_some_and(|token| token.base || order == Order::Given)
    };
    let aside = bare(s.find(&[OVERRIDE, PRIOR, INSTRUCTION], 2))
        || bare(s.find(&[OVERRIDE, ALL, INSTRUCTION], 1))
        || bare(s.find(&[OVERRIDE, INSTRUCTION, PRIOR], 1))
        || s.follows(&[PRIOR, INSTRUCTION, VOID], 4)
        || (!s.first && s.find(&[EVADE, INSTRUCTION], 3) == Some(0));
    if aside && !s.follows(&[NEG, OVERRIDE], 2) {
        out.push((Kind::Override, 3));
        return;
    }
    // Whoever is to be asked is not to be asked, or what protects is to be turned off.
    let unasked = s.find(&[OVERRIDE, EXCEPT], 3);
    let unasked = order.is_given() && unasked.and_then(|at| s.tokens.get(at)).is_some_and(|token| token.base);
    let unguarded = !s.first && s.find(&[EVADE, PROTECTION], 3) == Some(0) && bare(Some(0));
    if unasked || unguarded {
        out.push((Kind::Override, 2));
    }
}

fn role(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
    if s.marked {
        out.push((Kind::Role, if order.is_given() { 3 } else { 2 }));
    } else if s.has(ROLE) {
        out.push((Kind::Role, 2));
    }
}

/// "Do not tell the user", "users must not be informed", "without their knowledge".
fn secrecy(s: &Sentence, order: Order) -> Option<u8> {
    if s.has(EXCEPT) {
        return None;
    }
    // The secret itself may well be kept from the screen: that protects the user.
    let guarded = s.follows(&[TELL | SHOW, SECRET], 3);
    let untold =
        s.tokens.iter().enumerate().any(|(at, token)| {
            token.is(NEG) && reach(s, at, 4).any(|verb| s.is_at(verb, TELL) && told(s, verb))
        });
    let unshown = s.follows(&[NEG, SHOW, USER], 5) && order == Order::Given;
    let unaware = s.follows(&[USER, NEG, KNOW | TELL], 4) && !s.follows(&[USER, NEG, KNOW], 0);
    if (untold || unshown || unaware) && !guarded {
        return Some(3);
    }
    let deed = s.has(READ | SEND | PUT | CHANGE | EXEC | CALL);
    (deed && order.is_given() && covert(s)).then_some(if order == Order::Given { 2 } else { 1 })
}

/// Whether what follows the verb of telling is somebody who is told, or what the model did.
fn told(s: &Sentence, verb: usize) -> bool {
    // One mentions things and informs people: "do not mention users" keeps nothing from anybody.
    let of_things = s.tokens.get(verb).is_some_and(|token| {
        matches!(
            token.stem(),
            "mention" | "disclos" | "reveal" | "divulg" | "acknowledg" | "admit" | "announc"
        )
    });
    let to = |at: usize| s.tokens.get(at).is_some_and(|token| token.stem() == "to");
    let hearer = (verb + 1..verb + 8).any(|at| s.is_at(at, USER) && (!of_things || (verb + 1..at).any(to)));
    let deed = (verb + 1..verb + 8).any(|at| s.is_at(at, IT | CHANGE | WHEN) && !s.is_at(at, USER));
    let after_deed =
        (0..verb).any(|at| s.is_at(at, CHANGE | SEND) && s.tokens.get(at).is_some_and(|token| token.base));
    hearer || deed || verb + 1 == s.tokens.len() || (of_things && after_deed)
}

/// "Silently send": a manner of acting, beside the verb it belongs to, in an order. "It fails silently" is a fact.
fn covert(s: &Sentence) -> bool {
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

/// The places after `at` up to `far` words on, as long as the clause lasts.
fn reach(s: &Sentence, at: usize, far: usize) -> impl Iterator<Item = usize> + '_ {
    (at + 1..=at + far).take_while(move |&next| next == at + 1 || !s.is_at(next - 1, ALSO))
}

fn take_secret(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    let declared = setting.purpose & (SECRET | SECRET_FILE) != 0;
    if !order.is_given() || declared || forbids(s, READ | EXEC) {
        return;
    }
    if s.follows(&[READ, SECRET_FILE], 10) {
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

fn hand_over(s: &Sentence, order: Order, before: Before, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    if forbids(s, SEND | PUT) {
        return;
    }
    let place = s.has(LINK | OUTSIDE);
    let private = SECRET_FILE | CONTEXT;
    let open = setting.purpose & (SECRET | SECRET_FILE) != 0;
    let sent_private = s.follows(&[SEND, private], 7) && (order.is_given() || s.has(OUTSIDE) || place);
    // "Set it in your .env file" puts something into the file, not the file somewhere.
    let into_file = s.tokens.windows(3).any(|three| {
        matches!(three, [a, b, c] if c.is(SECRET_FILE) && [a, b].iter().any(|token| matches!(token.stem(), "in" | "into" | "to" | "at")))
    });
    let put_private = s.follows(&[PUT, private], 7) && order.is_given() && !open && !into_file;
    let sent_secret =
        s.follows(&[SEND, SECRET], 6) && (place || order == Order::Given && s.has(ALL | COVERT | ALWAYS));
    let spoken_of = s.has(SECRET_FILE) || (s.has(SECRET) && s.has(READ)) || before.secret > 0;
    let moved = spoken_of && s.follows(&[SEND | PUT, IT], 4) && order.is_given() && !open;
    let plain_theft = s.follows(&[SEND, SECRET_FILE | SECRET], 4) && s.has(crate::class::MALICE);
    if plain_theft || (sent_private && (place || order == Order::Given)) || (sent_secret && place) {
        out.push((Kind::HandOver, 3));
    } else if moved || sent_private || sent_secret || put_private {
        out.push((Kind::HandOver, if place || s.has(NAME | WHEN) && order == Order::Given { 3 } else { 2 }));
    }
}

/// Data leaves for a third party, as a second deed beside what the tool is for.
fn copy_out(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
    let second = s.follows(&[ALSO, SEND], 1) || s.follows(&[ALSO, ALSO, SEND], 1) || !s.first;
    let gone = s.follows(&[SEND, DATA, OUTSIDE], 8) || s.follows(&[SEND, DATA, INTO, LINK], 8);
    if second && gone && !forbids(s, SEND) && !s.has(EXCEPT) {
        out.push((Kind::CopyOut, if s.has(OUTSIDE) { 3 } else { 2 }));
    }
}

fn run_command(s: &Sentence, order: Order, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    if forbids(s, EXEC | CALL) {
        return;
    }
    let piped = s.tokens.windows(2).any(|pair| matches!(pair, [bar, shell] if bar.is(SHELL) && matches!(shell.stem(), "sh" | "bash" | "zsh" | "python" | "python3")));
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

fn tamper(s: &Sentence, order: Order, before: Before, out: &mut Vec<(Kind, u8)>) {
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
    let against = copied || (changed && (in_spite || covert(s)));
    let always = fixed && s.has(ALWAYS | COVERT | AUTHORITY);
    let again = pronoun && s.has(USER) && (before.changed > 0 || in_spite);
    let weight = match () {
        () if against || always || again => 3,
        () if fixed && s.has(WHEN) => 2,
        () => return,
    };
    out.push((Kind::Tamper, weight));
}

fn tools(s: &Sentence, setting: &Setting<'_>, out: &mut Vec<(Kind, u8)>) {
    // A name written for machines, after a verb of calling, that is nobody's here.
    let foreign = s.tokens.iter().enumerate().any(|(at, token)| {
        let called = matches!(token.stem(), "call" | "invok");
        token.is(CALL)
            && !token.is(NAME | CODE)
            && (at + 1..at + 5).any(|name| {
                let named = s.is_at(name, NAME) || (called && s.is_at(name, CODE));
                named && s.tokens.get(name).is_some_and(|token| !(setting.own)(token.stem()))
            })
    });
    if foreign && s.follows(&[OBLIGE, CALL], 3) && !forbids(s, CALL) && !s.has(EXCEPT) {
        out.push((Kind::ForeignTool, 2));
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

fn persuade(s: &Sentence, order: Order, out: &mut Vec<(Kind, u8)>) {
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
    } else if s.follows(&[ASK, USER, SECRET], 8) && order == Order::Given && !forbids(s, ASK) {
        out.push((Kind::Phish, if s.has(AUTHORITY | PRETEXT) { 3 } else { 2 }));
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

fn weak(s: &Sentence, out: &mut Vec<(Kind, u8)>) {
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

/// Whether the sentence forbids such a deed rather than orders it: "never send".
fn forbids(s: &Sentence, deed: Class) -> bool {
    s.tokens.iter().enumerate().any(|(at, token)| {
        token.is(NEG)
            && !token.is(COVERT)
            && (at + 1..at + 4).any(|verb| s.is_at(verb, deed) && !s.is_at(verb, TELL))
    })
}

/// How far a sentence shows an attack rather than makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shown {
    /// It makes one.
    Not,
    /// It speaks of one: documentation, a detector's purpose.
    Told,
    /// And quotes it.
    Quoted,
}

/// Whether the sentence shows an attack rather than makes one.
pub(crate) fn shown(s: &Sentence) -> Shown {
    // An order outside quotation marks is an order, whatever stands around it.
    let ordered = s
        .tokens
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if !a.quoted && a.is(YOU | MODEL) && b.is(OBLIGE)));
    if s.marked || ordered {
        return Shown::Not;
    }
    let quoted = s.tokens.iter().filter(|token| token.quoted).count();
    // "Use this tool like …" is how attackers write too: the cue has to stand before what it excuses.
    let early = |class: Class| s.tokens.iter().take(8).any(|token| !token.quoted && token.is(class));
    // "Checks whether a prompt asks …": what follows is what it looks for.
    let relative =
        s.tokens.iter().take(10).any(|token| matches!(token.stem(), "that" | "which" | "whether" | "if"));
    let purpose = s.first && s.tokens.iter().take(2).any(|token| token.is(DEFEND));
    let defends = early(DEFEND) && (quoted > 0 || s.follows(&[DEFEND, ATTEMPT], 6)) || purpose && relative;
    let cue = early(EXAMPLE) || defends;
    match (cue, quoted * 3 > s.tokens.len()) {
        (true, true) => Shown::Quoted,
        (true, false) => Shown::Told,
        (false, _) if quoted * 2 > s.tokens.len() && !s.has(OBLIGE) => Shown::Told,
        (false, _) => Shown::Not,
    }
}
