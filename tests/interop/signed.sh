#!/bin/sh
# signed.sh TANJI SOURCE: a supplier's record in a network of three levels is signed; a customer
# resolves it, without and with certificates that lead to a root he trusts, made by the nodes and
# with openssl, as others make them; and each thing that does not fit is named.
set -u
tanji=$1 source=$2
scratch=$(mktemp -d) || exit 2
export TANJI="$tanji" NO_COLOR=1 LANG=C LC_ALL=C TZ=UTC
network=$source/tests/interop/network.sh
trap 'sh "$network" down "$scratch/net"; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
cd "$scratch" || exit 2
at=2026-10-15 cases=0 now=$(date -d 2026-10-15 +%s)

die() {
	echo "signed.sh: $what: $*"
	cat out err
	exit 1
}

# does STATUS 'TEXT' ARGUMENTS: `tanji …` ends so and says so.
does() {
	want=$1 says=$2
	shift 2
	cases=$((cases + 1)) what="$*"
	"$tanji" "$@" --at $at >out 2>err </dev/null
	got=$?
	[ $got = "$want" ] || die "exit status $got, not $want"
	cat out err | grep -qF -e "$says" || die "does not say: $says"
}

sh "$network" up net 1 || exit 1
mill=net/enterprise-0001 prefix=88.101.0001
https=https://127.0.0.1:$(cat $mill/https_port)

cp -R "$source/samples/mill" . && rm -rf mill/out
sed -i "s/88\.999\.1001/$prefix/" mill/tanji.conf
cat >>mill/tanji.conf <<END

[publish]
node = $https
as = 300:$prefix/ADMIN
secret = ../$mill/admin.key
ca = ../net/ca.pem
allow = 127.0.0.0/8
END
mkdir works
cat >works/tanji.conf <<END
[company]
issuer = did:web:works.example
name = Works
profile = iso14067
period = 2026-09-01..2026-09-30
[resolve]
root = http://127.0.0.1:$(cat net/root/http_port)
allow = 127.0.0.0/8
ca = ../net/ca.pem
[trust]
did:web:mill.example = ../mill/out/keys/did.json $prefix
END
does 0 '' keys new mill
does 0 '' run mill
does 0 'published' publish mill
id=$(sed -n "s|^published hdl:\($prefix/[^: ]*\).*|\1|p" out | head -n 1)
[ -n "$id" ] || die "nothing was published"
does 0 'resolved (https' resolve "$id" --dir works --fresh
! grep -q signed out || die "nobody has signed it"

for key in root industry mill other; do
	openssl genrsa -out $key.pem 2048 2>openssl.err && chmod 600 $key.pem || exit 1
done
openssl rsa -in root.pem -pubout -out root.pub 2>openssl.err
openssl rsa -in mill.pem -pubout -out mill.pub 2>openssl.err
root="--trust-root 300:88/ROOT=root.pub" admin=301:$prefix/ADMIN
industry=net/industry-1 above=301:88.101/ADMIN top=300:88/ROOT

# By the key that the signer's record shows.
does 1 'shows no HS_PUBKEY' node sign "$id" $mill --signer $admin --key mill.pem
does 0 'key published' node key $admin $mill --key mill.pem
does 0 'published already' node key $admin $mill --key mill.pem
does 1 'readers would refuse it' node sign "$id" $mill --signer $admin --key other.pem
does 0 "signed by $admin, value 400" node sign "$id" $mill --signer $admin --key mill.pem
does 0 "signed by $admin" node verify "$id" $mill
does 0 "record signed by $admin" resolve "$id" --dir works --fresh
does 0 "record signed by $admin" resolve "$id" --dir works
does 69 "there is no certificate of $admin in" resolve "$id" --dir works --fresh $root

# certified STATUS 'TEXT': what the customer says of it.
certified() {
	does "$1" "$2" resolve "$id" --dir works --fresh $root
}

# By certificates.  The industry hands the mill's over in a file, and the root's key, which lies
# nowhere in the network, certifies the industry's.
does 1 'shows no HS_PUBKEY at 301' node certify $above $industry --signer $top --key root.pem
does 0 'key published' node key $above $industry --key industry.pem
issue="node certify $admin $industry --signer $above --output mill.cert"
does 69 'name a file, --public-key' $issue --key industry.pem
does 1 "other.pem is not the key that 88.101/ADMIN shows" $issue --key other.pem \
	--public-key mill.pub
does 2 '--grant is everything' $issue --key industry.pem --public-key mill.pub --grant more
[ ! -e mill.cert ] || die "a certificate was made"
does 0 "$admin: certified by $above, in mill.cert" $issue --key industry.pem \
	--public-key mill.pub
does 2 '--certificate names one that was issued' $issue --certificate mill.cert
does 65 "mill.cert certifies $admin, not $above" node certify $above $industry \
	--certificate mill.cert
does 0 "$admin: certified by $above, value 400" node certify $admin $mill --certificate mill.cert
certified 69 "there is no certificate of $above in"
does 0 "$above: certified by $top, value 400" node certify $above $industry --signer $top \
	--key root.pem
certified 0 "record signed by $admin, certified by 300:88/ROOT"
does 0 "value 400" node certify $above $industry --signer $top --key root.pem \
	--grant handlesUnderThisPrefix
