"""An honest server: answers each line until its input ends, and says goodbye."""

import json
import os
import signal
import sys


def stop(number, _):
    # Not `print`, which may be what the signal interrupts.
    os.write(1, json.dumps({"signal": number}).encode() + b"\n")
    os._exit(42)


for number in (signal.SIGTERM, signal.SIGUSR1):
    signal.signal(number, stop)
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    print(json.dumps({"echo": json.loads(line)}), flush=True)
print(json.dumps({"end": True}), flush=True)
sys.exit(7)
