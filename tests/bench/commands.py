"""Times whole commands of the release binary. One line each: minimum and median of many runs, and peak memory."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 30
bartizan = str(pathlib.Path(sys.argv[1]).resolve())


def hundred_tools() -> str:
    """A listing of a hundred tools of recorded honest servers, about 70 KB: those nearest to 700 bytes."""
    tools = []
    for file in sorted(pathlib.Path("tests/data/corpus/captures").glob("*.json")):
        tools += json.loads(file.read_text()).get("tools", [])
    tools.sort(key=lambda tool: abs(len(json.dumps(tool)) - 700))
    return json.dumps({"tools": tools[:100]})


def run(arguments: list[str], home: str) -> tuple[float, int]:
    """Seconds and peak kilobytes of one run in its own home."""
    environment = {"PATH": os.environ["PATH"], "HOME": home}
    start = time.perf_counter()
    child = subprocess.Popen([bartizan, *arguments], env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    elapsed = time.perf_counter() - start
    assert os.waitstatus_to_exitcode(status) in (0, 1), f"{arguments} ended with {status}"
    return elapsed, usage.ru_maxrss


def measure(name: str, arguments: list[str], fresh_home: bool = False) -> None:
    seconds, peak = [], 0
    with tempfile.TemporaryDirectory() as home:
        if not fresh_home:
            run(arguments, home)
        for number in range(RUNS):
            own = os.path.join(home, str(number)) if fresh_home else home
            os.makedirs(own, exist_ok=True)
            elapsed, kilobytes = run(arguments, own)
            seconds.append(elapsed)
            peak = max(peak, kilobytes)
    print(f"{name:44} {min(seconds) * 1e3:8.1f} ms {statistics.median(seconds) * 1e3:8.1f} ms {peak / 1024:8.1f} MB")


with tempfile.NamedTemporaryFile("w", suffix=".json") as listing:
    listing.write(hundred_tools())
    listing.flush()
    print(f"{'':44} {'minimum':>11} {'median':>11} {'peak memory':>11}")
    measure("--version", ["--version"])
    measure("scan FILE, 100 tools, text", ["scan", listing.name])
    measure("scan FILE, 100 tools, sarif", ["scan", listing.name, "--format", "sarif"])
    measure("the first scan ever (empty home)", ["scan", listing.name], fresh_home=True)
    measure("doctor", ["doctor"])
