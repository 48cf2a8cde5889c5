#!/bin/sh
# witness_http.sh TANJI SOURCE: two witnesses, each a server of its own, cosign a log over HTTP; a
# fork is refused by both and by whoever asks for both; a witness that is dead, slow, or answers
# with something else is named; and the log is read by others from its own server.
set -u
tanji=$1 source=$2
export LC_ALL=C NO_COLOR=1
scratch=$(mktemp -d) || exit 2
running=
trap '[ -z "$running" ] || kill -9 $running 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
cd "$scratch" || exit 2
count=0

fail() {
	printf 'witness_http: %s\n' "$*" >&2
	cat err >&2 2>/dev/null
	exit 1
}

# does ARGUMENTS: succeeds; its answer is in out, its talk in err.
does() {
	count=$((count + 1))
	timeout 60 "$tanji" "$@" >out 2>err </dev/null || fail "exit status $?: tanji $*"
	! grep -E 'Sanitizer|runtime error:' err || fail "a sanitizer has something to say"
}

# refused STATUS TEXT ARGUMENTS
refused() {
	want=$1 text=$2
	shift 2
	count=$((count + 1))
	timeout 60 "$tanji" "$@" >out 2>err </dev/null
	got=$?
	[ $got = "$want" ] || fail "exit status $got, not $want: tanji $*"
	says "$text"
}

says() {
	grep -qF -e "$1" err || fail "does not say \"$1\""
}

wait_for() {
	tries=0
	until "$@" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || fail "gave up: $*"
		sleep 0.1
	done
}

# serve NODE: its port in $port, its process in $pid.
serve() {
	: >"$1.out"
	"$tanji" serve "$1" >"$1.out" 2>>"$1.err" </dev/null &
	pid=$!
	running="$running $pid"
	wait_for grep -q http:// "$1.out"
	port=$(sed -n 's|.* http://127\.0\.0\.1:\([0-9]*\).*|\1|p' "$1.out")
}

# node NAME KEY FOLDER: a server with one line of [evidence].
node() {
	does node init "$1" --prefix 88.111.1 --http 127.0.0.1:0
	printf '[evidence]\n%s = ../%s\n' "$2" "$3" >>"$1/node.conf"
	sed -i 's|^# access = .*|access = off|' "$1/node.conf"
	serve "$1"
}

# hashes FROM TO: as sha256sum would write them of as many files.
hashes() {
	awk -v from="$1" -v to="$2" 'BEGIN { for (i = from; i < to; i++)
		printf "%032x%032x  %d.jws\n", i * 7919, i, i }'
}

does log init log --name works.example/log
vkey=$(cat log/public/vkey)
hashes 0 300 >batch
does log append log --hashes batch
for w in a b; do
	does witness init $w --name $w.example
	does witness follow $w "$vkey"
done
node an witness a
a=$port a_pid=$pid
node bn witness b
b=$port
node ln log log
l=$port

# policy FILE K URL-OF-B: K of the two.
policy() {
	cat >"$1" <<END
log $vkey
witness a $(cat a/public/vkey) http://127.0.0.1:$a/witness
witness b $(cat b/public/vkey) $3
group them $2 a b
quorum them
END
}
policy both all "http://127.0.0.1:$b/witness/"
ask="--allow 127.0.0.0/8 --deadline 20"

# The first time nothing is known, then each tells its size.
refused 1 'not connected to unless' log cosign log --policy both
refused 1 'the quorum them' log cosign log --policy both
does log cosign log --policy both $ask
says 'cosigned by 2, size 300'
[ "$(grep -c '^— [ab].example' log/public/checkpoint)" = 2 ] || fail "not two cosignatures"
cp -R log fork
echo "a declaration" >x.jws
does log append log x.jws
hashes 300 800 >batch
does log append log --hashes batch
does log cosign log --policy both $ask --json
jq -e 'length == 2 and all(.cosigned)' out >/dev/null || fail "$(cat out)"
does log cosign log --policy both $ask
does log prove log x.jws
does log verify x.jws --policy both

