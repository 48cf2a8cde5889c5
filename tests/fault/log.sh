#!/bin/sh
# log.sh TANJI SOURCE: a log that is killed at any moment, on a full disk, where it may not write,
# or damaged: no acknowledged leaf is lost and no head is inconsistent with an earlier one; and
# a log that shows two histories, which two witnesses and a quorum of two refuse.
# TANJI_KILLS: how often it is killed while it appends and signs (30).
. "$(dirname "$0")/lib.sh"
kills=${TANJI_KILLS:-30}
seed=20261015

# random N: 0 to N - 1, the same on every machine.
random() {
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	drawn=$((seed / 65536 % $1))
}

# hashes FROM COUNT: lines as sha256sum writes them.
hashes() {
	awk -v from="$1" -v n="$2" 'BEGIN { for (i = from; i < from + n; i++)
		printf "%032x%032x  %d\n", i * 7919, i, i }'
}

# sound: all of the log, and whether it is the tree that the checkpoint says.
sound() {
	quiet log fsck log
	grep -q sound ../out || complain "not sound: $(cat ../out)"
}

# new_log: with 300 leaves.
new_log() {
	rm -rf log
	quiet log init log --name works.example/log
	hashes 0 300 >base
	quiet log append log --hashes base
}

# append_struck I: appends batch, is killed at a random moment or was done before; what it
# acknowledged is written down, and the head as anybody may see it now, before the next writer
# opens the log.
append_struck() {
	start log append log --hashes batch
	random $((took * 5 / 4 + 1))
	strike $drawn
	case $ended in
	0)	cat batch >>acknowledged; took=$((took * 9 / 10)) ;;
	137)	took=$((took * 21 / 20)) ;;
	*)	complain "time $1: $(cat ../err)"; exit 1 ;;
	esac
	cp log/public/checkpoint "heads/$1"
	quiet log checkpoint log
	count=$((count + 1))
}

# heads_agree: each head seen is the beginning of the last tree, and so of every later one.
heads_agree() {
	cp -Rp witness kept
	for head in $(ls heads | sort -n); do
		rm -rf witness && cp -Rp kept witness
		size=$(sed -n 2p heads/"$head")
		{ printf 'old 0\n\n' && cat heads/"$head"; } >request
		quiet witness cosign witness request
		tanji log request log --old "$size" && cp ../out request
		quiet witness cosign witness request
	done
	rm -rf heads witness kept
}

# kill_log UNTIL: a log of its own, until so many were killed in all.
kill_log() {
	new_log
	quiet witness init witness --name w.example
	quiet witness follow witness "$(cat log/public/vkey)"
	mkdir heads
	: >acknowledged
	hashes 1000000 20000 >batch
	timed '' log append log --hashes batch
	cat base batch >all
	i=0 next=2000000 ended=0
	while [ $killed -lt "$1" ]; do
		if [ $ended = 0 ]; then
			random 40000
			hashes $next $((drawn + 1)) >batch
			next=$((next + drawn + 1))
			cat batch >>all
		fi
		append_struck $i
		i=$((i + 1))
	done
	quiet log append log --hashes acknowledged --json
	grep -q '"appended": *0,' ../out || complain "acknowledged leaves are lost: $(cat ../out)"
	quiet log append log --hashes all --json
	grep -q "\"size\": *$(sort -u all | wc -l)}" ../out ||
		complain "not each leaf once: $(cat ../out)"
	sound
	heads_agree
	echo "killed $killed times, the last $i tries within $took ms, $(find log -name '.tanji-*' |
		wc -l) temporary files left, $(sed -n 2p log/public/checkpoint) leaves"
}

# Killed.
what="killed"
while [ $killed -lt "$kills" ]; do
	kill_log $((kills - killed < 100 ? kills : killed + 100))
done

