#!/bin/sh
# threads.sh PROGRAM ROOT GRAPH_BOOK: `tanji calc` answers a generated book, loops and all,
# with the same bytes for any number of threads.
. "$(dirname "$0")/lib.sh"
graph_book=$3
mkdir "$scratch/book"
"$graph_book" "$scratch/book" 5000 300 0.95 20 >/dev/null || fail "no book"

answer() {
	tanji calc "$scratch/book" --threads "$1" --json \
		--demand WORKS01-LINE1-C82D2-HEAT000000000=1 \
		--demand WORKS02-LINE2-C86D2-HEAT000000001=1000 \
		--demand WORKS04-LINE4-16MNCR5-HEAT000000003=1e-6t
	cp "$scratch/stdout" "$scratch/answer$1"
}

for threads in 1 2 4; do
	answer $threads
	cmp "$scratch/answer1" "$scratch/answer$threads" ||
		fail "$threads threads give another answer"
done
[ "$(jq '.results | length' "$scratch/answer1")" = 3 ] || fail "not three answers"
[ "$(jq '[.results[].supply | length] | max' "$scratch/answer1")" -gt 300 ] ||
	fail "the loop is not in it"
