#!/bin/sh
# log.sh BUILD [LEAVES]: what the log does in a second (a million leaves), beside raw SHA-256 of the
# same bytes and `openssl speed` in the same run; and the program over as many hashes, with what it
# takes to append one more and to prove one; declarations of two kilobytes signed and logged, singly
# and in a batch, beside openssl's ECDSA on as many processors.  Everything is made in a folder of
# $TMPDIR and removed.
set -eu
build=$1 leaves=${2:-1000000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP
export LC_ALL=C
tanji=$build/tanji

timed() {	# NAME COMMAND…: its wall clock
	name=$1 begin=$(date +%s%N)
	shift
	"$@" >/dev/null 2>&1
	echo "$name $((($(date +%s%N) - begin) / 1000000))"
}

echo "load_average $(cut -d' ' -f1 /proc/loadavg)"
"$build/tests/bench/bench_log" "$folder/log" "$leaves"
openssl speed -seconds 1 ed25519 2>/dev/null | awk '$2 == "bits" && /Ed25519/ {
	print "openssl_ed25519_sign_per_s", $(NF - 1); print "openssl_ed25519_verify_per_s", $NF }'
openssl speed -seconds 1 -multi "$(nproc)" ecdsap256 2>/dev/null | awk '/nistp256/ {
	print "openssl_ecdsap256_sign_per_s", $(NF - 1)
	print "openssl_ecdsap256_verify_per_s", $NF }'
awk -v n="$leaves" 'BEGIN { for (i = 0; i < n; i++)
	printf "%032x%032x  %d\n", i * 7919, i, i }' >"$folder/hashes"
echo one >"$folder/one"
"$tanji" log init "$folder/cli" --name works.example/log >/dev/null 2>&1
timed program_append_all_ms "$tanji" log append "$folder/cli" --hashes "$folder/hashes"
timed program_append_one_ms "$tanji" log append "$folder/cli" "$folder/one"
timed program_prove_one_ms "$tanji" log prove "$folder/cli" "$folder/one"
timed program_fsck_ms "$tanji" log fsck "$folder/cli"
