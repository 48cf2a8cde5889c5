#!/bin/sh
# serve.sh [SECONDS] [ROUNDS] [RECORDS]: requests a second and the 99th percentile of `tanji
# serve`, of libmicrohttpd alone and of nginx with the same body as a file, in turns on one
# machine, and the ratios: of /healthz, or of as many records, asked for at random by the Handle
# REST interface (a million: 5 GB of files for nginx, a thousand to a folder).  Of records,
#	cold	is the first round: all of them, with nothing of the registry or the files in
#		memory; how they were put out of it is said.  It fills up meanwhile.
#	hot	are the others: the first thousand, asked for before it is measured.
# One thread of wrk, 64 connections kept alive, plain HTTP on loopback, no access log; each
# server with two threads.  CPU a request is the column to trust where other work runs beside.
# Debian: apt-get install wrk
set -u
cd "$(dirname "$0")/../.." || exit 2
seconds=${1:-5} rounds=${2:-3} records=${3:-0}
path=/healthz prefix=88.111.1
command -v wrk >/dev/null || { echo "apt-get install wrk" >&2; exit 2; }
nginx=$(command -v nginx || echo /usr/sbin/nginx)
cmake --preset gcc >/dev/null || exit 1
cmake --build --preset gcc --target tanji mhd_constant records_fill www_fill >/dev/null || exit 1
scratch=$(mktemp -d) || exit 2
pids=
trap 'for p in $pids; do kill "$p" 2>/dev/null; done; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP

chmod 755 "$scratch"
mkdir "$scratch/node" "$scratch/www"
cat >"$scratch/node/node.conf" <<END
[node]
name = bench
prefix = 88.111.1
[listen]
http = 127.0.0.1:0
[limits]
threads = 2
[log]
access = off
END

# body NUMBER: what the server answers of a record.
body() {
	printf '{"responseCode":1,"handle":"%s/R%07d","values":[{"index":1,"type":"URL","data":' \
		$prefix "$1"
	printf '{"format":"string","value":"https://id.example/%s/R%07d"},"ttl":86400,' $prefix "$1"
	printf '"timestamp":"2026-09-21T14:13:20Z"}]}'
}

# What is in the registry and in the files leaves memory.
forget() {
	sync
	if (echo 3 >/proc/sys/vm/drop_caches) 2>/dev/null; then
		echo "cold: the system dropped its caches"
		return
	fi
	find "$scratch/node/registry" -type f -exec dd if=/dev/null of={} oflag=nocache \
		conv=notrunc count=0 status=none \;
	$build/www_fill -f "$www" "$records" || exit 1
	echo "cold: by posix_fadvise, file by file; names of files may be in memory"
}

build=build/gcc/tests/bench www=$scratch/www/api/handles/$prefix bytes=3
if [ "$records" -gt 0 ]; then
	$build/records_fill "$scratch/node/registry" $prefix "$records" || exit 1
	mkdir -p "$www"
	body 0 | $build/www_fill "$www" "$records" || exit 1
	bytes=$(body 0 | wc -c)
fi
# -- COUNT FOLDER…: the same order for each server; a request is made once.
cat >"$scratch/random.lua" <<END
local made, count, folder = {}
function init(args)
	count, folder = tonumber(args[1]), args[2] or ""
end
function request()
	local n = math.random(0, count - 1)
	made[n] = made[n] or wrk.format("GET", "/api/handles/$prefix/" ..
	    string.format(folder, math.floor(n / 1000)) .. string.format("R%07d", n))
	return made[n]
end
END
build/gcc/tanji serve "$scratch/node" >"$scratch/tanji" 2>"$scratch/tanji.err" &
tanji_pid=$! pids=$!
mkfifo "$scratch/hold"
$build/mhd_constant 2 "$bytes" <"$scratch/hold" >"$scratch/mhd" &
mhd_pid=$! pids="$pids $!"
exec 9>"$scratch/hold"
printf 'ok\n' >"$scratch/www/healthz"
port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
cat >"$scratch/nginx.conf" <<END
$([ "$(id -u)" != 0 ] || echo 'user root;')
daemon off; worker_processes 2; pid $scratch/pid; error_log $scratch/err;
events { worker_connections 512; }
http { access_log off; default_type text/plain; keepalive_requests 1000000000;
client_body_temp_path $scratch/b; proxy_temp_path $scratch/p; fastcgi_temp_path $scratch/f;
uwsgi_temp_path $scratch/u; scgi_temp_path $scratch/s;
open_file_cache max=10; add_header Cache-Control no-store; add_header X-Request-Id \$request_id;
server { listen 127.0.0.1:$port reuseport; root $scratch/www; } }
END
"$nginx" -e "$scratch/err" -p "$scratch" -c "$scratch/nginx.conf" &
nginx_pid=$! pids="$pids $!"
i=0
until grep -q http "$scratch/tanji" || [ $i = 600 ]; do
	i=$((i + 1))
	sleep 0.1
