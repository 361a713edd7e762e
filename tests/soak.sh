#!/usr/bin/env bash
# Runs every property test (parsers of hostile input: statements, components, listings, text) with new cases for a time.
# Argument: minutes. A failing case is kept by proptest beside the source, to be added to git.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
end=$((SECONDS + 60 * ${1:-10}))
rounds=0
while [ $SECONDS -lt $end ]; do
  PROPTEST_CASES=20000 cargo test --quiet -p bartizan-registry -p bartizan-kernel -p bartizan-mcp -p bartizan-text --lib -- panic passes >/dev/null
  rounds=$((rounds + 1))
  echo "round $rounds: no failure"
done
