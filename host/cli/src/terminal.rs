//! The last gate before the terminal: whatever a reporter wrote, and whatever a server smuggled into it, only text,
//! colours and web links get through.

use anstyle_parse::{DefaultCharAccumulator, Params, Parser, Perform};

/// The text with every escape sequence taken out but colours (SGR) and hyperlinks (OSC 8) to http and https, and
/// every control character but line feed and tab.
pub(crate) fn filter(bytes: &[u8]) -> Vec<u8> {
    let mut parser = Parser::<DefaultCharAccumulator>::new();
    let mut out = Filter(Vec::with_capacity(bytes.len()));
    for &byte in bytes {
        parser.advance(&mut out, byte);
    }
    out.0
}

struct Filter(Vec<u8>);

impl Perform for Filter {
    fn print(&mut self, c: char) {
        // C1 controls come in as characters, being two bytes of UTF-8; marks of direction make a line read otherwise than it is.
        if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            return self.0.extend_from_slice(c.escape_unicode().to_string().as_bytes());
        }
        let mut buffer = [0; 4];
        self.0.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
    }

    fn execute(&mut self, byte: u8) {
        if matches!(byte, b'\n' | b'\t') {
            self.0.push(byte);
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: u8) {
        if action != b'm' || ignore || !intermediates.is_empty() {
            return;
        }
        let numbers: Vec<String> = params
            .iter()
            .map(|group| group.iter().map(u16::to_string).collect::<Vec<_>>().join(":"))
            .collect();
        self.0.extend_from_slice(format!("\x1b[{}m", numbers.join(";")).as_bytes());
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], _bell_terminated: bool) {
        let [b"8", _, uri] = params else { return };
        let is_plain = uri.iter().all(|byte| (0x21..0x7f).contains(byte));
        if is_plain && (uri.is_empty() || uri.starts_with(b"https://") || uri.starts_with(b"http://")) {
            self.0.extend_from_slice(b"\x1b]8;;");
            self.0.extend_from_slice(uri);
            self.0.extend_from_slice(b"\x1b\\");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(text: &str) -> String {
        String::from_utf8(filter(text.as_bytes())).unwrap()
    }

    #[test]
    fn text_colours_and_web_links_pass() {
        let text = "\x1b[1;31mhigh\x1b[0m\tünïcode 🦀\n\x1b]8;;https://example.com/a\x1b\\link\x1b]8;;\x1b\\";
        assert_eq!(filtered(text), text);
    }

    #[test]
    fn what_steers_the_terminal_does_not() {
        for (hostile, harmless) in [
            ("a\x1b[2Jb", "ab"),
            ("a\x1b[10;10Hb", "ab"),
            ("a\x1b]0;title\x07b", "ab"),
            ("a\x1b]52;c;c2VjcmV0\x07b", "ab"),
            ("a\x1b]8;;file:///etc/passwd\x1b\\b\x1b]8;;\x1b\\", "ab\x1b]8;;\x1b\\"),
            ("a\x1bP$q\"p\x1b\\b", "ab"),
            ("a\rb\x08c\x07d", "abcd"),
            ("a\x1b[?1049hb", "ab"),
            ("a\u{9b}2Jb", "a\\u{9b}2Jb"),
            ("a\u{202e}b", "a\\u{202e}b"),
        ] {
            let out = filtered(hostile);
            assert!(
                out == harmless || (!out.contains('\x1b') && !out.contains('\u{9b}')),
                "{hostile:?} became {out:?}"
            );
        }
    }
}
