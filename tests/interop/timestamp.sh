#!/bin/sh
# timestamp.sh PROGRAM ROOT: openssl's authority answers our queries; its replies are believed
# of the bytes, the query and the authority they are for, and of no others.
. "$2/tests/samples/lib.sh"
. "$2/tests/interop/authority.sh"

# refused STATUS TEXT ARGUMENTS
refused() {
	want=$1 text=$2
	shift 2
	got=0
	"$program" "$@" > "$scratch/stdout" 2> "$scratch/stderr" || got=$?
	[ $got = "$want" ] || fail "exit status $got, not $want: $* $(cat "$scratch/stderr")"
	grep -qF -e "$text" "$scratch/stderr" ||
		fail "does not say \"$text\": $(cat "$scratch/stderr")"
}

ca_root root
ca_root other
ca_issue tsa root tsa
cd "$scratch"
printf 'log.example\n7\nTjMehNHOmzpZQnDJptMzxQfesHCj8A12DBZdZ8W7iZo=\n' > checkpoint

for digest in '' --gm; do
	tanji timestamp query checkpoint $digest
	openssl ts -query -in checkpoint.tsq -text > query.txt 2> /dev/null ||
		fail "openssl cannot read our query"
	stamp checkpoint
	tanji timestamp check checkpoint --tsa ca/root.pem
	grep -q 'policy 1.2.3.4.1, authority /CN=tsa' stdout || fail "$(cat stdout)"
	openssl ts -verify -queryfile checkpoint.tsq -in checkpoint.tsr -CAfile ca/root.pem \
		> /dev/null 2>&1 || fail "openssl does not accept its own reply to our query"
	cp checkpoint.tsr "good$digest.tsr"
done
# Within its accuracy of now: 1.5 s, rounded up, and the time that all this takes.
by=$(tanji timestamp check checkpoint --tsa ca/root.pem --json && jq -r '.by | fromdate' stdout)
now=$(date +%s)
[ "$by" -ge $((now - 60)) ] && [ "$by" -le $((now + 3)) ] || fail "by $by, it is $now"

tanji timestamp check checkpoint --tsa ca/root.pem --policy 1.2.3.4.1
refused 1 'under the policy 1.2.3.4.1' timestamp check checkpoint --tsa ca/root.pem --policy 1.2.3
refused 1 'not signed by an authority' timestamp check checkpoint --tsa ca/other.pem
refused 65 'no certificates in PEM form' timestamp check checkpoint --tsa ca/tsa.key
refused 2 '--tsa FILE.pem' timestamp check checkpoint
: > nothing
refused 66 'nothing.tsr' timestamp check nothing --tsa ca/root.pem
cp checkpoint.tsq another.tsq
cp checkpoint.tsr another.tsr
printf 'log.example\n8\n' > another
refused 1 'of other bytes' timestamp check another --tsa ca/root.pem
tanji timestamp query checkpoint
refused 1 'answers another query' timestamp check checkpoint --tsa ca/root.pem
rm checkpoint.tsq
tanji timestamp check checkpoint --tsa ca/root.pem

# A digest that is not asked for here, a refusal, a certificate for something else.
openssl ts -query -data checkpoint -sha512 -cert -out checkpoint.tsq 2> /dev/null
stamp checkpoint
refused 1 'another kind' timestamp check checkpoint --tsa ca/root.pem
openssl ts -query -data checkpoint -sha1 -cert -out checkpoint.tsq 2> /dev/null
stamp checkpoint
refused 1 'gave no timestamp' timestamp check checkpoint --tsa ca/root.pem

# What was revoked.
ca_crl none root
ca_revoke tsa root
ca_crl revoked root
cp good--gm.tsr checkpoint.tsr
rm checkpoint.tsq
tanji timestamp check checkpoint --tsa ca/root.pem --crl ca/none.crl
refused 1 'not signed by an authority' timestamp check checkpoint --tsa ca/root.pem \
	--crl ca/revoked.crl

# Cut anywhere, a bit changed anywhere: never believed.
size=$(stat -c %s good.tsr)
for at in $(seq 0 37 $((size - 1))); do
	head -c "$at" good.tsr > checkpoint.tsr
	! "$program" timestamp check checkpoint --tsa ca/root.pem > /dev/null 2>&1 ||
		fail "cut at $at and believed"
done
