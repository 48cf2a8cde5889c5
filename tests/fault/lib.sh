# lib.sh: what the fault scripts share.  Sourced with the program and the source tree as
# $1 and $2: a scratch copy of two of the samples, and what must hold after every fault.
# Run as root the program runs as nobody, whom the modes of files hold back.
set -u
# Whatever folder it is in later.
TANJI=$(realpath "$1") source=$(realpath "$2")
HEATS_PROGRAM=$(realpath "${HEATS_PROGRAM:-.}") WRITER_PROGRAM=$(realpath "${WRITER_PROGRAM:-.}")
at=2026-10-15
export NO_COLOR=1 LANG=C LC_ALL=C TZ=UTC
scratch=$(mktemp -d) || exit 2
# What runs in the background ends with the script, wherever that ends.
trap 'jobs -p >"$scratch/jobs"
	while read -r process; do kill -9 "$process" 2>/dev/null; done <"$scratch/jobs"
	cd / && chmod -R u+rwX "$scratch" && rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
bad=0 count=0 killed=0 as=
if [ "$(id -u)" = 0 ]; then
	as="setpriv --reuid=65534 --regid=65534 --clear-groups --"
	cp "$TANJI" "$scratch/tanji"	# where it was built nobody may not look
	TANJI=$scratch/tanji
	chmod 755 "$scratch"
fi
mkdir "$scratch/try" && cd "$scratch/try" || exit 2

complain() {
	echo "$what: $*"
	bad=1
}

own() {
	[ -z "$as" ] || chown -R 65534:65534 "$scratch/try"
}

# tanji ARGUMENTS: its answer in ../out, its talk in ../err.
tanji() {
	own
	timeout 120 $as "$TANJI" "$@" >../out 2>../err </dev/null
	status=$?
	! grep -E 'Sanitizer|runtime error:' ../err || complain "a sanitizer has something to say"
	return $status
}

# company NAME: one of the samples, without what was made in the source tree.
company() {
	cp -R "$source/samples/$1" "$scratch/try/" && rm -rf "$1/out"
}

# chain: a mill that has published, and a cord maker that has a key.
chain() {
	company mill && company cord || exit 2
	what=chain
	tanji keys new mill && tanji run mill --at $at && tanji keys new cord || {
		cat ../err
		exit 2
	}
	cp -Rp . ../good
}

# fresh: all as it was.
fresh() {
	chmod -R u+rwX . && rm -rf ./* && cp -Rp ../good/. .
}

# state: every name and every byte; LMDB writes down its readers in lock.mdb.
state() {
	find . ! -name lock.mdb \( -type f -exec sha256sum {} + -o -print \) 2>&1 | sort
}

# says 'TEXT|TEXT…': standard error holds each.
says() {
	rest=${1:+$1|}
	while [ -n "$rest" ]; do
		text=${rest%%|*} rest=${rest#*|}
		grep -qF -e "$text" ../err || complain "does not say: $text"
	done
}

# refuse STATUS 'TEXT|TEXT…' ARGUMENTS: ends so, says so, and everything is as before.
refuse() {
	want=$1 texts=$2
	shift 2
	count=$((count + 1))
	state >../before
	tanji "$@"
	got=$?
	[ $got = "$want" ] || complain "exit status $got, not $want"
	says "$texts"
	state >../after
	cmp -s ../before ../after || {
		complain "something has changed:"
		diff ../before ../after
	}
	[ $bad = 0 ] || { head -n 20 ../err; exit 1; }
}

# accept 'TEXT|TEXT…' ARGUMENTS: exit status 0, and standard error holds the texts.
accept() {
	texts=$1
	shift
	count=$((count + 1))
	tanji "$@"
	got=$?
	[ $got = 0 ] || complain "exit status $got, not 0"
	says "$texts"
	[ $bad = 0 ] || { head -n 20 ../err; exit 1; }
}

# quiet ARGUMENTS: must succeed.
quiet() {
	tanji "$@" || { complain "$*: $(cat ../err)"; exit 1; }
}

# timed 'TEXT|TEXT…' ARGUMENTS: accepted; $took: in how many milliseconds.
timed() {
	begin=$(date +%s%N)
	accept "$@"
	took=$((($(date +%s%N) - begin) / 1000000))
}

# start ARGUMENTS: in the background as $process, and nothing between it and the program; its
# answer in ../out.run, its talk in ../err.
start() {
	own
	exec_as=${as:-env}
	$exec_as "$TANJI" "$@" >../out.run 2>../err </dev/null &
	process=$!
}

# pause MS
pause() {
	sleep "$(($1 / 1000)).$(printf '%03d' $(($1 % 1000)))"
}

# strike MS: kills what was started when so many milliseconds have passed.  $ended: its exit
# status, 137 where it was killed and had not ended before; $killed counts those.
strike() {
	pause "$1"
	kill -9 "$process" 2>/dev/null
	wait "$process" 2>/dev/null
	ended=$?
	[ $ended != 137 ] || killed=$((killed + 1))
}

# strike_run MS: the same.  Where it had ended before, the machine is faster than it was, and the
# next ones are struck earlier: $took.
strike_run() {
	strike "$1"
	[ $ended = 137 ] || took=$((took * 3 / 4))
}

# done_with TEXT: the last line of every script.
done_with() {
	echo "$1: $count cases"
	exit $bad
}
