//! What people read, word for word: one report, some errors, one component.

use bartizan_tests::{Bartizan, root};

/// Without what differs from one machine, build or run to the next.
fn redacted(text: &str) -> String {
    let text = text.replace(root().to_str().unwrap(), "ROOT");
    let lines = text.lines().map(|line| {
        let words = line.split(' ').map(|word| {
            let is_hex = |text: &str| text.len() >= 12 && text.bytes().all(|b| b.is_ascii_hexdigit());
            if is_hex(word.trim_start_matches("sha256:")) {
                word.len().to_string() + " digits"
            } else {
                word.to_owned()
            }
        });
        let line = words.collect::<Vec<_>>().join(" ");
        match line.rsplit_once(" · ") {
            Some((start, end)) if end.ends_with(" ms") => format!("{start} · TIME"),
            Some((start, end)) if end.ends_with(" s") => format!("{start} · TIME"),
            _ => line,
        }
    });
    lines.map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_report_of_a_poisoned_listing() {
    let user = Bartizan::new();
    std::fs::copy(super::poisoned(), user.work().join("poisoned.json")).unwrap();
    insta::assert_snapshot!(redacted(user.run(["scan", "poisoned.json"]).expect_code(1).text()));
}

#[test]
fn errors() {
    let user = Bartizan::new();
    user.configure("[scan]\nfail_on = 'low'\n");
    let key = user.run(["scan", "x.json"]).expect_code(2).stderr;
    user.configure("");
    let script = {
        user.write("server.py", "");
        user.run(["scan", "server.py"]).expect_code(2).stderr
    };
    let rule = user.run(["scan", &super::poisoned(), "--rules", "MCP-NOPE-1"]).expect_code(2).stderr;
    insta::assert_snapshot!(redacted(&[key, script, rule].join("\n")));
}

#[test]
fn the_description_of_a_component() {
    let info = Bartizan::new().run(["plugins", "info", "bartizan/transport-and-auth"]).expect_code(0);
    insta::assert_snapshot!(redacted(info.text()));
}
