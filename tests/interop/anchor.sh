#!/bin/sh
# anchor.sh PROGRAM ROOT: a checkpoint is anchored in 星火·链网 through the HTTP interface of a node,
# played by chain.py, which takes the transaction apart and checks it with openssl.  What is
# lost, late or refused on the way ends in a state that is known.
. "$2/tests/samples/lib.sh"
cd "$scratch"
count=0
echo good > mode
play chain.py "$scratch"
(umask 077 && openssl genpkey -algorithm ED25519 -out account.pem &&
	openssl genpkey -algorithm SM2 -out sm2.pem &&
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem) 2> /dev/null

# refused STATUS TEXT ARGUMENTS
refused() {
	want=$1 text=$2
	shift 2
	count=$((count + 1))
	got=0
	"$program" log anchor log "$@" > stdout 2> stderr || got=$?
	[ $got = "$want" ] || fail "exit status $got, not $want: $* $(cat stderr)"
	grep -qF -e "$text" stderr || fail "does not say \"$text\": $(cat stderr)"
}

# anchored SIZE [KEY]
anchored() {
	count=$((count + 1))
	tanji log anchor log $node --key "${2:-account.pem}"
	grep -qx "[0-9a-f]\{64\} log/public/anchor/$1.json" stdout || fail "$(cat stdout)"
	jq -e --rawfile head log/public/checkpoint --arg hash "$(cut -d' ' -f1 stdout)" \
		'. == { chain: "bif-core", transaction: $hash, checkpoint: $head }' \
		log/public/anchor/$1.json > /dev/null || fail "$(cat log/public/anchor/$1.json)"
	[ ! -e log/anchor.pending ] || fail "it is still under way"
	# What the chain holds is the digest of that checkpoint.
	[ "$(jq -r .value chain.json)" = "sha256:$(sha256sum < log/public/checkpoint |
		cut -d' ' -f1)" ] || fail "$(cat chain.json)"
	[ "$(jq -r .key chain.json)" = tanji:works.example/log ] || fail "$(cat chain.json)"
	[ "$(jq -r .hash chain.json)" = "$(cut -d' ' -f1 stdout)" ] || fail "another hash"
}
# grow: one leaf more.
grow() {
	echo "$1" > "$1.jws"
	tanji log append log "$1.jws"
}

tanji log init log --name works.example/log
node="--node $url --allow 127.0.0.0/8 --deadline 10"
refused 2 'anchor wants --node' --key account.pem
refused 77 'not connected to unless' --node "$url" --key account.pem
refused 65 'neither an Ed25519 nor an SM2' $node --key p256.pem
anchored 0
grow 1
anchored 1 sm2.pem
echo late > mode
grow 2
anchored 2
# The node has taken it, and its answer is lost.
echo lost > mode
grow 3
anchored 3
[ "$(cat submitted)" = 4 ] || fail "submitted $(cat submitted) times, not 4"

# In no block in time: the next one looks for the same, also when the log has grown meanwhile.
echo never > mode
grow 4
refused 75 'is in no block yet' $node --key account.pem --deadline 1
cp log/public/checkpoint head.4
grow 5
refused 75 'the same command looks again' $node --key account.pem --deadline 1
[ "$(cat submitted)" = 5 ] || fail "submitted $(cat submitted) times, not 5"
echo good > mode
tanji log anchor log $node --key account.pem
jq -e --rawfile head head.4 '.checkpoint == $head' log/public/anchor/4.json > /dev/null ||
	fail "another checkpoint"
[ ! -e log/anchor.pending ] && [ "$(cat submitted)" = 5 ] || fail "it was sent again"

# Refused: named, and nothing is left under way.
for mode in refuse failed; do
	echo $mode > mode
	refused 1 'says no: code 99, the nonce is too small' $node --key account.pem
	[ ! -e log/anchor.pending ] || fail "$mode: it is still under way"
done
for mode in 'noaccount 69 knows?no?account' 'garbage 65 not?JSON' 'http 75 status?500' \
	'huge 65 larger?than' 'count 65 not?a?count'; do
	set -- $mode
	echo "$1" > mode
	refused "$2" "$(echo "$3" | tr '?' ' ')" $node --key account.pem --deadline 1
	[ ! -e log/anchor.pending ] || fail "$1: it is under way"
done
echo liar > mode
refused 65 'another transaction' $node --key account.pem
rm log/anchor.pending
[ ! -e log/public/anchor/5.json ] || fail "a record of what was refused"
echo good > mode
anchored 5
# No proof needs any of it.
tanji log prove log 5.jws
kill -9 $server
wait $server 2> /dev/null || :
server=
tanji log verify 5.jws --vkey "$(cat log/public/vkey)"
echo "anchors: $count cases"
