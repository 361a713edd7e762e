//! Server-sent events, read incrementally and within bounds (CR, LF, CRLF; comments; several `data` lines; `id`; `retry`).
//!
//! Our own, because the crates for it keep a line or an event of any length.

use std::collections::VecDeque;

/// An event with data.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// `event`; empty if it had none, which means "message".
    pub(crate) kind: String,
    /// `data`; `None` if it was longer than the bound.
    pub(crate) data: Option<Vec<u8>>,
}

/// Reads a stream piece by piece.
pub(crate) struct Parser {
    max: usize,
    line: Vec<u8>,
    line_is_too_long: bool,
    after_cr: bool,
    is_first_line: bool,
    kind: String,
    data: Vec<u8>,
    has_data: bool,
    data_is_too_long: bool,
    /// Events that are complete.
    pub(crate) ready: VecDeque<Event>,
    /// The last `id`, to ask for the rest of a broken stream with.
    pub(crate) last_id: Option<String>,
    /// `retry`, in milliseconds.
    pub(crate) retry: Option<u64>,
}

impl Parser {
    /// For events of at most `max` bytes of data.
    pub(crate) fn new(max: usize) -> Self {
        Self {
            max,
            line: Vec::new(),
            line_is_too_long: false,
            after_cr: false,
            is_first_line: true,
            kind: String::new(),
            data: Vec::new(),
            has_data: false,
            data_is_too_long: false,
            ready: VecDeque::new(),
            last_id: None,
            retry: None,
        }
    }

    /// Takes the next piece of the stream.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                b'\n' if std::mem::take(&mut self.after_cr) => {}
                b'\n' | b'\r' => {
                    self.after_cr = *byte == b'\r';
                    self.end_line();
                }
                other => {
                    self.after_cr = false;
                    // A line holds the field's name besides the data.
                    if self.line.len() > self.max.saturating_add(16) {
                        self.line_is_too_long = true;
                    } else {
                        self.line.push(*other);
                    }
                }
            }
        }
    }

    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        let too_long = std::mem::take(&mut self.line_is_too_long);
        if std::mem::take(&mut self.is_first_line) && line.starts_with(b"\xEF\xBB\xBF") {
            line.drain(..3);
        }
        if line.is_empty() {
            self.dispatch();
            return;
        }
        let mut halves = line.splitn(2, |byte| *byte == b':');
        let field = halves.next().unwrap_or_default();
        let value = halves.next().unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                if too_long || self.data.len().saturating_add(value.len()) > self.max {
                    self.data_is_too_long = true;
                    self.data = Vec::new();
                } else if !self.data_is_too_long {
                    if self.has_data {
                        self.data.push(b'\n');
                    }
                    self.data.extend_from_slice(value);
                }
                self.has_data = true;
            }
            b"event" => self.kind = short(value).unwrap_or_else(|| "?".into()),
            b"id" if !value.contains(&0) => self.last_id = short(value).filter(|id| !id.is_empty()),
            b"retry" => self.retry = short(value).and_then(|text| text.parse().ok()),
            _ => {}
        }
    }

    fn dispatch(&mut self) {
        let kind = std::mem::take(&mut self.kind);
        let data = std::mem::take(&mut self.data);
        if std::mem::take(&mut self.data_is_too_long) {
            self.ready.push_back(Event { kind, data: None });
        } else if self.has_data && !data.is_empty() {
            self.ready.push_back(Event { kind, data: Some(data) });
        }
        self.has_data = false;
    }
}

fn short(value: &[u8]) -> Option<String> {
    (value.len() <= 1024).then(|| String::from_utf8_lossy(value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(pieces: &[&str], max: usize) -> (Vec<(String, Option<String>)>, Parser) {
        let mut parser = Parser::new(max);
        for piece in pieces {
            parser.push(piece.as_bytes());
        }
        let text = |data: Option<Vec<u8>>| data.map(|d| String::from_utf8(d).unwrap());
        let events = parser.ready.drain(..).map(|e| (e.kind, text(e.data))).collect();
        (events, parser)
    }

    #[test]
    fn lines_end_in_cr_lf_or_both_wherever_the_stream_is_cut() {
        let (found, parser) = events(
            &[
                "\u{feff}: hello\r",
                "\nevent: endpoint\rda",
                "ta: a\r\n",
                "data:b\n\r\n",
                "id: 7\nretry: 20\ndata\n\ndata: {}\n\n",
            ],
            100,
        );
        assert_eq!(found, [("endpoint".into(), Some("a\nb".into())), (String::new(), Some("{}".into()))]);
        assert_eq!((parser.last_id.as_deref(), parser.retry), (Some("7"), Some(20)));
    }

    #[test]
    fn an_event_without_end_is_bounded_and_told() {
        let long = "x".repeat(1_000);
        let (found, parser) = events(&["data: ", &long, &long, "\n\ndata: ok\n\n"], 100);
        assert_eq!(found, [(String::new(), None), (String::new(), Some("ok".into()))]);
        assert!(parser.line.capacity() < 1_000);
        let many = "data: xxxxxxxxxx\n".repeat(100);
        assert_eq!(events(&[&many, "\n"], 100).0, [(String::new(), None)]);
    }

    #[test]
    fn an_unfinished_event_is_not_dispatched() {
        assert_eq!(events(&["data: a\n"], 100).0, []);
    }
}
