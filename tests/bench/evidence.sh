#!/bin/sh
# evidence.sh BENCH_EVIDENCE: signatures a second, ours and those of `openssl speed`, one run.
set -eu
bench=$1
"$bench"
for algorithm in ecdsap256 sm2; do
	openssl speed -elapsed -seconds 2 "$algorithm" 2> /dev/null | tail -n 1 |
		awk -v name="openssl.$algorithm" '{
			print name ".sign", $(NF - 1)
			print name ".verify", $NF
		}'
done
