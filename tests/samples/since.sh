#!/bin/sh
# since.sh PROGRAM ROOT: one posting of one coil changes, and `run --since` issues again what
# lies downstream of it in three companies, no more, and the same as a full run does.
. "$(dirname "$0")/lib.sh"
coil=hdl:88.999.1001/26K00901-03
order=000001000250		# of the coil: takes a tenth of a tonne more of its billet

# since COMPANY [OPTION…]: ids of the products that were issued again, in $scratch/issued.
since() {
	tanji run --since "$samples/$1" --at $at --json ${2:+"$2"}
	jq -r '.reissue[] | select(.state == "replaces").product' "$scratch/stdout" |
		sort > "$scratch/issued"
	[ "$(jq '.reissue | length' "$scratch/stdout")" = "$(wc -l < "$scratch/issued")" ] ||
		fail "$1: something is new"
}

issued() {
	wc -l < "$scratch/issued"
}

unchanged() {
	jq .unchanged "$scratch/stdout"
}

# downstream COMPANY: products of the declarations that use one of those in $scratch/changed.
downstream() {
	payloads "$1" | jq -r --rawfile changed "$scratch/changed" '.payload.credentialSubject |
		($changed | split("\n")) as $ids |
		select(any(.tanji.upstream[]?; .product as $p | any($ids[]; . == $p))) | .id' |
		sort
}

# alike COMPANY: the registry says what that of a full run in the copy says.
alike() {
	tanji run "$scratch/full/$1" --at $at --json
	mv "$scratch/stdout" "$scratch/full.json"
	payloads "$1" | sed "s|$samples|.|" > "$scratch/ours"
	(samples=$scratch/full; payloads "$1" | sed "s|$samples|.|") | cmp -s - "$scratch/ours" ||
		fail "$1: a full run declares something else"
	cmp "$samples/$1/out/registry/kept" "$scratch/full/$1/out/registry/kept" ||
		fail "$1: a full run keeps something else"
	jq -r '.declarations[] | select(.state == "replaces").product' "$scratch/full.json" |
		sort | cmp -s - "$scratch/issued" || fail "$1: a full run issues others again"
}

chain
for name in mill cord tyre; do
	since $name
	[ "$(issued)" = 0 ] && [ "$(unchanged)" -ge 30 ] || fail "$name: not at rest"
done

export=$samples/mill/in/mb51.txt
iconv -f UTF-16 -t UTF-8 "$export" |
	awk -F '\t' -v OFS='\t' -v order=$order '$3 == 261 && $11 == order {
		$9 = sprintf("%.3f-", $9 + 0.1) } 1' |
	iconv -f UTF-8 -t UTF-16 > "$scratch/export"
mv "$scratch/export" "$export"
cp -R "$samples" "$scratch/full"
cp -R "$samples/cord/out/registry" "$scratch/before"

since mill --dry-run
[ "$(cat "$scratch/issued")" = $coil ] || fail "a dry run lists $(cat "$scratch/issued")"
jq -e '.reissue[0] | (.old_total_kgco2e | tonumber) + (.difference_kgco2e | tonumber) -
	(.total_kgco2e | tonumber) | fabs < 1e-9' "$scratch/stdout" > "$scratch/jq" ||
	fail "old total and difference are not the new total"
since mill
[ "$(cat "$scratch/issued")" = $coil ] || fail "mill: issued again: $(cat "$scratch/issued")"
[ "$(unchanged)" = 117 ] || fail "mill: $(unchanged) unchanged, not 117"
alike mill

for name in cord tyre; do
	cp "$scratch/issued" "$scratch/changed"
	since $name
	cp "$scratch/issued" "$scratch/$name"
	[ "$(issued)" -ge 1 ] && [ "$(unchanged)" -ge 1 ] || fail "$name: not some but all or none"
	downstream $name | diff "$scratch/issued" - || fail "$name: not what is downstream"
	alike $name
done
since tyre
[ "$(issued)" = 0 ] || fail "tyre: again the second time"

# What is kept is a help and nothing else: without it, or with it damaged, all is as it was.
kept=$samples/cord/out/registry/kept
cp "$kept" "$scratch/kept"
for damage in 'rm -f' 'truncate -s 100' 'truncate -s 0' 'sed -i s/./X/7' 'cp /dev/null'; do
	$damage "$kept"
	since cord
	[ "$(issued)" = 0 ] && [ "$(unchanged)" = 30 ] || fail "after $damage: not at rest"
	jq -e '.findings[] | select(.rule == "NOT_KEPT")' "$scratch/stdout" > "$scratch/jq" ||
		fail "after $damage: not told"
	cmp "$kept" "$scratch/kept" || fail "after $damage: not kept again"
done

# A registry from before the change under the record from after it.
rm -rf "$samples/cord/out/registry"
cp -R "$scratch/before" "$samples/cord/out/registry"
cp "$scratch/kept" "$kept"
since cord
cmp -s "$scratch/issued" "$scratch/cord" || fail "an older registry: not issued again"
cmp "$kept" "$scratch/kept" || fail "an older registry: not as before"
