#!/usr/bin/env bash
# The demo: a real server, then a deliberately poisoned one.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bartizan=target/debug/bartizan
title() { printf '\n\033[1m%s\033[0m\n\033[2m$ %s\033[0m\n\n' "$1" "$2"; }
everything=(node target/npm/node_modules/@modelcontextprotocol/server-everything/dist/index.js)
poisoned=(python3 tests/fixtures/servers/poisoned.py)
title "An honest server from npm" "bartizan scan -- ${everything[*]}"
"$bartizan" scan -- "${everything[@]}"; honest=$?
title "A server that lies" "bartizan scan -- ${poisoned[*]}"
"$bartizan" scan -- "${poisoned[@]}"; lying=$?
printf '\nExit codes: %s for the honest server, %s for the poisoned one (1 = findings at or over --fail-on high).\n' "$honest" "$lying"
# The demo shows what it should or it is broken.
[ "$honest" -eq 0 ] && [ "$lying" -eq 1 ]
