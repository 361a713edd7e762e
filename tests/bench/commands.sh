#!/usr/bin/env bash
# What whole commands cost: time and peak memory of the release binary, over many runs, minimum and median.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec python3 tests/bench/commands.py target/release/bartizan