# The log by its own server: what is shown, how long it may be kept, and nothing else.
base=http://127.0.0.1:$l/log
does log fsck "$base" --policy both $ask
grep -q '801 leaves of works.example/log: sound' out || fail "$(cat out)"
refused 2 'which log is to be believed' log fsck "$base" $ask
does log init other --name works.example/log
refused 1 'has not signed' log fsck "$base" --vkey "$(cat other/public/vkey)" $ask
refused 77 'not connected to unless' log fsck "$base" --vkey "$vkey"

# shown STATUS TYPE CACHE PATH
shown() {
	count=$((count + 1))
	curl -sS -o body -D head --path-as-is "http://127.0.0.1:$l$4" || fail "curl $4"
	tr -d '\r' <head >head.txt
	grep -q "^HTTP/1.1 $1 " head.txt || fail "$4: not $1 but $(head -n 1 head.txt)"
	[ -z "$2" ] || grep -qix "content-type: $2" head.txt || fail "$4: $(cat head.txt)"
	[ -z "$3" ] || grep -qix "cache-control: $3" head.txt || fail "$4: $(cat head.txt)"
}
forever='public, max-age=31536000, immutable'
shown 200 'text/plain; charset=utf-8' no-cache /log/checkpoint
cmp -s body log/public/checkpoint || fail "another checkpoint"
shown 200 application/octet-stream "$forever" /log/tile/0/002
cmp -s body log/public/tile/0/002 || fail "another tile"
shown 200 application/octet-stream "$forever" /log/tile/0/003.p/33
shown 200 application/octet-stream "$forever" /log/tile/entries/000
shown 200 '' '' /log/vkey
for path in /log/tile/0/009 /log/tile/0/2 /log/tile/7/000 /log/key.pem /log/head /log/ \
	/log/checkpoint/ /log/tile/entries /log/tile/..%2f..%2fkey.pem /witness/vkey; do
	shown 404 '' '' $path
done
for path in /log/../key.pem /log/%2e%2e/key.pem; do
	shown 400 '' '' $path
done
curl -sS -o body -D head -X POST -d x "$base/checkpoint"
grep -q '^HTTP/1.1 405' head || fail "$(cat head)"

# What monitors see of a witness.
origin=$(printf works.example/log | sha256sum | cut -c1-64)
curl -sSf -o seen "http://127.0.0.1:$a/witness/$origin/checkpoint" || fail "no record"
grep -q '^801$' seen && grep -q '^— a.example' seen && grep -q '^— works.example/log' seen ||
	fail "$(cat seen)"
