#!/bin/sh
# run.sh BUILD_DIR SECONDS [RUNS] [TARGET…]: run the fuzz targets, stop at the first finding.
# Prints one line a target: name, inputs run, seconds.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$1 seconds=$2 runs=${3:--1}
shift 2; [ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- "$here"/*_fuzz.c
for target; do
	target=$(basename "$target" .c)
	work=$(mktemp -d)
	seeds="$here/seeds/${target%_fuzz}"
	[ -d "$seeds" ] || seeds=
	"$build/tests/fuzz/$target" -max_total_time="$seconds" -runs="$runs" -rss_limit_mb=4096 \
		-timeout=20 -print_final_stats=1 -artifact_prefix="$work/" "$work" $seeds \
		> "$work/log" 2>&1 || {
		cat "$work/log"
		echo "$target: FINDING, kept in $work"
		exit 1
	}
	awk -v t="$target" '/number_of_executed_units/ { n = $2 } /^Done/ { s = $(NF - 1) }
		END { printf "%-24s %12d inputs %6s s\n", t, n, s }' "$work/log"
	rm -rf "$work"
done
