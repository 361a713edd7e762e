//! Where reports go, and what they look like to programs.

use std::{fs, process::Stdio};

use bartizan_tests::{Bartizan, Running};
use serde_json::Value;

fn without_times(mut report: Value) -> Value {
    report["stats"].as_object_mut().unwrap().retain(|key, _| !key.ends_with("_ms"));
    // What was asked before is not asked again.
    report["stats"].as_object_mut().unwrap().remove("component_calls");
    report
}

#[test]
fn the_json_report_keeps_to_its_schema() {
    let schema = jsonschema::validator_for(&bartizan_model::report_schema()).unwrap();
    let user = Bartizan::new();
    let mut args = vec!["--timeout".to_owned(), "2s".to_owned(), super::poisoned()];
    args.extend(super::hostile("silent"));
    let report = user.scan(args).json();
    let errors: Vec<String> =
        schema.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    // And the schema can be broken.
    let mut broken = report;
    broken["findings"][0]["severity"] = "dreadful".into();
    assert!(!schema.is_valid(&broken));
}

#[test]
fn the_same_input_gives_the_same_bytes_but_for_the_times() {
    let user = Bartizan::new();
    let report = || {
        let run = user.scan([super::poisoned()]).expect_code(1);
        // The order of members counts too.
        serde_json::to_string(&without_times(run.json())).unwrap()
    };
    let first = report();
    for _ in 0..3 {
        assert_eq!(first, report());
    }
}

#[test]
fn a_files_extension_tells_its_format() {
    let user = Bartizan::new();
    let run =
        user.run(["scan", "-o", "a.json", "-o", "b.sarif", "-o", "c.txt", &super::poisoned()]).expect_code(1);
    assert!(run.stdout.is_empty(), "{}", run.text());
    let read = |name: &str| fs::read_to_string(user.work().join(name)).unwrap();
    let json: Value = serde_json::from_str(&read("a.json")).unwrap();
    let sarif: Value = serde_json::from_str(&read("b.sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(
        sarif["runs"][0]["results"].as_array().unwrap().len(),
        json["findings"].as_array().unwrap().len()
    );
    assert!(read("c.txt").contains("MCP-PROTO-001"));
}

#[test]
fn formats_pair_with_files_and_one_may_go_to_stdout() {
    let user = Bartizan::new();
    let run = user
        .run(["scan", "--format", "sarif", "-o", "report.out", "--format", "json", &super::poisoned()])
        .expect_code(1);
    assert!(run.found().contains(&"MCP-PROTO-001 tool:add".to_owned()));
    let file: Value = serde_json::from_slice(&fs::read(user.work().join("report.out")).unwrap()).unwrap();
    assert_eq!(file["version"], "2.1.0");
}

#[test]
fn formats_that_cannot_be_met_are_usage_errors() {
    let user = Bartizan::new();
    let listing = super::poisoned();
    let cases: [(&[&str], &str); 3] = [
        (&["--format", "json", "--format", "sarif"], "only one format"),
        (&["--format", "pdf"], "sarif, text"),
        (&["-o", "report.xyz"], "report.xyz"),
    ];
    for (args, why) in cases {
        let run = user.run([&["scan", &listing], args].concat()).expect_code(2);
        assert!(run.stdout.is_empty() && run.stderr.contains(why), "{args:?}: {}", run.stderr);
    }
    assert!(!user.work().join("report.xyz").exists());
}

#[test]
fn a_report_that_cannot_be_written_follows_on_stdout() {
    let user = Bartizan::new();
    let run = user
        .run(["scan", "--format", "json", "-o", "no/such/folder/r.json", &super::poisoned()])
        .expect_code(1);
    assert!(run.found().contains(&"MCP-PROTO-001 tool:add".to_owned()));
    assert!(run.stderr.contains("no/such/folder"), "{}", run.stderr);
    // Nothing was found: that the file is not there must show in the exit code.
    let clean = user.write(
        "clean.json",
        r#"{"tools":[{"name":"now","description":"Tells the time.","inputSchema":{"type":"object"}}]}"#,
    );
    user.scan([&clean]).expect_code(0);
    user.run(["scan".as_ref(), "-o".as_ref(), "no/such/folder/r.json".as_ref(), clean.as_os_str()])
        .expect_code(3);
}

#[test]
fn a_full_disk_is_told_and_not_passed_over() {
    let user = Bartizan::new();
    let mut command = user.command(["scan", "--fail-on", "critical", &super::poisoned()]);
    command.stdout(fs::File::options().write(true).open("/dev/full").unwrap()).stderr(Stdio::piped());
    let run = Running::start_as_is(command).finish().expect_code(3);
    assert!(run.stderr.contains("cannot write to stdout"), "{}", run.stderr);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let user = Bartizan::new();
    let mut command = user.command(["scan", "--format", "json", &super::poisoned()]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn stdout_carries_the_report_and_nothing_else() {
    let mut args = vec!["scan".to_owned(), "--format".to_owned(), "json".to_owned()];
    args.extend(super::hostile("noise"));
    let run = Bartizan::new().run(args);
    assert!(run.json().is_object());
}
