#!/usr/bin/env bash
# Draws report.svg again: `bash docs/images/report.sh`, after `./dev build`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
arguments=(scan --rules MCP-PROTO-001,MCP-SEC-044 -- python3 tests/fixtures/servers/poisoned.py)
{ target/debug/bartizan --color always "${arguments[@]}" || [ $? -eq 1 ]; } |
  python3 docs/images/ansi-to-svg.py "bartizan ${arguments[*]}" > docs/images/report.svg
