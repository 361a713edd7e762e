"""Scans thirty real servers from npm and PyPI together: what it takes against what the servers themselves take to start.

Installs them into target/many first (minutes, once). Prints the ratio that docs/performance.md speaks of, whether every server answered or
was named, and what two starts of the same servers differ in.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "target/many"
BARTIZAN = pathlib.Path(os.environ.get("BARTIZAN", ROOT / "target/release/bartizan"))
CONCURRENCY = int(os.environ.get("CONCURRENCY", os.cpu_count() or 4))

# Package, program, arguments, environment.
NPM = [
    ("airtable-mcp-server", "airtable-mcp-server", [], {"AIRTABLE_API_KEY": "patx.y"}),
    ("@upstash/context7-mcp", "context7-mcp", [], {}),
    ("@cyanheads/git-mcp-server", "git-mcp-server", [], {}),
    ("@eslint/mcp", "mcp", [], {}),
    ("figma-developer-mcp", "figma-developer-mcp", ["--stdio", "--figma-api-key=x"], {}),
    ("firecrawl-mcp", "firecrawl-mcp", [], {"FIRECRAWL_API_KEY": "x"}),
    ("mongodb-mcp-server", "mongodb-mcp-server", [], {}),
    ("@negokaz/excel-mcp-server", "excel-mcp-server", [], {}),
    ("next-devtools-mcp", "next-devtools-mcp", [], {}),
    ("@notionhq/notion-mcp-server", "notion-mcp-server", [], {}),
    ("@playwright/mcp", "playwright-mcp", [], {}),
    ("@modelcontextprotocol/server-everything", "mcp-server-everything", [], {}),
    ("@modelcontextprotocol/server-filesystem", "mcp-server-filesystem", ["/tmp"], {}),
    ("@modelcontextprotocol/server-memory", "mcp-server-memory", [], {}),
    ("@modelcontextprotocol/server-postgres", "mcp-server-postgres", ["postgresql://127.0.0.1:9/x"], {}),
    ("@modelcontextprotocol/server-sequential-thinking", "mcp-server-sequential-thinking", [], {}),
    ("tavily-mcp", "tavily-mcp", [], {"TAVILY_API_KEY": "x"}),
    ("xcodebuildmcp", "xcodebuildmcp", ["mcp"], {}),
]
PYPI = [
    ("arxiv-mcp-server", "arxiv-mcp-server", [], {}),
    ("code-index-mcp", "code-index-mcp", [], {}),
    ("duckduckgo-mcp-server", "duckduckgo-mcp-server", [], {}),
    ("mcp-server-calculator", "mcp-server-calculator", [], {}),
    ("mcp-server-fetch", "mcp-server-fetch", [], {}),
    ("mcp-server-git", "mcp-server-git", [], {}),
    ("mcp-server-sqlite", "mcp-server-sqlite", ["--db-path", "/tmp/t.db"], {}),
    ("mcp-server-time", "mcp-server-time", [], {}),
    ("mcp-shell-server", "mcp-shell-server", [], {"ALLOW_COMMANDS": "ls"}),
    ("office-word-mcp-server", "word_mcp_server", [], {}),
    ("redis-mcp-server", "redis-mcp-server", [], {}),
    ("wikipedia-mcp", "wikipedia-mcp", [], {}),
]


def install():
    """Each into a folder of its own: what one needs may be what another breaks on."""
    for package, program, _, _ in NPM:
        folder = FOLDER / "npm" / program
        if not (folder / "node_modules/.bin" / program).exists():
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, package], check=False)
    for package, program, _, _ in PYPI:
        folder = FOLDER / "py" / package
        if not (folder / "bin" / program).exists():
            subprocess.run([sys.executable, "-m", "venv", folder], check=False)
            subprocess.run([folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", package], check=False)


def servers():
    for package, program, arguments, environment in NPM:
        yield package, [str(FOLDER / "npm" / program / "node_modules/.bin" / program), *arguments], environment
    for package, program, arguments, environment in PYPI:
        yield package, [str(FOLDER / "py" / package / "bin" / program), *arguments], environment


def write_list():
    lines = []
    for name, command, environment in servers():
        lines += ["[[servers]]", f"name = {json.dumps(name)}", f"command = {json.dumps(command[0])}", f"args = {json.dumps(command[1:])}"]
        if environment:
            lines.append("env = { " + ", ".join(f"{key} = {json.dumps(value)}" for key, value in environment.items()) + " }")
    path = FOLDER / "servers.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


def alone(name, command, environment):
    """Seconds from start to a whole listing, by way of a snapshot without a sandbox: what the server itself takes."""
    pairs = [word for key, value in environment.items() for word in ("--env", f"{key}={value}")]
    start = time.monotonic()
    saved = FOLDER / "saved" / (name.replace("/", "_") + ".json")
    saved.parent.mkdir(exist_ok=True)
    result = subprocess.run(
        [BARTIZAN, "-q", "snapshot", "--sandbox", "off", "-o", saved, *pairs, "--", *command],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )
    return time.monotonic() - start, result.returncode


def multi_scan(path, *more):
    start = time.monotonic()
    result = subprocess.run(
        [BARTIZAN, "-q", "multi-scan", "--config", path, "--yes", "--concurrency", str(CONCURRENCY), "--no-cache", "--format", "json", *more],
        capture_output=True, check=False, cwd=FOLDER,
    )
    return time.monotonic() - start, json.loads(result.stdout)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    install()
    path = write_list()
    if "--install" in sys.argv:
        return
    lock = FOLDER / "bartizan.lock"
    lock.unlink(missing_ok=True)
    total = 0.0
    for name, command, environment in servers():
        took, code = alone(name, command, environment)
        total += took
        print(f"  {name:52} {took:6.2f} s  exit {code}")
    took, report = multi_scan(path)
    asked = report["summary"]["servers"]
    print(f"start to listing, one after the other: {total:.1f} s")
    print(f"multi-scan, {CONCURRENCY} at once: {took:.1f} s, {took / (total / CONCURRENCY):.2f} x of the sum over {CONCURRENCY}")
    print(f"servers: {asked}; worst findings: {report['summary']['severities']}")
    for one in report["not_checked"]:
        print("  not checked:", one["what"], "-", one["why"][:160])
    subprocess.run([BARTIZAN, "-q", "pin", "--yes", path], cwd=FOLDER, stdout=subprocess.DEVNULL, check=False)
    _, again = multi_scan(path, "--rules", "MCP-SEC-042")
    drift = [finding for finding in again["findings"] if finding["rule"] == "MCP-SEC-042"]
    print(f"drift between two starts: {len(drift)} findings, {sum(f['severity'] not in ('info', 'low') for f in drift)} of them an alarm")
    for finding in drift:
        print("  ", finding["severity"], finding["subject"]["server"], finding["message"][:120])


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    main()
