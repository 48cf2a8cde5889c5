# authority.sh: a time-stamping authority and the CA above it, made with openssl in
# $scratch/ca; read by the tests beside it, after samples/lib.sh.
ca=$scratch/ca
mkdir -p "$ca"
cat > "$ca/conf" <<END
[req]
distinguished_name = dn
prompt = no
[dn]
CN = set on the command line
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[tsa]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[seal]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
subjectAltName = URI:did:web:mill.example
[ca]
default_ca = this
[this]
database = $ca/index
crlnumber = $ca/crlnumber
default_md = sha256
default_crl_days = 3650
[ts]
default_tsa = stamp
[stamp]
serial = $ca/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sm3, sha512
accuracy = secs:1, millisecs:500
ess_cert_id_chain = no
ess_cert_id_alg = sha256
END
: > "$ca/index"
echo 01 > "$ca/crlnumber"
echo 01 > "$ca/serial"

ca_key() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
		-out "$ca/$1.key" 2> /dev/null
}

# ca_root NAME: self-signed.
ca_root() {
	ca_key "$1"
	openssl req -new -x509 -config "$ca/conf" -extensions root -key "$ca/$1.key" \
		-subj "/CN=$1" -days 7300 -out "$ca/$1.pem"
}

# ca_issue NAME ROOT EXTENSIONS [KEY]
ca_issue() {
	of=${4:-$ca/$1.key}
	[ -f "$of" ] || ca_key "$1"
	openssl req -new -config "$ca/conf" -key "$of" -subj "/CN=$1" -out "$ca/$1.csr"
	openssl x509 -req -in "$ca/$1.csr" -CA "$ca/$2.pem" -CAkey "$ca/$2.key" -CAcreateserial \
		-extfile "$ca/conf" -extensions "$3" -days 7000 -sha256 \
		-out "$ca/$1.pem" 2> /dev/null
}

# ca_crl NAME ROOT: what has been revoked until now, as NAME.crl.
ca_crl() {
	openssl ca -config "$ca/conf" -gencrl -keyfile "$ca/$2.key" -cert "$ca/$2.pem" \
		-out "$ca/$1.crl" 2> /dev/null
}

# ca_revoke NAME ROOT
ca_revoke() {
	openssl ca -config "$ca/conf" -revoke "$ca/$1.pem" -keyfile "$ca/$2.key" \
		-cert "$ca/$2.pem" 2> /dev/null
}

# stamp FILE [ARGUMENTS]: the authority's reply to FILE.tsq as FILE.tsr.
stamp() {
	file=$1
	shift
	openssl ts -reply -config "$ca/conf" -section stamp -queryfile "$file.tsq" \
		-signer "$ca/tsa.pem" -inkey "$ca/tsa.key" "$@" -out "$file.tsr" 2> "$scratch/ts" ||
		fail "openssl ts: $(cat "$scratch/ts")"
}
