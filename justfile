# Every habit of this project. `./dev NAME` runs one and first makes sure of what it needs.

set shell := ["bash", "-euo", "pipefail", "-c"]

npm := justfile_directory() / "target/npm"
venv := justfile_directory() / "target/venv"
first_party := justfile_directory() / "target/first-party"
key := env("BARTIZAN_SIGNING_KEY", justfile_directory() / "target/keys/first-party.pem")

# List what there is.
default:
    @just --list --unsorted

# Scan a real server from npm and a poisoned one, and show the report.
demo: build setup
    @bash tests/demo.sh

# Build the components and the binary (target/debug/bartizan).
build: plugins
    @cargo build --quiet

# Build the binary as it is released (target/release/bartizan).
release: plugins
    @cargo build --quiet --release

# Build, sign and compile ahead the first-party components.
plugins:
    @cargo run --quiet -p bartizan-assemble -- {{ first_party }} {{ key }}

# Install the real servers that the demo and the tests look at.
setup:
    @bash tests/setup.sh {{ npm }} {{ venv }}

# Everything that decides whether a change is good.
test: build setup lint
    cargo test --quiet --workspace
    cargo run --quiet -p bartizan-quality -- --check

# Formatting, lints, and licences and sources of what we depend on.
lint:
    cargo fmt --all --check
    cargo clippy --quiet --workspace --all-targets -- -D warnings
    bash tools/deny.sh

# What the rules catch and what they flag falsely, on recorded servers.
quality *ARGS: plugins
    @cargo run --quiet -p bartizan-quality -- {{ ARGS }}

# Figures of docs/performance.md.
bench *ARGS: release
    cargo bench --quiet -p bartizan-bench -- {{ ARGS }}
    bash tests/bench/commands.sh

# Run the binary.
host *ARGS: build
    @target/debug/bartizan {{ ARGS }}

# Write the pages that are made from the program itself.
docs: build
    target/debug/bartizan rules --format markdown > docs/rules.md
    cargo run --quiet -p bartizan-tests --bin report-schema > docs/report.schema.json

# Long runs: fuzz the parsers of hostile input for MINUTES.
soak MINUTES="10":
    bash tests/soak.sh {{ MINUTES }}
