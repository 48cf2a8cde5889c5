#!/bin/sh
# network_test.sh TANJI SOURCE: a tyre with many suppliers in a network of three levels, all well
# and then a quarter of the nodes not (network_test.py).  TANJI_ENTERPRISES, TANJI_PARTS and
# TANJI_DEADLINE (50, 2000, 60 for the full size).
set -u
tanji=$1 source=$2
scratch=$(mktemp -d) || exit 2
export TANJI="$tanji" NO_COLOR=1 LANG=C.UTF-8 TZ=UTC
network=$source/tests/interop/network.sh
trap 'sh "$network" down "$scratch/net"; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
sh "$network" up "$scratch/net" "${TANJI_ENTERPRISES:-8}" || exit 1
python3 "$source/tests/interop/network_test.py" "$tanji" "$source" "$scratch" \
	"${TANJI_ENTERPRISES:-8}" "${TANJI_PARTS:-40}" "${TANJI_DEADLINE:-15}"
