#!/bin/sh
# declarations.sh TANJI SOURCE: declarations that must not be believed, in a file and from a
# supplier's registry, where a factor takes their place.
. "$(dirname "$0")/lib.sh"
chain
key=mill/out/keys/k1.jwk
set -- mill/out/declarations/*.jws
jws=$1

what="one character changed, at every place"
awk -v count=0 '{
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for (i = 1; i <= length($0); i++) {
		old = index(letters, substr($0, i, 1))
		file = sprintf("flipped-%05d", i)
		printf "%s%s%s", substr($0, 1, i - 1), substr(letters, old % 64 + 1, 1),
			substr($0, i + 1) >file
		close(file)
	}
}' "$jws"
tanji verify flipped-* --key $key --at $at
[ $? = 1 ] || complain "exit status is not 1"
flipped=$(ls flipped-* | wc -l)
[ "$(grep -c ': REFUSED$' ../out)" = "$flipped" ] || complain "not all were refused"
[ "$flipped" -gt 1000 ] || complain "only $flipped places"
count=$((count + flipped))

# no WHAT TEXT ARGUMENTS: refused with exit status 1, by the gate named in TEXT.
no() {
	what=$1 text=$2
	shift 2
	refuse 1 '' verify "$@"
	grep -q "NO  *$text" ../out || {
		complain "no such gate said no: $text"
		cat ../out
	}
}
fresh
accept '' verify "$jws" --key $key --at $at
no "expired" "valid at the time" "$jws" --key $key --at 2036-10-15
no "not yet valid" "valid at the time" "$jws" --key $key --at 2001-01-01
no "another product's" "of the product asked for" "$jws" --key $key --at $at \
	--product 88.999.1001/OTHER
no "signed by somebody unknown" "signed by a trusted key" "$jws" \
	--key cord/out/keys/k1.jwk --at $at
no "nobody is trusted" "signed by a trusted key" "$jws" --at $at
for text in '' 'x' '..' '{"alg":"none"}' "$(head -c 1000 "$jws")"; do
	printf '%s' "$text" >spoilt.jws
	no "malformed" "well-formed" spoilt.jws --key $key --at $at
done
head -c 5000 /dev/urandom >spoilt.jws
no "random bytes" "well-formed" spoilt.jws --key $key --at $at
what="larger than any declaration"
head -c 5000000 /dev/zero >spoilt.jws
refuse 65 'spoilt.jws' verify spoilt.jws --key $key --at $at
what="a folder"
refuse 66 'is a folder' verify mill/out --key $key --at $at
what="absent"
refuse 66 'none.jws' verify none.jws --key $key --at $at
what="a key that is none"
refuse 65 'tanji.conf' verify "$jws" --key mill/tanji.conf --at $at

# unused WHAT REASON DAY: the cord maker computes with a factor and says why.
unused() {
	what=$1
	accept "a supplier's declaration was not accepted [88.999.1001/26K00901-01]|$2|no supplier's declaration: a factor was used [88.999.1001/26K00901-01]" \
		run cord --at "$3"
	set -- cord/out/declarations/*.jws
	tanji show "$1" --json
	grep -q '88.999.1001' ../out && complain "the declaration names one that was not accepted"
	[ $bad = 0 ] || exit 1
}
fresh
unused "expired" "mill/out/registry: time: " 2036-10-15
fresh
rm -r mill/out/keys
tanji keys new mill
unused "signed with a key that is no longer published" "mill/out/registry: signature: " $at
fresh
sed -i '/^did:web:mill/d' cord/tanji.conf
unused "an issuer who is not trusted" "mill/out/registry: signature: " $at
fresh
sed -i 's/did.json 88.999.1001/did.json 88.999.1009/' cord/tanji.conf
unused "an issuer who may not speak for these" "mill/out/registry: issuer: " $at
fresh
sed -i 's/^did:web:mill.example/did:web:cord2.example/' cord/tanji.conf
what="a name and keys that do not belong together"
refuse 65 'mill/out/keys/did.json' run cord --at $at
done_with "declarations that are not believed"
