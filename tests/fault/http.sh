#!/bin/sh
# http.sh TANJI SOURCE: what nobody ought to send to a server, sent (http.py); after each the
# server still answers and has not grown.  TANJI_SLOW=1: more of everything.
set -u
tanji=$1 source=$2
scratch=$(mktemp -d) || exit 2
server=
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
mkdir "$scratch/node"
cat >"$scratch/node/node.conf" <<END
[node]
name = fault
prefix = 88.111.1
registry = registry
[listen]
http = 127.0.0.1:0
unix = sock
[limits]
connections = 600
connections_per_address = 300
body_bytes = 1048576
idle_seconds = 4
request_seconds = 4
[log]
access = access.log
END
"$tanji" serve "$scratch/node" >"$scratch/out" 2>"$scratch/err" </dev/null &
server=$!
tries=0
until grep -q http:// "$scratch/out"; do
	kill -0 $server 2>/dev/null && [ $tries -lt 600 ] || { cat "$scratch/err"; exit 1; }
	tries=$((tries + 1))
	sleep 0.1
done
port=$(sed -n 's|.* http://127\.0\.0\.1:\([0-9]*\).*|\1|p' "$scratch/out")
python3 "$source/tests/fault/http.py" "$port" "$server" || { cat "$scratch/err"; exit 1; }
kill "$server"
wait "$server"
status=$?
server=
[ $status = 0 ] || { echo "ended with $status"; cat "$scratch/err"; exit 1; }
! grep -E 'Sanitizer|runtime error:' "$scratch/err" || exit 1
# Whatever was sent, the log is lines of JSON.
python3 - "$scratch/node/access.log" <<'END' || exit 1
import json, sys
n = 0
for line in open(sys.argv[1], encoding="utf-8"):
    entry = json.loads(line)
    assert all(c >= " " and c != "\x7f" for c in line.rstrip("\n")), line
    assert {"time", "id", "peer", "method", "target", "status"} <= entry.keys(), line
    n += 1
print(f"{n} lines of the access log")
END
