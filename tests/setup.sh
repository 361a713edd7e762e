#!/usr/bin/env bash
# Installs real MCP servers, and tools of other makers that tests use, into the build tree: arguments are the npm folder and the Python virtual environment.
set -euo pipefail
npm_folder=$1 venv=$2
npm_packages=(
  @modelcontextprotocol/server-everything@2026.8.31
  # What the author's path in JavaScript and TypeScript builds with.
  componentize-qjs@0.4.5 typescript@7.0.2
)
pip_packages=(
  mcp-server-time==2026.10.19
  # What the author's path in Python and C builds with.
  componentize-py==0.25.1 ziglang==0.17.0
  # Another client of The Update Framework, to read our repositories.
  tuf==7.0.1 securesystemslib==1.6.0 cryptography==50.0.2
)
# Strangers' tools that tests verify signatures with.
for tool in ssh-keygen:openssh-client openssl:openssl; do
  if ! command -v "${tool%%:*}" >/dev/null; then
    echo "installing ${tool##*:} from Debian" >&2
    { apt-get -qq update && apt-get -qq install -y "${tool##*:}"; } >&2 || { echo "\`${tool%%:*}\` is missing" >&2; exit 1; }
  fi
done
stamp() { printf '%s\n' "$@"; }
if [ "$(cat "$npm_folder/.installed" 2>/dev/null)" != "$(stamp "${npm_packages[@]}")" ]; then
  echo "installing ${npm_packages[*]} into target/npm" >&2
  mkdir -p "$npm_folder"
  [ -f "$npm_folder/package.json" ] || echo '{"private":true}' > "$npm_folder/package.json"
  npm install --prefix "$npm_folder" --no-audit --no-fund --loglevel=error "${npm_packages[@]}" >&2
  stamp "${npm_packages[@]}" > "$npm_folder/.installed"
fi
if [ "$(cat "$venv/.installed" 2>/dev/null)" != "$(stamp "${pip_packages[@]}")" ]; then
  echo "installing ${pip_packages[*]} into target/venv" >&2
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "${pip_packages[@]}"
  stamp "${pip_packages[@]}" > "$venv/.installed"
fi
