//! What the SDKs for Python, JavaScript and Go promise, held against the SDKs themselves, outside of any component.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on says where"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs a program whose every line is an assertion.
fn holds(program: &str, arguments: &[&str], folder: &Path) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_python_pack_survives_what_servers_and_rules_do() {
    let program = r#"
from bartizan_sdk import *

@rule(id="T-1", title="t", severity=Severity.LOW)
def quoting(server, config):
    for tool in server.tools:
        yield finding(tool, tool.description or "", evidence=[evidence("e", tool.description or "")])

@rule(id="T-2", title="t", severity=Severity.HIGH)
def failing(server, config):
    return [finding(tool, "m") for tool in server.toools]

pack = RulePack(rules=[quoting, failing])
lone = Server(tools=[Tool(name="t", description="a\ud800b\U0001f600")])
[found] = pack.check(lone, ["T-1"])
assert found.message == "a\ufffdb\U0001f600", ascii(found.message)
assert found.evidence[0].text == "a\ufffdb\U0001f600"
assert found.rule == "T-1" and found.severity is None

def gives_up(*arguments):
    try:
        pack.check(*arguments)
    except GiveUp as error:
        return error.failure
    raise AssertionError("gave an answer")

assert "T-2 failed: AttributeError" in gives_up(lone, ["T-1", "T-2"]).value
assert "T-9" in gives_up(lone, ["T-9"]).value
assert "no rule" in gives_up(lone, []).value
try:
    RulePack(rules=[quoting, quoting])
    raise AssertionError("a doubled rule is taken")
except ValueError:
    pass

# In too long an answer the worst is told first, and the text is cut to whole findings.
@rule(id="T-3", title="t", severity=Severity.LOW)
def long(server, config):
    for number in range(600):
        yield finding(server, "x" * 4000, severity=Severity.CRITICAL if number == 599 else None)

told = RulePack(rules=[long]).check(lone)
assert told[0].severity is Severity.CRITICAL
assert len(told) < 600 and "more findings were left out" in told[-1].message
assert sum(len(one.message.encode()) for one in told) <= 1 << 20
assert len(evidence("e", "\u20ac" * 4000).text.encode()) == 4095
assert len(evidence("e", "\ufffd\ud800" * 4000).text.encode()) == 4095
"#;
    holds("python3", &["-c", program], &root().join("sdk/python"));
}

#[test]
fn a_javascript_pack_survives_what_servers_and_rules_do() {
    let program = r#"
import assert from "node:assert/strict";
import { GiveUp, evidence, finding, rule, rulePack } from "./bartizan-sdk/index.js";

const tool = (name, description) => ({ name, title: null, description, inputSchema: "null", extra: "{}" });
const server = (tools) => ({ name: "s", transport: { kind: "stdio" }, tools });
const quoting = rule({
  id: "T-1", title: "t", severity: "low",
  *check({ tools }) {
    for (const one of tools) yield finding(one, one.description, { evidence: [evidence("e", one.description)] });
  },
});
const failing = rule({ id: "T-2", title: "t", severity: "high", check: ({ toools }) => toools.map((one) => one) });
const pack = rulePack({ rules: [quoting, failing] });
const lone = server([tool("t", "a\ud800b\u{1f600}\udc00")]);
const [found] = pack.check(lone, ["T-1"]);
assert.equal(found.message, "a\ufffdb\u{1f600}\ufffd");
assert.equal(found.evidence[0].text, "a\ufffdb\u{1f600}\ufffd");
assert.deepEqual([found.rule, found.severity], ["T-1", null]);
const givesUp = (pattern, ...given) =>
  assert.throws(() => pack.check(...given), (error) => error instanceof GiveUp && pattern.test(error.failure.val));
givesUp(/^T-2 failed: /, lone, ["T-1", "T-2"]);
givesUp(/T-9/, lone, ["T-9"]);
givesUp(/no rule/, lone, []);
assert.throws(() => pack.accept({}), GiveUp);
assert.throws(() => rulePack({ rules: [quoting, quoting] }));
const long = rule({
  id: "T-3", title: "t", severity: "low",
  *check(server) {
    for (let i = 0; i < 600; i += 1) {
      yield finding(server, "x".repeat(4000), i === 599 ? { severity: "critical" } : {});
    }
  },
});
const told = rulePack({ rules: [long] }).check(lone);
assert.equal(told[0].severity, "critical");
assert.ok(told.length < 600 && told.at(-1).message.includes("more findings were left out"));
const bytes = (text) => new TextEncoder().encode(text).length;
assert.ok(told.reduce((sum, one) => sum + bytes(one.message), 0) <= 1 << 20);
assert.equal(bytes(evidence("e", "\u20ac".repeat(4000)).text), 4095);
assert.equal(bytes(evidence("e", "\u{1f600}".repeat(4000)).text), 4096);
"#;
    // An entry beside the SDK, so that its own package's kind of module holds.
    let folder = tempfile::tempdir().unwrap();
    let sdk = folder.path().join("bartizan-sdk");
    fs::create_dir(&sdk).unwrap();
    for entry in fs::read_dir(root().join("sdk/javascript/bartizan-sdk")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), sdk.join(entry.file_name())).unwrap();
    }
    fs::write(folder.path().join("package.json"), r#"{"type": "module"}"#).unwrap();
    fs::write(folder.path().join("test.js"), program).unwrap();
    holds("node", &["test.js"], folder.path());
}
