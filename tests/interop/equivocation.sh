#!/bin/sh
# equivocation.sh PROGRAM ROOT: a supplier shows less to a customer than to an auditor.
# Each declaration is signed, valid, and in the log; with the supplier's tag key both show to
# whoever looks at the log, here or over HTTP, and whoever holds but one sees that there is more.
. "$2/tests/samples/lib.sh"
server=
trap '[ -z "$server" ] || kill -9 $server; rm -rf "$scratch"' EXIT
cd "$scratch"
count=0

# found STATUS TEXT ARGUMENTS
found() {
	want=$1 text=$2
	shift 2
	count=$((count + 1))
	got=0
	"$program" log subjects "$@" > stdout 2> stderr || got=$?
	[ $got = "$want" ] || fail "exit status $got, not $want: $* $(cat stdout stderr)"
	grep -qF -e "$text" stdout stderr || fail "does not say \"$text\": $(cat stdout stderr)"
}

total_of() {
	cut -d. -f2 "$1" | tr -d '\n' | jose b64 dec -i- -O- |
		jq -r .credentialSubject.tanji.total
}
# declared FOLDER NAME: what those works declare, the first of them as NAME.jws.
declared() {
	name=$2
	tanji run "$1" --at $at
	set -- "$1"/out/declarations/*.jws
	cp "$1" "$name.jws"
}

# The works as they are, and the same works with ore that costs the climate a quarter.
tanji keys new "$samples/mill"
cp -R "$samples/mill" true
cp -R "$samples/mill" nice
sed -i 's/^\(spend.iron-ore,t,CO2\),92.4,/\1,23.1,/' nice/in/factors.csv
declared true auditor
declared nice customer
cp -R true corrected		# the same again later, with its registry: openly
sed -i 's/^\(spend.iron-ore,t,CO2\),92.4,/\1,88.8,/' corrected/in/factors.csv
rm corrected/out/declarations/*
declared corrected correction
[ "$(total_of customer.jws)" != "$(total_of auditor.jws)" ] || fail "the same total"
echo "customer: $(total_of customer.jws) kg, auditor: $(total_of auditor.jws) kg"

openssl rand -out tag.key 32 && chmod 600 tag.key
openssl rand -out other.key 32 && chmod 600 other.key
tanji log init log --name works.example/log
vkey=$(cat log/public/vkey)
seq 300 | while read -r i; do echo "$i" | sha256sum; done | sed 's/-$/x/' > hashes
tanji log append log --hashes hashes
tanji log append log auditor.jws --tag-key tag.key
tanji log append log customer.jws --tag-key tag.key

# Each alone is beyond reproach.
for who in auditor customer; do
	tanji verify $who.jws --dir "$samples/mill" --at $at
	tanji log prove log $who.jws --tag-key tag.key
	tanji log verify $who.jws --vkey "$vkey"
done
# Both together are not; one alone shows that there is another.
found 1 'EQUIVOCATION' log auditor.jws customer.jws --tag-key tag.key
grep -q "leaf 300: $(total_of auditor.jws) kg CO2e/" stdout &&
	grep -q "leaf 301: $(total_of customer.jws) kg CO2e/" stdout || fail "$(cat stdout)"
found 1 "leaf 300: not at hand, SHA-256 $(sha256sum < auditor.jws | cut -c1-64)" \
	log customer.jws --tag-key tag.key
found 1 'UNSEEN' log auditor.jws auditor.jws --tag-key tag.key
found 1 'equivocation' log auditor.jws customer.jws --tag-key tag.key --json
jq -e 'length == 1 and .[0].finding == "equivocation" and (.[0].leaves | length) == 2' stdout \
	> /dev/null || fail "$(cat stdout)"

# Over HTTP, by anyone.
tanji node init node --prefix 88.111.1 --http 127.0.0.1:0
printf '[evidence]\nlog = ../log\n' >> node/node.conf
"$program" serve node > port 2> node.err &
server=$!
tries=0
until grep -q http:// port; do
	tries=$((tries + 1))
	[ $tries -lt 600 ] || fail "no server: $(cat node.err)"
	sleep 0.1
done
url=$(sed 's|.* \(http://[^ ]*\).*|\1|' port)/log
found 1 'EQUIVOCATION' "$url" auditor.jws customer.jws --tag-key tag.key --vkey "$vkey" \
	--allow 127.0.0.0/8
found 2 'which log is to be believed' "$url" auditor.jws --tag-key tag.key --allow 127.0.0.0/8
found 1 'has not signed' "$url" auditor.jws --tag-key tag.key --allow 127.0.0.0/8 \
	--vkey "$(tanji log init other --name works.example/log; cat other/public/vkey)"
kill $server
wait $server || fail "the server: $(cat node.err)"
server=

# A correction that says whose place it takes is none.
tanji log init second --name works.example/log
tanji log append second auditor.jws correction.jws --tag-key tag.key
found 0 'one figure' second auditor.jws correction.jws --tag-key tag.key
grep -q '(-> correction.jws)' stdout || fail "$(cat stdout)"
found 1 'UNSEEN' second auditor.jws --tag-key tag.key

# Tags that are not there or are another's hide nothing.
tanji log init third --name works.example/log
tanji log append third auditor.jws
tanji log append third customer.jws --tag-key other.key
found 1 'UNLOGGED' third auditor.jws --tag-key tag.key
grep -q 'under another tag or none: ' stdout || fail "$(cat stdout)"
found 1 'under another tag or none' third customer.jws --tag-key tag.key
found 1 'EQUIVOCATION' third auditor.jws customer.jws --tag-key tag.key
found 1 'not in the log' third correction.jws --tag-key tag.key
found 2 '--tag-key' third auditor.jws
echo nothing > nothing.jws
found 65 'nothing.jws' third nothing.jws --tag-key tag.key
echo "equivocation: $count cases"
