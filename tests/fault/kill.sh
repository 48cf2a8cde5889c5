#!/bin/sh
# kill.sh TANJI SOURCE: killed at any moment, run again, and all is as if nothing had happened;
# two at once; and twenty times.
. "$(dirname "$0")/lib.sh"
chain

# published: what the cord maker has declared, without signatures, which differ each time.
published() {
	awk -F . '{ print FILENAME, $2 }' cord/out/declarations/*.jws
}

what=undisturbed
fresh
timed '' run cord --at $at
published >../undisturbed
[ "$(wc -l <../undisturbed)" = 30 ] || complain "not 30 declarations"

i=0 left=0
while [ $i -lt 20 ]; do
	what="killed, time $i"
	fresh
	start run cord --at $at
	strike_run $((took * i / 16))	# evenly over the run, and a little beyond
	if [ -d cord/out/registry ] && [ -e cord/out/registry/write.lock ]; then
		tanji run cord --at $at --dry-run
		[ $? = 0 ] || { complain "the registry does not open"; cat ../err; }
		grep -q -e ' 30 new, 0 replacing' -e ' 0 new, 0 replacing' ../out ||
			complain "a part was published: $(tail -n 1 ../out)"
	fi
	accept '' run cord --at $at
	published | cmp -s - ../undisturbed || complain "other declarations than undisturbed"
	accept '' run cord --at $at
	grep -q ' 0 new, 0 replacing earlier ones, 30 unchanged' ../out || complain "not at rest"
	accept '' verify cord/out/declarations/*.jws --dir cord --at $at
	left=$((left + $(find cord/out -name '.tanji-*' | wc -l)))
	i=$((i + 1))
done
[ $killed -ge 5 ] || complain "only $killed of 20 were killed before they were done"

what="two at once"
i=0
while [ $i -lt 5 ]; do
	fresh
	start run cord --at $at
	first=$process
	tanji run cord --at $at
	second=$?
	wait $first
	first=$?
	[ $second = 0 ] || [ $second = 75 ] || [ $second = 73 ] ||
		complain "second ended with $second"
	[ $first = 0 ] || [ $first = 75 ] || [ $first = 73 ] || complain "first ended with $first"
	accept '' run cord --at $at
	grep -q ' 0 new, 0 replacing earlier ones, 30 unchanged' ../out || complain "not at rest"
	published | cmp -s - ../undisturbed || complain "other declarations than undisturbed"
	accept '' verify cord/out/declarations/*.jws --dir cord --at $at
	echo "two at once: exit status $first and $second"
	i=$((i + 1))
done
echo "$killed of 20 killed within ${took} ms, $left temporary files left behind"
done_with "killed and run again"