done
tanji_port=$(sed -n 's|.*http://127\.0\.0\.1:\([0-9]*\).*|\1|p' "$scratch/tanji")
mhd_port=$(cat "$scratch/mhd")

if [ "$records" -gt 0 ]; then
	curl -s "http://127.0.0.1:$tanji_port/api/handles/$prefix/R0000000" >"$scratch/answer"
	cmp -s "$www/R0000/R0000000" "$scratch/answer" || {
		echo "serve.sh: the server answers otherwise than the files:" >&2
		cat "$scratch/answer" >&2
		exit 1
	}
fi

# cpu PID: clock ticks that it and its children have used.
cpu() {
	for p in "$1" $(cat "/proc/$1/task/$1/children"); do
		sed 's/.*) //' "/proc/$p/stat"
	done | awk '{ n += $12 + $13 } END { print n }'
}

# ask SECONDS PORT [COUNT [FOLDER]]
ask() {
	if [ $# = 2 ]; then
		wrk -t1 -c64 -d"$1s" --latency "http://127.0.0.1:$2$path"
	else
		wrk -t1 -c64 -d"$1s" --latency -s "$scratch/random.lua" "http://127.0.0.1:$2" \
			-- "$3" ${4:+"$4"}
	fi
}

# measure KIND NAME PID PORT [COUNT [FOLDER]]: "KIND NAME requests/s p99_us cpu_us"
measure() {
	kind=$1 name=$2 pid=$3
	shift 3
	[ $kind = cold ] || ask 1 "$@" >/dev/null
	before=$(cpu "$pid")
	ask "$seconds" "$@" >"$scratch/wrk"
	after=$(cpu "$pid")
	if grep -E 'Socket errors|Non-2xx|unable' "$scratch/wrk"; then
		cat "$scratch/tanji.err"
		exit 1
	fi >&2
	awk -v name="$kind $name" -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" '
		$1 == "99%" {
			us = $2 + 0
			us *= $2 ~ /ms/ ? 1000 : $2 ~ /us/ ? 1 : 1e6
		}
		/requests in/ { n = $1 }
		$1 == "Requests/sec:" { rate = $2 }
		END { printf "%s %.0f %.0f %.2f\n", name, rate, us, ticks / hz * 1e6 / n }' \
		"$scratch/wrk"
}

# one_round KIND [COUNT]
one_round() {
	measure "$1" tanji $tanji_pid "$tanji_port" ${2:-}
	measure "$1" libmicrohttpd $mhd_pid "$mhd_port" ${2:-}
	measure "$1" nginx $nginx_pid "$port" ${2:+$2 R%04d/}
}

[ "$records" = 0 ] || forget
{
	[ "$records" = 0 ] || one_round cold "$records"
	for round in $(seq "$rounds"); do
		one_round hot $([ "$records" = 0 ] || echo $((records < 1000 ? records : 1000)))
	done
} | tee "$scratch/results" | awk '{
	printf "%-4s %-14s %8d req/s  p99 %6d us  cpu %6.2f us/req\n", $1, $2, $3, $4, $5 }'
awk '{ n[$1, $2]++; rate[$1, $2] += $3; cpu[$1, $2] += $5; kinds[$1] }
	function tell(kind, other) {
		printf "%s: tanji/%s: %.2f of the requests a second, %.2f of the CPU a request\n",
		    kind, other, rate[kind, "tanji"] / rate[kind, other],
		    cpu[kind, "tanji"] / cpu[kind, other]
	}
	END { for (kind in kinds) { tell(kind, "libmicrohttpd"); tell(kind, "nginx") } }' \
	"$scratch/results"
exec 9>&-
