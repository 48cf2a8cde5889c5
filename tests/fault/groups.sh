#!/bin/sh
# groups.sh TANJI SOURCE: a run of twenty groups, killed at twenty moments and run again.
# What was told of is there, nothing that is there is signed again, and in the end the
# registry is that of an undisturbed run: products, ids and digests, in their order.
# (Signatures differ: ECDSA takes a random number for each.)  $TANJI_HEATS heats, made
# by $HEATS_PROGRAM.
. "$(dirname "$0")/lib.sh"
heats=${TANJI_HEATS:-2000}
group=$((heats / 20))
"$HEATS_PROGRAM" "$heats" works || exit 2
sed -i "s/^files = no/&\ngroup = $group/" works/tanji.conf

# listing: one line a declaration, in the order of the registry.
listing() {
	accept '' show --json --dir works
	cp ../out "$1"
}

# shown: how many declarations were told of as new.
shown() {
	grep -c ' new ' ../out.run
}

what=undisturbed
accept '' keys new works
timed '' run works --at $at --quiet
listing ../undisturbed
[ "$(wc -l <../undisturbed)" = "$heats" ] || complain "not $heats declarations"

midway=0 i=0
while [ $i -lt 20 ]; do
	what="killed, time $i"
	rm -rf works/out/registry
	start run works --at $at --quiet
	strike_run $((took * (i + 4) / 24))	# reading comes first
	there=0
	if tanji show --json --dir works; then
		cp ../out ../there
		there=$(wc -l <../there)
		head -n "$there" ../undisturbed | cmp -s - ../there ||
			complain "what is there is no beginning of the whole"
		[ $((there % group)) = 0 ] || complain "half a group is there: $there"
	else
		says 'no registry here'
	fi
	[ "$(shown)" -le "$there" ] || complain "$(shown) were told of, $there are there"
	[ "$there" -gt 0 ] && [ "$there" -lt "$heats" ] && midway=$((midway + 1))
	accept '' run works --at $at --quiet
	said=$(tail -n 2 ../out | head -n 1)
	new="$((heats - there)) new, 0 replacing earlier ones, $there unchanged"
	[ "$said" = "$heats declarations: $new" ] || complain "not what was missing: $said"
	listing ../again
	cmp -s ../undisturbed ../again || complain "another registry than undisturbed"
	i=$((i + 1))
done
[ $midway -ge 2 ] || complain "only $midway of 20 were killed in the middle"

what="one thread or three"
for threads in 1 3; do
	rm -rf works/out/registry
	accept '' run works --at $at --quiet --threads $threads
	listing ../again
	cmp -s ../undisturbed ../again || complain "$threads threads give another registry"
done
echo "$killed of 20 killed within $took ms, $midway of them between two groups"
done_with "killed between groups"
