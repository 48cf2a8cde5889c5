#!/bin/sh
# registration.sh TANJI SOURCE: prefixes handed out, refused, changed and taken back, in a folder
# that is being served and at a node that runs; reported upward, whatever becomes of the node above.
set -u
tanji=$1 source=$2
scratch=$(mktemp -d) || exit 2
export TANJI="$tanji" NO_COLOR=1 LANG=C LC_ALL=C TZ=UTC
network=$source/tests/interop/network.sh
trap 'sh "$network" down "$scratch/net"; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
cd "$scratch" || exit 2
sh "$network" up net 1 || exit 1
industry=net/industry-1 entity=net/enterprise-0001/entity.json
at=2026-10-16 cases=0

die() {
	echo "registration.sh: $what: $*"
	cat out err
	exit 1
}

# node STATUS 'TEXT' ARGUMENTS: `tanji node …` ends so and says so.
node() {
	want=$1 says=$2
	shift 2
	cases=$((cases + 1)) what="node $*"
	"$tanji" node "$@" --at $at >out 2>err </dev/null
	got=$?
	[ $got = "$want" ] || die "exit status $got, not $want"
	cat out err | grep -qF -e "$says" || die "does not say: $says"
}

# above HANDLE JQ WANTED: what the root has of it.
above() {
	got=$(curl -s "http://127.0.0.1:$(cat net/root/http_port)/api/handles/$1" | jq -r "$2")
	[ "$got" = "$3" ] || die "the root has $got, not $3"
}
item() {
	echo ".values[]? | select(.type==\"TANJI.ENTITY\") | .data.value | fromjson | .$1"
}

there="--node https://127.0.0.1:$(cat $industry/https_port) --as 300:88.101/ADMIN
	--secret-file $industry/admin.key --ca net/ca.pem --allow 127.0.0.0/8"
site='--address 127.0.0.1 --http-port 1 --admin 300:88.101.0007/ADMIN'

node 65 'not below a prefix' register 88.102.0007 $industry --entity $entity $site
node 65 'not below a prefix' register 88.101 $industry --entity $entity $site
node 65 '1 to 128 digits' register 88.101.x $industry --entity $entity $site
node 65 'nodeAddress' register 88.101.0007 $industry --entity $entity --admin 300:88.101.0007/A
jq '.creditCode = "91350100M000100Y44" | .region = "1" | del(.name)' $entity >bad.json
node 65 'creditCode' register 88.101.0007 $industry --entity bad.json $site
for text in 'should be 3' 'region' 'missing: entity' '3 errors'; do
	cat out err | grep -qF "$text" || die "does not say: $text"
done
node 73 'is taken' register 88.101.0001 $industry --entity $entity $site
node 73 'a different one' register 88.101.0001 $there --entity $entity $site

node 0 'registered' register 88.101.0007 $industry --entity $entity $site
above 0.NA/88.101.0007 "$(item status)" active
node 0 'registered already' register 88.101.0007 $industry --entity $entity $site
jq '.address = "moved"' $entity >moved.json
node 73 'is taken' register 88.101.0007 $industry --entity moved.json $site
node 0 'registered' register 88.101.0007 $industry --entity moved.json $site --replace
above 0.NA/88.101.0007 "$(item address)" moved
node 0 'moved' show 88.101.0007 $industry
node 0 'moved' show 88.101.0007 $there
node 0 '88.101.0007' list $industry
node 77 '401' register 88.101.0008 $there --secret-file net/root/admin.key --entity $entity $site
what="the key of the industry" cases=$((cases + 1))
above 0.NA/88.101 '[.values[].type] | map(select(. == "HS_SECKEY")) | length' 0

# The node above is gone: registrations stand, and are reported when it is back.
what="the root dies"
kill -9 "$(cat net/root/pid)"
node 0 'the registration stands' register 88.101.0009 $industry --entity $entity $site
node 0 'revoked' remove 88.101.0007 $industry
node 75 'tanji' report $industry
sed -i "s|^https = .*|https = 127.0.0.1:$(cat net/root/https_port)|
	s|^http = .*|http = 127.0.0.1:$(cat net/root/http_port)|" net/root/node.conf
"$tanji" serve net/root >net/root/out 2>net/root/err </dev/null &
echo $! >net/root/pid
tries=0
until grep -q https:// net/root/out; do
	tries=$((tries + 1))
	[ $tries -lt 600 ] || die "the root does not answer"
	sleep 0.1
done
above 0.NA/88.101.0007 "$(item address)" moved
# Killed in the middle of it, and begun again.
for wait in 0 0.02 0.05; do
	"$tanji" node report $industry --at $at >out 2>err </dev/null &
	reporter=$!
	sleep $wait
	kill -9 $reporter 2>/dev/null
	wait $reporter 2>/dev/null
done
node 0 'refused' report $industry
above 0.NA/88.101.0009 "$(item status)" active
above 0.NA/88.101.0007 .responseCode 100
node 0 '0 reported, 0 taken back, 2 known already, 0 refused' report $industry
node 69 'not' show 88.101.0007 $industry

what="the same again after it was taken back"
node 0 'registered' register 88.101.0007 $there --entity $entity $site
node 0 'removed' remove 88.101.0007 $there
"$tanji" fsck $industry/registry >out 2>err || die "fsck"
"$tanji" fsck net/root/registry >out 2>err || die "fsck"
echo "registration: $cases cases"
