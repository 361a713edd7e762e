//! The pages that are made from the program are what the program says.

use std::fs;

use bartizan_tests::{Bartizan, root};

#[test]
fn the_page_of_rules_is_what_the_components_say() {
    let page = fs::read_to_string(root().join("docs/rules.md"))
        .expect("docs/rules.md is not there: run `./dev docs`");
    let run = Bartizan::new().run(["rules", "--format", "markdown"]).expect_code(0);
    assert!(page == run.text(), "docs/rules.md is not up to date: run `./dev docs`");
}

#[test]
fn the_schema_of_reports_is_the_programs() {
    let page = fs::read_to_string(root().join("docs/report.schema.json"))
        .expect("docs/report.schema.json is not there: run `./dev docs`");
    assert!(
        page == format!("{:#}\n", bartizan_model::report_schema()),
        "docs/report.schema.json is not up to date: run `./dev docs`"
    );
}
