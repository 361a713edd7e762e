//! Reads a regular expression as ECMA-262 writes it, which is what JSON Schema uses, into the steps that a backtracking
//! engine can take: which character position can come after which (Glushkov's construction).

use super::class::Class;

/// Character positions of one expression; more are not judged. A set of positions is one number.
const MAX_POSITIONS: usize = 128;
/// Groups in groups.
const MAX_DEPTH: usize = 40;
/// A bounded repetition of at least so many counts as one without bound: so many splits take for ever too.
const LIKE_UNBOUNDED: u32 = 8;

/// A set of positions.
pub(super) type Positions = u128;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Automaton {
    pub(super) classes: Vec<Class>,
    /// By position: those that can come next.
    pub(super) follow: Vec<Positions>,
    /// Positions after which the expression may have matched.
    pub(super) last: Positions,
    /// Positions from which two repetitions lead on by the same character.
    pub(super) doubled: Positions,
    /// Whether the text must end where the expression does, so that a match can fail late.
    pub(super) anchored: bool,
}

/// Why an expression was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// A bracket or a group that is not closed, or nothing to repeat: no engine takes it.
    Invalid,
    /// Too large, or a dialect's own.
    Unknown,
}

pub(super) fn parse(text: &str) -> Result<Automaton, Unread> {
    let mut parser =
        Parser { chars: text.chars().collect(), at: 0, automaton: Automaton::default(), depth: 0 };
    let whole = parser.alternation()?;
    if parser.at < parser.chars.len() {
        return Err(Unread::Invalid);
    }
    parser.automaton.last = whole.last;
    Ok(parser.automaton)
}

/// A part of the expression.
#[derive(Clone, Copy, Debug)]
struct Part {
    nullable: bool,
    first: Positions,
    last: Positions,
}

