#!/bin/sh
# soak.sh TANJI SOURCE [SECONDS]: a server at half its peak rate with faults injected (soak.py);
# half an hour: 1800.
set -u
tanji=$1 source=$2 seconds=${3:-20}
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
	-subj /CN=localhost -keyout "$scratch/key.pem" -out "$scratch/ca.pem" 2>"$scratch/err" &&
	chmod 600 "$scratch/key.pem" &&
	"$tanji" node init "$scratch/node" --prefix 88.111.1 --http 127.0.0.1:0 2>"$scratch/err" ||
	{ cat "$scratch/err"; exit 1; }
sed -i -e 's|^http = .*|&\nhttps = 127.0.0.1:0\ncertificate = ../ca.pem\nkey = ../key.pem|' \
	-e 's|^# access = .*|access = off|' "$scratch/node/node.conf"
python3 "$source/tests/bench/soak.py" "$tanji" "$scratch/node" "$seconds"
