//! Classes of words. A word may be in several: "pass" both hands over and lets through.

/// A set of classes.
pub(crate) type Class = u128;

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $bit:literal;)*) => {
        $($(#[$doc])* pub(crate) const $name: Class = 1 << $bit;)*
    };
}

classes! {
    /// The reader is a model: "the assistant", "AI agents".
    MODEL = 0;
    /// Second person.
    YOU = 1;
    /// The person the model works for.
    USER = 2;
    /// Must, shall, always, please.
    OBLIGE = 3;
    /// Forbids: "do not", "never", "without". Statements of fact ("does not") are not in it.
    NEG = 4;
    /// Takes something out of where it lies.
    READ = 5;
    /// Moves something away.
    SEND = 6;
    /// Puts something into something.
    PUT = 7;
    /// Runs a program.
    EXEC = 8;
    /// Calls a tool.
    CALL = 9;
    /// What opens doors: passwords, keys.
    SECRET = 10;
    /// A file that holds secrets or a user's settings.
    SECRET_FILE = 11;
    /// What the model knows from its conversation.
    CONTEXT = 12;
    /// Outside: a third party's place.
    OUTSIDE = 13;
    /// A URL, an address, a host.
    LINK = 14;
    /// To let somebody know.
    TELL = 15;
    /// To show: a weaker way to let know.
    SHOW = 16;
    /// In secret.
    COVERT = 17;
    /// To put aside what was said.
    OVERRIDE = 18;
    /// Earlier.
    PRIOR = 19;
    /// What a model was told.
    INSTRUCTION = 20;
    /// Somebody's authority: policies, audits, regulations.
    AUTHORITY = 21;
    /// A tool.
    TOOL = 22;
    /// Others.
    OTHER = 23;
    /// The name of a function or a parameter.
    NAME = 24;
    /// To make something other than it was.
    CHANGE = 25;
    /// What a user asked for, or a part of a call.
    OBJECT = 26;
    /// In spite of what was asked.
    REGARDLESS = 27;
    /// A point in time in the model's work: "before", "whenever", "first".
    WHEN = 28;
    /// Praise without measure.
    HYPE = 29;
    /// A comparison that ends all comparison: "best", "ultimate".
    SUPERLATIVE = 30;
    /// To say aloud.
    SAY = 31;
    /// Somebody's business interest.
    PROMOTE = 32;
    /// In preference to.
    INSTEAD = 33;
    /// Not to be used any more.
    WORN_OUT = 34;
    /// It, them, everything, the result: what was just spoken of.
    IT = 35;
    /// To know, to be aware.
    KNOW = 36;
    /// To stop counting: "no longer apply".
    VOID = 37;
    /// The speaker claims a place above the user: "system message", "you are now".
    ROLE = 38;
    /// For instance.
    EXAMPLE = 39;
    /// To look for attacks, to keep them out.
    DEFEND = 40;
    /// Unless, until, only if.
    EXCEPT = 41;
    /// A word that has no honest use in a tool's own purpose.
    MALICE = 42;
    /// A word of attackers that others use too.
    OFFENCE = 43;
    /// A thing that protects.
    PROTECTION = 44;
    /// To get round.
    EVADE = 45;
    /// Piece of a shell command that should worry.
    SHELL = 46;
    /// To ask somebody.
    ASK = 47;
    /// Every time.
    ALWAYS = 48;
    /// A file's or a variable's content.
    CONTENT = 49;
    /// To prefer.
    PREFER = 50;
    /// All, any.
    ALL = 51;
    /// A copy, data.
    DATA = 52;
    /// To destroy.
    DESTROY = 53;
    /// "Then", "also", "and": another deed.
    ALSO = 54;
    /// To, into, with: what a change leads to.
    INTO = 55;
    /// Be.
    BE = 56;
    /// Words in quotation marks or a literal.
    LITERAL = 57;
    /// Who or what somebody is.
    IDENTITY = 58;
    /// A reason that is none.
    PRETEXT = 59;
    /// To look something up: it excuses the name of an attack, not an order.
    LOOK = 61;
    /// Attempts, attacks, phrases: what a defender looks for.
    ATTEMPT = 62;
    /// One word set as code.
    CODE = 60;
    /// Leave given by the user: approval, confirmation.
    CONSENT = 63;
    /// To follow an order.
    OBEY = 64;
    /// Installed, at hand.
    AVAILABLE = 65;
    /// Even if, whichever, rather than: in spite of something.
    SPITE = 66;
    /// What people and models say to each other.
    TALK = 67;
    /// Words that make talk a record of it: "earlier", "entire", "transcript".
    RECORD = 68;
    /// Received, told: what a model was given.
    GIVEN = 69;
    /// What comes back from a call, or what the model answers.
    REPLY = 70;
    /// To get to know; to be bothered with.
    HEAR = 71;
    /// A good judgement: approved, harmless, passed.
    VERDICT = 72;
    /// Sums and counts.
    MONEY = 73;
    /// What is known of a person.
    PERSONAL = 74;
    /// What keeps a model safe.
    SAFETY = 75;
    /// What one keeps in order to go back to it.
    KEEPSAKE = 76;
    /// Places that run what is put into them.
    STARTUP = 77;
    /// Orders, as a noun.
    COMMAND = 78;
    /// To contain.
    HOLDS = 79;
    /// To give along with a call, in the widest sense: "tuck into", "is expected in".
    GIVE = 80;
    /// What people keep to themselves: an inbox, saved logins, a diary.
    PRIVATE = 81;
    /// What somebody said, wrote, knows.
    SAID = 82;
    /// Without bound: "whatever", "everything".
    WHOLE = 83;
    /// Whoever the model works for, in other words than those of [`USER`].
    PERSON = 84;
    /// Denies, in the widest sense.
    NO = 85;
    /// To let know, in the widest sense, and the nouns of it.
    DISCLOSE = 86;
    /// Leave, and the asking for it.
    LEAVE = 87;
    /// Settled before: "in advance", "already".
    SETTLED = 88;
    /// To tell what was found: "report", "rank", "describe".
    PRESENT = 89;
    /// What somebody would rather not have told: warnings, failures.
    FLAW = 90;
    /// What binds a model.
    NORM = 91;
    /// To stop binding.
    LAPSE = 92;
    /// The place in a call where something is put.
    SLOT = 93;
    /// To take for oneself, in the widest sense.
    TAKE = 94;
    /// Opens doors, in the words of parameters: such a parameter may hold a secret.
    KEYED = 95;
    /// More or less than it was.
    SKEW = 96;
    /// To leave out.
    OMIT = 97;
    /// Tools and servers of others.
    FOREIGN = 98;
    /// Once more, elsewhere: "duplicate", "a second time".
    AGAIN = 99;
    /// To choose among tools.
    CHOOSE = 100;
    /// What tells a tool that is not worth choosing.
    WORSE = 101;
    /// For good: "until the conversation ends".
    LASTING = 102;
    /// Other than the one named: "apart from".
    APART = 103;
    /// To make happen, in the widest sense: "implements", "does what it says".
    DO = 104;
    /// To ask for, said of a text: "the page says".
    DEMAND = 105;
    /// Of other makers: "competitors".
    RIVAL = 106;
    /// To stand above or below: "takes priority over", "come second".
    RANKING = 108;
    /// What somebody wants: "wishes", "request".
    WISH = 109;
    /// To take for something it is not: "treat as", "pretend".
    TREAT = 110;
    /// The maker of the tool speaks of itself as a recipient.
    VENDOR = 111;
    /// Makes a passive: "is", "are", "gets".
    IS = 112;
    /// By way of: "through", "via".
    VIA = 113;
    /// Takes away what protects: "privileged", "skip verification".
    WEAKEN = 114;
    /// Where a model keeps what outlives the conversation.
    MEMORY = 115;
    /// Falls short for want of something: "fails", "is refused".
    FAIL = 107;
}