impl Part {
    const EMPTY: Self = Self { nullable: true, first: 0, last: 0 };
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    automaton: Automaton,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at = self.at.saturating_add(1);
        Some(c)
    }

    fn eat(&mut self, text: &str) -> bool {
        let end = self.at.saturating_add(text.chars().count());
        let there = self.chars.get(self.at..end).is_some_and(|here| here.iter().copied().eq(text.chars()));
        if there {
            self.at = end;
        }
        there
    }

    fn alternation(&mut self) -> Result<Part, Unread> {
        let mut whole = self.sequence()?;
        while self.eat("|") {
            let other = self.sequence()?;
            whole = Part {
                nullable: whole.nullable || other.nullable,
                first: whole.first | other.first,
                last: whole.last | other.last,
            };
        }
        Ok(whole)
    }

    fn sequence(&mut self) -> Result<Part, Unread> {
        let mut whole = Part::EMPTY;
        while let Some(c) = self.peek() {
            if matches!(c, '|' | ')') {
                break;
            }
            let part = self.repeated()?;
            self.link(whole.last, part.first);
            whole = Part {
                nullable: whole.nullable && part.nullable,
                first: if whole.nullable { whole.first | part.first } else { whole.first },
                last: if part.nullable { whole.last | part.last } else { part.last },
            };
        }
        Ok(whole)
    }

    fn link(&mut self, from: Positions, to: Positions) {
        for (position, follow) in self.automaton.follow.iter_mut().enumerate() {
            if from & 1 << position != 0 {
                *follow |= to;
            }
        }
    }

    fn repeated(&mut self) -> Result<Part, Unread> {
        let part = self.atom()?;
        let Some((least, most)) = self.quantifier()? else { return Ok(part) };
        // Lazy or not, the splits are the same.
        self.eat("?");
        if matches!(self.peek(), Some('*' | '+' | '?')) {
            return Err(Unread::Unknown);
        }
        let fixed = most == Some(least);
        let single = part.first == part.last && part.first.is_power_of_two();
        let loops = most.is_none_or(|most| most >= LIKE_UNBOUNDED) && !(fixed && single);
        if loops {
            for (position, follow) in self.automaton.follow.iter_mut().enumerate() {
                if part.last & 1 << position != 0 {
                    // An inner repetition leads there already.
                    if *follow & part.first != 0 {
                        self.automaton.doubled |= 1 << position;
                    }
                    *follow |= part.first;
                }
            }
        }
        Ok(if most == Some(0) { Part::EMPTY } else { Part { nullable: part.nullable || least == 0, ..part } })
    }

    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>, Unread> {
        let start = self.at;
        match self.next() {
            Some('*') => Ok(Some((0, None))),
            Some('+') => Ok(Some((1, None))),
            Some('?') => Ok(Some((0, Some(1)))),
            Some('{') => {
                let Some(least) = self.number() else {
                    // `{` by itself is a character to most engines.
                    self.at = start;
                    return Ok(None);
                };
                let most = if self.eat(",") { self.number() } else { Some(least) };
                if self.eat("}") { Ok(Some((least, most))) } else { Err(Unread::Unknown) }
            }
            _ => {
                self.at = start;
                Ok(None)
            }
        }
    }

    fn number(&mut self) -> Option<u32> {
        let mut number: Option<u32> = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            self.at = self.at.saturating_add(1);
            number = Some(number.unwrap_or_default().saturating_mul(10).saturating_add(digit));
        }
        number
    }

    fn atom(&mut self) -> Result<Part, Unread> {
        match self.next().ok_or(Unread::Invalid)? {
            '^' => Ok(Part::EMPTY),
            '$' => {
                self.automaton.anchored = true;
                Ok(Part::EMPTY)
            }
            '(' => self.group(),
            '[' => {
                let class = self.bracket()?;
                self.position(class)
            }
            '.' => self.position(Class::dot()),
            '\\' => self.escape(),
            '*' | '+' | '?' => Err(Unread::Invalid),
            c => self.position(Class::one(c)),
        }
    }

    fn position(&mut self, class: Class) -> Result<Part, Unread> {
        let index = self.automaton.classes.len();
        if index >= MAX_POSITIONS {
            return Err(Unread::Unknown);
        }
        self.automaton.classes.push(class);
        self.automaton.follow.push(0);
        Ok(Part { nullable: false, first: 1 << index, last: 1 << index })
    }

    fn group(&mut self) -> Result<Part, Unread> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            return Err(Unread::Unknown);
        }
        let looks = ["?=", "?!", "?<=", "?<!"].iter().any(|kind| self.eat(kind));
        if !looks && !self.eat("?:") && self.eat("?") {
            // A named group; anything else is a dialect's own.
            if !self.eat("<") {
                return Err(Unread::Unknown);
            }
            while self.next().ok_or(Unread::Invalid)? != '>' {}
        }
        let part = self.alternation()?;
        if !self.eat(")") {
            return Err(Unread::Invalid);
        }
        self.depth = self.depth.saturating_sub(1);
        if looks {
            // It takes no characters; what is in it can fail.
            self.automaton.anchored = true;
            return Ok(Part::EMPTY);
        }
        Ok(part)
    }

    fn escape(&mut self) -> Result<Part, Unread> {
        match self.peek().ok_or(Unread::Invalid)? {
            'b' | 'B' => {
                self.at = self.at.saturating_add(1);
                Ok(Part::EMPTY)
            }
            // What it matches again is not known here.
            '1'..='9' | 'k' => Err(Unread::Unknown),
            _ => {
                let class = self.escaped()?;
                self.position(class)
            }
        }
    }

    /// What stands after a backslash, in brackets or not.
    fn escaped(&mut self) -> Result<Class, Unread> {
        Ok(match self.next().ok_or(Unread::Invalid)? {
            'd' => Class::digits(),
            'D' => Class::digits().not(),
            'w' => Class::word(),
            'W' => Class::word().not(),
            's' => Class::space(),
            'S' => Class::space().not(),
            // Which ones is a long table; letters are what is nearly always meant.
            'p' | 'P' => {
                if !self.eat("{") {
                    return Err(Unread::Unknown);
                }
                while self.next().ok_or(Unread::Invalid)? != '}' {}
                Class { others: true, ..Class::word() }
            }
            't' => Class::one('\t'),
            'n' => Class::one('\n'),
            'r' => Class::one('\r'),
            'f' => Class::one('\u{c}'),
            'v' => Class::one('\u{b}'),
            '0' => Class::one('\0'),
            'x' => self.code(2),
            'u' if self.eat("{") => {
                let mut class = Class::default();
                while let Some(c) = self.next() {
                    if c == '}' {
                        break;
                    }
                    class = Class { ascii: 0, others: true };
                }
                class
            }
            'u' => self.code(4),
            'c' => {
                self.next().ok_or(Unread::Invalid)?;
                Class::range('\u{1}', '\u{1a}')
            }
            c => Class::one(c),
        })
    }

    fn code(&mut self, digits: usize) -> Class {
        let mut code = 0_u32;
        for _ in 0..digits {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else { break };
            self.at = self.at.saturating_add(1);
            code = code.saturating_mul(16).saturating_add(digit);
        }
        char::from_u32(code).map_or(Class { ascii: 0, others: true }, Class::one)
    }

    fn bracket(&mut self) -> Result<Class, Unread> {
        let negated = self.eat("^");
        let mut class = Class::default();
        loop {
            let from = self.next().ok_or(Unread::Invalid)?;
            if from == ']' {
                break;
            }
            if from == '\\' {
                // `\b` in brackets is a backspace, which nothing hangs on.
                class = class.and(self.escaped()?);
                continue;
            }
            let ranged = self.peek() == Some('-')
                && self.chars.get(self.at.saturating_add(1)).is_some_and(|&to| !matches!(to, ']' | '\\'));
            if ranged {
                self.at = self.at.saturating_add(1);
                let to = self.next().ok_or(Unread::Invalid)?;
                class = class.and(Class::range(from, to));
            } else {
                class = class.and(Class::one(from));
            }
        }
        Ok(if negated { class.not() } else { class })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_escapes_are_sets_of_characters() {
        let class = |text: &str| parse(text).unwrap().classes[0];
        assert!(class("[a-z]").meets(class("m")));
        assert!(!class("[a-z]").meets(class("\\d")));
        assert!(class("[^a-z]").meets(class("é")));
        assert!(class("\\x41").meets(class("[A-]")) && class("\\u0041").meets(class("\\w")));
        assert!(!class(".").meets(class("\\n")) && class("[]").eq(&Class::default()));
    }

    #[test]
    fn what_no_engine_takes_is_told_from_what_is_not_known_here() {
        for invalid in ["(", "(a", "[a", "a)", "*a", "\\", "(?:a|b"] {
            assert_eq!(parse(invalid).unwrap_err(), Unread::Invalid, "{invalid}");
        }
        for unknown in ["(?P<n>a)", "(?i)a", "(a)\\1", "a++", &"a".repeat(200)] {
            assert_eq!(parse(unknown).unwrap_err(), Unread::Unknown, "{unknown}");
        }
        for fine in ["", "^$", "a{", "a{x}", "a|", "(?<n>a)", "(?=a)b", "\\p{L}+", "[\\]-]", "a{2,}?"] {
            assert!(parse(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn groups_without_end_are_not_followed_without_end() {
        assert_eq!(parse(&"(".repeat(100_000)).unwrap_err(), Unread::Unknown);
    }
}
