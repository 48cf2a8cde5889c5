#!/bin/sh
# loops.sh TANJI SOURCE: loops of every gain, chains, parallel lines, amounts of all sizes:
# the right number, or a refusal that names what is wrong.  With TANJI_SLOW=1 a chain of 10^6.
. "$(dirname "$0")/lib.sh"

# book: empty tables in kg; `rows TABLE` adds what it reads.
book() {
	rm -rf book && mkdir book
	echo product,unit >book/products.csv
	echo activity,product,amount,unit >book/outputs.csv
	echo activity,product,amount,unit >book/inputs.csv
	echo activity,flow,amount,unit >book/emissions.csv
}

rows() {
	cat >>"book/$1.csv"
}

# ring N GAIN EMITTED: N activities, each of which takes GAIN of the next one.
ring() {
	book
	seq -f 'p%.0f,kg' 0 $(($1 - 1)) | rows products
	seq -f '%.0f' 0 $(($1 - 1)) | sed 's/.*/make &,p&,1,kg/' | rows outputs
	seq -f '%.0f' 0 $(($1 - 1)) | sed "s/.*/make &,CO2,$3,kg/" | rows emissions
	awk -v n="$1" -v gain="$2" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "make %d,p%d,%s,kg\n", i, (i + 1) % n, gain
	}' | rows inputs
}

# answers PRODUCT JQ-NUMBER: its footprint, to 1e-9 of it.
answers() {
	accept '' calc book --demand "$1=1" --json
	jq -e "(.results[0].total_kgco2e | tonumber) as \$got | ($2) as \$want |
		((\$got - \$want) | fabs) <= 1e-9 * (\$want | fabs)" ../out >/dev/null ||
		complain "$(jq -r '.results[0].total_kgco2e' ../out), not $2"
}

for n in 1 2 96 97 300; do
	for gain in 0.9 0.99 0.9999; do
		what="a ring of $n, gain $gain"
		ring $n $gain 1
		answers p0 "1 / (1 - $gain)"
	done
	for gain in 1 1.0001 7; do
		what="a ring of $n, gain $gain"
		ring $n $gain 1
		refuse 65 "p0 has no footprint: the loop of make " calc book --demand p0=1 --json
		[ ! -s ../out ] || complain "an answer all the same"
	done
done

what="a bad loop downstream"
ring 3 2 1
printf 'good,kg\nuses it,kg\n' | rows products
printf 'make good,good,1,kg\nmake uses it,uses it,1,kg\n' | rows outputs
printf 'make good,CO2,5,kg\n' | rows emissions
printf 'make uses it,p0,1,kg\nmake 0,good,1,kg\n' | rows inputs
answers good 5
refuse 65 'uses it|make 0' calc book --demand 'uses it=1' --json

what="a loop with credits"
book
printf 'a,kg\nb,kg\n' | rows products
printf 'A,a,1,kg\nB,b,1,kg\n' | rows outputs
printf 'A,CO2,1,kg\nB,CO2,1,kg\n' | rows emissions
printf 'A,b,0.5,kg\nB,a,-0.6,kg\n' | rows inputs
answers a "1.5 / 1.3"
answers b "(1 - 0.6) / 1.3"

what="a loop of credits that is singular"
sed -i 's/A,b,0.5/A,b,-2/;s/B,a,-0.6/B,a,-0.5/' book/inputs.csv
refuse 65 'A|B' calc book --demand a=1 --json

what="a product that is used to make it, twice in one file"
book
echo a,kg | rows products
echo A,a,2,kg | rows outputs
echo A,CO2,1,kg | rows emissions
printf 'A,a,0.25,kg\nA,a,0.75,kg\n' | rows inputs
answers a 1

what="100000 parallel lines"
book
printf 'a,kg\nb,kg\n' | rows products
printf 'A,a,1,kg\nB,b,1,kg\n' | rows outputs
echo B,CO2,1,kg | rows emissions
yes 'A,b,0.001,kg' | head -n 100000 | rows inputs
answers a 100

what="amounts from 1e-12 to 1e12"
book
seq -f 'p%.0f,kg' 0 24 | rows products
awk 'BEGIN {
	for (i = 0; i < 25; i++)
		printf "make %d,p%d,1e%d,kg\n", i, i, i % 2 ? 12 : -12
}' | rows outputs
awk 'BEGIN {
	for (i = 0; i < 24; i++)
		printf "make %d,p%d,1e%d,kg\n", i, i + 1, i % 2 ? 12 : -12
}' | rows inputs
echo make 24,CO2,3e-12,kg | rows emissions
answers p0 3
sed -i 's/^make 3,p3,/make 3,p3,-/' book/outputs.csv
answers p0 -3

# refused FILE ROW TEXT: one bad number in a good book.
refused() {
	what="$2 in $1"
	ring 3 0.5 1
	echo "$2" | rows "$1"
	refuse 65 "$1.csv:5:3: amount|$3" calc book --demand p0=1 --json
}
for number in nan NaN -nan inf -Inf infinity 1e999 -1e400 0x1p3 1e 1..0 '1 2' 2e15; do
	refused inputs "make 0,p1,$number,kg" "found \"$number\""
	refused outputs "make 0,p1,$number,kg" "found \"$number\""
	refused emissions "make 0,CO2,$number,kg" "found \"$number\""
done

# chain N: each activity takes one of the one before.
chain_of() {
	book
	seq -f 'p%.0f,kg' 1 "$1" | rows products
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) printf "make %d,p%d,1,kg\n", i, i }' |
		rows outputs
	awk -v n="$1" 'BEGIN { for (i = 2; i <= n; i++) printf "make %d,p%d,1,kg\n", i, i - 1 }' |
		rows inputs
	echo make 1,CO2,4,kg | rows emissions
}
for n in ${TANJI_CHAIN:-100000} ${TANJI_SLOW:+1000000}; do
	what="a chain of $n on a small stack"
	chain_of "$n"
	(
		ulimit -s 256
		answers "p$n" 4
		exit $bad
	) || bad=1
	count=$((count + 1))
done
done_with "loops and chains"
