#!/bin/sh
# Every C++ file that git knows is formatted as .clang-format says. $1: the program.
set -eu
cd "$(dirname "$0")/.."
list=$(mktemp)
trap 'rm -f "$list"' EXIT
git ls-files -z '*.cpp' '*.hpp' >"$list"
[ -s "$list" ] || { echo "clang-format.sh: git names no C++ file here" >&2; exit 1; }
xargs -0 -n 32 "$1" --dry-run -Werror <"$list"
