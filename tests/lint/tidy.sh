#!/bin/sh
# tidy.sh ROOT BUILD: clang-tidy over the program's sources, as .clang-tidy says.
# BUILD: one made with clang.  Functions over 70 lines and tangled ones are errors.
set -eu
cd "$1"
find model exchange engine connectors -name '*.c' | sort |
	xargs -n 4 -P "$(nproc)" clang-tidy --quiet -p "$2"