[ "$(curl -sS -o body -w '%{http_code}' "http://127.0.0.1:$a/witness/vkey")" = 200 ] &&
	cmp -s body a/public/vkey || fail "another verifier key"
[ "$(curl -sS -o body -w '%{http_code}' \
	"http://127.0.0.1:$a/witness/$(printf x | sha256sum | cut -c1-64)/checkpoint")" = 404 ] ||
	fail "a record of nothing"
[ "$(curl -sS -o body -w '%{http_code}' "http://127.0.0.1:$a/witness/add-checkpoint")" = 405 ] ||
	fail "GET add-checkpoint"

# posted STATUS FILE: to the first witness, as any client would.
posted() {
	count=$((count + 1))
	got=$(curl -sS -o body -D head -w '%{http_code}' --data-binary @"$2" \
		"http://127.0.0.1:$a/witness/add-checkpoint")
	[ "$got" = "$1" ] || fail "status $got, not $1: $(cat body)"
}
"$tanji" log request log --old 0 >request
posted 409 request
grep -qi '^content-type: text/x.tlog.size' head && [ "$(cat body)" = 801 ] ||
	fail "$(cat head body)"
"$tanji" log request log --old 801 >request
posted 200 request
grep -q '^— a.example [A-Za-z0-9+/=]*$' body || fail "$(cat body)"
sed 's/^old .*/old 0801/' request >bad && posted 400 bad
head -c 30 request >bad && posted 400 bad
"$tanji" log request other >bad && posted 403 bad
does log init stranger --name stranger.example/log
"$tanji" log request stranger >bad && posted 404 bad
# Followed from the next SIGHUP on.
does witness follow a "$(cat stranger/public/vkey)"
kill -HUP "$a_pid"
wait_for grep -q 'configuration read again' an.err
posted 200 bad

# A fork of what was cosigned at 300: shorter, longer.  Both witnesses refuse, nothing is shown.
hashes 5000 5100 >batch
does log append fork --hashes batch
cp fork/public/checkpoint before
refused 1 'the quorum them' log cosign fork --policy both $ask
[ "$(grep -c 'cosigned this log at size 801, and here it has 400' err)" = 2 ] || fail "fork of 400"
echo "another declaration" >y.jws
hashes 5100 6000 >batch
does log append fork y.jws
does log append fork --hashes batch
cp fork/public/checkpoint before
refused 1 'the quorum them' log cosign fork --policy both $ask
[ "$(grep -c 'another history of this log (status 422' err)" = 2 ] || fail "fork of 1301"
says 'not published'
cmp -s before fork/public/checkpoint || fail "a fork's head was published"
does log prove fork y.jws
"$tanji" log verify y.jws --policy both >out 2>err && fail "the fork passes"
grep -q 'not the quorum them' out || fail "$(cat out)"

# Eight heads that each grow from what was cosigned, at once: one is cosigned.
for i in 1 2 3 4 5 6 7 8; do
	cp -R log race.$i
	echo "$i" >race.$i.jws
	does log append race.$i race.$i.jws
	"$tanji" log request race.$i --old 801 >race.$i.request || fail "no request"
done
posts=
for i in 1 2 3 4 5 6 7 8; do
	curl -sS -o race.$i.body -w '%{http_code}\n' --data-binary @race.$i.request \
		"http://127.0.0.1:$a/witness/add-checkpoint" >race.$i.status &
	posts="$posts $!"
done
wait $posts
[ "$(cat race.*.status | sort | uniq -c | tr -s ' ' | tr '\n' ,)" = ' 1 200, 7 409,' ] ||
	fail "not one of eight: $(cat race.*.status)"
winner=$(grep -l 200 race.*.status)
winner=${winner%.status}
rm -rf log && mv "$winner" log

# What was answered is kept: killed and started again, it knows.
kill -9 "$a_pid"
wait "$a_pid" 2>/dev/null
serve an
a=$port
policy both all "http://127.0.0.1:$b/witness"
"$tanji" log request log --old 801 >request
posted 409 request
[ "$(cat body)" = 802 ] || fail "it has forgotten: $(cat body)"
does log cosign log --policy both $ask

# Who does not answer as a witness does is named; with one of two as the quorum it is done all
# the same, and else the checkpoint stays as it was.
python3 "$source/tests/interop/witness_bad.py" >bad.out 2>bad.err &
running="$running $!"
wait_for grep -q . bad.out
bad=http://127.0.0.1:$(cat bad.out)
hashes 9000 9001 >batch
does log append log --hashes batch
cp log/public/checkpoint before
# named TEXT URL [SECONDS]
named() {
	policy this all "$2"
	refused 1 "$1" log cosign log --policy this --allow 127.0.0.0/8 --deadline "${3:-20}"
	grep -q "^b ($2): " err || fail "b is not named"
	cmp -s before log/public/checkpoint || fail "published without a quorum"
}
named 'onnect' http://127.0.0.1:9
named 'the time for all of it was over' "$bad/slow" 1
named 'not its cosignature' "$bad/garbage"
named 'larger than' "$bad/huge"
named 'not a size' "$bad/zeros"
named 'cosigned this log at size 999999' "$bad/ahead"
named '409 again' "$bad/round"
named 'status 503' "$bad/busy"
named 'status 307' "$bad/moved"
named 'status 404' "http://127.0.0.1:$b/nowhere"
named 'no cosignature of the key b.example' "http://127.0.0.1:$a/witness"
policy one any "$bad/garbage"
does log cosign log --policy one $ask
says 'not its cosignature'
says 'cosigned by 1'
refused 1 'the quorum them' log fsck "$base" --policy both $ask
policy both all "http://127.0.0.1:$b/witness"
does log cosign log --policy both $ask
does log fsck log --policy both
does log fsck "$base" --policy both $ask

# A node whose folder is no witness says so before it serves.
does node init cn --prefix 88.111.1 --http 127.0.0.1:0
printf '[evidence]\nwitness = ../log\n' >>cn/node.conf
refused 78 'is a log, not a witness' serve cn
! cat ./*.err | grep -E 'Sanitizer|runtime error:' || fail "a sanitizer has something to say"
echo "witnesses over HTTP: $count cases"
