#!/usr/bin/env bash
# Shows what below the WebAssembly runtime would be built with other features by one selection of crates than by another.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
features() { cargo tree "$@" -f '{p}|{f}' --prefix none | sed 's/ (\*)$//; s/ (proc-macro)//' | awk -F'|' 'NF { split($1, p, " "); print p[1], p[2] "\t" $2 }' | sort -u; }
mkdir -p target/same-features
cargo tree -p wasmtime -p wasmtime-wasi -e normal,build -f '{p}' --prefix none | awk 'NF { print $1, $2 }' | sort -u > target/same-features/runtime
for selection in "-p bartizan-assemble -e normal,build" "-p bartizan -e normal,build" "--workspace -e normal,build,dev"; do
  # shellcheck disable=SC2086
  features $selection | awk -F'\t' 'NR == FNR { runtime[$0]; next } $1 in runtime' target/same-features/runtime - \
    > "target/same-features/of$(tr -dc 'a-z-' <<< "$selection")"
done
# A crate that every selection builds in the same ways is told three times each.
differing=$(sort target/same-features/of* | uniq -c | awk '$1 != 3')
[ -z "$differing" ] && { echo "every selection builds the runtime alike"; exit 0; }
echo "$differing"; exit 1