certified 69 "$above is not permitted to certify who signs"
does 0 "value 400" node certify $above $industry --signer $top --key other.pem
certified 69 "was not signed by 300:88/ROOT"

# b64: base64url of standard input.
b64() {
	openssl base64 -A | tr '+/' '-_' | tr -d =
}
# certificate ISSUER KEY SUBJECT KEY PERMISSIONS [UNTIL]
certificate() {
	n=$(openssl rsa -in "$4.pem" -noout -modulus 2>/dev/null | cut -d= -f2 |
		basenc --base16 -d | b64)
	payload=$(printf '{"perms":%s,"publicKey":{"kty":"RSA","n":"%s","e":"AQAB"},"iss":"%s",
		"sub":"%s","exp":%s,"nbf":%s,"iat":%s}' "$5" "$n" "$1" "$3" \
		"${6-$((now + 86400))}" $((now - 86400)) $((now - 86400)) | b64)
	text=$(printf '{"alg":"RS256"}' | b64).$payload
	printf '%s.%s' "$text" "$(printf '%s' "$text" |
		openssl dgst -sha256 -sign "$2.pem" | b64)"
}
# put NODE HANDLE INDEX '"TYPE","data":"DATA"': by its administrator.
put() {
	as=$(sed -n 's/^admin = //p' "net/$1/node.conf" | sed 's/:/%3A/; s|/|%2F|')
	curl -sSf --cacert net/ca.pem -u "$as:$(cat "net/$1/admin.key")" -X PUT \
		-H 'Content-Type: application/json' -d "[{\"index\":$3,\"type\":$4}]" \
		"https://127.0.0.1:$(cat "net/$1/https_port")/api/handles/$2?index=$3" >out 2>err ||
		die "cannot be put"
}
# certify NODE HANDLE CERTIFICATE
certify() {
	put "$1" "$2" 400 "\"HS_CERT\",\"data\":\"$3\""
}

derived='[{"handle":"0.NA/88.101","perm":"derivedPrefixes"}]'
under="[{\"handle\":\"0.NA/$prefix\",\"perm\":\"handlesUnderThisPrefix\"}]"
certify enterprise-0001 $prefix/ADMIN "$(certificate $above industry $admin mill "$under")"
certify industry-1 88.101/ADMIN "$(certificate 300:88/ROOT root $above industry "$derived")"
certified 0 "record signed by $admin, certified by 300:88/ROOT"
"$tanji" resolve "$id" --dir works $root --json --at $at >out 2>err || die "with --json"
jq -e --arg who $admin '.[0].signer == $who and .[0].root == "300:88/ROOT"' out >err || die "JSON"
echo "trust_root = 300:88/ROOT=../root.pub" >more
sed -i '/^\[resolve\]/r more' works/tanji.conf
does 0 "certified by 300:88/ROOT" resolve "$id" --dir works --fresh
certify industry-1 88.101/ADMIN "$(certificate 300:88/ROOT root $above industry "$derived" $now)"
certified 69 "the certificate of $above has expired"
certify industry-1 88.101/ADMIN "$(certificate 300:88/ROOT root $above industry \
	'[{"handle":"0.NA/88.102","perm":"derivedPrefixes"}]')"
certified 69 "$above is not permitted to certify who signs"
certify industry-1 88.101/ADMIN "$(certificate $admin mill $above industry "$derived")"
certified 69 "goes in a circle"
certify industry-1 88.101/ADMIN "$(certificate 300:88/ROOT root $above industry "$derived")"
certified 0 "certified by 300:88/ROOT"

# A new declaration outlives the signature: the command that signs again is named, and works.
sed -i 's/,92\.4,/,93.4,/' mill/in/factors.csv
does 0 '' run mill
does 0 "$id: $admin has signed its record as it was before" publish mill
[ "$(grep -c 'node sign' err)" = 1 ] || die "other records were not signed"
command=$(sed -n 's|^  tanji node sign|node sign|p' err |
	sed "s|FILE.pem|mill.pem|; s|RANGE|127.0.0.0/8|")
certified 69 "signature 400 of $admin: value 1000 is not the one that was signed"
eval "does 0 'signed by $admin, value 400' $command"
certified 0 "certified by 300:88/ROOT"
does 0 'there already' publish mill
! grep -q 'node sign' err || die "nothing was changed"

# A value changes, and nobody signs it anew: who reads it is told, who does not need not care.
put enterprise-0001 "$id" 1 '"URL","data":"https://mill.example/"'
does 1 "value 1 is covered by no signature" node verify "$id" $mill
certified 0 "certified by 300:88/ROOT"
does 0 "signed by $admin" node sign "$id" --signer $admin --key mill.pem --node "$https" \
	--as 300:$prefix/ADMIN --secret-file $mill/admin.key --ca net/ca.pem --allow 127.0.0.0/8
does 0 "signed by $admin" node verify "$id" $mill
jws=$(cat "mill/out/declarations/hdl=$(echo "$id" | tr / _).jws")
put enterprise-0001 "$id" 1000 "\"TANJI.DECLARATION\",\"ttl\":77,\"data\":\"$jws\""
certified 69 "signature 400 of $admin: value 1000 is not the one that was signed"
does 1 "REFUSED: signature 400 of $admin" node verify "$id" $mill
echo "signed records: $cases cases"
