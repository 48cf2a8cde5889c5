#!/bin/sh
# chain.sh PROGRAM ROOT: a tyre names its cord, the cord its rod, by id and digest; where one
# meter of the mill read otherwise, what hangs on it is declared anew, and nothing else.
. "$(dirname "$0")/lib.sh"

# names FROM.jws COMPANY: every declaration that FROM used is one of the company's, by id and
# by the digest of what was signed; at least one.
names() {
	payload "$1" | jq -r '.credentialSubject.tanji.upstream[] | "\(.id) \(.digest)"' \
		> "$scratch/upstream"
	[ -s "$scratch/upstream" ] || fail "$1 names nobody"
	while read -r id digest; do
		jws=$(grep "^$id " "$scratch/ids.$2" | cut -d' ' -f2-)
		[ -n "$jws" ] || fail "$1 names $id, which $2 did not declare"
		[ "$(cut -d. -f1,2 "$jws" | tr -d '\n' | sha256sum | cut -c1-64)" = "$digest" ] ||
			fail "$1 has another digest of $id"
	done < "$scratch/upstream"
}

# ids COMPANY: "id file", a line each.
ids() {
	payloads "$1" | jq -r '"\(.payload.id) \(.file)"' > "$scratch/ids.$1"
}

# expect PATTERN: how many declarations of the last run are in which state.
expect() {
	states=$(jq -r '[.declarations[].state] | "new \(map(select(. == "new")) | length)" +
		" replaces \(map(select(. == "replaces")) | length)" +
		" unchanged \(map(select(. == "unchanged")) | length)"' "$scratch/stdout")
	case $states in
	$1) ;;
	*) fail "expected $1, found $states" ;;
	esac
}

# replaced COMPANY: each file either has the id it had (then it is in `kept`), or names that
# one as replaced.
replaced() {
	mv "$scratch/ids.$1" "$scratch/before"
	ids "$1"
	grep -Fx -f "$scratch/before" "$scratch/ids.$1" > "$scratch/kept" || true
	grep -Fxv -f "$scratch/before" "$scratch/ids.$1" | while read -r id jws; do
		old=$(awk -v jws="$jws" '$2 == jws { print $1 }' "$scratch/before")
		[ "$(payload "$jws" | jq -r '.credentialSubject.tanji.replaces[]')" = "$old" ] ||
			fail "$jws does not name $old, whose place it takes"
	done
}

chain
ids mill
ids cord
ids tyre
names "$(named tyre '*_2609250001')" cord
names "$(named cord '*_L2609001')" mill
names "$(named cord '*_B2609001')" mill

# The gas meter of the rod mill on the first of September (the file is GB18030).
LC_ALL=C sed -i 's/^\(CB[0-9]*,G-WRM-01,.*,\)[0-9]*\(,[^,]*,2026-09-01,2026-09-01,\)/\19515\2/' \
	"$samples/mill/in/能源计量.csv"
company mill
expect 'new 0 replaces [1-9]* unchanged *'
replaced mill
company cord
# B2609006 came from another mill's coil.
expect 'new 0 replaces [1-9]* unchanged 1'
replaced cord
grep -q ' .*_B2609006\.jws$' "$scratch/kept" || fail "B2609006 was declared anew"
names "$(named cord '*_L2609001')" mill
company tyre
expect 'new 0 replaces [1-9]* unchanged *'
replaced tyre
names "$(named tyre '*_2609250001')" cord

for name in mill cord tyre; do
	company $name
	expect 'new 0 replaces 0 unchanged [1-9]*'
done
