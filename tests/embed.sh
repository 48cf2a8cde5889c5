#!/bin/sh
# embed.sh OUT.c FILE…: the files as one C table: folder, name without ending, bytes.
set -eu
out=$1; shift
mkdir -p "$(dirname "$out")"
{
	echo '#include "exchange/builtin.h"'
	n=0
	for file; do
		n=$((n + 1))
		echo "static const unsigned char bytes_${n}[] = {"
		od -An -v -tu1 "$file" | sed 's/\([0-9]\{1,3\}\)/\1,/g'
		echo '0 };'
	done
	echo 'const struct tj_builtin tj_builtins[] = {'
	n=0
	for file; do
		n=$((n + 1))
		name=$(basename "$file")
		kind=$(basename "$(dirname "$file")")
		printf '{ "%s", "%s", bytes_%d, sizeof(bytes_%d) - 1 },\n' \
			"$kind" "${name%.*}" $n $n
	done
	echo '{ 0 } };'
} > "$out.tmp"
mv "$out.tmp" "$out"
