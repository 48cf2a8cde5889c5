#!/bin/sh
# nginx.sh TANJI SOURCE: the real nginx in front of a node, with the sample's configuration:
# HTTP/2, ids and who asked arrive; a node that is reloaded drops no request.
set -u
tanji=$1 source=$2
nginx=$(command -v nginx || echo /usr/sbin/nginx)
scratch=$(mktemp -d) || exit 2
node= front= load=
trap 'for p in $node $front $load; do kill -9 "$p" 2>/dev/null; done; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
bad=0 count=0
chmod 755 "$scratch"

check() {	# WHAT COMMAND…
	what=$1
	shift
	count=$((count + 1))
	"$@" >"$scratch/check" 2>&1 || {
		echo "FAILED: $what"
		cat "$scratch/check"
		bad=1
	}
}

free_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

start_node() {
	"$tanji" serve "$scratch/node" >"$scratch/out" 2>>"$scratch/err" </dev/null &
	node=$!
	wait_for grep -q unix: "$scratch/out"
}

wait_for() {
	tries=0
	until "$@" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || { echo "gave up: $*"; cat "$scratch/err"; exit 1; }
		sleep 0.1
	done
}

mkdir "$scratch/node" "$scratch/tmp"
cat >"$scratch/node/node.conf" <<END
[node]
name = behind nginx
prefix = 88.111.1
[listen]
unix = sock
[log]
access = access.log
END
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3 \
	-subj /CN=node.example -addext 'subjectAltName=DNS:node.example' \
	-keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>/dev/null || exit 1
http=$(free_port) https=$(free_port)
sed -e "s|/run/tanji/node.sock|$scratch/node/sock|" -e '/listen \[::\]/d' \
	-e "s|listen 80|listen 127.0.0.1:$http|" -e "s|listen 443|listen 127.0.0.1:$https|" \
	-e "s|/etc/ssl/tanji/cert.pem|$scratch/cert.pem|" \
	-e "s|/etc/ssl/private/tanji.pem|$scratch/key.pem|" \
	-e 's|rate=100r/s|rate=100000r/s|' "$source/samples/node/nginx.conf" >"$scratch/site.conf"
root=
[ "$(id -u)" != 0 ] || root='user root;'	# the socket is this user's
cat >"$scratch/nginx.conf" <<END
$root
daemon off;
worker_processes 1;
pid $scratch/nginx.pid;
error_log $scratch/nginx.err warn;
events { worker_connections 512; }
http {
	access_log $scratch/nginx.log;
	client_body_temp_path $scratch/tmp/b; proxy_temp_path $scratch/tmp/p;
	fastcgi_temp_path $scratch/tmp/f; uwsgi_temp_path $scratch/tmp/u;
	scgi_temp_path $scratch/tmp/s;
	include $scratch/site.conf;
}
END
start_node
"$nginx" -e "$scratch/nginx.err" -p "$scratch" -c "$scratch/nginx.conf" 2>>"$scratch/err" &
front=$!
base=https://node.example:$https
get() {
	curl -sS --max-time 20 --cacert "$scratch/cert.pem" \
		--resolve "node.example:$https:127.0.0.1" "$@"
}
wait_for get -f -o "$scratch/x" $base/healthz
log=$scratch/node/access.log

[ "$(get --http2 -o "$scratch/x" -w '%{http_version} %{http_code}' $base/healthz)" = "2 200" ]
check "HTTP/2" test $? = 0
get -H 'X-Request-Id: my-own.id_7' -D "$scratch/head" -o "$scratch/x" "$base/healthz"
check "an id of the client's comes back" grep -qi '^x-request-id: my-own.id_7' "$scratch/head"
check "and is in the log" grep -q '"id":"my-own.id_7","peer":"127.0.0.1"' "$log"
get -H 'X-Request-Id: "; drop' -D "$scratch/head" -o "$scratch/x" "$base/healthz"
check "a bad one is replaced" grep -qiE '^x-request-id: [0-9a-f]{32}' "$scratch/head"
get -o "$scratch/x" "$base/88.111.1/a%2Fb//c%20d?x=%26"
check "targets arrive as they were sent" grep -qF '"target":"/88.111.1/a%2Fb//c%20d?x=%26"' "$log"
get -H 'X-Forwarded-For: 203.0.113.5' -o "$scratch/x" "$base/forged"
check "who asked cannot be forged" sh -c "grep '/forged' '$log' | grep -q '\"peer\":\"127.0.0.1\"'"
[ "$(get -o "$scratch/x" -w '%{http_code}' $base/metrics)" = 404 ]
check "metrics are not for those in front" test $? = 0
check "but for this machine" curl -sSf -o "$scratch/x" --unix-socket "$scratch/node/sock" \
	http://node/metrics
head -c 3000000 /dev/zero >"$scratch/large"
code=$(get -o "$scratch/x" -w '%{http_code}' -H 'Transfer-Encoding: chunked' \
	-T "$scratch/large" $base/nothing)
check "chunks become a length ($code)" sh -c "[ $code != 411 ] && [ $code != 502 ]"
code=$(curl -sS -o "$scratch/x" -w '%{http_code}' "http://127.0.0.1:$http/x")
check "http leads to https" test "$code" = 308

# under_load COMMAND…: it runs while four clients ask; every one of their requests is answered.
ask_until_told() {
	while [ ! -e "$scratch/enough" ]; do
		get -w '%{http_code}\n' -o /dev/null $base/healthz -o /dev/null $base/readyz \
			-o /dev/null $base/openapi.json
	done
}
asked() {
	[ "$(cat "$scratch"/codes.* | wc -l)" -gt "$1" ]
}
under_load() {
	rm -f "$scratch/enough" "$scratch"/codes.*
	load=
	for i in 1 2 3 4; do
		ask_until_told >"$scratch/codes.$i" 2>&1 &
		load="$load $!"
	done
	wait_for asked 10
	"$@"
	wait_for asked 30
	: >"$scratch/enough"
	wait $load
	load=
	total=$(cat "$scratch"/codes.* | wc -l)
	lost=$(grep -hv '^200$' "$scratch"/codes.* | wc -l)
	echo "$*: $total requests, $lost without an answer"
	[ "$lost" = 0 ] || {
		grep -hv '^200$' "$scratch"/codes.* | sort | uniq -c
		tail -5 "$scratch/nginx.err"
		return 1
	}
}

read_again() {
	[ "$(grep -c 'configuration read again' "$scratch/err")" = "$1" ]
}
reload_ten_times() {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		kill -HUP $node
		wait_for read_again $i
	done
}
under_load reload_ten_times
check "reloading drops nothing" test $? = 0
check "and was done" read_again 10

kill $node
wait $node
check "the node ends well" test $? = 0
! grep -E 'Sanitizer|runtime error:' "$scratch/err" || bad=1
kill $front
wait $front
node= front=
echo "nginx in front: $count cases"
exit $bad
