//! Mistakes at the command line and in the configuration.

use bartizan_tests::Bartizan;

#[test]
fn a_mistake_is_a_usage_error_that_says_what_to_write() {
    let user = Bartizan::new();
    let listing = super::poisoned();
    let cases: [(&[&str], &str); 13] = [
        (&["scan"], "nothing to look at"),
        (&["scan", "--nope", &listing], "--nope"),
        (&["scna"], "scan"),
        (&["scan", "ftp://example.com"], "http"),
        (&["scan", "http://"], "URL"),
        (&["scan", "http://example.com/", "--header", "Bearer"], "Name: value"),
        (&["scan", "--timeout", "5", &listing], "90s"),
        (&["scan", "--timeout", "0s", &listing], "longer"),
        (&["scan", "--env", "NO_SUCH_VARIABLE_HERE", "--", "true"], "NO_SUCH_VARIABLE_HERE"),
        (&["scan", "--plugins", "a/b", "--no-plugins", &listing], "cannot be used with"),
        (&["scan", "--config", "missing.toml", &listing], "missing.toml"),
        (&["snapshot", &listing, &listing], "one server"),
        (&["rules", "MCP-NOPE-001"], "MCP-NOPE-001"),
    ];
    for (args, why) in cases {
        let run = user.run(args).expect_code(2);
        assert!(run.stdout.is_empty() && run.stderr.contains(why), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn a_secret_header_is_not_repeated_in_the_error() {
    let run = Bartizan::new().run(["scan", "http://example.com/", "--header", "s3cret"]).expect_code(2);
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
}

#[test]
fn an_unknown_key_is_an_error_that_names_the_nearest() {
    let user = Bartizan::new();
    let cases = [
        ("[scan]\nfail_on = 'low'", "`scan.fail_on`", "`fail-on`"),
        ("[plugin]", "`plugin`", "`plugins`"),
        ("[plugins.limits]\nmemory = '1MB'", "`plugins.limits.memory`", "`max_memory`"),
        ("[plugins.\"acme/rules\"]\ngrant = []", "grant", "`grants`"),
    ];
    for (toml, what, nearest) in cases {
        user.configure(toml);
        let run = user.scan([super::poisoned()]).expect_code(2);
        assert!(run.stdout.is_empty(), "{toml}");
        assert!(run.stderr.contains("bartizan.toml") && run.stderr.contains(what), "{toml}: {}", run.stderr);
        assert!(run.stderr.contains(nearest), "{toml}: {}", run.stderr);
    }
}

#[test]
fn a_wrong_value_in_the_configuration_is_an_error() {
    let user = Bartizan::new();
    for toml in [
        "not toml",
        "[scan]\nfail-on = 'dreadful'",
        "[scan]\ntimeout = 5",
        "[scan]\nrules = 'MCP-*'",
        "[plugins.limits]\nfuel = 0",
        "[plugins.limits]\nmax_memory = 'much'",
        "[plugins.\"acme/rules\"]\ngrants = ['network']",
        "[plugins.\"Acme\"]\nenabled = false",
    ] {
        user.configure(toml);
        let run = user.scan([super::poisoned()]).expect_code(2);
        assert!(run.stdout.is_empty() && run.stderr.contains("bartizan.toml"), "{toml}: {}", run.stderr);
    }
}

#[test]
fn every_command_shows_an_example() {
    let user = Bartizan::new();
    let commands: [&[&str]; 11] = [
        &["scan"],
        &["snapshot"],
        &["rules"],
        &["plugins", "list"],
        &["plugins", "info"],
        &["plugins", "build"],
        &["plugins", "sign"],
        &["trust", "add"],
        &["trust", "list"],
        &["doctor"],
        &["completions"],
    ];
    let mut without = Vec::new();
    for command in commands {
        let run = user.run([command, &["--help"]].concat()).expect_code(0);
        if !run.text().contains("Example") {
            without.push(command.join(" "));
        }
        assert!(run.text().lines().all(|line| line.chars().count() <= 110), "{command:?} has long lines");
    }
    assert!(without.is_empty(), "no example in: {without:?}");
    let top = user.run(["--help"]).expect_code(0);
    assert!(top.text().contains("Exit codes") && top.text().contains("scan"));
}

#[test]
fn the_version_names_the_runtime() {
    let run = Bartizan::new().run(["--version"]).expect_code(0);
    assert!(run.text().starts_with("bartizan ") && run.text().contains("wasmtime "), "{}", run.text());
}
