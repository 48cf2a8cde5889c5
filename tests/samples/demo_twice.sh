#!/bin/sh
# demo_twice.sh PROGRAM ROOT: a second run changes nothing; without the outputs, with the
# keys or without, the same payloads and ids come again.
. "$(dirname "$0")/lib.sh"

demo() {
	sh "$samples/demo.sh" "$program" > "$scratch/demo" 2>&1 || {
		tail -n 20 "$scratch/demo" >&2
		fail "the demo failed"
	}
}

# Bytes and times of all that lies in out/, folders too.  LMDB's table of readers
# (lock.mdb) is no content: whoever looks into a registry leaves a mark in it.
outputs() {
	(cd "$samples" && find */out ! -name lock.mdb -printf '%p %T@\n' | sort &&
		find */out -type f ! -name lock.mdb -exec sha256sum {} + | sort)
}

payloads() {
	(cd "$samples" && awk -F . '{ print FILENAME, $2 }' */out/declarations/*.jws)
}

demo
[ "$(grep -c ' declarations: [1-9][0-9]* new, 0 replacing earlier ones, 0 unchanged' \
	"$scratch/demo")" = 3 ] || fail "the first run: not three companies with new declarations"
outputs > "$scratch/outputs"
payloads > "$scratch/payloads"
[ "$(wc -l < "$scratch/payloads")" -ge 200 ] || fail "fewer than 200 declarations"

demo
[ "$(grep -c ' declarations: 0 new, 0 replacing earlier ones, [1-9][0-9]* unchanged' \
	"$scratch/demo")" = 3 ] || fail "the second run signed something"
outputs | diff "$scratch/outputs" - || fail "the second run changed something"

rm -rf "$samples"/*/out/registry "$samples"/*/out/declarations
demo
payloads | diff "$scratch/payloads" - || fail "other payloads with the same keys"

rm -rf "$samples"/*/out
demo
payloads | diff "$scratch/payloads" - || fail "other payloads with new keys"
