#!/bin/sh
# demo.sh PROGRAM: three companies, one after the other, as in a real chain.
# Run again, it changes nothing; rm -rf samples/*/out begins anew.
set -eu
program=$1
at=2026-10-15		# the day the figures are declared: same input, same bytes
samples=$(dirname "$0")

step() {
	printf '\n== %s\n' "$*"
}

show() {
	printf '$ %s\n' "$*"
}

fail() {
	printf 'demo: %s\n' "$*" >&2
	exit 1
}

tanji() {
	show tanji "$@"
	"$program" "$@"
}

# company NAME: a key once, then check and run.
company() {
	folder=$samples/$1
	[ -f "$folder/out/keys/k1.pem" ] || tanji keys new "$folder"
	tanji check "$folder" --at $at
	tanji run "$folder" --at $at
}

# stock NAME: every declaration of a company, by a tool that is not ours.
stock() {
	count=0
	key=$samples/$1/out/keys/k1.jwk
	for jws in "$samples/$1"/out/declarations/*.jws; do
		[ -e "$jws" ] || fail "$1 has no declarations"
		jose jws ver -i "$jws" -k "$key" -O /dev/null ||
			fail "$jws: jose does not accept it"
		count=$((count + 1))
	done
	echo "$1: $count declarations, all accepted by jose with $key"
}

step "An export with a wrong unit is refused, and says where (exit status 65)"
status=0
tanji check "$samples/cord/first-export" --at $at || status=$?
echo "exit status $status"
[ $status = 65 ] || fail "expected exit status 65"

step "The mill: wire rod by coil"
company mill
step "The cord maker: asks the mill's registry for the coils it bought"
company cord
step "The tyre maker: asks the cord maker's registry"
company tyre

step "Where the declarations lie, and who accepts them"
for name in mill cord tyre; do
	stock $name
done
set -- "$samples"/tyre/out/declarations/*.jws
tyre=$1
tanji verify "$tyre" --key "$samples/tyre/out/keys/k1.jwk" --at $at

step "One tyre: what a stranger reads with jose and jq"
show jose jws ver -i "$tyre" -k "$samples/tyre/out/keys/k1.jwk" -O-
jose jws ver -i "$tyre" -k "$samples/tyre/out/keys/k1.jwk" -O- | jq .

step "The same in words, and where each kilogram comes from"
id=$(jose jws ver -i "$tyre" -k "$samples/tyre/out/keys/k1.jwk" -O- |
	jq -r .credentialSubject.id)
tanji show "$tyre"
tanji explain "$id" "$samples/tyre" --at $at
drawing=$samples/tyre/out/trace.svg
step "And drawn: $drawing"
show tanji trace "$id" "$samples/tyre" --at $at --cutoff 2 --format svg
if [ ! -f "$drawing" ]; then
	"$program" trace "$id" "$samples/tyre" --at $at --cutoff 2 --format svg > "$drawing"
fi
step "Done. Keys: samples/*/out/keys, declarations: samples/*/out/declarations"
