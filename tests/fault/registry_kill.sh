#!/bin/sh
# registry_kill.sh TANJI SOURCE: two processes edit records and declare, and are killed, again and
# again, some of the times while another compacts or copies; then with a full disk.  What was
# acknowledged is there, nothing half, and fsck finds nothing.  $TANJI_KILLS kills (30; each is
# of both), by $WRITER_PROGRAM.
. "$(dirname "$0")/lib.sh"
kills=${TANJI_KILLS:-30}
export TMPDIR="$scratch"

# sound REGISTRY: fsck says so.
sound() {
	count=$((count + 1))
	"$TANJI" fsck "$1" >../out 2>../err || {
		complain "fsck: $(cat ../out ../err)"
		exit 1
	}
}

# told REGISTRY: all that was acknowledged is there.
told() {
	cat story.[01] | "$WRITER_PROGRAM" check "$1" >../out 2>../err || {
		complain "$(head -n 5 ../out ../err)"
		exit 1
	}
}

# writers ROUND: two of them, in $first and $second.
writers() {
	"$WRITER_PROGRAM" write reg 0 "$1" >>story.0 2>>errors &
	first=$!
	"$WRITER_PROGRAM" write reg 1 "$1" >>story.1 2>>errors &
	second=$!
}

end_writers() {
	kill -9 $first $second 2>/dev/null
	wait $first $second 2>/dev/null
}

acknowledged() {
	cat story.[01] | grep -c '^[rD]'
}

# until_more_than N: acknowledged, however slow the machine.
until_more_than() {
	tries=0
	while [ "$(acknowledged)" -le "$1" ]; do
		tries=$((tries + 1))
		[ $tries -lt 6000 ] || complain "nothing more in two minutes: $(tail errors)"
		[ $bad = 0 ] || exit 1
		sleep 0.02
	done
}

: >story.0 && : >story.1
i=0
while [ $i -lt "$kills" ]; do
	what="killed, time $i"
	# The story would grow for ever.
	[ $((i % 50)) != 49 ] || { rm -rf reg && : >story.0 && : >story.1; }
	before=$(acknowledged)
	writers $i
	[ $((i % 3)) = 0 ] || until_more_than "$before"
	pause $((20 + i * 37 % 230))
	other=
	case $((i % 6)) in
	2)	[ ! -d reg ] || { "$TANJI" compact reg >/dev/null 2>&1 & other=$!; }
		pause $((i * 7 % 60)) ;;
	4)	rm -rf copy
		[ ! -d reg ] || "$TANJI" backup reg copy >../out 2>../err ||
			grep -q 'no registry here' ../err || complain "backup: $(cat ../err)" ;;
	esac
	[ -z "$other" ] || { kill -9 $other 2>/dev/null; wait $other 2>/dev/null; }
	end_writers
	[ ! -d copy ] || { sound copy; rm -rf copy; }
	if grep -q '^[rD]' story.[01]; then	# else it may not even have been made
		told reg
		sound reg
	fi
	i=$((i + 1)) count=$((count + 1))
	[ $bad = 0 ] || exit 1
done
tail -n 1 ../out
edits=$(grep -c '^s' story.0)
[ "$edits" -gt "$((kills / 5))" ] || complain "only $edits edits were acknowledged"

what="the index gone after kills: made anew"
rm reg/data.mdb
"$TANJI" fsck --repair reg >../out 2>../err || complain "$(cat ../out ../err)"
sound reg
told reg

# A disk that is really full, where we may mount one; else a limit on files.
what="a full disk"
rm -rf reg && mkdir reg && : >story.0 && : >story.1
if mount -t tmpfs -o size=600k none reg 2>/dev/null; then
	writers 0
	until_more_than 0
	pause 1500
	end_writers
	told reg
	sound reg
	fitted=$(acknowledged)
	mount -o remount,size=50m reg
	writers 1
	until_more_than "$fitted"
	end_writers
	told reg
	sound reg
	umount reg
	echo "a full disk was tried: $fitted commits fitted"
else
	(
		trap '' XFSZ
		ulimit -f 400
		writers 0
		pause 1000
		end_writers
	)
	told reg
	sound reg
fi
done_with "killed under load"
