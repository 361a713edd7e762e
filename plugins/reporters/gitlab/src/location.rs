//! Where a finding is. GitLab tells findings apart by rule, file and line, and links the file.
//!
//! A server that runs somewhere has no file. Its findings are at a path that names server and item and cannot be
//! taken for a file of the project: `mcp-server/weather/tool/add`. An item of its own for each keeps findings of one
//! rule about several tools apart, which one path for the server would merge.

use bartizan_sdk::report::{Subject, shorten};
use serde_json::{Value, json};

/// File and line of a subject.
pub(crate) fn location(subject: &Subject) -> Value {
    let (file, line) = place(subject);
    json!({
        "file": file,
        "start_line": line,
        "end_line": line,
        "class": shorten(&subject.server, 200),
        "method": shorten(&subject.item(), 400),
    })
}

pub(crate) fn place(subject: &Subject) -> (String, u32) {
    let line = subject.position.map_or(1, |position| position.line.max(1));
    match subject.path.as_deref().filter(|path| !path.is_empty()) {
        Some(path) => (shorten(path.trim_start_matches("./"), 1_000), line),
        None => (stand_in(subject), 1),
    }
}

fn stand_in(subject: &Subject) -> String {
    let server = segment(&subject.server);
    if subject.kind == "server" {
        format!("mcp-server/{server}")
    } else {
        format!("mcp-server/{server}/{}/{}", segment(&subject.kind), segment(&subject.name))
    }
}

/// The text as one segment of a path.
fn segment(text: &str) -> String {
    let text = shorten(text, 200);
    let plain: String = text
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | ' ') { c } else { '_' })
        .collect();
    match plain.trim() {
        "" | "." | ".." => "_".to_owned(),
        text => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(server: &str, name: &str) -> Subject {
        Subject { kind: "tool".into(), server: server.into(), name: name.into(), path: None, position: None }
    }

    #[test]
    fn a_server_without_a_file_has_a_path_of_its_own_for_each_item() {
        assert_eq!(place(&tool("weather", "add")).0, "mcp-server/weather/tool/add");
        let server = Subject { kind: "server".into(), ..tool("weather", "") };
        assert_eq!(place(&server), ("mcp-server/weather".into(), 1));
    }

    #[test]
    fn a_name_cannot_be_a_folder() {
        assert_eq!(place(&tool("../../etc", "..")).0, "mcp-server/.._.._etc/tool/_");
    }

    #[test]
    fn a_finding_in_a_file_is_there() {
        let position = Some(bartizan_sdk::report::Position { line: 12, column: 4 });
        let subject = Subject { path: Some("./configs/tools.json".into()), position, ..tool("s", "t") };
        assert_eq!(place(&subject), ("configs/tools.json".into(), 12));
    }
}
