"""What installed components cost at start-up: `python3 tests/bench/installed.py BARTIZAN COMPONENT`.

COMPONENT is one built from `bartizan plugins new c-team/shouting --lang c`; copies of it under other names and rule ids are signed
and installed, each as any component is. Prints the median of a scan's time with none, 100 and 1,000 of them, and of one install.
"""

import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

program, original = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
work = pathlib.Path(tempfile.mkdtemp())
environment = {"HOME": str(work), "PATH": os.environ["PATH"]}


def run(*arguments):
    start = time.perf_counter()
    done = subprocess.run([program, *arguments], cwd=work, env=environment, capture_output=True, text=True)
    took = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{arguments}: {done.stdout}{done.stderr}")
    return took


(work / "listing.json").write_text(json.dumps({"tools": [{"name": "add", "description": "Adds two numbers"}]}))
text = original.read_bytes()
assert b"c-team/shouting" in text and b"C-TEAM-001" in text


def install(number):
    copy = text.replace(b"c-team/shouting", b"c-team/shout%03x" % number).replace(b"C-TEAM-001", b"C-TEAM-%03X" % number)
    name = f"c-team/shout{number:03x}"
    (work / "copy.wasm").write_bytes(copy)
    run("plugins", "sign", "copy.wasm", "--name", name, "--version", "0.1.0", "--key", "key.pem", "-o", "packages")
    return run("plugins", "install", f"packages/shout{number:03x}-0.1.0.oci.tar", "-q")


def scan(rounds):
    run("scan", "listing.json", "-q")
    times = [run("scan", "listing.json", "-q") for _ in range(rounds)]
    return statistics.median(times)


run("plugins", "sign", str(original), "--name", "c-team/shouting", "--version", "0.1.0", "--key", "key.pem", "-o", "packages")
run("trust", "add", "c-team", "key.pem.pub")
none = scan(15)
print(f"scan with none installed: {none * 1e3:.1f} ms")
installs = [install(number) for number in range(100)]
print(f"install of a {len(text) / 1024:.0f} KB component: median {statistics.median(installs[:10]) * 1e3:.0f} ms of the first ten")
hundred = scan(15)
print(f"scan with 100 installed: {hundred * 1e3:.1f} ms, {(hundred - none) * 1e3:.1f} ms more")
if "--thousand" in sys.argv:
    for number in range(100, 1000):
        install(number)
    thousand = scan(5)
    print(f"scan with 1,000 installed: {thousand * 1e3:.1f} ms, {(thousand - none) / (hundred - none):.1f} times what 100 cost")
    print(f"peak memory of any of these: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")
