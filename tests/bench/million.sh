#!/bin/sh
# million.sh TANJI HEATS [N]: N heats (a million) read, computed, declared, signed and published
# in one run; a table of its stages, the slowest of them, and the most memory it held.
# million.sh TANJI HEATS logged [N]: the same run with each declaration a leaf of a log, signed in a
# batch by one checkpoint; and each of them proven.
# million.sh TANJI HEATS kill [N]: the same run killed at twenty moments, see ../fault/groups.sh.
# HEATS is the program bench_heats; everything is made in a folder of $TMPDIR and removed.
set -eu
tanji=$1 program=$2
here=$(cd "$(dirname "$0")" && pwd)
if [ "${3:-}" = kill ]; then
	HEATS_PROGRAM=$program TANJI_HEATS=${4:-1000000} \
		exec sh "$here/../fault/groups.sh" "$tanji" "$here/../.."
fi
logged=
[ "${3:-}" != logged ] || { logged=yes; shift; }
heats=${3:-1000000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP
export LC_ALL=C
"$program" "$heats" "$folder/works"
if [ "$logged" ]; then
	"$tanji" log init "$folder/log" --name heats.example/log >/dev/null 2>&1
	printf '\n[log]\ndir = ../log\n' >>"$folder/works/tanji.conf"
	sed -i 's/^\[declare\]$/&\nsign = batch/' "$folder/works/tanji.conf"
fi
"$tanji" keys new "$folder/works" >/dev/null 2>&1
cat "$folder"/works/in/* | wc -lc |
	awk -v heats="$heats" '{ print heats " heats, " $1 " rows, " $2 / 1e6 " MB" }'
"$tanji" run "$folder/works" --quiet --times 2>"$folder/times" | grep ' declarations: '
grep -v '^errors' "$folder/times"
echo "registry: $(du -m "$folder/works/out/registry" | cut -f1) MB"
if [ "$logged" ]; then
	begin=$(date +%s%N)
	"$tanji" log prove "$folder/log" --dir "$folder/works"
	echo "in $((($(date +%s%N) - begin) / 1000000)) ms"
	echo "log: $(du -sm "$folder/log" | cut -f1) MB"
fi
echo "run again, nothing changed:"
"$tanji" run "$folder/works" --quiet --times 2>"$folder/times" | grep ' declarations: '
grep -v '^errors' "$folder/times"