# A full disk, at each write.
what="no space (a full disk)"
new_log
cp -Rp log ../log300
hashes 5000 3000 >batch
mkdir disk
full=0
fill() {	# KIB: append there, and look at what is left
	mount -t tmpfs -o size="$1"k,mode=777 none disk 2>/dev/null || return 1
	cp -Rp ../log300 disk/log && rm -rf log && ln -s disk/log log
	head=$(cat log/public/checkpoint)
	tanji log append log --hashes batch
	got=$?
	[ $got = 0 ] || [ $got = 74 ] || complain "$1 KiB: exit status $got"
	[ $got = 0 ] || { says 'No space left on device' && full=$((full + 1)); }
	[ $got = 0 ] || [ "$head" = "$(cat log/public/checkpoint)" ] ||
		complain "$1 KiB: another head"
	mount -o remount,size=8m disk
	sound
	quiet log append log --hashes batch
	[ "$(sed -n 2p log/public/checkpoint)" = 3300 ] || complain "$1 KiB: not 3300"
	sound
	umount disk
	rm -f log
	count=$((count + 1))
	[ $got != 0 ] || return 2
}
kib=$(($(du -sk ../log300 | cut -f1) + 24))
while fill $kib; do
	kib=$((kib + 20))
done
[ $full = 0 ] || echo "a full disk was tried $full times"
rm -rf log disk

what="no space (a limit on files)"
cp -Rp ../log300 log
for blocks in 1 4 32; do
	(
		trap '' XFSZ
		ulimit -f $blocks
		tanji log append log --hashes batch
		[ $? = 74 ] || complain "$blocks blocks: not 74"
		says 'File too large'
		exit $bad
	) || bad=1
	sound
	count=$((count + 1))
done
quiet log append log --hashes batch
sound

what="read-only"
for folder in log log/public log/public/tile/0 log/public/tile/entries log/public/tile/0/001.p; do
	rm -rf log && cp -Rp ../log300 log
	case $folder in *.p) hashes 5000 3 >batch ;; esac
	own
	chmod a-w "$folder"
	head=$(cat log/public/checkpoint)
	tanji log append log --hashes batch
	[ $? = 77 ] || complain "$folder: not 77: $(cat ../err)"
	says "$folder"
	[ "$head" = "$(cat log/public/checkpoint)" ] || complain "$folder: another head"
	chmod u+w "$folder"
	sound
	# Where the head was signed already, it is published now.
	quiet log append log --hashes batch
	sound
	count=$((count + 1))
done

what="a damaged tile within the log"
rm -rf log && cp -Rp ../log300 log
quiet log append log --hashes batch
cp -p log/public/tile/0/000 kept
printf 'x' | dd of=log/public/tile/0/000 bs=1 seek=100 conv=notrunc 2>/dev/null
refuse 74 'do not prove leaf 7|log fsck' log prove log --index 7
refuse 74 'is not what' log fsck log

what="not a log"
rm -rf log && mkdir log
refuse 66 'log init' log append log --hashes batch
refuse 66 'log init' log checkpoint log
what="a key that others may read"
rm -rf log && cp -Rp ../log300 log && chmod 644 log/key.pem
refuse 77 'chmod 600' log append log --hashes batch
what="another key"
rm -rf log && cp -Rp ../log300 log
openssl genpkey -algorithm ed25519 >log/key.pem 2>/dev/null && chmod 600 log/key.pem
refuse 78 'is not the key of' log append log --hashes batch
what="hashes that are none"
cp -p ../log300/key.pem log/key.pem
echo 'abc  file' >wrong
refuse 65 'wrong:1:|sha256sum' log append log --hashes wrong
printf '%064d  cut' 1 >wrong
refuse 65 'does not end with a newline' log append log --hashes wrong

# Two histories.
what="a forked log"
rm -rf log && cp -Rp ../log300 log
for n in 1 2; do
	quiet witness init w$n --name w$n.example
	quiet witness follow w$n "$(cat log/public/vkey)"
done
printf 'log %s\nwitness w1 %s\nwitness w2 %s\ngroup both 2 w1 w2\nquorum both\n' \
	"$(cat log/public/vkey)" "$(cat w1/public/vkey)" "$(cat w2/public/vkey)" >policy
