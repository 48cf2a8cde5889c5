#!/bin/sh
# huge.sh TANJI SOURCE: an export of 64 MB (TANJI_MEGABYTES), with TANJI_SLOW=1 of 1 GB:
# says time and memory.
. "$(dirname "$0")/lib.sh"
chain
export=cord/in/MB51.csv
megabytes=${TANJI_MEGABYTES:-64}
[ -z "${TANJI_SLOW:-}" ] || megabytes=1024

# measured ARGUMENTS: as tanji, and says how long it took and how much memory at most.
measured() {
	own
	begin=$(date +%s%N)
	${as:-env} "$TANJI" "$@" >../out 2>../err </dev/null &
	process=$!
	peak=0
	while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$process/status 2>/dev/null) &&
		[ -n "$now" ]; do
		peak=$now
		sleep 0.05
	done
	wait $process
	got=$?
	echo "$what: $megabytes MB in $((($(date +%s%N) - begin) / 1000000)) ms," \
		"$((peak / 1024)) MiB at most, exit status $got"
}

# rows: the good export and as many receipts of drawing soap as make up the size.
rows() {
	cat "$source/samples/$export"
	awk -v bytes=$((megabytes * 1048576)) 'BEGIN {
		while (made < bytes) {
			row = sprintf("6%09d;0001;101;000000000000010203;Drawing soap;2000;0001;;" \
				"%d,5;KG;;%02d.09.2026;4500091541;;MES_IF", n,
				n % 900 + 1, n % 30 + 1)
			print row
			made += length(row) + 1
			n++
		}
	}'
}

what="good rows"
fresh
rows >$export
measured check cord --at $at --quiet
[ $got = 0 ] || complain "exit status $got, not 0"
[ $bad = 0 ] || head -n 5 ../err
what="an error in the last row"
lines=$(wc -l <$export)
echo "7000000000;0001;101;000000000000010203;Soap;2000;0001;;many;KG;;01.09.2026;;;" >>$export
measured run cord --at $at
[ $got = 65 ] || complain "exit status $got, not 65"
says "MB51.csv:$((lines + 1)):9: quantity|found \"many\""
[ ! -e cord/out/registry ] || complain "there is a registry"
what="an error in every row"
sed -i 's/;KG;/;FOO;/' $export
measured run cord --at $at
[ $got = 65 ] || complain "exit status $got, not 65"
says 'MB51.csv:3:10: unit|"FOO"'
[ "$(wc -c <../err)" -lt 10000000 ] || complain "more than 10 MB of errors"
what="one row without an end"
head -c $((megabytes * 1048576)) /dev/zero | tr '\0' x >$export
measured check cord --at $at
[ $got = 65 ] || complain "exit status $got, not 65"
says 'MB51.csv:1'
what="a hole"
rm $export
truncate -s ${megabytes}M $export
measured check cord --at $at
[ $got = 65 ] || complain "exit status $got, not 65"
says 'MB51.csv:1|binary'
what="larger than any table"
truncate -s 5G $export
measured check cord --at $at
[ $got = 65 ] || complain "exit status $got, not 65"
says 'MB51.csv|more than the 4294967296 allowed'
count=6
done_with "huge files"
