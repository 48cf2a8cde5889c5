#!/bin/sh
# x5c.sh PROGRAM ROOT: declarations with certificates, issued by authorities made with openssl
# and revoked by their lists.  What is refused is refused by the signature's gate, by name.
. "$2/tests/samples/lib.sh"
. "$2/tests/interop/authority.sh"
mill=$samples/mill
key=$mill/out/keys
did=did:web:mill.example

# Everything begins on 2026-09-01 and ends in twenty years, but for what is to have ended.
cat >> "$ca/conf" <<END
[pki]
database = $ca/pki.index
new_certs_dir = $ca
rand_serial = yes
crlnumber = $ca/pki.crlnumber
default_md = sha256
policy = anything
unique_subject = no
[anything]
commonName = supplied
[inter]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[seal_dns]
keyUsage = critical,nonRepudiation
extendedKeyUsage = emailProtection
subjectAltName = DNS:mill.example
[seal_wild]
subjectAltName = DNS:*.example
[seal_other]
subjectAltName = URI:did:web:other.example,DNS:other.example
[seal_agree]
keyUsage = critical,keyAgreement
subjectAltName = URI:$did
[seal_tls]
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = URI:$did
END
echo 01 > "$ca/pki.crlnumber"
: > "$ca/pki.index"

# pki ACTION…: openssl ca as one of its authorities.
pki() {
	openssl ca -config "$ca/conf" -name pki -batch "$@" 2> "$scratch/said" ||
		fail "openssl ca $*: $(cat "$scratch/said")"
}

# pki_issue NAME ISSUER EXTENSIONS [KEY] [END]
pki_issue() {
	of=${4:-$ca/$1.key}
	[ -f "$of" ] || ca_key "$1"
	openssl req -new -config "$ca/conf" -key "$of" -subj "/CN=$1" -out "$ca/$1.csr"
	self=-cert\ $ca/$2.pem
	[ "$1" != "$2" ] || self=-selfsign
	pki $self -keyfile "$ca/$2.key" -in "$ca/$1.csr" -extensions "$3" \
		-startdate 20260901000000Z -enddate "${5:-20460901000000Z}" -notext \
		-out "$ca/$1.pem"
}

# pki_crl NAME ISSUER [END]
pki_crl() {
	pki -gencrl -keyfile "$ca/$2.key" -cert "$ca/$2.pem" \
		-crl_lastupdate 20260902000000Z -crl_nextupdate "${3:-20460901000000Z}" \
		-out "$ca/$1.crl"
}

# forge PAYLOAD KEY HEADER CERTIFICATE…: a compact JWS made by jwcrypto.
forge() {
	/usr/bin/python3 - "$@" <<'END'
import json, sys
from jwcrypto import jwk, jws
payload, key, header, *certificates = sys.argv[1:]
def body(path):
    lines = open(path).read().split('-----BEGIN CERTIFICATE-----')[1].split('-----END')[0]
    return lines.replace('\n', '')
head = json.loads(header)
head['x5c'] = [body(path) for path in certificates]
token = jws.JWS(open(payload, 'rb').read())
token.add_signature(jwk.JWK.from_pem(open(key, 'rb').read()), None, json.dumps(head), None)
print(token.serialize(compact=True), end='')
END
}

# accepted FILE [ARGUMENTS], refused TEXT FILE [ARGUMENTS]
accepted() {
	"$program" verify "$@" > "$scratch/verdict" 2>&1 ||
		fail "refused: verify $*: $(cat "$scratch/verdict")"
}
refused() {
	text=$1
	shift
	status=0
	"$program" verify "$@" > "$scratch/verdict" 2>&1 || status=$?
	[ $status = 1 ] || fail "exit status $status: verify $*: $(cat "$scratch/verdict")"
	grep -E '^  NO  (signed by|well-formed)' "$scratch/verdict" | grep -q -e "$text" ||
		fail "not \"$text\": $(cat "$scratch/verdict")"
}