# cosigned LOG WITNESS OLD STATUS: asks, and takes the answer where it is 200.
cosigned() {
	quiet log request "$1" --old "$3" && cp ../out request
	tanji witness cosign "$2" request
	got=$?
	says "$4 "
	cp ../out answer-"$2"
	[ $got = 0 ] || return 1
}
cosigned log w1 0 200 && cosigned log w2 0 200 || complain "an honest log is refused"
quiet log cosign log answer-w1 answer-w2 --policy policy
cp -Rp log fork
echo "1.8 kg" >mine.jws && echo "2.4 kg" >yours.jws
quiet log append log mine.jws
quiet log append fork yours.jws
for n in 1 2; do
	cosigned log w$n 300 200 || complain "w$n refuses a log that grew"
done
quiet log cosign log answer-w1 answer-w2 --policy policy
quiet log prove log mine.jws
accept '' log verify mine.jws --policy policy
grep -q 'cosigned by 2' ../out || complain "not two: $(cat ../out)"
for n in 1 2; do
	! cosigned fork w$n 300 409 || complain "w$n cosigns two histories"
	[ "$(cat answer-w$n)" = 301 ] || complain "w$n does not say what it has seen"
	! cosigned fork w$n 301 422 || complain "w$n cosigns two histories"
done
quiet log prove fork yours.jws
tanji log verify yours.jws --policy policy
[ $? = 1 ] || complain "a fork is accepted"
grep -q 'cosigned by 0 of the witnesses' ../out || complain "not said why: $(cat ../out)"
# With one honest cosignature of the other head pasted in, and with one witness's twice.
sed -n '/^— w1/p' log/public/checkpoint >>yours.jws.tlog-proof
tanji log verify yours.jws --policy policy
[ $? = 1 ] || complain "a pasted cosignature is accepted"
cp mine.jws.tlog-proof whole
sed '/^— w2/d' whole >mine.jws.tlog-proof
sed -n '/^— w1/p' whole >>mine.jws.tlog-proof
tanji log verify mine.jws --policy policy
[ $? = 1 ] || complain "one witness twice is two"
count=$((count + 8))

what="a witness whose record is damaged or read-only"
record=$(ls -d w1/public/*/)checkpoint
cp -p "$record" kept
head -c 100 kept >"$record"
cosigned log w1 301 '' && complain "a damaged record is passed over"
says 'restore it from a copy'
cp -p kept "$record"
hashes 9000 5 >batch
quiet log append log --hashes batch
own
chmod a-w "$(dirname "$record")"
cosigned log w1 301 '' && complain "it has answered and not kept"
chmod u+w "$(dirname "$record")"
[ ! -s answer-w1 ] || complain "it has answered: $(cat answer-w1)"
cosigned log w1 301 200 || complain "it does not go on"
count=$((count + 3))
# All that a company has declared, with tags and without.
what="a company's declarations"
company mill
quiet keys new mill
quiet run mill --at $at
rm -rf log && quiet log init log --name mill.example/log
declared=$(ls mill/out/declarations/*.jws | wc -l)
quiet log append log --dir mill --json
grep -q "\"appended\": *$declared," ../out || complain "not $declared: $(cat ../out)"
quiet log append log --dir mill --json
grep -q '"appended": *0,' ../out || complain "again: $(cat ../out)"
quiet log prove log mill/out/declarations/*.jws
accept '' log verify mill/out/declarations/*.jws --vkey "$(cat log/public/vkey)"
openssl rand -out tags 32 && chmod 600 tags
quiet log append log --dir mill --tag-key tags --json
grep -q "\"appended\": *$declared," ../out || complain "tagged: $(cat ../out)"
quiet log prove log mill/out/declarations/*.jws --tag-key tags
accept '' log verify mill/out/declarations/*.jws --vkey "$(cat log/public/vkey)"
grep -q '^extra ' "$(ls mill/out/declarations/*.tlog-proof | head -n 1)" || complain "no tag"
refuse 1 '' log verify mill/out/declarations/*.jws --kind label --vkey "$(cat log/public/vkey)"
refuse 65 '' log append log base --tag-key tags
sound
done_with "logs"
