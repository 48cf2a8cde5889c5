#!/bin/sh
# explain_sums.sh PROGRAM ROOT: for every product that was declared the lines of explain add
# up to the declared total exactly, and each line says where it comes from.
. "$(dirname "$0")/lib.sh"

# One row a line of explain: product, declared total, total, kgco2e, from, source, row.
explained() {
	payloads "$1" | jq -r '.payload.credentialSubject | "\(.id) \(.tanji.total)"' \
		> "$scratch/declared"
	while read -r id declared; do
		tanji explain "$id" "$samples/$1" --at $at --json
		printf '["%s", "%s",\n' "$id" "$declared"
		cat "$scratch/stdout"
		echo ']'
	done < "$scratch/declared" | jq -r '. as [$id, $declared, $explained] |
		$explained.lines[] | [$id, $declared, $explained.total_kgco2e, .kgco2e, .from,
			.source, .row] | @tsv'
}

# Numbers as whole multiples of 1e-9, which awk adds exactly up to 9e6 kg.
sums() {
	awk -F '\t' -v want="$1" '
	function scaled(text,  part, n) {
		n = split(text, part, ".")
		if (length(part[2]) > 9) bad(text ": more than nine places")
		part[2] = substr((n > 1 ? part[2] : "") "000000000", 1, 9)
		return (part[1] + 0) * 1e9 + (text ~ /^-/ ? -1 : 1) * part[2]
	}
	function bad(what) { print $1 ": " what; failed = 1 }
	function finish() {
		if (NR > 1 && sum != total)
			{ print product ": lines " sum ", total " total " (1e-9 kg)"; failed = 1 }
	}
	$1 != product { finish(); product = $1; products++; sum = 0; total = scaled($2) }
	scaled($3) != total { bad("total " $3 ", declared " $2) }
	$7 !~ /:[0-9]+$/ && !($5 == "declaration" && $6 ~ /^urn:uuid:/) { bad("from nowhere: " $0) }
	{ sum += scaled($4) }
	END { finish(); if (products != want) { print products " products, not " want; failed = 1 }
		exit failed }'
}

# Every file and line that is named is there.
rows_exist() {
	cut -f 7 "$1" | sed -n 's/^\(.*\):\([0-9]*\)$/\1	\2/p' | sort -u |
	while IFS='	' read -r file line; do
		[ -f "$file" ] || fail "no file $file"
		[ "$line" -ge 1 ] && [ "$line" -le $(($(tr -cd '\n' < "$file" | wc -c) + 1)) ] ||
			fail "no line $line in $file"
	done
}

chain
for name in mill cord tyre; do
	explained $name > "$scratch/explained"
	set -- "$samples/$name"/out/declarations/*.jws
	sums $# < "$scratch/explained" || fail "$name does not add up"
	rows_exist "$scratch/explained"
done
