//! Whole tables, read by Python's csv module as somebody's script would.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use bartizan_reporter_csv::{COLUMNS, Csv};
use bartizan_sdk::{prelude::*, report::is_hidden};
use serde_json::{Value, json};

#[path = "../../html/tests/worst/mod.rs"]
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

fn table(report: &str) -> Vec<u8> {
    Csv::render("csv", report, &RenderOptions::default()).unwrap()
}

/// The rows of these tables as Python reads them, without the first.
fn read(tables: &[Vec<u8>], separator: char) -> Vec<Vec<Vec<String>>> {
    let script = r"
import csv, io, json, sys
csv.field_size_limit(1 << 30)
for line in sys.stdin:
    separator, text = json.loads(line)
    rows = csv.reader(io.StringIO(text, newline=''), strict=separator == ',', delimiter=separator)
    print(json.dumps(list(rows)))
";
    let mut python = Command::new("python3")
        .args(["-X", "utf8", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    let lines: Vec<String> = tables
        .iter()
        .map(|table| json!([separator.to_string(), String::from_utf8(table.clone()).unwrap()]).to_string())
        .collect();
    std::thread::spawn(move || {
        for line in lines {
            writeln!(stdin, "{line}").unwrap();
        }
    });
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str::<Vec<Vec<String>>>(line).unwrap()).collect()
}

fn rows(report: &Value) -> Vec<Vec<String>> {
    let mut rows = read(&[table(&report.to_string())], ',').remove(0);
    assert_eq!(rows.remove(0), COLUMNS);
    rows
}

fn column(name: &str) -> usize {
    COLUMNS.iter().position(|column| *column == name).unwrap()
}

#[test]
fn each_finding_and_each_gap_is_a_row() {
    for name in REPORTS {
        let report = report(name);
        let rows = rows(&report);
        let of = |kind: &str| rows.iter().filter(|row| row[0] == kind).count();
        assert_eq!(of("finding"), report["findings"].as_array().unwrap().len(), "{name}");
        assert!(of("not-checked") >= report["not_checked"].as_array().unwrap().len(), "{name}");
        assert!(rows.iter().all(|row| row.len() == COLUMNS.len()), "{name}");
    }
}

#[test]
fn a_row_says_what_the_finding_says() {
    let rows = rows(&report("two-servers"));
    let cell = |row: usize, name: &str| rows[row][column(name)].as_str();
    assert_eq!((cell(0, "severity"), cell(0, "rule"), cell(0, "cwe")), ("medium", "MCP-TRANS-001", "319"));
    assert_eq!((cell(1, "file"), cell(1, "line"), cell(1, "column")), ("configs/tools.json", "12", "5"));
    assert_eq!(cell(1, "evidence"), "parameter at /inputSchema/properties/path: path");
    assert_eq!(cell(1, "fingerprint"), "44444444444444444444444444444444");
}

#[test]
fn what_was_not_checked_comes_first_even_where_the_report_only_shows_it() {
    let mut report = report("two-servers");
    report["servers"][0]["digest"] = Value::Null;
    let rows = rows(&report);
    assert_eq!((rows[0][0].as_str(), rows[0][column("subject")].as_str()), ("not-checked", "server `files`"));
    report["rules"] = json!([]);
    assert_eq!(self::rows(&report).iter().filter(|row| row[0] == "not-checked").count(), 2);
}

#[test]
fn no_cell_is_a_formula_whatever_separator_the_reader_takes() {
    let tables: Vec<Vec<u8>> = worst::strings().iter().map(|(_, text)| table(&worst::report(text))).collect();
    for separator in [',', ';'] {
        for (rows, (attacks, _)) in read(&tables, separator).iter().zip(worst::strings()) {
            for cell in rows.iter().flatten() {
                let start = cell.trim_start_matches([' ', '"', '\t', '\r', '\n']);
                let is_formula = start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
                assert!(!is_formula, "{attacks}, read with {separator:?}: {cell}");
            }
        }
    }
}

#[test]
fn hostile_text_stays_in_its_cell() {
    let tables: Vec<Vec<u8>> = worst::strings().iter().map(|(_, text)| table(&worst::report(text))).collect();
    for (rows, (attacks, _)) in read(&tables, ',').iter().zip(worst::strings()) {
        assert!(rows.iter().all(|row| row.len() == COLUMNS.len()), "{attacks}");
        assert_eq!(rows.iter().filter(|row| row[0] == "finding").count(), 6, "{attacks}");
        assert!(!rows.iter().flatten().any(|cell| cell.chars().any(is_hidden)), "{attacks}");
    }
}

#[test]
fn what_was_set_aside_is_a_row_of_its_own_kind_with_who_and_why() {
    let mut report = report("poisoned");
    let finding = report["findings"].as_array_mut().unwrap().remove(0);
    let left = report["findings"].as_array().unwrap().len();
    report["suppressed"] = json!([
        { "finding": finding, "by": "config", "reason": "the gateway filters it", "owner": "platform", "expires": "2027-03-31" },
        { "finding": finding, "by": "inline", "reason": "" },
    ]);
    report["notices"] =
        json!([{ "code": "suppression-unused", "what": "`MCP-X-001`", "why": "matches nothing" }]);
    let rows = rows(&report);
    let of = |kind: &str| rows.iter().filter(|row| row[0] == kind).collect::<Vec<_>>();
    assert_eq!((of("finding").len(), of("set-aside").len(), of("notice").len()), (left, 2, 1));
    let cell = |row: &[String], name: &str| row[column(name)].clone();
    let aside = of("set-aside");
    assert_eq!(cell(aside[0], "severity"), "critical");
    assert_eq!(cell(aside[0], "suppressed_by"), "config");
    assert_eq!(
        cell(aside[0], "suppression_reason"),
        "the gateway filters it (owner: platform) (until: 2027-03-31)"
    );
    assert_eq!(cell(aside[1], "suppressed_by"), "inline");
    assert_eq!(cell(of("notice")[0], "code"), "suppression-unused");
    assert!(of("finding").iter().all(|row| cell(row, "suppressed_by").is_empty()));
}

#[test]
fn lines_end_as_the_standard_says() {
    let text = String::from_utf8(table(&report("poisoned").to_string())).unwrap();
    assert!(text.ends_with("\r\n") && text.matches('\n').count() == text.matches("\r\n").count());
}

#[test]
fn a_report_too_large_for_the_host_loses_the_least_and_says_so() {
    let mut report = report("poisoned");
    let mut least = report["findings"][5].clone();
    least["evidence"] = json!([{ "label": "x", "text": "\"".repeat(4_000), "pointer": "" }]);
    let worst = report["findings"][0].clone();
    let mut findings = vec![least; 4_500];
    findings.push(worst);
    report["findings"] = findings.into();
    let bytes = table(&report.to_string());
    assert!(bytes.len() < 16 << 20, "{}", bytes.len());
    let rows = rows(&report);
    assert_eq!(rows[0][column("severity")], "critical");
    let last = rows.last().unwrap();
    assert_eq!(last[0], "left-out");
    assert!(
        last[column("message")].starts_with(&format!("{} findings more", 4_501 - (rows.len() - 1))),
        "{last:?}"
    );
}

#[test]
fn what_is_not_a_report_is_refused() {
    for text in ["", "{}", "{\"schema_version\":\"1\"}"] {
        assert!(Csv::render("csv", text, &RenderOptions::default()).is_err(), "{text}");
    }
    assert!(Csv::render("text", &report("clean").to_string(), &RenderOptions::default()).is_err());
}
