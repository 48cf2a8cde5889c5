#!/bin/sh
# resolver.sh TANJI SOURCE: nodes that are dead, silent, slow, lying, sent in circles;
# addresses that must not be connected to; caches that are damaged or hold lies.
. "$(dirname "$0")/lib.sh"
chain
# The same mill once more with another key, which nobody trusts.
cp -R mill other && rm -rf other/out
tanji keys new other && tanji run other --at $at || { cat ../err; exit 2; }
as= && chown -R "$(id -u)" .	# one user, here
python3 "$source/tests/fault/resolver.py" "$TANJI" "$source" || bad=1
exit $bad
