#!/bin/sh
# run_log.sh TANJI SOURCE: runs that log what they declare, killed at any moment and run again: in
# the end each declaration of the registry is in the log, once, under one checkpoint a run; and logs
# that are not there, read-only, or old copies.  $TANJI_HEATS heats, made by $HEATS_PROGRAM, in
# twenty groups; $TANJI_KILLS kills for each way of signing (6; 500 take ten minutes).
. "$(dirname "$0")/lib.sh"
heats=${TANJI_HEATS:-600} kills=${TANJI_KILLS:-6}

# leaves: the entries of the tree that the head tells of, a line each.
leaves() {
	size=$(sed -n 2p log/public/checkpoint) n=0
	while [ $((n * 256)) -lt "$size" ]; do
		width=$((size - n * 256))
		bundle=log/public/tile/entries/$(printf '%03d' $n)
		[ $width -ge 256 ] || bundle=$bundle.p/$width
		tr '\n' ' ' <"$bundle" | grep -ao 'tanji-leaf/v1 [a-z]* [0-9a-f]*'
		n=$((n + 1))
	done
}

# complete: every declaration is in the log, none twice, and the log is sound.
complete() {
	quiet log fsck log
	quiet log append log --dir works --json
	grep -q '"appended": *0, *"known": *'"$((2 * heats))," ../out ||
		complain "not all: $(cat ../out)"
	leaves | sort >../leaves
	[ "$(wc -l <../leaves)" = $((2 * heats + 1)) ] || complain "$(wc -l <../leaves) leaves"
	[ -z "$(uniq -d ../leaves)" ] || complain "a leaf is there twice"
}

"$HEATS_PROGRAM" "$heats" works || exit 2
sed -i "s/^files = no/&\ngroup = $((heats / 20))/" works/tanji.conf
printf '\n[log]\ndir = ../log\n' >>works/tanji.conf

what="no log"
refuse 66 'log init' run works --at $at --quiet
quiet log init log --name works.example/log
quiet keys new works
sed -n 2p log/public/checkpoint | grep -qx 1 || complain "the key history is not logged"
# All has been declared and logged once when a factor changes: every declaration is replaced.
quiet run works --at $at --quiet
grep -q "log: $heats appended" ../out || complain "not logged: $(cat ../out)"
sed -i 's/^f\.sinter,t,CO2e,446/f.sinter,t,CO2e,447/' works/in/factors.csv
cp -Rp . ../good

what="another process has the log"
own
# shellcheck disable=SC2086
$as flock --no-fork log/lock sleep 600 &
process=$!
while $as flock -n log/lock true; do sleep 0.05; done
refuse 75 'log' run works --at $at --quiet
kill $process 2>/dev/null
wait $process 2>/dev/null

for sign in each batch; do
	what="undisturbed, $sign"
	fresh
	printf '\n[declare]\nsign = %s\n' $sign >>works/tanji.conf
	cp works/tanji.conf ../tanji.conf
	timed '' run works --at $at --quiet
	grep -q "log: $heats appended" ../out || complain "not logged: $(cat ../out)"
	complete
	accept '' run works --at $at --quiet
	grep -q 'works.example/log: 0 appended' ../out || complain "again: $(cat ../out)"
	i=0 killed=0
	while [ $i -lt "$kills" ]; do
		what="killed, $sign, time $i"
		fresh
		cp ../tanji.conf works/tanji.conf
		start run works --at $at --quiet
		# Reading comes first.
		strike_run $((took * (3 * kills + 8 * i + 4) / (10 * kills)))
		seen=$(sed -n 2p log/public/checkpoint)
		[ "$seen" = $((heats + 1)) ] || [ "$seen" = $((2 * heats + 1)) ] ||
			complain "a head of $seen leaves"
		accept '' run works --at $at --quiet
		complete
		i=$((i + 1))
	done
	[ $killed -ge $((kills / 3)) ] || complain "only $killed of $kills were killed"
	echo "$sign: $killed of $kills killed within $took ms"
done

what="read-only"
fresh
own
chmod a-w log/public
tanji run works --at $at --quiet
[ $? = 77 ] || complain "not 77: $(cat ../err)"
chmod u+w log/public
accept '' run works --at $at --quiet
complete

what="an old copy of the log"
rm -rf log && cp -Rp ../good/log log
accept '' run works --at $at --quiet
grep -q "log: $heats appended" ../out || complain "not again: $(cat ../out)"
complete

what="a mark that says nothing"
for mark in '' 'works.example/log' "$(head -c 300 /dev/zero | tr '\0' x)"; do
	printf '%s' "$mark" >works/out/registry/logged
	accept '' run works --at $at --quiet
	grep -q 'log: 0 appended' ../out || complain "$mark: $(cat ../out)"
done
complete

what="tags from now on"
openssl rand -out tags 32 && chmod 600 tags
echo 'tag_key = ../tags' >>works/tanji.conf
accept '' run works --at $at --quiet
grep -q "log: $((2 * heats)) appended" ../out || complain "not tagged: $(cat ../out)"
accept '' run works --at $at --quiet
grep -q 'log: 0 appended' ../out || complain "twice tagged: $(cat ../out)"
quiet log fsck log

what="an SM2 key for declarations and none for the log"
printf '\n[gm]\nkey = out/keys/sm2.pem\n' >>works/tanji.conf
quiet keys gm works
refuse 78 'log init' run works --at $at --quiet
accept '' log init log --gm --name works.example/log
accept '' run works --at $at --quiet
refuse 73 'already' log init log --gm --name works.example/log
what="a batch without a log"
sed -i '/^\[log\]/,/^tag_key/d' works/tanji.conf
printf '\n[declare]\nsign = batch\n' >>works/tanji.conf
refuse 78 'log' run works --at $at --quiet
done_with "runs and their logs"
