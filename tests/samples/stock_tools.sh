#!/bin/sh
# stock_tools.sh PROGRAM ROOT: what was signed holds for tools that are not ours; one bit
# more or less holds for nobody.
. "$(dirname "$0")/lib.sh"

PLACES=200	# in each of three declarations
# base64url and the dot, each beside what it is with its lowest bit turned.
PAIRS='@ABCDEFGHIJKLMNOPQRSTUVWXYZ[`abcdefghijklmnopqrstuvwxyz{0123456789,-./^_'

# accepted COMPANY: by jose one by one, by tanji all at once, with a key and with a folder.
accepted() {
	dir=$samples/$1
	for jws in "$dir"/out/declarations/*.jws; do
		jose jws ver -i "$jws" -k "$dir/out/keys/k1.jwk" -O /dev/null ||
			fail "jose refuses $jws"
	done
	tanji verify "$dir"/out/declarations/*.jws --key "$dir/out/keys/k1.jwk" --at $at
	tanji verify "$dir"/out/declarations/*.jws --dir "$dir" --at $at
}

# public COMPANY: JSON, and nothing of the secret.
public() {
	for file in did.json jwks.json k1.jwk; do
		jq -e '[.. | objects | has("d")] | any | not' \
			"$samples/$1/out/keys/$file" > /dev/null || fail "$1: $file"
	done
	[ "$(stat -c %a "$samples/$1/out/keys/k1.pem")" = 600 ] || fail "$1: rights of the key"
	grep -q 'PRIVATE KEY' "$samples/$1/out/keys/k1.pem" || fail "$1: no key"
	! grep -rq 'PRIVATE KEY' "$samples/$1"/out/keys/*.j* || fail "$1: the key is out"
}

hex_of_base64url() {
	printf %s "$1" | jose b64 dec -i- -O- | od -An -v -tx1 | tr -d ' \n'
}

bytes_of_hex() {
	octal=$(echo "$1" | awk '
		function digit(i) { return index("0123456789abcdef", substr($0, i, 1)) - 1 }
		{ for (i = 1; i < length($0); i += 2)
			printf "\\%03o", 16 * digit(i) + digit(i + 1) }')
	printf "$octal"
}

# plain_openssl FILE.jws KEY.jwk: a JWS signature is r and s side by side; openssl wants DER.
plain_openssl() {
	rs=$(hex_of_base64url "$(cut -d. -f3 "$1")")
	[ ${#rs} = 128 ] || fail "$1: signature of ${#rs} hex digits"
	printf 'asn1=SEQUENCE:rs\n[rs]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' \
		"$(echo "$rs" | cut -c1-64)" "$(echo "$rs" | cut -c65-128)" > "$scratch/rs"
	openssl asn1parse -genconf "$scratch/rs" -noout -out "$scratch/signature"
	x=$(hex_of_base64url "$(jq -r .x "$2")")
	y=$(hex_of_base64url "$(jq -r .y "$2")")
	# SubjectPublicKeyInfo of a point on P-256 (RFC 5480) up to the point.
	bytes_of_hex "3059301306072a8648ce3d020106082a8648ce3d03010703420004$x$y" |
		openssl pkey -pubin -inform DER -out "$scratch/public"
	cut -d. -f1,2 "$1" | tr -d '\n' > "$scratch/signed"
	openssl dgst -sha256 -verify "$scratch/public" -signature "$scratch/signature" \
		"$scratch/signed" > /dev/null || fail "openssl refuses $1"
}

# by_the_page FILE.jws KEY.jwk: the commands of docs/declarations.md as they are written there.
by_the_page() {
	mkdir -p "$scratch/page"
	cp "$1" "$scratch/page/declaration.jws"
	cp "$2" "$scratch/page/issuer.jwk"
	awk '/^## /{ here = $0 == "## Check the id" } here && /^```/{ code = !code; next }
		here && code' "$root/docs/declarations.md" > "$scratch/page/commands"
	(cd "$scratch/page" && sh -eu ./commands) > "$scratch/ids"
	# Version digit and variant bits (RFC 9562) are not of the hash.
	awk 'function bits(c) { return index("0123456789abcdef", c) - 1 }
		{ id[NR] = $1 }
		END {
			a = id[1]; b = id[2]
			same = NR == 2 && length(a) == 32 && length(b) == 32 &&
			    substr(a, 1, 12) == substr(b, 1, 12) && substr(b, 13, 1) == "8" &&
			    substr(a, 14, 3) == substr(b, 14, 3) &&
			    bits(substr(b, 17, 1)) == 8 + bits(substr(a, 17, 1)) % 4 &&
			    substr(a, 18) == substr(b, 18)
			exit !same
		}' "$scratch/ids" || fail "$1: the id is not the hash: $(cat "$scratch/ids")"
}

# flipped FILE.jws KEY.jwk: at PLACES places from the first to the last byte.
flipped() {
	rm -rf "$scratch/flipped"
	mkdir "$scratch/flipped"
	awk -v n=$PLACES -v to="$scratch/flipped" -v pairs="$PAIRS" '{
		for (i = 0; i < n; i++) {
			at = 1 + int(i * (length($0) - 1) / (n - 1))
			k = index(pairs, substr($0, at, 1))
			file = to "/" at ".jws"
			printf "%s%s%s", substr($0, 1, at - 1),
			    substr(pairs, k % 2 ? k + 1 : k - 1, 1), substr($0, at + 1) > file
			close(file)
		}
	}' "$1"
	[ "$(ls "$scratch/flipped" | wc -l)" = $PLACES ] || fail "not $PLACES places"
	for jws in "$scratch"/flipped/*; do
		! jose jws ver -i "$jws" -k "$2" -O /dev/null 2> /dev/null ||
			fail "jose accepts $1 flipped at $(basename "$jws")"
	done
	status=0
	"$program" verify "$scratch"/flipped/* --key "$2" --at $at --json \
		> "$scratch/verdicts" 2> "$scratch/stderr" || status=$?
	[ $status = 1 ] || fail "exit status $status: $(cat "$scratch/stderr")"
	[ "$(jq -c 'select(.accepted == false)' "$scratch/verdicts" | wc -l)" = $PLACES ] ||
		fail "tanji accepts $1 flipped"
}

chain
for name in mill cord tyre; do
	accepted $name
	public $name
	set -- "$samples/$name"/out/declarations/*.jws
	key=$samples/$name/out/keys/k1.jwk
	plain_openssl "$1" "$key"
	by_the_page "$1" "$key"
	flipped "$1" "$key"
	shift $(($# - 1))	# the last one
	plain_openssl "$1" "$key"
	by_the_page "$1" "$key"
done
