#!/bin/sh
# timestamp_http.sh PROGRAM ROOT: openssl's authority behind a real HTTP server.  A good reply is
# checked and kept; each that is not good is refused by its name, and nothing is written.
. "$2/tests/samples/lib.sh"
. "$2/tests/interop/authority.sh"
count=0

ca_root root
ca_root other
ca_issue tsa root tsa
ca_issue stranger other tsa
# One that ends as it begins.
ca_key late
openssl req -new -config "$ca/conf" -key "$ca/late.key" -subj /CN=late -out "$ca/late.csr"
openssl x509 -req -in "$ca/late.csr" -CA "$ca/root.pem" -CAkey "$ca/root.key" -CAcreateserial \
	-extfile "$ca/conf" -extensions tsa -days 0 -sha256 -out "$ca/late.pem" 2> /dev/null
cd "$scratch"
play tsa.py "$ca"
printf 'log.example\n7\nTjMehNHOmzpZQnDJptMzxQfesHCj8A12DBZdZ8W7iZo=\n' > checkpoint

# refused STATUS TEXT KIND [ARGUMENTS]: and nothing lies there that was not there before.
refused() {
	want=$1 text=$2 kind=$3
	shift 3
	count=$((count + 1))
	got=0
	sha256sum checkpoint.ts? > before 2> /dev/null || :
	"$program" timestamp get checkpoint --url "$url/$kind" --tsa "$ca/root.pem" "$@" \
		> stdout 2> stderr || got=$?
	[ $got = "$want" ] || fail "$kind: exit status $got, not $want: $(cat stderr)"
	grep -qF -e "$text" stderr || fail "$kind: does not say \"$text\": $(cat stderr)"
	sha256sum checkpoint.ts? > after 2> /dev/null || :
	cmp -s before after || fail "$kind: something was written"
}

refused 77 'not connected to unless' good
set -- --allow 127.0.0.0/8
refused 1 'answers another query: its nonce' nonce "$@"
refused 1 'of other bytes' imprint "$@"
refused 1 'certificate has expired' late "$@"
refused 1 'not signed by an authority' stranger "$@"
refused 65 'larger than 65536 bytes' huge "$@"
refused 65 'not a reply of RFC 3161' garbage "$@"
refused 65 'not a reply of RFC 3161' cut "$@"
refused 1 'gave no timestamp: status 2' refuse "$@"
refused 1 'the authority says 500' fault "$@"
refused 1 'the authority says 302' moved "$@"
refused 75 'in time' slow "$@" --deadline 1
refused 1 'under the policy 1.2.3.4.1' good "$@" --policy 1.2.3
[ ! -e checkpoint.tsr ] && [ ! -e checkpoint.tsq ] || fail "there is something"
for digest in '' --gm; do
	tanji timestamp get checkpoint --url "$url/good" --tsa "$ca/root.pem" --allow 127.0.0.0/8 \
		$digest
	grep -q 'policy 1.2.3.4.1, authority /CN=tsa' stdout || fail "$(cat stdout)"
	tanji timestamp check checkpoint --tsa "$ca/root.pem"
	openssl ts -verify -queryfile checkpoint.tsq -in checkpoint.tsr -CAfile "$ca/root.pem" \
		> /dev/null 2>&1 || fail "openssl does not accept the reply"
	count=$((count + 1))
done
# A stamp that is there stays where the next one is refused.
refused 1 'answers another query: its nonce' nonce "$@"
refused 65 'not a reply of RFC 3161' garbage "$@"
refused 75 'in time' slow "$@" --deadline 1
tanji timestamp check checkpoint --tsa "$ca/root.pem"
status=0
"$program" timestamp get checkpoint --url ftp://x --tsa "$ca/root.pem" 2> stderr || status=$?
[ $status = 65 ] || fail "ftp: $status"
status=0
"$program" timestamp get checkpoint --url "$url/good" 2> stderr || status=$?
[ $status = 2 ] || fail "without --tsa: $status"
status=0
"$program" timestamp get checkpoint --url http://127.0.0.1:9/ --tsa "$ca/root.pem" \
	--allow 127.0.0.1 2> stderr || status=$?
[ $status = 75 ] || fail "nobody there: $status"
echo "timestamps over HTTP: $count cases"
