//! stdio: a child process, one JSON document a line.

use std::{collections::BTreeMap, path::Path};

use serde::de::IgnoredAny;
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{ChildStdin, ChildStdout},
};

use crate::{Error, Launcher, Limits, child::Child, error::Stop, transport::Incoming};

/// A server on the other end of two pipes.
pub(crate) struct Stdio {
    pub(crate) child: Child,
    pub(crate) command: Vec<String>,
    stdin: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Stdio {
    pub(crate) fn start(
        command: &[String],
        env: &BTreeMap<String, String>,
        cwd: Option<&Path>,
        launcher: Option<&Launcher>,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let (child, stdin, stdout) = Child::start(command, env, cwd, launcher, limits)?;
        let lines = Lines::new(BufReader::with_capacity(64 << 10, stdout), limits.message_bytes);
        Ok(Self { child, command: command.to_vec(), stdin: Some(stdin), lines })
    }

    pub(crate) async fn send(&mut self, text: &str) -> Result<(), Stop> {
        let line = format!("{text}\n");
        let written = match &mut self.stdin {
            Some(stdin) => stdin.write_all(line.as_bytes()).await.is_ok(),
            None => false,
        };
        if written { Ok(()) } else { Err(Stop::Closed(self.child.obituary().await)) }
    }

    pub(crate) async fn receive(&mut self) -> Result<Incoming, Stop> {
        match self.lines.next().await {
            Ok(Line::Text(bytes)) => return Ok(Incoming::of(bytes)),
            Ok(Line::TooLong) => return Ok(Incoming::TooLarge),
            // Whole, and only its newline is missing; anything else is where the server broke off.
            Ok(Line::Unended(bytes)) if serde_json::from_slice::<IgnoredAny>(&bytes).is_ok() => {
                return Ok(Incoming::of(bytes));
            }
            Ok(Line::Unended(_) | Line::End) | Err(_) => {}
        }
        Err(Stop::Closed(self.child.obituary().await))
    }

    pub(crate) async fn close(&mut self) {
        self.stdin = None;
        self.child.end().await;
    }
}

/// A line, or the end.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    Text(Vec<u8>),
    /// The last, without a newline.
    Unended(Vec<u8>),
    TooLong,
    End,
}

/// Lines of bounded length. What a dropped `next` had read is kept for the following one.
struct Lines<R> {
    reader: R,
    line: Vec<u8>,
    max: usize,
    too_long: bool,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    fn new(reader: R, max: usize) -> Self {
        Self { reader, line: Vec::new(), max, too_long: false }
    }

    async fn next(&mut self) -> std::io::Result<Line> {
        loop {
            let buffer = self.reader.fill_buf().await?;
            if buffer.is_empty() {
                return Ok(match self.take() {
                    Line::Text(line) if line.is_empty() => Line::End,
                    Line::Text(line) => Line::Unended(line),
                    other => other,
                });
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let piece = buffer.iter().take(end.unwrap_or(buffer.len()));
            if !self.too_long {
                if self.line.len().saturating_add(piece.len()) > self.max {
                    self.too_long = true;
                    self.line = Vec::new();
                } else {
                    self.line.extend(piece);
                }
            }
            let used = end.map_or(buffer.len(), |end| end.saturating_add(1));
            self.reader.consume(used);
            if end.is_some() {
                return Ok(self.take());
            }
        }
    }

    fn take(&mut self) -> Line {
        if std::mem::take(&mut self.too_long) {
            return Line::TooLong;
        }
        let mut line = std::mem::take(&mut self.line);
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Line::Text(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_that_is_too_long_is_dropped_and_the_next_one_read() {
        let text = [b"ok\r\n".to_vec(), vec![b'x'; 100_000], b"\n\nlast".to_vec()].concat();
        let mut lines = Lines::new(BufReader::new(text.as_slice()), 10);
        let mut seen = Vec::new();
        loop {
            match lines.next().await.unwrap() {
                Line::End => break,
                line => seen.push(line),
            }
        }
        let text = |s: &str| Line::Text(s.as_bytes().to_vec());
        assert_eq!(seen, [text("ok"), Line::TooLong, text(""), Line::Unended(b"last".to_vec())]);
    }
}
