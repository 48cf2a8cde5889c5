#!/bin/sh
# tidy.sh ROOT BUILD: clang-tidy over the program's sources, as .clang-tidy says.
# BUILD: one made with clang.  Functions over 70 lines and tangled ones are errors.
set -eu
cd "$1"
ls model/*.c model/base/*.c exchange/*.c engine/*.c engine/cli/*.c connectors/*.c |
	xargs -n 4 -P "$(nproc)" clang-tidy --quiet -p "$2"
