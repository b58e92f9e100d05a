#!/bin/sh
# Every C++ file that git knows is formatted as .clang-format says. $1: the program.
set -eu
cd "$(dirname "$0")/.."
git ls-files -z '*.cpp' '*.hpp' | xargs -0 -n 32 "$1" --dry-run -Werror
