#!/usr/bin/env bash
# Installs real MCP servers into the build tree: arguments are the npm folder and the Python virtual environment.
set -euo pipefail
npm_folder=$1 venv=$2
npm_packages=(@modelcontextprotocol/server-everything@2026.8.31)
pip_packages=(mcp-server-time==2026.10.19)
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
