#!/bin/sh
# bundle.sh PROGRAM ROOT: an auditor without a network has a phone, the company's key and one
# file.  All gates pass from it; damaged, exchanged, foreign and old ones are refused by name.
. "$2/tests/samples/lib.sh"
mill=$samples/mill
cord=$samples/cord
log=$scratch/log

printf '\n[status]\nurl = https://cord.example/status\n[label]\nsite = https://id.cord.example\n' \
	>> "$cord/tanji.conf"
company mill
company cord
tanji status publish "$cord" --at $at
set -- "$cord"/out/declarations/*.jws
jws=$1
product=$("$program" verify "$jws" --dir "$cord" --at $at --json | jq -r .product)

# In a log, with its proof beside it; the policy goes into the bundle.
tanji log init "$log" --name log.cord.example
tanji log append "$log" "$jws"
tanji log prove "$log" "$jws"
printf 'log %s\nquorum none\n' "$(cat "$log/public/vkey")" > "$scratch/policy"

"$program" label "$product" --dir "$cord" > "$scratch/label" || fail "no label"
label=$(cat "$scratch/label")
tanji bundle "$label" --dir "$cord" --output "$scratch/made.bundle" --at $at \
	--policy "$scratch/policy"
tanji bundle "$product" --dir "$cord" --output "$scratch/product.bundle" --at $at
tanji bundle "$jws" --dir "$cord" --output "$scratch/file.bundle" --alone --at $at

# What the auditor has: one file and one key.  No folder of a company, no server, no network.
desk=$scratch/desk
mkdir "$desk"
mv "$scratch/made.bundle" "$desk/x.bundle"
cp "$cord/out/keys/k1.jwk" "$desk"
rm -rf "$log"
mv "$samples" "$scratch/away"
cut=
unshare -rn true 2> /dev/null && cut='unshare -rn'
ask() {
	(cd "$desk" && $cut "$program" verify "$@")
}
ask x.bundle --key k1.jwk --at 2026-10-20 > "$scratch/verdict" || fail "$(cat "$scratch/verdict")"
for line in 'x.bundle: accepted' 'status as of 2026-10-15T00:00:00Z' 'label: accepted' \
	'ok .*neither revoked nor superseded' 'ok .*in a transparency log' \
	'upstream hdl:88.999.1001/.*: accepted, with keys on the word'; do
	grep -q -e "$line" "$scratch/verdict" || fail "no \"$line\": $(cat "$scratch/verdict")"
done
ask x.bundle --key k1.jwk --at 2026-10-20 --json > "$scratch/verdict" || fail "as JSON"
jq -e '.accepted and .status_as_of == "2026-10-15T00:00:00Z" and .label == "passed" and
	([.declarations[0].gates[]] | all(. == "passed")) and
	(.declarations[0].vouched | not) and (.declarations | length) > 1 and
	([.declarations[1:][].vouched] | all)' "$scratch/verdict" > /dev/null ||
	fail "$(cat "$scratch/verdict")"
ask x.bundle --key k1.jwk --at 2026-10-20 --require status --require log --product "$product" \
	--label "$label" > "$scratch/verdict" 2>&1 || fail "$(cat "$scratch/verdict")"

# Stock tools open it: jose and jwcrypto.
jose jws ver -i "$desk/x.bundle" -k "$desk/k1.jwk" -O "$scratch/payload" || fail "jose refuses it"
jq -e '.iss == "did:web:cord.example" and .exp > .iat' "$scratch/payload" > /dev/null ||
	fail "$(cat "$scratch/payload")"
jq -r '.declarations[0].jws' "$scratch/payload" | tr -d '\n' > "$scratch/inner"
jose jws ver -i "$scratch/inner" -k "$desk/k1.jwk" -O /dev/null || fail "jose refuses what is in it"

# refused TEXT ARGUMENTS: the bundle as a whole.
refused() {
	text=$1
	shift
	status=0
	ask "$@" > "$scratch/verdict" 2>&1 || status=$?
	[ $status = 1 ] || fail "exit status $status: verify $*: $(cat "$scratch/verdict")"
	grep -q -e "$text" "$scratch/verdict" || fail "not \"$text\": $(cat "$scratch/verdict")"
}
now='--key k1.jwk --at 2026-10-20'
refused 'the bundle expired at 2026-11-14' x.bundle --key k1.jwk --at 2026-11-14
refused 'the bundle was made at 2026-10-15' x.bundle --key k1.jwk --at 2026-10-14
refused 'who is not trusted here' x.bundle --at 2026-10-20
size=$(wc -c < "$desk/x.bundle")
head -c $((size - 1)) "$desk/x.bundle" > "$desk/cut.bundle"
refused 'REFUSED: ' cut.bundle $now
head -c $((size / 2)) "$desk/x.bundle" > "$desk/cut.bundle"
refused 'not a compact JWS' cut.bundle $now
: > "$desk/cut.bundle"
refused 'not a compact JWS' cut.bundle $now
sed 's/^\(.\{3000\}\)./\1-/' "$desk/x.bundle" > "$desk/changed.bundle"
refused 'does not fit these bytes\|base64' changed.bundle $now
cp "$scratch/inner" "$desk/decl.bundle"
refused 'typ is "vc+jwt", expected tanji-bundle+jwt' decl.bundle $now
cp "$desk/x.bundle" "$desk/x.jws"			# told by what it says, too
ask x.jws $now > /dev/null || fail "under another name"

# again HEADER PROGRAM-OF-JQ KEY: the payload changed and signed anew.
again() {
	jq -cj "$2" "$scratch/payload" > "$scratch/changed"
	/usr/bin/python3 -c '
import sys
from jwcrypto import jwk, jws
token = jws.JWS(open(sys.argv[1], "rb").read())
token.add_signature(jwk.JWK.from_pem(open(sys.argv[2], "rb").read()), None, sys.argv[3], None)
print(token.serialize(compact=True), end="")' "$scratch/changed" "$3" "$1" > "$desk/again.bundle"
}
own='{"alg":"ES256","kid":"did:web:cord.example#k1","typ":"tanji-bundle+jwt"}'
pem=$scratch/away/cord/out/keys/k1.pem
mill_pem=$scratch/away/mill/out/keys/k1.pem
again "$own" . "$pem"
ask again.bundle $now > /dev/null || fail "signed by jwcrypto"
again '{"alg":"ES256","kid":"did:web:mill.example#k1","typ":"tanji-bundle+jwt"}' . "$mill_pem"
refused 'did:web:mill.example#k1", who is not trusted here' again.bundle $now
cp "$scratch/away/mill/out/keys/k1.jwk" "$desk/mill.jwk"
refused 'is that of did:web:cord.example, and signed by did:web:mill.example' again.bundle \
	--key mill.jwk --at 2026-10-20
again "$own" . "$mill_pem"
refused 'does not fit these bytes' again.bundle $now
# What the signer itself exchanged: the parts answer for themselves.
again "$own" '.declarations[0] = .declarations[1]' "$pem"
refused 'is of an issuer who is not trusted here\|named by no other' again.bundle $now
again "$own" '.declarations[1].jws |= sub(".....$"; "AAAAA")' "$pem"
refused 'upstream .*: REFUSED' again.bundle $now
again "$own" 'del(.declarations[0].jws)' "$pem"
refused 'REFUSED: ' again.bundle $now
again "$own" '.declarations = []' "$pem"
refused 'without a declaration' again.bundle $now
again "$own" '.status[0] |= sub(".....$"; "AAAAA")' "$pem"
refused 'the list https://cord.example/status' again.bundle $now
again "$own" '.declarations[0].proof |= sub("index 0"; "index 1")' "$pem"
refused 'REFUSED: ' again.bundle $now
again "$own" '.policy = "log " + ("x" * 60) + "\nquorum none\n"' "$pem"
refused 'REFUSED: ' again.bundle $now
again "$own" 'del(.exp)' "$pem"
refused 'must say when it was made' again.bundle $now
again "$own" '.label |= sub("88.999"; "88.998")' "$pem"
refused 'label: ' again.bundle $now
"$program" label --dir "$scratch/away/mill" --site https://id.mill.example > "$scratch/labels"
refused 'one of another declaration' x.bundle $now --label "$(head -1 "$scratch/labels")"

# Without proof and lists: said, not passed over.
ask ../product.bundle $now > "$scratch/verdict" || fail "$(cat "$scratch/verdict")"
grep -q '? .*not checked: no proof' "$scratch/verdict" || fail "$(cat "$scratch/verdict")"
refused 'no proof of a log' ../product.bundle $now --require log
ask ../file.bundle $now > "$scratch/verdict" || fail "$(cat "$scratch/verdict")"
! grep -q "^upstream" "$scratch/verdict" || fail "not alone"

# A revoked declaration is not made better by a bundle.
mv "$scratch/away" "$samples"
id=$(payload "$jws" | jq -r .id)
tanji status revoke "$id" "$cord" --at $at
! "$program" bundle "$jws" --dir "$cord" --output "$scratch/late.bundle" --at $at \
	2> "$scratch/stderr" || fail "a bundle of what was revoked"
grep -q 'is not to be believed.*status: revoked' "$scratch/stderr" ||
	fail "$(cat "$scratch/stderr")"
[ ! -e "$scratch/late.bundle" ] || fail "it was written all the same"
