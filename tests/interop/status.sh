#!/bin/sh
# status.sh PROGRAM ROOT: a company publishes what it revoked and what it replaced; readers
# hold declarations against the lists, with our program and with tools that are not ours.
. "$2/tests/samples/lib.sh"
mill=$samples/mill
url=https://mill.example/status
out=$mill/out/declarations
lists=$mill/out/status

# bit LIST INDEX: read with python's zlib and nothing of ours.
bit() {
	cut -d. -f2 "$1" | tr -d '\n' | jose b64 dec -i- -O- |
		jq -r .credentialSubject.encodedList | python3 -c '
import base64, gzip, sys
text = sys.stdin.read().strip()
bits = gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-(len(text) - 1) % 4)))
index = int(sys.argv[1])
assert text[0] == "u" and len(bits) == 16384
print(bits[index // 8] >> 7 - index % 8 & 1)' "$2"
}

# verdict WORD DECLARATION [ARGUMENTS]: what the gate of the status says.
verdict() {
	word=$1
	shift
	"$program" verify "$@" --dir "$mill" --at $at --json > "$scratch/verdict" \
		2> "$scratch/stderr" || :
	jq -e --arg word "$word" '.gates.status | contains($word)' "$scratch/verdict" > /dev/null ||
		fail "not \"$word\": $(cat "$scratch/verdict" "$scratch/stderr")"
}

index_of() {
	payload "$1" | jq -r '.credentialStatus[0].statusListIndex'
}

printf '\n[status]\nurl = %s\n' $url >> "$mill/tanji.conf"
tanji keys new "$mill" --at 2026-09-01
tanji run "$mill" --at $at --json
set -- "$out"/*.jws
first=$1 second=$2
count=$#

# Every declaration has a bit of its own, the same in both lists; running again changes none.
payloads mill | jq -r --arg url $url '[.payload.credentialStatus[] | select(
	.type == "BitstringStatusListEntry" and
	.id == .statusListCredential + "#" + .statusListIndex and
	.statusListCredential == $url + "/" + .statusPurpose + "/0/0")] |
	if length == 2 and .[0].statusListIndex == .[1].statusListIndex
	then .[0].statusListIndex else "bad" end' | sort -n > "$scratch/indices"
seq 0 $((count - 1)) | cmp -s - "$scratch/indices" || fail "indices: $(cat "$scratch/indices")"
cat "$out"/*.jws | sha256sum > "$scratch/before"
cp -R "$mill" "$scratch/again"
rm -rf "$scratch/again/out/registry" "$scratch/again/out/declarations"
tanji run "$mill" --at $at --threads 1
cat "$out"/*.jws | sha256sum | cmp -s - "$scratch/before" || fail "a second run changed something"
tanji run "$scratch/again" --at $at --threads 2
all_payloads() {
	awk -F. '{ print $2 }' "$1"/out/declarations/*.jws
}
[ "$(all_payloads "$mill")" = "$(all_payloads "$scratch/again")" ] ||
	fail "other payloads without a registry"

tanji status publish "$mill" --at $at
verdict passed "$first" --status "$lists/revocation/0/0" --status "$lists/refresh/0/0"
verdict 'not checked' "$first" --status "$lists/revocation/0/0"
verdict 'is not here' "$first" --require status
jq -e '.accepted == false' "$scratch/verdict" > /dev/null || fail "accepted unchecked"
[ "$(bit "$lists/revocation/0/0" "$(index_of "$first")")" = 0 ] || fail "a bit is set"

# Revoked: for good.
id=$(payload "$first" | jq -r .id)
tanji status revoke "$id" "$mill" --at $at
tanji status publish "$mill" --at $at
verdict revoked "$first" --status "$lists/revocation/0/0"
verdict passed "$second" --status "$lists/revocation/0/0" --status "$lists/refresh/0/0"
[ "$(bit "$lists/revocation/0/0" "$(index_of "$first")")" = 1 ] || fail "python sees no bit"
[ "$(bit "$lists/revocation/0/0" "$(index_of "$second")")" = 0 ] || fail "python sees another bit"
tanji status show "$lists/revocation/0/0" "$(index_of "$first")"
[ "$(cat "$scratch/stdout")" = 1 ] || fail "show: $(cat "$scratch/stdout")"
! "$program" status revoke urn:uuid:00000000-0000-8000-8000-000000000000 "$mill" 2> /dev/null ||
	fail "an id that is not there was revoked"

# The signature of a list by jose and by jwcrypto; of another key by nobody.
jose jws ver -i "$lists/revocation/0/0" -k "$mill/out/keys/k1.jwk" -O "$scratch/list" ||
	fail "jose refuses the list"
jq -e '.type == ["VerifiableCredential", "BitstringStatusListCredential"]' "$scratch/list" \
	> /dev/null || fail "$(cat "$scratch/list")"
for jws in "$lists/revocation/0/0" "$mill/out/keys/key-history.jws" "$second"; do
	/usr/bin/python3 -c '
import sys
from jwcrypto import jwk, jws
key = jwk.JWK.from_json(open(sys.argv[2]).read())
token = jws.JWS()
token.deserialize(open(sys.argv[1]).read())
token.verify(key)' "$jws" "$mill/out/keys/k1.jwk" || fail "jwcrypto refuses $jws"
done

# Replaced: the old declaration's list says so, the new one has a list of its own.
cp "$second" "$scratch/old.jws"
sed -i 's/^allocation = economic/allocation = mass/' "$mill/tanji.conf"
tanji run "$mill" --at $at
tanji status publish "$mill" --at $at
verdict superseded "$scratch/old.jws" --status "$lists/revocation/0/0" --status "$lists/refresh/0/0"
verdict passed "$second" --status "$lists/revocation/0/0" --status "$lists/refresh/0/0" \
	--status "$lists/revocation/1/0" --status "$lists/refresh/1/0"
[ "$(index_of "$second")" = "$(index_of "$scratch/old.jws")" ] || fail "the product's slot changed"

# A list that ended, is somebody else's, or was changed is not believed.
! "$program" verify "$second" --dir "$mill" --at 2026-12-01 --status "$lists/refresh/0/0" \
	> /dev/null 2> "$scratch/stderr" || fail "a list that ended is believed"
grep -q 'ended at 2026-11-14' "$scratch/stderr" || fail "$(cat "$scratch/stderr")"
tanji keys new "$samples/cord" --at 2026-09-01
! "$program" verify "$second" --key "$samples/cord/out/keys/k1.jwk" --at $at \
	--status "$lists/refresh/0/0" > /dev/null 2> "$scratch/stderr" ||
	fail "a stranger's list is believed"
grep -q 'not trusted here' "$scratch/stderr" || fail "$(cat "$scratch/stderr")"
sed 's/^\(.\{300\}\)./\1-/' "$lists/refresh/0/0" > "$scratch/changed"
! "$program" verify "$second" --dir "$mill" --at $at --status "$scratch/changed" > /dev/null 2>&1 ||
	fail "a changed list is believed"
