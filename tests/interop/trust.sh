#!/bin/sh
# trust.sh PROGRAM ROOT: a trust list is made, signed by two of three, taken into use and
# followed by its next version; what breaks a rule of it is refused by name.
. "$2/tests/samples/lib.sh"
mill=$samples/mill
cord=$samples/cord
list=$scratch/list

company mill
set -- "$mill"/out/declarations/*.jws
jws=$1

for name in a b c; do
	tanji trust key "$scratch/$name" --name "$name.example/signer"
done
vkey() {
	cat "$scratch/$1/public/vkey"
}
tanji trust make "$list" "$cord" --name steel.example/trust --days 60 --at 2026-10-01
tanji trust sign "$list" "$scratch/a"
tanji trust sign "$list" "$scratch/b"
tanji trust sign "$list" "$scratch/b"		# has signed already
[ "$(grep -c '^— ' "$list")" = 2 ] || fail "signatures: $(cat "$list")"
tanji trust show "$list"
grep -q '^steel.example/trust, version 1, until 2026-11-30T00:00:00Z$' "$scratch/stdout" ||
	fail "$(cat "$scratch/stdout")"
tanji trust show "$list" --json
jq -e '.issuers[0].id == "did:web:mill.example" and .issuers[0].authorities == ["88.999.1001"]' \
	"$scratch/stdout" > /dev/null || fail "$(cat "$scratch/stdout")"

# refused TEXT COMMAND…
refused() {
	text=$1
	shift
	! "$program" "$@" > "$scratch/stdout" 2> "$scratch/stderr" || fail "not refused: $*"
	grep -q -e "$text" "$scratch/stderr" || fail "not \"$text\": $(cat "$scratch/stderr")"
}

# Once, without keeping it.
signers="--signer $(vkey a) --signer $(vkey b) --signer $(vkey c)"
tanji verify "$jws" --trust "$list" $signers --threshold 2 --at $at
refused 'signed by 2 of those whose word counts here, expected 3' \
	verify "$jws" --trust "$list" $signers --at $at
refused 'whose list is it to be' verify "$jws" --trust "$list" --at $at
refused '2 of 1 signers' verify "$jws" --trust "$list" --signer "$(vkey a)" --threshold 2 --at $at
refused 'one key: that is one signer' verify "$jws" --trust "$list" --signer "$(vkey a)" \
	--signer "$(vkey a)" --at $at
refused 'expected 1' verify "$jws" --trust "$list" --signer "$(vkey c)" --at $at
refused 'from 1 to' verify "$jws" --trust "$list" $signers --threshold 0 --at $at
refused 'expired at 2026-11-30' verify "$jws" --trust "$list" $signers --threshold 2 --at 2026-11-30
sed 's/88\.999\.1001/88.999.1000/' "$list" > "$scratch/changed"
refused 'the signature of a.example/signer' verify "$jws" --trust "$scratch/changed" $signers \
	--threshold 2 --at $at

# In use: a company that names nobody but the signers.
buyer=$scratch/buyer
cp -R "$cord" "$buyer"
sed -i '/^\[trust\]/,$d' "$buyer/tanji.conf"
printf '[trust]\nlist = trust.note\nthreshold = 2\n' >> "$buyer/tanji.conf"
for name in a b c; do
	echo "signer = $(vkey $name)" >> "$buyer/tanji.conf"
done
refused 'puts one there' verify "$jws" --dir "$buyer" --at $at
tanji trust use "$list" "$buyer" --at $at
tanji trust use "$list" "$buyer" --at $at
tanji verify "$jws" --dir "$buyer" --at $at
refused 'trust.note: .*the trust list steel.example/trust, version 1, expired' \
	verify "$jws" --dir "$buyer" --at 2026-12-01

# The next version follows; the first does not come back, by either door.
cp "$list" "$scratch/first"
tanji trust make "$list" "$cord" --at 2026-10-10
cp "$list" "$scratch/unsigned"
refused 'not a signed note' trust use "$list" "$buyer" --at $at
tanji trust sign "$list" "$scratch/b"
tanji trust sign "$list" "$scratch/c"
tanji trust use "$list" "$buyer" --at $at
tanji verify "$jws" --dir "$buyer" --at 2026-12-01
refused 'version 1 of the list, and version 2 is in use' \
	trust use "$scratch/first" "$buyer" --at $at
refused 'version 1 of the list, and version 2 is in use' verify "$jws" --dir "$buyer" --at $at \
	--trust "$scratch/first"
sed 's/2027-01-08/2027-02-08/' "$scratch/unsigned" > "$scratch/other"
! cmp -s "$scratch/unsigned" "$scratch/other" || fail "nothing was changed"
tanji trust sign "$scratch/other" "$scratch/a"
tanji trust sign "$scratch/other" "$scratch/c"
refused 'two lists of version 2' trust use "$scratch/other" "$buyer" --at $at
refused 'called otherwise' trust make "$list" "$cord" --name other.example/trust --at $at
tanji trust make "$scratch/named" "$cord" --name other.example/trust --at $at
tanji trust sign "$scratch/named" "$scratch/a"
tanji trust sign "$scratch/named" "$scratch/b"
refused 'and the one in use steel.example/trust' trust use "$scratch/named" "$buyer" --at $at
cmp -s "$list" "$buyer/trust.note" || fail "what was refused took the place"
