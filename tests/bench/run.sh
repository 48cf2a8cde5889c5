#!/bin/sh
# run.sh [quick|full] [NODES…]: measures the engine on generated supply chains, beside the
# bandwidth of this machine, KLU and scipy in the same run, and prints two tables: what
# was measured, and the aims.  quick: 10^4 and 10^5 nodes, some minutes; full: 10^4 … 10^7,
# with loops of 0, 100, 1 % and 10 % of the nodes, an hour.  NODES: these sizes only.
#
# Needs nothing but what the build needs; scipy is measured where it is
# (Debian: apt-get install python3-scipy).  Others than the engine get BENCH_LIMIT seconds
# (120) for each graph.  All figures: build/bench/results.csv.
set -u
cd "$(dirname "$0")/../.." || exit 2
how=${1:-quick}
[ $# = 0 ] || shift
limit=${BENCH_LIMIT:-120}
out=build/bench
bin=build/gcc/tests/bench
results=$out/results.csv
files_up_to=1000000	# a book of 10^7 nodes would be 8 GB of files
scipy_up_to=1000000
case $how in
quick)	sizes="10000 100000" ;;
full)	sizes="10000 100000 1000000 10000000" ;;
*)	sed -n '2,10s/^# //p' "$0"; exit 2 ;;
esac
[ $# = 0 ] || sizes=$*

say() {
	printf '== %s\n' "$*" >&2
}

# python3 with scipy, if there is one: Debian's is found where another stands before it.
python=
for candidate in python3 /usr/bin/python3; do
	[ -n "$python" ] || ! "$candidate" -c 'import scipy' 2>/dev/null || python=$candidate
done
[ -n "$python" ] || say "scipy is not measured: apt-get install python3-scipy"

machine() {
	load=$(cut -d' ' -f1 /proc/loadavg)
	say "$(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1);" \
		"load average $load"
	if [ "${load%%.*}" -ge 1 ]; then
		say "WARNING: something else is running; all times are upper bounds"
	fi
	echo "machine,load_average,$load"
}

# keep GRAPH: "name value" lines become "GRAPH,name,value".
keep() {
	sed "s|^\([a-z0-9_]*\) \([^ ]*\)\$|$1,\1,\2|"
}

measure() {
	name=$1 nodes=$2 loop=$3 gain=$4
	recipe="$nodes $loop $gain $((loop > 0 ? nodes / 1000 : 0))"
	say "$name"
	$bin/bench_sweep $out/matrix $recipe | keep "$name"
	limited "$name" klu $bin/bench_klu $out/matrix
	if [ -n "$python" ] && [ "$nodes" -le $scipy_up_to ]; then
		for solver in superlu gmres cgs; do
			limited "$name" $solver "$python" tests/bench/scipy_bench.py \
				$out/matrix $solver
		done
	fi
	rm -f $out/matrix
	[ "$nodes" -le $files_up_to ] || return 0
	mkdir -p $out/book
	$bin/graph_book $out/book $recipe >/dev/null &&
		for threads in 2 1; do	# the last one stays
			$bin/bench_book $out/book $threads | keep "$name"
		done
	rm -rf $out/book
}

# limited GRAPH SOLVER COMMAND…: another program, for so long; one that did not finish
# is not tried on larger graphs of the kind.
limited() {
	graph=$1 solver=$2
	shift 2
	gave_up=$out/gave_up.${graph#*/}.$solver
	[ ! -e "$gave_up" ] || return 0
	timeout "$limit" "$@" >$out/lines 2>>$out/errors || : >"$gave_up"
	keep "$graph" <$out/lines
	[ ! -e "$gave_up" ] || echo "$graph,${solver}_gave_up_after_s,$limit"
}

mkdir -p $out
rm -f $out/gave_up.* $out/errors
say "building"
cmake --preset gcc >/dev/null && cmake --build --preset gcc --target bench >/dev/null || exit 1
{
	machine
	for nodes in $sizes; do
		measure "$nodes/none" "$nodes" 0 0.9
		measure "$nodes/100" "$nodes" 100 0.9
		measure "$nodes/1%" "$nodes" $((nodes / 100)) 0.9
		measure "$nodes/10%" "$nodes" $((nodes / 10)) 0.9
	done
	case " $sizes " in *" 1000000 "*)
		for gain in 0.99 0.999 0.9999; do
			say "loop of 100000, gain $gain"
			$bin/bench_sweep - 1000000 100000 $gain 1000 | keep "1000000/10% gain $gain"
		done ;;
	esac
} >$results
rm -f $out/gave_up.* $out/lines
awk -F, -f tests/bench/table.awk $results
awk -F, -f tests/bench/aims.awk $results
