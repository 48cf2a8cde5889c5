#!/bin/sh
# trace_sums.sh PROGRAM ROOT: for products that were declared every way of dividing, the paths
# with their remainder, and the parts of the drawing add up to the declared total exactly;
# stages are those of the declaration; the drawing is one that others can read.
. "$(dirname "$0")/lib.sh"

# Of [product, declared total, declared stages, trace]: sums of exact decimals, as whole multiples
# of 1e-9; nothing where all is well.
# shellcheck disable=SC2016
wrong='def scaled: . as $t | ltrimstr("-") | split(".") | ((.[0] | tonumber) * 1000000000 +
		(((.[1] // "") + "000000000")[0:9] | tonumber)) *
		(if $t | startswith("-") then -1 else 1 end);
	def sum: map(scaled) | add // 0;
	. as [$id, $declared, $stages] | ($declared | scaled) as $total | .[3] |
	(((.views | to_entries[] | { key, value: [.value[].kgco2e] }),
	{ key: "paths", value: ([.paths[].kgco2e] + [.remainder.kgco2e]) },
	{ key: "drawing", value: [.nodes[] | .own_kgco2e, .rest_kgco2e] }) |
	select((.value | sum) != $total) | "\($id) \(.key): \(.value | sum), not \($total)"),
	(.views.stage[] | (.kgco2e | scaled) as $is | ($stages[.key] // "0" | scaled) as $want |
	select($is != $want) | "\($id) \(.key): \($is), declared \($want)")'

# traced COMPANY OPTION…: each of its declared products.
traced() {
	name=$1
	shift
	payloads "$name" | jq -r '.payload.credentialSubject |
		"\(.id) \(.tanji.total) \(.tanji.stages | tojson)"' > "$scratch/declared"
	[ -s "$scratch/declared" ] || fail "$name has declared nothing"
	while read -r id declared stages; do
		tanji trace "$id" "$samples/$name" --at $at --json "$@"
		printf '["%s", "%s", %s,\n' "$id" "$declared" "$stages"
		cat "$scratch/stdout"
		echo ']'
	done < "$scratch/declared" > "$scratch/traced"
	found=$(jq -r "$wrong" "$scratch/traced")
	[ -z "$found" ] || fail "$name $*: $found"
}

chain
traced mill
traced cord --cutoff 0
traced tyre --cutoff 5 --depth 3

read -r id declared < "$scratch/declared"
tanji trace "$id" "$samples/tyre" --at $at --format svg
grep -q '示例钢帘线有限公司' "$scratch/stdout" || fail "who declared the cord is not drawn"
