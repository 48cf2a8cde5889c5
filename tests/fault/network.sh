#!/bin/sh
# network.sh TANJI SOURCE: one root, three industries, many enterprises, of which a tenth is dead, a
# tenth slow and a twentieth lying; a company that bought from all of them.  Short by
# default; $TANJI_ENTERPRISES=50 $TANJI_IDENTIFIERS=2000 is the whole.
. "$(dirname "$0")/lib.sh"
company mill
company cord
as= && chown -R "$(id -u)" .	# one user, here
python3 "$source/tests/fault/network.py" "$TANJI" "$source" || bad=1
exit $bad
