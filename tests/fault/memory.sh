#!/bin/sh
# memory.sh TANJI SOURCE: a book of 10^5 activities, with a loop, under less and less memory:
# the whole answer, or exit status 71 and a word, never a crash or a part of the answer.
. "$(dirname "$0")/lib.sh"
mkdir book

awk 'BEGIN {
	n = 100000
	srand(7)
	print "product,unit" >"book/products.csv"
	print "activity,product,amount,unit" >"book/outputs.csv"
	print "activity,product,amount,unit" >"book/inputs.csv"
	print "activity,flow,amount,unit" >"book/emissions.csv"
	for (i = 0; i < n; i++) {
		printf "part %d,kg\n", i >"book/products.csv"
		printf "making part %d,part %d,1,kg\n", i, i >"book/outputs.csv"
		printf "making part %d,CO2,%.6f,kg\n", i, rand() >"book/emissions.csv"
		for (k = 0; k < 7 && i > 0; k++)
			printf "making part %d,part %d,%.6f,kg\n", i, int(rand() * i),
				rand() / 8 >"book/inputs.csv"
	}
	for (i = 0; i < 500; i++)
		printf "making part %d,part %d,0.01,kg\n", i, i + 1 >"book/inputs.csv"
}'

# limited MEGABYTES: calc with so much address space.
limited() {
	(
		ulimit -v $(($1 * 1024))
		tanji calc book --demand 'part 99999=1' --json
	)
}

what="no limit"
tanji calc book --demand 'part 99999=1' --json || complain "exit status $?"
cp ../out ../whole
megabytes=2048 refused=0
# Do the libraries start at all in so much?  Some of them do not end well if they cannot.
starts() {
	(
		ulimit -v $(($1 * 1024))
		tanji help
	) >/dev/null 2>&1
}

while [ $megabytes -gt 24 ] && starts $megabytes; do
	what="$megabytes MB"
	limited $megabytes
	status=$?
	count=$((count + 1))
	case $status in
	0)	cmp -s ../whole ../out || complain "another answer" ;;
	71)	[ ! -s ../out ] || complain "a part of the answer"
		says 'out of memory'
		refused=$((refused + 1)) ;;
	*)	complain "exit status $status" ;;
	esac
	[ $bad = 0 ] || { head -n 20 ../err; exit 1; }
	megabytes=$((megabytes * 4 / 5))
done
[ $refused -ge 5 ] || complain "only $refused runs were short of memory"
done_with "short of memory"
