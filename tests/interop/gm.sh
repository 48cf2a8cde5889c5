#!/bin/sh
# gm.sh PROGRAM ROOT: SM2 sidecars, made here and checked by openssl with the id of GM/T 0009,
# and the other way round.  A signature without the id is refused.
. "$2/tests/samples/lib.sh"
mill=$samples/mill
id=distid:1234567812345678

# by_openssl ID FILE: does openssl accept the sidecar?
by_openssl() {
	openssl pkeyutl -verify -pubin -inkey "$mill/out/keys/sm2.pub.pem" -rawin -digest sm3 \
		-pkeyopt "$1" -in "$2" -sigfile "$2.sm2" > /dev/null 2>&1
}

# refused FILE TEXT
refused() {
	status=0
	"$program" verify "$1" --dir "$mill" --at $at --gm "$mill/out/keys/sm2.pub.pem" --json \
		> "$scratch/verdict" 2> "$scratch/stderr" || status=$?
	[ $status = 1 ] || fail "exit status $status: $(cat "$scratch/stderr")"
	jq -e --arg text "$2" '.gates.signature | contains($text)' "$scratch/verdict" > /dev/null ||
		fail "$(cat "$scratch/verdict")"
}

printf '\n[gm]\nkey = out/keys/sm2.pem\n' >> "$mill/tanji.conf"
tanji keys new "$mill"
! "$program" run "$mill" --at $at > /dev/null 2> "$scratch/stderr" || fail "run without the SM2 key"
grep -q 'tanji keys gm' "$scratch/stderr" || fail "$(cat "$scratch/stderr")"
tanji keys gm "$mill"
grep -q '^did:bid:zf' "$scratch/stdout" || fail "$(cat "$scratch/stdout")"
cp "$scratch/stdout" "$scratch/did"
tanji keys gm "$mill"
cmp -s "$scratch/stdout" "$scratch/did" || fail "the key was replaced"
[ "$(stat -c %a "$mill/out/keys/sm2.pem")" = 600 ] || fail "rights of the key"
tanji run "$mill" --at $at
set -- "$mill"/out/declarations/*.jws
for jws; do
	by_openssl $id "$jws" || fail "openssl refuses $jws.sm2"
done
! by_openssl distid:8765432187654321 "$1" || fail "openssl accepts it with another id"
tanji verify "$@" --dir "$mill" --at $at --gm "$mill/out/keys/sm2.pub.pem"

# A second run leaves what is good and mends what is not.
sha256sum "$mill"/out/declarations/*.sm2 > "$scratch/before"
cp "$2.sm2" "$1.sm2"
refused "$1" 'does not fit'
tanji run "$mill" --at $at
[ "$(sha256sum "$mill"/out/declarations/*.sm2 | diff - "$scratch/before" | grep -c '^>')" = 1 ] ||
	fail "a second run signed what was good"
tanji verify "$1" --dir "$mill" --at $at --gm "$mill/out/keys/sm2.pub.pem"

# Made by openssl: with the id it is as good as ours, without it is nobody's.
sign() {
	openssl pkeyutl -sign -inkey "$mill/out/keys/sm2.pem" -rawin -digest sm3 "$@"
}
sign -pkeyopt $id -in "$1" -out "$1.sm2"
tanji verify "$1" --dir "$mill" --at $at --gm "$mill/out/keys/sm2.pub.pem"
sign -in "$1" -out "$1.sm2"
refused "$1" 'does not fit'
head -c 40 "$2.sm2" > "$1.sm2"
refused "$1" 'not an SM2 signature'
rm "$1.sm2"
! "$program" verify "$1" --dir "$mill" --at $at --gm "$mill/out/keys/sm2.pub.pem" \
	> /dev/null 2>&1 || fail "accepted without a sidecar"
tanji verify "$1" --dir "$mill" --at $at
