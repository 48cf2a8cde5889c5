#!/bin/sh
# batch.sh PROGRAM ROOT: declarations that one signature under a log's checkpoint covers.  They
# count with the proof beside them and not without; stock tools check both halves of it: openssl
# the declarer's signature of the checkpoint, sha256sum and printf the leaf; and jose, which knows
# nothing of batches, refuses them.
. "$2/tests/samples/lib.sh"
. "$2/tests/interop/der.sh"
mill=$samples/mill
log=$scratch/log

# refused GATE TEXT ARGUMENTS
refused() {
	gate=$1 text=$2
	shift 2
	status=0
	"$program" verify "$@" --at $at --json > "$scratch/verdict" 2> "$scratch/stderr" ||
		status=$?
	[ $status = 1 ] || fail "exit status $status: verify $*: $(cat "$scratch/stderr")"
	jq -e --arg gate "$gate" --arg text "$text" '.accepted == false and
		(.gates[$gate] | contains($text))' "$scratch/verdict" > /dev/null ||
		fail "$(cat "$scratch/verdict")"
}

tanji log init "$log" --name mill.example/log
vkey=$(cat "$log/public/vkey")
printf '\n[log]\ndir = %s\n' "$log" >> "$mill/tanji.conf"
sed -i 's/^\[declare\]$/&\nsign = batch/' "$mill/tanji.conf"
tanji keys new "$mill"
tanji run "$mill" --at $at
set -- "$mill"/out/declarations/*.jws
key=$mill/out/keys/k1.jwk
tanji verify "$@" --key "$key" --vkey "$vkey" --at $at
tanji verify "$@" --dir "$mill" --vkey "$vkey" --at $at --require log
tanji log verify "$@" --vkey "$vkey"
refused signature 'with its log' "$1" --key "$key"

# One signature: of the checkpoint, by the key that did.json shows; openssl checks it.
proof=$1.tlog-proof
sed '1,/^$/d' "$proof" > "$scratch/checkpoint"
sed '/^$/,$d' "$scratch/checkpoint" > "$scratch/text"
line=$(sed -n 's/^— did:web:mill.example#k1 //p' "$scratch/checkpoint")
[ -n "$line" ] || fail "the company has not signed: $(cat "$scratch/checkpoint")"
echo "$line" | openssl base64 -d -A | tail -c 64 > "$scratch/raw"
der_of "$scratch/raw" > "$scratch/der"
openssl pkey -in "$mill/out/keys/k1.pem" -pubout -out "$scratch/public.pem"
openssl dgst -sha256 -verify "$scratch/public.pem" -signature "$scratch/der" "$scratch/text" \
	> /dev/null || fail "openssl refuses the company's signature of the checkpoint"
# And the leaf is made by hand.
index=$(sed -n 's/^index //p' "$proof")
printf 'tanji-leaf/v1\nbatch\n%s\n-\n' "$(sha256sum "$1" | cut -c1-64)" > "$scratch/leaf"
grep -qaF "$(sed -n 3p "$scratch/leaf")" "$log/public/tile/entries/000.p/"* ||
	fail "leaf $index is not in the log"
! jose jws ver -i "$1" -k "$key" -O- > /dev/null 2>&1 || fail "jose takes a batch for a JWS"

# A changed figure, another's proof, a proof without the company's line: refused.
sed 's/^\(.*\.[A-Za-z0-9_-]*\)A\([A-Za-z0-9_-]*\.\)/\1B\2/' "$1" > "$scratch/changed.jws"
cmp -s "$1" "$scratch/changed.jws" && fail "nothing was changed"
cp "$proof" "$scratch/changed.jws.tlog-proof"
! "$program" verify "$scratch/changed.jws" --key "$key" --vkey "$vkey" --at $at \
	> "$scratch/stdout" 2>&1 || fail "a changed declaration is accepted"
refused signature 'log' "$1" --key "$key" --vkey "$vkey" --proof "$2.tlog-proof"
sed '/^— did:web/d' "$proof" > "$scratch/bare"
refused signature 'is not signed by the key' "$1" --key "$key" --vkey "$vkey" \
	--proof "$scratch/bare"
tanji log init "$scratch/other" --name other.example/log
refused signature 'is not one that is believed' "$1" --key "$key" \
	--vkey "$(cat "$scratch/other/public/vkey")"

# Whoever has somebody log a file as theirs does not make them declare it.
tanji log init "$scratch/plain" --name plain.example/log
! "$program" log append "$scratch/plain" "$1" > /dev/null 2> "$scratch/stderr" ||
	fail "a batch's file is appended as anybody's"
grep -q 'declares it' "$scratch/stderr" || fail "$(cat "$scratch/stderr")"
sha256sum "$1" | "$program" log append "$scratch/plain" --hashes - > /dev/null 2>&1
! "$program" log prove "$scratch/plain" "$1" > /dev/null 2>&1 ||
	fail "a hash became the leaf of a batch"
! "$program" log append "$scratch/plain" "$1" --kind batch > /dev/null 2>&1 || fail "--kind batch"

# A head that `log append` has signed lacks the line; the next run adds it, and cosigning keeps it.
tanji log append "$log" "$scratch/leaf"
tanji log prove "$log" "$1"
refused signature 'is not signed by the key' "$1" --key "$key" --vkey "$vkey"
tanji run "$mill" --at $at
tanji witness init "$scratch/w" --name w.example
tanji witness follow "$scratch/w" "$vkey"
"$program" log request "$log" > "$scratch/request"
"$program" witness cosign "$scratch/w" "$scratch/request" > "$scratch/answer" 2> /dev/null
printf 'log %s\nwitness w %s\nquorum w\n' "$vkey" "$(cat "$scratch/w/public/vkey")" \
	> "$scratch/policy"
tanji log cosign "$log" "$scratch/answer" --policy "$scratch/policy"
tanji log prove "$log" "$@"
tanji verify "$@" --key "$key" --policy "$scratch/policy" --at $at

# From batches to single signatures: what is there stays as it is.
sed -i 's/^sign = batch/sign = each/' "$mill/tanji.conf"
tanji run "$mill" --at $at --json
jq -e '.log.appended == 0' "$scratch/stdout" > /dev/null || fail "$(cat "$scratch/stdout")"
tanji fsck "$mill/out/registry"
