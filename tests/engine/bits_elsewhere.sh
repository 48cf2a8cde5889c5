#!/bin/sh
# bits_elsewhere.sh SOURCE BUILD COMPILER FLAGS: the engine built once more, as told, in a
# folder that is kept; and its bits.  A compiler that is not there is passed over: 77.
set -u
source=$1 build=$2 compiler=$3 flags=$4
command -v "$compiler" >/dev/null || exit 77
folder=$build/bits/$compiler$(echo "$flags" | tr -d ' ')
cmake -S "$source" -B "$folder" -G Ninja -DCMAKE_C_COMPILER="$compiler" \
	-DCMAKE_BUILD_TYPE=Plain -DCMAKE_C_FLAGS="$flags" >/dev/null &&
	cmake --build "$folder" --target engine_bits -j 2 >"$folder/log" 2>&1 || {
	tail -n 20 "$folder/log"
	exit 1
}
exec "$folder/tests/engine_bits"
