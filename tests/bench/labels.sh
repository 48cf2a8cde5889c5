#!/bin/sh
# labels.sh PROGRAM ROOT QR_BENCH [LABELS]: a lot of LABELS things (1000) with serials: labels a
# second as texts and as sheets, beside libqrencode alone with the same texts in the same run;
# each code of the sheets read back by zbarimg; then the page of one under load, alone and while
# batches run (wrk: apt-get install wrk).
. "$(dirname "$0")/../samples/lib.sh"
program=$(realpath "$1") bench=$3 count=${4:-1000}
tyre=$samples/tyre lot=https://id.gs1.org/01/09521234543213/10/2609250001

sed -i 's,/21/{batch},/10/{batch},' "$tyre/tanji.conf"
chain
seq -f 'S%06.0f' "$count" > "$scratch/serials"

# timed NAME OPTION…: labels a second of one call.
timed() {
	name=$1
	shift
	begun=$(date +%s.%N)
	tanji label "$lot" --dir "$tyre" --site https://id.tyre.example \
		--serials "$scratch/serials" "$@"
	echo "$name $count $begun $(date +%s.%N)" |
		awk '{ printf "%-34s %7.0f labels/s\n", $1, $2 / ($4 - $3) }'
}

timed label.text
cp "$scratch/stdout" "$scratch/labels"
[ "$(wc -l < "$scratch/labels")" = "$count" ] || fail "not $count labels"
printf '%-34s %7.0f codes/s\n' libqrencode.alone "$("$bench" < "$scratch/labels")"
timed label.pdf --format pdf --output "$scratch/sheet.pdf"

# A few pages at a time: a page is nine megabytes of dots.  Of fourteen codes on a page zbar now
# and then misses one, as a phone does: each is read at one of two sizes of the dots.
pages=$(((count + 13) / 14)) page=1
while [ $page -le $pages ]; do
	for dpi in 300 254; do
		pdftoppm -r $dpi -gray -f $page -l $((page + 7)) "$scratch/sheet.pdf" \
			"$scratch/page"
		zbarimg -q --raw -Sdisable -Sqrcode.enable "$scratch"/page-*.pgm 2> /dev/null \
			>> "$scratch/read.$dpi"
		rm "$scratch"/page-*.pgm
	done
	page=$((page + 8))
done
sort -u -t'?' -k1,1 "$scratch/read.300" "$scratch/read.254" > "$scratch/decoded"
# Signatures differ from call to call; serials and all else does not.
for file in labels decoded; do
	cut -d'?' -f1 "$scratch/$file" | sort > "$scratch/$file.links"
done
cmp "$scratch/labels.links" "$scratch/decoded.links" || fail "other codes than were printed"
xargs "$program" verify --dir "$tyre" --at $at < "$scratch/decoded" > "$scratch/verdicts" ||
	fail "a code from the sheets is not accepted"
[ "$(grep -c ': accepted' "$scratch/verdicts")" = "$count" ] || fail "not all are accepted"
echo "$count codes on $pages pages: all read back by zbarimg and accepted, at 300 dots" \
	"an inch $(cut -d'?' -f1 "$scratch/read.300" | sort -u | wc -l)"

command -v wrk > /dev/null || exit 0
mkdir "$scratch/node"
cat > "$scratch/node/node.conf" << END
[node]
name = Example Tyre
registry = $tyre/out/registry
did = $tyre/out/keys/did.json
[listen]
http = 127.0.0.1:0
[limits]
threads = 2
[log]
access = off
END
serve "$scratch/node"
link=$(head -n 1 "$scratch/labels" | sed "s,^https://id.tyre.example,$address,")

# load NAME
load() {
	wrk -t1 -c32 -d4s --latency "$link" > "$scratch/wrk"
	! grep -E 'Socket errors|Non-2xx' "$scratch/wrk" || fail "pages failed"
	awk -v name="$1" '$1 == "99%" { p99 = $2 } $1 == "Requests/sec:" { rate = $2 }
		END { printf "%-34s %7.0f pages/s  p99 %s\n", name, rate, p99 }' "$scratch/wrk"
}
load page
(cd "$scratch" && while [ ! -e stop ]; do
	"$program" run samples/mill --at $at --json > run.out 2>&1 || touch failed
done) &
batches=$!
load page.while.batches.run
touch "$scratch/stop"
wait $batches
[ ! -e "$scratch/failed" ] || { cat "$scratch/run.out"; fail "a batch failed"; }
