# lib.sh PROGRAM ROOT: read by the tests beside it.  A scratch copy of the samples to work in,
# removed in the end; nothing is written into the tree.
set -eu
program=$1
root=$2
at=2026-10-15		# as demo.sh has it
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
samples=$scratch/samples
cp -R "$root/samples" "$samples"
rm -rf "$samples"/*/out

fail() {
	printf '%s: %s\n' "$(basename "$0")" "$*" >&2
	exit 1
}

# Aside: what it says matters only where it fails.
tanji() {
	"$program" "$@" > "$scratch/stdout" 2> "$scratch/stderr" || {
		cat "$scratch/stderr" >&2
		fail "tanji $* failed"
	}
}

# company NAME: a key where there is none, then a run; its answer is in $scratch/stdout.
company() {
	[ -f "$samples/$1/out/keys/k1.pem" ] || tanji keys new "$samples/$1"
	tanji run "$samples/$1" --at $at --json
}

chain() {
	company mill
	company cord
	company tyre
}

# serve FOLDER: a node until the script ends, which answers at $address.
serve() {
	"$program" serve "$1" > "$scratch/served" 2>&1 &
	server=$!
	trap 'kill $server; wait $server; rm -rf "$scratch"' EXIT
	tries=0
	until address=$(grep -o 'http://127[^ ]*' "$scratch/served"); do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || { cat "$scratch/served"; fail "the node does not answer"; }
		sleep 0.1
	done
}

# play SCRIPT ARGUMENT: a server in Python until the script ends, which says its port; at $url.
play() {
	python3 "$root/tests/interop/$1" "$2" > "$scratch/port" 2> "$scratch/server.err" &
	server=$!
	trap '[ -z "$server" ] || kill -9 $server; rm -rf "$scratch"' EXIT
	tries=0
	until [ -s "$scratch/port" ]; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || fail "no server: $(cat "$scratch/server.err")"
		sleep 0.1
	done
	url=http://127.0.0.1:$(cat "$scratch/port")
}

# payload FILE.jws: the bytes that were signed.
payload() {
	cut -d. -f2 "$1" | tr -d '\n' | jose b64 dec -i- -O-
}

# payloads COMPANY: of all its declarations, each as {"file": …, "payload": …}.
payloads() {
	awk '{ print FILENAME "\t" $0 }' "$samples/$1"/out/declarations/*.jws |
		jq -cR 'split("\t") | { file: .[0], payload: (.[1] | split(".")[1] |
			gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson) }'
}

# named COMPANY PATTERN: the one declaration whose file name matches.
named() {
	set -- "$samples/$1"/out/declarations/$2.jws
	[ $# = 1 ] && [ -f "$1" ] || fail "not one declaration: $*"
	echo "$1"
}
