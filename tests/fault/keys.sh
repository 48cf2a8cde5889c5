#!/bin/sh
# keys.sh TANJI SOURCE: keys that are missing, open to others, not keys, or not the right one.
. "$(dirname "$0")/lib.sh"
chain
pem=cord/out/keys/k1.pem

what="missing"
fresh
rm $pem
refuse 66 "$pem|tanji keys new cord" run cord --at $at
what="read by others"
fresh
chmod 644 $pem
refuse 77 "$pem|mode 0644|chmod 600 $pem" run cord --at $at
refuse 77 "$pem|chmod 600" keys publish cord
what="not a key"
for text in '' 'hello' '-----BEGIN PRIVATE KEY-----' "$(head -c 60000 /dev/zero | tr '\0' x)"; do
	fresh
	echo "$text" >$pem
	refuse 65 "$pem" run cord --at $at
done
what="half a key"
fresh
head -c 100 ../good/$pem >$pem
refuse 65 "$pem|no private key in PEM form" run cord --at $at
what="another curve"
fresh
openssl ecparam -name secp384r1 -genkey -noout >$pem 2>/dev/null
refuse 65 "$pem|not of the curve P-256" run cord --at $at
what="another kind"
fresh
openssl genpkey -algorithm ed25519 >$pem 2>/dev/null
refuse 65 "$pem" run cord --at $at
what="somebody else's"
fresh
cat mill/out/keys/k1.pem >$pem
refuse 73 "$pem is not the key did:web:cord.example#k1|tanji keys publish cord" \
	run cord --at $at
what="a name that did.json does not have"
fresh
sed -i 's/^region = CN/&\nkid = k2/' cord/tanji.conf
refuse 73 'did:web:cord.example#k2' run cord --at $at
what="a folder"
fresh
rm $pem && mkdir $pem
refuse 66 "$pem: is a folder" run cord --at $at
what="there already"
fresh
refuse 73 "$pem is there already" keys new cord
what="nothing to sign needs no key"
fresh
accept '' run cord --at $at
rm $pem
refuse 0 '' run cord --at $at
what="the supplier's keys are gone"
fresh
rm mill/out/keys/did.json
refuse 66 'mill/out/keys/did.json: cannot open' run cord --at $at
what="the supplier's keys are not JSON"
fresh
echo '{"id":' >mill/out/keys/did.json
refuse 65 'mill/out/keys/did.json:2|not JSON' run cord --at $at
what="the supplier's keys are the cord maker's own"
fresh
cp cord/out/keys/did.json mill/out/keys/did.json
refuse 65 'mill/out/keys/did.json' run cord --at $at
grep -rl 'PRIVATE KEY' ../out ../err && complain "a private key was printed"
done_with "keys that cannot be used"
