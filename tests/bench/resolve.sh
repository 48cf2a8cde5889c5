#!/bin/sh
# resolve.sh BUILD SOURCE [IDENTIFIERS]: verified declarations per second, from nginx on
# loopback, cold and warm, against a loop that only downloads the same bytes; three times,
# in one run.
set -eu
build=$(cd "$1" && pwd) source=$(cd "$2" && pwd) wanted=${3:-10000}
scratch=$(mktemp -d)
chmod 755 "$scratch"
trap 'kill $(cat "$scratch/pid" 2>/dev/null) 2>/dev/null || true; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
cd "$scratch"
port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')

# Heats of an invented steelworks, each with a declaration; and a customer.
"$build/tests/bench_heats" "$wanted" works
sed -i 's/^files = no/files = yes/' works/tanji.conf
"$build/tanji" keys new works >/dev/null 2>&1
"$build/tanji" run works --at 2026-01-15 --quiet >/dev/null 2>&1
mkdir customer
cat >customer/tanji.conf <<CONF
[company]
issuer = did:web:customer.example
name = Customer
profile = iso14067
period = 2026-09-01..2026-09-30
[trust]
did:web:heats.example = ../works/out/keys/did.json 88.999.2001
[resolve]
root = http://127.0.0.1:$port
allow = 127.0.0.0/8
CONF

# Their records as files that nginx serves: a node with nothing else to do.
python3 - "$scratch" <<'PYTHON'
import glob, json, os, sys
scratch = sys.argv[1]
root = scratch + "/www/api/handles"
os.makedirs(root + "/88.999.2001")
os.makedirs(root + "/0.NA")
ids = open(scratch + "/ids", "w")
for path in sorted(glob.glob(scratch + "/works/out/declarations/*.jws")):
    handle = os.path.basename(path)[len("hdl="):-len(".jws")].replace("_", "/", 1)
    with open(f"{root}/{handle}", "w") as file:
        json.dump({"responseCode": 1, "handle": handle, "values": [
            {"index": 1000, "type": "TANJI.DECLARATION", "data": {
                "format": "string", "value": open(path).read().strip()},
             "ttl": 86400, "timestamp": "2026-01-15T00:00:00Z"}]}, file)
    ids.write(handle + "\n")
PYTHON
cat >nginx.conf <<CONF
daemon on; pid $scratch/pid; error_log $scratch/error.log; worker_processes 1;
events { worker_connections 512; }
http {
	access_log off; sendfile on; keepalive_requests 1000000; default_type application/json;
	client_body_temp_path $scratch/t1; proxy_temp_path $scratch/t2;
	fastcgi_temp_path $scratch/t3; uwsgi_temp_path $scratch/t4; scgi_temp_path $scratch/t5;
	open_file_cache max=200000 inactive=600s;
	server {
		listen 127.0.0.1:$port; root $scratch/www;
		location /api/handles/0.NA/ { return 404 '{"responseCode":100}'; }
	}
}
CONF
nginx -c "$scratch/nginx.conf" -e "$scratch/error.log"
sed "s|^|http://127.0.0.1:$port/api/handles/|; s|\$|?type=TANJI.DECLARATION|" ids >urls
n=$(wc -l <ids)

# timed NAME COMMAND…: what it took, and the processor time of it, which counts where other work
# runs beside.
timed() {
	python3 - "$n" "$@" <<'PYTHON'
import resource, subprocess, sys, time
n, name, begin = int(sys.argv[1]), sys.argv[2], time.time()
run = subprocess.run(sys.argv[3:], stdin=open("urls" if name == "download" else "ids"),
                     stdout=open("answers", "w"))
took = time.time() - begin
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = used.ru_utime + used.ru_stime
print(f"{name:9} {n} in {took:6.2f} s: {n / took:6.0f} a second;",
      f"processor {cpu:6.2f} s: {n / cpu:6.0f}")
sys.exit(run.returncode)
PYTHON
}
resolve() {	# NAME
	timed "$1" "$build/tanji" resolve --dir customer --at 2026-01-20 --json -
	[ "$(jq '[.[] | select(.state == "resolved")] | length' answers)" = "$n" ]
}
"$build/tests/bench/bench_download" 16 <urls >/dev/null	# so that files and pages are in memory
for round in 1 2 3; do
	timed download "$build/tests/bench/bench_download" 16
	rm -rf customer/out
	resolve cold
	resolve warm
done
