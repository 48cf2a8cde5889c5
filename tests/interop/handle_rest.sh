#!/bin/sh
# handle_rest.sh TANJI SOURCE: foreign clients of the Handle REST interface against the real
# server: curl, Python's requests as PYHANDLE uses it, a client certificate made by openssl.
set -u
tanji=$1 source=$2
scratch=$(mktemp -d) || exit 2
node=$source/tests/interop/node.sh
TANJI=$tanji; export TANJI
trap '[ -e "$scratch/node/pid" ] && sh "$node" down "$scratch/node"; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP

sh "$node" up "$scratch/node" 88.111.1 300:88.111.1/ADMIN s3cret 0 0 || exit 1
openssl req -x509 -newkey rsa:2048 -nodes -days 3 -subj '/CN=301:88.111.1\/USER' \
	-keyout "$scratch/user.key" -out "$scratch/user.pem" 2>/dev/null || exit 1
openssl req -x509 -newkey rsa:2048 -nodes -days 3 -subj '/CN=301:88.111.1\/USER' \
	-keyout "$scratch/other.key" -out "$scratch/other.pem" 2>/dev/null || exit 1
python3 "$source/tests/interop/handle_rest.py" "$scratch" \
	"$(cat "$scratch/node/http_port")" "$(cat "$scratch/node/https_port")"
