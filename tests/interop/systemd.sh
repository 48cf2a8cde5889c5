#!/bin/sh
# systemd.sh TANJI SOURCE: the sample unit as systemd's own programs read it: nothing in it that
# they do not know, and little that the service might do to its machine.
set -u
tanji=$1 source=$2
export LANG=C LC_ALL=C
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
unit=$scratch/tanji-serve.service
bad=0

# quiet COMMAND…: succeeds and has nothing to say.
quiet() {
	"$@" >"$scratch/said" 2>&1 && [ ! -s "$scratch/said" ]
}

complain() {
	echo "FAILED: $1"
	cat "$scratch/said"
	bad=1
}

# The program is where it is now, and its manual nowhere yet.
sed "s|^ExecStart=/usr/bin/tanji |ExecStart=$tanji |" \
	"$source/samples/node/tanji-serve.service" >"$unit"
grep -qF "ExecStart=$tanji serve" "$unit" || complain "the unit does not begin the program"
quiet systemd-analyze verify --man=no "$unit" || complain "the unit is not understood"
systemd-analyze security --offline=true --threshold=20 --no-pager "$unit" >"$scratch/said" 2>&1 ||
	complain "the service is more exposed than 2.0 of 10"

# The check sees what it should.
sed 's/^UMask=/Umask=/' "$unit" >"$scratch/other.service"
quiet systemd-analyze verify --man=no "$scratch/other.service" &&
	complain "a word that systemd does not know is not noticed"
exit $bad