tanji keys new "$mill" --at 2026-09-01
ca_key root
pki_issue root root inter
pki_issue seal root seal "$key/k1.pem"
pki_crl root root
sed -i "s|^issuer = .*|&\ncertificate = $ca/seal.pem|" "$mill/tanji.conf"
tanji run "$mill" --at $at
set -- "$mill"/out/declarations/*.jws
jws=$scratch/good.jws
mv "$1" "$jws"
rm -rf "$mill/out/registry" "$mill/out/declarations"	# so that a run has something to sign
ca_args="--ca $ca/root.pem --crl $ca/root.crl --at $at"

# The certificate is in the header as it is, and stock tools see no harm in it.
cut -d. -f1 "$jws" | tr -d '\n' | jose b64 dec -i- -O- > "$scratch/header"
jq -r '.x5c[0]' "$scratch/header" | base64 -d > "$scratch/der"
openssl x509 -in "$ca/seal.pem" -outform DER | cmp -s - "$scratch/der" || fail "another certificate"
jq -e 'keys_unsorted == ["alg", "kid", "typ", "x5c"]' "$scratch/header" > /dev/null ||
	fail "$(cat "$scratch/header")"
jose jws ver -i "$jws" -k "$key/k1.jwk" -O "$scratch/payload" || fail "jose refuses it"
/usr/bin/python3 -c '
import sys
from jwcrypto import jwk, jws
token = jws.JWS()
token.deserialize(open(sys.argv[1]).read())
token.verify(jwk.JWK.from_pem(open(sys.argv[2], "rb").read()))' "$jws" "$ca/seal.pem" ||
	fail "jwcrypto refuses it with the certificate's key"

accepted "$jws" $ca_args
grep -q 'certificate of /CN=seal$' "$scratch/verdict" || fail "$(cat "$scratch/verdict")"
accepted "$jws" --key "$key/k1.jwk" --at $at
accepted "$jws" $ca_args --key "$key/k1.jwk"
refused 'is not trusted here' "$jws" --at $at

# Lists that are not there, or of yesterday.
refused 'unable to get certificate CRL; get the newest list' "$jws" --ca "$ca/root.pem" --at $at
accepted "$jws" --ca "$ca/root.pem" --crl none --at $at
grep -q 'looked up in no revocation list' "$scratch/verdict" || fail "$(cat "$scratch/verdict")"
pki_crl old root 20261001000000Z
refused 'CRL has expired' "$jws" --ca "$ca/root.pem" --crl "$ca/old.crl" --at $at

# Another authority of the same name, none at all, and an end.
cp "$ca/root.pem" "$scratch/root.pem"
cp "$ca/root.key" "$scratch/root.key"
ca_key root
pki_issue root root inter
pki_crl twin root
refused 'does not lead to an authority\|signature failure' "$jws" --ca "$ca/root.pem" \
	--crl "$ca/twin.crl" --at $at
mv "$scratch/root.pem" "$scratch/root.key" "$ca"
pki_issue short root seal "$key/k1.pem" 20261001000000Z
header='{"alg":"ES256","kid":"'$did'#k1","typ":"vc+jwt"}'
forge "$scratch/payload" "$key/k1.pem" "$header" "$ca/short.pem" > "$scratch/x.jws"
refused 'had expired at 2026-10-15' "$scratch/x.jws" $ca_args
refused 'was not yet valid at 2026-08-31' "$jws" --ca "$ca/root.pem" --crl none --at 2026-08-31

# Whoever it is for, what for, and who signed.
ca_key stranger
for case in 'seal_agree:is not for signing' 'seal_tls:not for signing documents' \
	'seal_other:is not for did:web:mill.example' 'seal_wild:is not for did:web:mill.example' \
	'inter:that of an authority'; do
	pki_issue wrong root "${case%%:*}" "$key/k1.pem"
	forge "$scratch/payload" "$key/k1.pem" "$header" "$ca/wrong.pem" > "$scratch/x.jws"
	refused "${case#*:}" "$scratch/x.jws" $ca_args
	sed -i "s|^certificate = .*|certificate = $ca/wrong.pem|" "$mill/tanji.conf"
	! "$program" run "$mill" --at $at > /dev/null 2> "$scratch/stderr" ||
		fail "signs with a certificate of ${case%%:*}"
	grep -q "${case#*:}" "$scratch/stderr" || fail "$(cat "$scratch/stderr")"
done
pki_issue dns root seal_dns "$key/k1.pem"
forge "$scratch/payload" "$key/k1.pem" "$header" "$ca/dns.pem" > "$scratch/x.jws"
accepted "$scratch/x.jws" $ca_args
pki_issue swapped root seal "$ca/stranger.key"
forge "$scratch/payload" "$key/k1.pem" "$header" "$ca/swapped.pem" > "$scratch/x.jws"
refused "not that of the certificate's key" "$scratch/x.jws" $ca_args
sed -i "s|^certificate = .*|certificate = $ca/swapped.pem|" "$mill/tanji.conf"
! "$program" run "$mill" --at $at > /dev/null 2> "$scratch/stderr" ||
	fail "another key's certificate"
grep -q 'another key' "$scratch/stderr" || fail "$(cat "$scratch/stderr")"
others='{"alg":"ES256","kid":"did:web:other.example#k1","typ":"vc+jwt"}'
forge "$scratch/payload" "$key/k1.pem" "$others" "$ca/seal.pem" > "$scratch/x.jws"
refused 'is not for did:web:other.example' "$scratch/x.jws" $ca_args

# A stranger with a certificate of another's authority, for its own name, says nothing of mill.
pki_issue other root seal_other "$ca/stranger.key"
forge "$scratch/payload" "$ca/stranger.key" "$others" "$ca/other.pem" > "$scratch/x.jws"
! "$program" verify "$scratch/x.jws" $ca_args > "$scratch/verdict" || fail "in mill's name"
grep -q 'NO .*issued in the name of did:web:mill.example' "$scratch/verdict" ||
	fail "$(cat "$scratch/verdict")"
# Whose key is known is believed with no other, whatever it is certified as.
forge "$scratch/payload" "$ca/stranger.key" '{"alg":"ES256","kid":"'$did'#k9","typ":"vc+jwt"}' \
	"$ca/swapped.pem" > "$scratch/x.jws"
accepted "$scratch/x.jws" $ca_args
refused 'has no key' "$scratch/x.jws" $ca_args --key "$key/k1.jwk"

# Self-signed; signed by one that is no authority; a circle; too long; no certificate.
pki_issue self self seal
forge "$scratch/payload" "$ca/self.key" "$header" "$ca/self.pem" > "$scratch/x.jws"
refused 'does not lead to an authority' "$scratch/x.jws" $ca_args
accepted "$scratch/x.jws" --ca "$ca/self.pem" --at $at		# unless that one is named itself
cp "$key/k1.pem" "$ca/seal.key"
pki_issue below seal seal "$ca/stranger.key"
forge "$scratch/payload" "$ca/stranger.key" "$header" "$ca/below.pem" "$ca/seal.pem" \
	> "$scratch/x.jws"
refused 'invalid CA certificate\|does not lead' "$scratch/x.jws" $ca_args
forge "$scratch/payload" "$key/k1.pem" "$header" "$ca/seal.pem" "$ca/seal.pem" "$ca/root.pem" \
	"$ca/root.pem" > "$scratch/x.jws"
accepted "$scratch/x.jws" $ca_args				# more than needed does no harm
hundred=$(for i in $(seq 100); do printf '%s ' "$ca/seal.pem"; done)
forge "$scratch/payload" "$key/k1.pem" "$header" $hundred > "$scratch/x.jws"
refused 'a chain of 100 certificates' "$scratch/x.jws" $ca_args
printf -- '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' > "$ca/none.pem"
forge "$scratch/payload" "$key/k1.pem" "$header" "$ca/none.pem" > "$scratch/x.jws"
refused 'number 1 of x5c is not a certificate' "$scratch/x.jws" $ca_args

# An authority between, with a list of its own; or named as the end itself.
pki_issue inter root inter
pki_issue deep inter seal "$key/k1.pem"
pki_crl inter inter
forge "$scratch/payload" "$key/k1.pem" "$header" "$ca/deep.pem" "$ca/inter.pem" > "$scratch/x.jws"
refused 'unable to get certificate CRL' "$scratch/x.jws" $ca_args
cat "$ca/root.crl" "$ca/inter.crl" > "$ca/both.crl"
accepted "$scratch/x.jws" --ca "$ca/root.pem" --crl "$ca/both.crl" --at $at
accepted "$scratch/x.jws" --ca "$ca/inter.pem" --crl "$ca/inter.crl" --at $at
forge "$scratch/payload" "$key/k1.pem" "$header" "$ca/deep.pem" > "$scratch/y.jws"
refused 'does not lead to an authority' "$scratch/y.jws" --ca "$ca/root.pem" --crl "$ca/both.crl" \
	--at $at

# In a company's own trust, for the identifiers that are named.
printf '\nca = %s 88.999.1001\ncrl = %s\n' "$ca/root.pem" "$ca/root.crl" > "$scratch/trust"
sed -i -e "/^did:web:mill.example/d" -e "/^\[trust\]/r $scratch/trust" "$samples/cord/tanji.conf"
accepted "$jws" --dir "$samples/cord" --at $at
sed -i 's|^\(ca = .*\) 88.999.1001|\1 88.777|' "$samples/cord/tanji.conf"
! "$program" verify "$jws" --dir "$samples/cord" --at $at > "$scratch/verdict" ||
	fail "any identifier"
grep -q 'NO .*may not speak for' "$scratch/verdict" || fail "$(cat "$scratch/verdict")"

# Revoked: for good, but for what somebody saw before.
ca_root tsa-root
ca_issue tsa tsa-root tsa
ca_crl tsa tsa-root
tanji timestamp query "$jws"
stamp "$jws"
sleep 3		# the stamp's own uncertainty
pki -revoke "$ca/seal.pem" -keyfile "$ca/root.key" -cert "$ca/root.pem"
pki_crl revoked root
cat "$ca/revoked.crl" "$ca/tsa.crl" > "$ca/all.crl"
refused 'certificate revoked' "$jws" --ca "$ca/root.pem" --crl "$ca/revoked.crl" --at $at
accepted "$jws" --ca "$ca/root.pem" --crl "$ca/all.crl" --tsa "$ca/tsa-root.pem" --at $at
cp "$jws" "$scratch/late.jws"
tanji timestamp query "$scratch/late.jws"
stamp "$scratch/late.jws"
refused 'certificate revoked' "$scratch/late.jws" --ca "$ca/root.pem" --crl "$ca/all.crl" \
	--tsa "$ca/tsa-root.pem" --at $at
