#!/bin/sh
# threads.sh SOURCE BUILD: what several threads do at once, with a key, a registry and the
# server, built once more with clang's thread sanitizer, in a folder that is kept.  No clang: 77.
set -u
source=$1 build=$2
command -v clang >/dev/null || exit 77
folder=$build/threads
cmake -S "$source" -B "$folder" -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Plain \
	-DCMAKE_C_FLAGS='-O0 -g1 -fsanitize=thread' >/dev/null &&
	cmake --build "$folder" -j 2 --target test_exchange_crypto test_connectors_records \
	test_connectors_registry test_registry_http_server test_registry_http_crowd \
	>"$folder/log" 2>&1 || {
	tail -n 20 "$folder/log"
	exit 1
}
# libmicrohttpd and GnuTLS are not built so: what they order by their own locks it cannot see.
cat >"$folder/suppressions" <<END
called_from_lib:libmicrohttpd.so
called_from_lib:libgnutls.so
END
export TJ_SOURCE_DIR="$source"
export TSAN_OPTIONS="suppressions=$folder/suppressions:halt_on_error=1:exitcode=66"
bad=0
check() {	# PROGRAM [NAMES]: all its tests, or those of these names
	TJ_TESTS=${2:-*} "$folder/tests/test_$1" >"$folder/log" 2>&1 || {
		tail -n 40 "$folder/log"
		bad=1
	}
	tail -n 1 "$folder/log"
}
check exchange_crypto '*at_once*'
check connectors_records '*at_once*'
check connectors_registry '*under_load*'
check registry_http_server
check registry_http_crowd
exit $bad
