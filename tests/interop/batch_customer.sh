#!/bin/sh
# batch_customer.sh PROGRAM ROOT: a customer's runs over a supplier who signs in batches, read from
# the supplier's folder and asked for at his node.  What he declares counts with the proof of his
# log, and neither without one, nor with another's, nor where his log is not named.
. "$2/tests/samples/lib.sh"
mill=$samples/mill cord=$samples/cord log=$scratch/log
coil=88.999.1001/26K00901-01
proof=$mill/out/declarations/hdl=88.999.1001_26K00901-01.jws.tlog-proof
other=$mill/out/declarations/hdl=88.999.1001_26K00901-03.jws.tlog-proof
alone="counts with its log's proof alone"

# resolves STATE TEXT [OPTION…]: what the customer is told of the coil.
resolves() {
	state=$1 text=$2
	shift 2
	"$program" resolve $coil --dir "$cord" --json --at $at "$@" > "$scratch/answer" \
		2> "$scratch/stderr" || true
	jq -e --arg state "$state" --arg text "$text" '.[0].state == $state and
		(.[0].reason | contains($text))' "$scratch/answer" > "$scratch/said" ||
		fail "$(cat "$scratch/answer" "$scratch/stderr")"
}

# runs COUNT TEXT: so many of the supplier's declarations are not used in a run, for this reason.
runs() {
	tanji run "$cord" --dry-run --json --at $at
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
