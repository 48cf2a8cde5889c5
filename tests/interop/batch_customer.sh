#!/bin/sh
# batch_customer.sh PROGRAM ROOT: a customer's runs over a supplier who signs in batches, read from
# the supplier's folder and asked for at his node.  What he declares counts with the proof of his
# log, and neither without one, nor with another's, nor where his log is not named; a trust list's
# policy may name it.
. "$2/tests/samples/lib.sh"
mill=$samples/mill cord=$samples/cord log=$scratch/log
coil=88.999.1001/26K00901-01
proof=$mill/out/declarations/hdl=88.999.1001_26K00901-01.jws.tlog-proof
other=$mill/out/declarations/hdl=88.999.1001_26K00901-03.jws.tlog-proof
customer=$cord
alone="counts with its log's proof alone"

# resolves STATE TEXT [OPTION…]: what the customer is told of the coil.
resolves() {
	state=$1 text=$2
	shift 2
	"$program" resolve $coil --dir "$customer" --json --at $at "$@" > "$scratch/answer" \
		2> "$scratch/stderr" || true
	jq -e --arg state "$state" --arg text "$text" '.[0].state == $state and
		(.[0].reason | contains($text))' "$scratch/answer" > "$scratch/said" ||
		fail "$(cat "$scratch/answer" "$scratch/stderr")"
}

# runs COUNT TEXT: so many of the supplier's declarations are not used in a run, for this reason.
runs() {
	tanji run "$customer" --dry-run --json --at $at
	jq -e --argjson count "$1" --arg text "$2" '[.findings[] |
		select(.rule == "UNUSED_DECLARATION" or .rule == "NO_ANSWER")] |
		length == $count and all(.text | contains($text))' "$scratch/stdout" \
		> "$scratch/said" || fail "$(jq -c '.findings[]' "$scratch/stdout")"
}

tanji log init "$log" --name mill.example/log
vkey=$(cat "$log/public/vkey")
printf '\n[log]\ndir = %s\n' "$log" >> "$mill/tanji.conf"
sed -i 's/^\[declare\]$/&\nsign = batch/' "$mill/tanji.conf"
company mill
cp "$proof" "$scratch/proof"

# From his folder.
resolves 'not accepted' "$alone: no log is believed for did:web:mill.example"
printf '\n[log did:web:mill.example]\nvkey = %s\n' "$vkey" >> "$cord/tanji.conf"
resolves 'not accepted' "$alone: where it would lie is not said"
printf '\n[proofs]\n88.999.1001 = ../mill/out/declarations\n' >> "$cord/tanji.conf"
resolves resolved ''
runs 0 ''
rm "$proof"
resolves 'not accepted' "26K00901-01.jws.tlog-proof: "
runs 1 "$alone"
cp "$other" "$proof"
resolves 'not accepted' "$alone: "
runs 1 "$alone"
cp "$scratch/proof" "$proof"
tanji log init "$scratch/strange" --name mill.example/log
printf 'log %s\nquorum none\n' "$(cat "$scratch/strange/public/vkey")" > "$scratch/policy"
sed -i "s,^vkey = .*,policy = $scratch/policy," "$cord/tanji.conf"
resolves 'not accepted' 'has not signed this checkpoint'
printf 'log %s\nquorum none\n' "$vkey" > "$scratch/policy"
resolves resolved ''

# What rests on it names it, and takes it along with its proof.
company cord
set -- "$cord"/out/declarations/*.jws
payload "$1" | jq -e '[.. | objects | select(.issuer? == "did:web:mill.example")] != []' \
	> "$scratch/said" || fail "$1 does not rest on the mill"
tanji bundle "$1" --dir "$cord" --policy "$scratch/policy" --output "$scratch/bundle" --at $at
tanji verify "$scratch/bundle" --key "$cord/out/keys/k1.jwk" --at $at
tanji verify "${proof%.tlog-proof}" --dir "$cord" --at $at --require log

# With a list alone, and no [log ISSUER]: its policy counts, given anew with each version.
customer=$samples/buyer list=$scratch/list
decl=${proof%.tlog-proof}
tanji trust key "$scratch/signer" --name steel.example
signer=$(cat "$scratch/signer/public/vkey")
cp -R "$cord" "$customer"
sed -i -e '/^\[trust\]/,/^$/d' -e '/^\[log /,/^$/d' "$customer/tanji.conf"
printf '\n[trust]\nlist = trust.note\nsigner = %s\n' "$signer" >> "$customer/tanji.conf"
! grep mill.example "$customer/tanji.conf" || fail "more than the list names the mill"

# lists [LINE…]: its next version, with a policy of these lines, or none.
lists() {
	[ $# = 0 ] || printf '%s\n' "$@" > "$scratch/listed"
	tanji trust make "$list" "$cord" --name steel.example/trust --at $at \
		${1:+--policy "$scratch/listed"}
	tanji trust sign "$list" "$scratch/signer"
	tanji trust use "$list" "$customer" --at $at
}

# refuses TEXT: the declaration, because of the list in use, or given.
refuses() {
	resolves 'not accepted' "$1"
	for by in "--dir $customer" "--trust $list --signer $signer"; do
		! "$program" verify "$decl" $by --at $at > "$scratch/answer" 2>&1 ||
			fail "verified by $by"
		grep -q "$1" "$scratch/answer" || fail "$by: $(cat "$scratch/answer")"
	done
}

lists "log $vkey" 'quorum none'
tanji trust show "$list"
grep -qF "  log $vkey" "$scratch/stdout" || fail "$(cat "$scratch/stdout")"
resolves resolved ''
runs 0 ''
tanji verify "$decl" --dir "$customer" --at $at --require log
tanji verify "$decl" --trust "$list" --signer "$signer" --at $at --require log
lists
refuses "$alone"
resolves 'not accepted' "no log is believed for did:web:mill.example"
tanji witness init "$scratch/w" --name w.example
lists "log $vkey" "witness w $(cat "$scratch/w/public/vkey")" 'quorum w'
refuses 'that is not the quorum w'
runs 29 "$alone"			# all coils that he buys
lists "log $(cat "$scratch/strange/public/vkey")" 'quorum none'
refuses 'has not signed this checkpoint'
runs 29 "$alone"
# His own word goes before the list's.
printf '\n[log did:web:mill.example]\nvkey = %s\n' "$vkey" >> "$customer/tanji.conf"
resolves resolved ''
tanji verify "$decl" --dir "$customer" --at $at --require log
customer=$cord

# From his node.
mkdir "$scratch/node"
cat > "$scratch/node/node.conf" << END
[node]
name = Mill
role = root
prefix = 88
prefix = 88.999.1001
registry = $mill/out/registry
[listen]
http = 127.0.0.1:0
[page]
proofs = $mill/out/declarations
END
serve "$scratch/node"
sed -i -e '/^\[upstream\]/,/^$/d' -e '/^\[proofs\]/,$d' "$cord/tanji.conf"
printf '\n[resolve]\nroot = %s\nallow = 127.0.0.0/8\n' "$address" >> "$cord/tanji.conf"
resolves resolved ''
runs 0 ''
# What was kept still counts; asked for anew, it is missed.
rm "$proof"
resolves resolved ''
resolves 'not accepted' "/tanji/proof?id=" --fresh
cp "$other" "$proof"
resolves 'not accepted' "no proof of it is there" --fresh
rm -r "$cord/out/cache"
runs 1 "no proof of it is there"
cp "$scratch/proof" "$proof"
runs 0 ''
sed -i '/^policy = /d' "$cord/tanji.conf"		# its section stays
resolves 'not accepted' "no log is believed"
