#!/bin/sh
# tidy.sh ROOT BUILD [deep]: clang-tidy over the program's sources, as .clang-tidy says.
# BUILD: one made with clang.  Functions over 70 lines and tangled ones are errors.  The analyzer
# follows 20,000 states of a function, which nearly all end within; deep: 225,000, in ten times
# the time.
set -eu
cd "$1"
states=20000
[ "${3:-}" != deep ] || states=225000
find model exchange engine connectors -name '*.c' | sort |
	xargs -n 4 -P "$(nproc)" clang-tidy --quiet -p "$2" -extra-arg=-Xclang \
		-extra-arg=-analyzer-config -extra-arg=-Xclang -extra-arg=max-nodes=$states
