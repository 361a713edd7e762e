#!/bin/sh
# Puts a program from a Debian package into a folder, without root and without installing it, and prints its path.
#   registry.sh FOLDER PACKAGE PROGRAM        e.g. registry.sh target/tmp docker-registry usr/bin/docker-registry
# Exits with 3 if there is no Debian archive to be reached; says why on standard error.
set -eu
folder=$1 package=$2 program=$3

if [ -x "$folder/$package/$program" ]; then
    echo "$folder/$package/$program"
    exit 0
fi
for tool in apt-get dpkg-deb; do
    command -v "$tool" >/dev/null || { echo "there is no $tool" >&2; exit 3; }
done
mkdir -p "$folder"
# Whole or not at all: others may be at it too.
work=$(mktemp -d "$folder/$package.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
if ! apt-get -qq download "$package" >log 2>&1; then
    # This machine's lists may be missing; lists of our own need no root.
    mkdir -p lists/partial cache/archives/partial
    own="-o Dir::State::lists=$work/lists -o Dir::Cache=$work/cache"
    # shellcheck disable=SC2086
    { apt-get -qq $own update && apt-get -qq $own download "$package"; } >log 2>&1 || { tail -n 3 log >&2; exit 3; }
fi
dpkg-deb -x ./*.deb unpacked
mv unpacked "$folder/$package" 2>/dev/null || [ -x "$folder/$package/$program" ]
echo "$folder/$package/$program"
