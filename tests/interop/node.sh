#!/bin/sh
# node.sh up DIR PREFIX ADMIN SECRET HTTP_PORT HTTPS_PORT: begins and starts a throw-away node
# on loopback that is home to PREFIX and 21.T14999, with the administrator ADMIN
# (300:88.111.1/ADMIN) and the secret key SECRET; returns when it answers.  TLS: a certificate
# for localhost and 127.0.0.1, made now; DIR/ca.pem is what clients must trust.  A port of 0:
# a free one; DIR/http_port and DIR/https_port tell which.
# node.sh down DIR: ends it.
# TANJI: the program (build/gcc/tanji).
set -eu
tanji=${TANJI:-$(dirname "$0")/../../build/gcc/tanji}

usage() {
	sed -n '2,9s/^# //p' "$0" >&2
	exit 2
}

die() {
	echo "node.sh: $*" >&2
	exit 1
}

certificate() {	# DIR
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
		-subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1' \
		-keyout "$1/key.pem" -out "$1/ca.pem" 2>"$1/openssl" || {
		cat "$1/openssl" >&2
		die "no certificate"
	}
	chmod 600 "$1/key.pem"
}

configure() {	# DIR HTTP_PORT HTTPS_PORT
	tls="https = 127.0.0.1:$3\ncertificate = ca.pem\nkey = key.pem\nclient_certificates = yes"
	sed -i -e "s|^http = .*|http = 127.0.0.1:$2\n$tls|" \
		-e 's|^prefix = .*|&\nprefix = 21.T14999|' \
		-e "s|^# public_address = .*|public_address = 127.0.0.1|" \
		-e "s|^# access = .*|access = access.log|" "$1/node.conf"
	[ "$2" = 0 ] || sed -i "s|^# public_http_port = .*|public_http_port = $2|" "$1/node.conf"
	[ "$3" = 0 ] || sed -i "s|^# public_https_port = .*|public_https_port = $3|" "$1/node.conf"
}

# ports DIR: as the node's first line tells them.
ports() {
	sed -n 's|.* http://127\.0\.0\.1:\([0-9]*\).*|\1|p' "$1/out" >"$1/http_port"
	sed -n 's|.* https://127\.0\.0\.1:\([0-9]*\).*|\1|p' "$1/out" >"$1/https_port"
}

up() {
	dir=$1 prefix=$2 admin=$3 secret=$4 http=$5 https=$6
	mkdir -p "$dir"
	(umask 077 && printf '%s' "$secret" >"$dir/secret")
	certificate "$dir"
	"$tanji" node init "$dir" --prefix "$prefix" --admin "$admin" \
		--secret-file "$dir/secret" 2>"$dir/err" || {
		cat "$dir/err" >&2
		exit 1
	}
	configure "$dir" "$http" "$https"
	"$tanji" serve "$dir" >"$dir/out" 2>"$dir/err" </dev/null &
	echo $! >"$dir/pid"
	tries=0
	until grep -q https:// "$dir/out"; do
		kill -0 "$(cat "$dir/pid")" 2>/dev/null || {
			cat "$dir/err" >&2
			die "the node has ended"
		}
		tries=$((tries + 1))
		[ $tries -lt 600 ] || die "the node does not answer"
		sleep 0.1
	done
	ports "$dir"
	curl -sf --max-time 5 "http://127.0.0.1:$(cat "$dir/http_port")/readyz" >/dev/null ||
		die "the node is not ready"
}

down() {
	pid=$(cat "$1/pid")
	kill "$pid" 2>/dev/null || die "the node has ended before"
	tries=0
	while kill -0 "$pid" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 400 ] || {
			kill -9 "$pid"
			die "the node did not end within 40 seconds"
		}
		sleep 0.1
	done
	rm "$1/pid"
}

case "${1-} $#" in
"up 7")	shift; up "$@" ;;
"down 2")	down "$2" ;;
*)	usage ;;
esac
