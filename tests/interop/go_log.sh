#!/bin/sh
# go_log.sh TANJI SOURCE: a log of 100,000 leaves made by tanji, verified by Go's x/mod from Debian
# (sumdb/note, sumdb/tlog) and its signature by openssl; and what was tampered with, refused.
# TANJI_LEAVES: another number.
set -eu
tanji=$1 source=$2
. "$source/tests/interop/der.sh"
leaves=${TANJI_LEAVES:-100000}
export LC_ALL=C NO_COLOR=1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
cd "$scratch"

fail() {
	printf 'go_log: %s\n' "$*" >&2
	exit 1
}

# Nothing is fetched: the packages are Debian's, below /usr/share/gocode.
mkdir -p go/src/checklog cache
cp "$source/tests/interop/log.go" go/src/checklog/
GO111MODULE=off GOPATH=$scratch/go:/usr/share/gocode GOCACHE=$scratch/cache GOFLAGS='' \
	GOPROXY=off HOME=$scratch go build -o check checklog ||
	fail "go build failed; are golang-go and golang-golang-x-mod-dev installed?"

# hashes FROM TO: as sha256sum would write them of as many files.
hashes() {
	awk -v from="$1" -v to="$2" 'BEGIN { for (i = from; i < to; i++)
		printf "%032x%032x  %d.jws\n", i * 7919, i, i }'
}

"$tanji" log init log --name works.example/log --gm >vkey 2>/dev/null
vkey=$(cat vkey)
cp log/public/checkpoint old.0
i=0 at=0
for part in 1 300 $((leaves / 3)) $((leaves / 2 + 1)) $((leaves - 10)); do
	hashes $at "$part" | "$tanji" log append log --hashes - 2>/dev/null
	at=$part i=$((i + 1))
	cp log/public/checkpoint old.$i
done
for n in 1 2 3 4 5 6 7 8 9 10; do
	echo "declaration $n" >$n.jws
done
"$tanji" log append log 1.jws 2.jws 3.jws 4.jws 5.jws 6.jws 7.jws 8.jws 9.jws 10.jws >places \
	2>/dev/null
[ "$(head -n 1 places)" = "$((leaves - 10)) 1.jws" ] || fail "another place: $(head -n 1 places)"
"$tanji" log fsck log >/dev/null
# A checkpoint with the cosignature of a witness is a note that Go opens all the same.
"$tanji" witness init w --name w.example >w.vkey 2>/dev/null
"$tanji" witness follow w "$vkey"
"$tanji" log request log | "$tanji" witness cosign w >answer 2>/dev/null
printf 'log %s\nwitness w %s\nquorum w\n' "$vkey" "$(cat w.vkey)" >policy
"$tanji" log cosign log answer --policy policy 2>/dev/null
grep -q '^— w.example ' log/public/checkpoint || fail "no cosignature"

./check tree log/public "$vkey" old.0 old.1 old.2 old.3 old.4 old.5 >said ||
	fail "refused: $(cat said)"
grep -q "^$leaves leaves" said || fail "$(cat said)"
cat said
"$tanji" log prove log 1.jws 10.jws >/dev/null
for n in 1 10; do
	./check proof $n.jws "$vkey" $n.jws.tlog-proof >/dev/null ||
		fail "the proof of $n.jws is refused"
	! ./check proof 2.jws "$vkey" $n.jws.tlog-proof 2>/dev/null ||
		fail "2.jws passes for $n.jws"
done

# tanji wants the SM2 line where its key is given.
"$tanji" log verify 1.jws --vkey "$vkey" --log-gm log/public/sm2.pub.pem >/dev/null ||
	fail "tanji refuses the SM2 line"
awk '!/^— works.example.log / || !seen++' 1.jws.tlog-proof >bare
"$tanji" log verify 1.jws --proof bare --vkey "$vkey" >/dev/null || fail "without its SM2 line"
! "$tanji" log verify 1.jws --proof bare --vkey "$vkey" --log-gm log/public/sm2.pub.pem >said ||
	fail "accepted without the SM2 line"
grep -q 'is not signed by the key' said || fail "$(cat said)"

# openssl alone: the text is what stands above the empty line, the signature behind the key id.
openssl pkey -in log/key.pem -pubout -out public.pem
sed '/^$/,$d' log/public/checkpoint >text
sed -n 's/^— works.example.log //p' log/public/checkpoint >lines
[ "$(wc -l <lines)" = 2 ] || fail "not two lines: $(cat lines)"
head -n 1 lines | openssl base64 -d -A | tail -c 64 >signature
openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in text -sigfile signature >/dev/null ||
	fail "openssl refuses the checkpoint's signature"
# The second line is SM2's: r and s, which openssl wants as DER.
tail -n 1 lines | openssl base64 -d -A | tail -c 64 >raw
der_of raw >sm2
sm2_verify() {	# ID
	openssl pkeyutl -verify -pubin -inkey log/public/sm2.pub.pem -rawin -digest sm3 \
		-pkeyopt "distid:$1" -in text -sigfile sm2 >/dev/null 2>&1
}
sm2_verify 1234567812345678 || fail "openssl refuses the SM2 line"
! sm2_verify 8765432187654321 || fail "openssl accepts the SM2 line with another id"
# And the verifier key is that key.
[ "$(cut -d+ -f3- vkey | openssl base64 -d -A | tail -c 32 | od -An -tx1)" = \
	"$(openssl pkey -pubin -in public.pem -outform DER | tail -c 32 | od -An -tx1)" ] ||
	fail "the verifier key is another"

# refused WHAT: Go and fsck both say no to log/public as it is now.
count=0
refused() {
	! ./check tree log/public "$vkey" old.3 >/dev/null 2>&1 || fail "go accepts $1"
	! "$tanji" log fsck log >/dev/null 2>&1 || fail "fsck accepts $1"
	count=$((count + 1))
}
# flipped FILE BYTE WHAT
flipped() {
	cp "$1" kept
	byte=$(od -An -tu1 -j "$2" -N 1 kept | tr -d ' ')
	printf "\\$(printf '%03o' $((byte ^ 1)))" |
		dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
	refused "$3"
	cp kept "$1"
}
first=log/public/tile/entries/000
last=$(find log/public/tile/entries -path '*.p/*' | sort | tail -n 1)
flipped $first 40 "a changed leaf"
[ -z "$last" ] || flipped "$last" 40 "a changed leaf in the last bundle"
flipped log/public/tile/0/001 77 "a changed tile"
[ ! -e log/public/tile/1/000 ] || flipped log/public/tile/1/000 77 "a changed tile of level 1"
for at in 3 20 60 140; do
	flipped log/public/checkpoint $at "a changed checkpoint (byte $at)"
done
cp log/public/checkpoint kept
sed 's/^100000$/0100000/' kept >log/public/checkpoint
[ "$leaves" != 100000 ] || refused "a size with a leading zero"
cp old.3 log/public/checkpoint
"$tanji" log checkpoint log >/dev/null || fail "an older head is still a head"
cp kept log/public/checkpoint
./check tree log/public "$vkey" old.3 >/dev/null || fail "not as before"
echo "$count changes refused"
