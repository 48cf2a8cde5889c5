#!/bin/sh
# publish.sh TANJI SOURCE: declarations on their way to a node that loses answers, breaks
# connections, is busy, has other declarations, or is not there; killed and begun again.
. "$(dirname "$0")/lib.sh"
chain
# A certificate for the node that publish.py starts.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
	-subj /CN=localhost -addext 'subjectAltName=IP:127.0.0.1,DNS:localhost' \
	-keyout ../node.key -out ../node.pem 2>../openssl || { cat ../openssl; exit 1; }
as= && chown -R "$(id -u)" .	# one user, here
python3 "$source/tests/fault/publish.py" "$TANJI" "$source" ../node.pem ../node.key || bad=1
exit $bad
