//! Whole pages, read by Python's HTML parser.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use bartizan_reporter_html::Html;
use bartizan_sdk::{prelude::*, report::is_hidden};
use serde_json::{Value, json};

mod worst;

const REPORTS: [&str; 7] = [
    "clean",
    "poisoned",
    "incomplete",
    "incomplete-with-findings",
    "nothing-answered",
    "hostile",
    "two-servers",
];

fn report(name: &str) -> Value {
    let path = format!("{}/../text/tests/data/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn page(report: &str) -> String {
    String::from_utf8(Html::render("html", report, &RenderOptions::default()).unwrap()).unwrap()
}

fn page_of(name: &str) -> String {
    page(&report(name).to_string())
}

/// The page without its head and its script, for reading.
fn body(page: &str) -> &str {
    let start = page.find("<body>").unwrap();
    let end = page.find("<script>").unwrap();
    &page[start..end]
}

/// What a strict reader has to say of each page, and the page's text.
fn check(pages: &[String]) -> Vec<Value> {
    let mut python = Command::new("python3")
        .args(["-X", "utf8", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/check.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    let lines: Vec<String> = pages.iter().map(|page| json!(page).to_string()).collect();
    std::thread::spawn(move || {
        for line in lines {
            writeln!(stdin, "{line}").unwrap();
        }
    });
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn text(page: String) -> String {
    check(&[page]).remove(0)["text"].as_str().unwrap().to_owned()
}

#[test]
fn findings_and_gaps_together() {
    insta::assert_snapshot!(body(&page_of("incomplete-with-findings")));
}

#[test]
fn several_servers() {
    insta::assert_snapshot!(body(&page_of("two-servers")));
}

#[test]
fn every_page_is_sound_and_runs_and_loads_only_what_its_policy_names() {
    for (name, checked) in REPORTS.iter().zip(check(&REPORTS.map(page_of))) {
        assert_eq!(checked["problems"], json!([]), "{name}");
    }
}

#[test]
fn the_check_does_find_what_must_not_be() {
    let good = page_of("poisoned");
    for (from, to) in [
        ("<main>", "<main onclick=x>"),
        ("<main>", "<main style=\"color:red\">"),
        ("<main>", "<main><img src=x>"),
        ("</main>", ""),
        ("<style>", "<style> "),
        ("href=#rules", "href=javascript:x"),
        ("default-src 'none'", "default-src *"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good);
        assert_ne!(check(&[bad]).remove(0)["problems"], json!([]), "{to}");
    }
}

#[test]
fn everything_is_on_the_page_without_a_script() {
    let text = text(page_of("poisoned"));
    for finding in report("poisoned")["findings"].as_array().unwrap() {
        // Backticks are shown as code.
        let message = finding["message"].as_str().unwrap().replace('`', "");
        assert!(text.contains(&message), "{message}");
        assert!(text.contains(finding["fingerprint"].as_str().unwrap()));
        for evidence in finding["evidence"].as_array().unwrap() {
            assert!(text.contains(evidence["text"].as_str().unwrap()), "{evidence}");
        }
    }
    for what in ["bartizan/tool-poisoning", "Say what the tool does, and nothing else.", "CWE-1427", "0.1.0"]
    {
        assert!(text.contains(what), "{what}");
    }
}

#[test]
fn what_is_not_checked_is_never_called_clean() {
    for name in ["incomplete", "incomplete-with-findings", "nothing-answered", "hostile"] {
        let page = page_of(name);
        assert!(page.contains("<section id=unchecked"), "{name}");
        assert!(!page.contains("No findings"), "{name}");
        assert!(page.find("<section id=unchecked").unwrap() < page.find("<section id=findings").unwrap());
    }
    for member in ["rules", "servers"] {
        let mut report = report("clean");
        report[member] = json!([]);
        let page = page(&report.to_string());
        assert!(page.contains("Nothing was checked") && !page.contains("No findings"), "{member}");
    }
    let mut report = report("two-servers");
    report["findings"] = json!([]);
    report["servers"][0]["digest"] = Value::Null;
    let page = page(&report.to_string());
    assert!(page.contains("Not everything was checked") && !page.contains("No findings"));
    assert!(page.contains("Never answered. Nothing is known of it."));
    assert!(page_of("clean").contains("<p class=\"status clean\">No findings.</p>"));
}

#[test]
fn a_namesake_of_a_server_with_findings_is_not_clean() {
    let mut report = report("two-servers");
    report["servers"][1]["name"] = "files".into();
    report["findings"].as_array_mut().unwrap().remove(0);
    let page = page(&report.to_string());
    assert!(
        page.contains("Another server calls itself the same.") && !page.contains("No findings"),
        "{}",
        body(&page)
    );
}

#[test]
fn findings_across_servers_stand_together() {
    let mut report = report("two-servers");
    report["findings"][1]["related"] = json!([{ "kind": "tool", "server": "remote", "name": "send" }]);
    let page = page(&report.to_string());
    assert_eq!(check(std::slice::from_ref(&page)).remove(0)["problems"], json!([]));
    let across = &page[page.find("<h3 id=across>").unwrap()..];
    let across = &across[..across.find("</section>").unwrap()];
    assert!(
        across.contains("<bdi>tool send of remote</bdi>") && across.contains("data-servers=\"0 1\""),
        "{across}"
    );
}

#[test]
fn hostile_text_is_text() {
    let strings = worst::strings();
    let pages: Vec<String> = strings.iter().map(|(_, text)| page(&worst::report(text))).collect();
    let of_nothing = check(&[page(&worst::report("x"))]).remove(0);
    for ((attacks, _), (page, checked)) in strings.iter().zip(pages.iter().zip(check(&pages))) {
        assert_eq!(checked["problems"], json!([]), "{attacks}");
        assert!(!page.chars().any(|c| !matches!(c, '\n' | '\t') && is_hidden(c)), "{attacks}");
        // Text makes no elements of its own; `bdi` and the like are ours and come with it.
        for tag in ["a", "form", "input", "svg", "article", "details", "section"] {
            let (here, there) = (&checked["counts"][tag], &of_nothing["counts"][tag]);
            assert!(here.as_u64() <= there.as_u64().map(|n| n + 4), "{attacks}: {here} <{tag}>, not {there}");
        }
    }
}

#[test]
fn what_a_server_hides_is_shown() {
    let hidden: String =
        "obey me".chars().map(|c| char::from_u32(0xe_0000 + u32::from(c)).unwrap()).collect();
    let page = page(&worst::report(&format!("a\u{200b}b{hidden}")));
    assert!(page.contains("a<b class=inv>\\u{200b}</b>b<b class=inv title="), "{}", body(&page));
    assert!(page.contains(">obey me</b>"));
}

fn many(count: usize, evidence: &str) -> Value {
    let mut report = report("poisoned");
    let template = report["findings"][0].clone();
    let finding = |n: usize| {
        let mut finding = template.clone();
        finding["severity"] = if n == 0 { "critical" } else { "info" }.into();
        finding["subject"]["server"] = format!("server-{}", n % 7).into();
        finding["subject"]["name"] = format!("tool_{n}").into();
        finding["fingerprint"] = format!("{n:032x}").into();
        finding["evidence"][0]["text"] = evidence.into();
        finding
    };
    // The worst one last, and at the last server.
    report["findings"] = (0..count).rev().map(finding).collect();
    report
}

#[test]
fn ten_thousand_findings_are_on_the_page_and_closed() {
    let page = page(&many(10_000, "a few words").to_string());
    assert_eq!(page.matches("<article ").count(), 10_000);
    assert!(!page.contains("Not on this page"));
    assert!(page.len() < 12 << 20, "{}", page.len());
    assert_eq!(page.matches(" open>").count(), 1);
}

#[test]
fn a_report_too_large_for_the_host_loses_the_least_and_says_so() {
    let page = page(&many(2_000, &"<".repeat(4_000)).to_string());
    assert!(page.len() < 16 << 20, "{}", page.len());
    assert!(page.contains("<article id=f-00000000000000000000000000000000>"), "the worst is there");
    let shown = page.matches("<article ").count();
    assert!(page.contains(&format!("Not on this page: {} findings.", 2_000 - shown)), "{shown}");
}

#[test]
fn a_page_of_many_servers_and_gaps_is_no_larger_than_the_host_takes() {
    let mut report = many(2_000, &"&".repeat(4_000));
    let nasty = "\"".repeat(1_000);
    let server = |n: usize| {
        json!({ "name": format!("{n}{nasty}"), "version": nasty, "protocol_version": nasty, "target": nasty, "digest": "d",
                "transport": { "kind": "stdio", "address": "", "command": [nasty] }, "tools": 1 })
    };
    report["servers"] = (0..2_500).map(server).collect();
    let gap =
        |n: usize| json!({ "what": format!("{n}{nasty}"), "component": nasty, "code": nasty, "why": nasty });
    report["not_checked"] = (0..1_500).map(gap).collect();
    let rule = report["rules"][0].clone();
    let rule = |n: usize| {
        let mut rule = rule.clone();
        rule["id"] = format!("ACME-{n}").into();
        rule["title"] = nasty.as_str().into();
        rule["help"] = nasty.as_str().into();
        rule
    };
    report["rules"] = (0..1_000).map(rule).collect();
    let page = page(&report.to_string());
    assert!(page.len() < 16 << 20, "{}", page.len());
    assert_eq!(check(&[page]).remove(0)["problems"], json!([]));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = report("poisoned");
    let mut later = report.clone();
    later["stats"]["elapsed_ms"] = 99.into();
    assert_eq!(page(&report.to_string()), page(&later.to_string()));
}

#[test]
fn what_is_not_a_report_is_refused() {
    for text in ["", "{}", "{\"schema_version\":\"1\"}"] {
        assert!(Html::render("html", text, &RenderOptions::default()).is_err(), "{text}");
    }
    assert!(Html::render("text", &report("clean").to_string(), &RenderOptions::default()).is_err());
}
