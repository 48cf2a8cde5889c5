#!/bin/sh
# network.sh up DIR [ENTERPRISES]: starts a network of three levels on loopback, each node a
# `tanji serve` of its own: the root (88), three industries (88.101 to 88.103), so many
# enterprises (6; 88.101.0001, 88.102.0002 …).  Every prefix is registered at the node above with
# the data of its entity, the industries report to the root.  Returns when all of it answers.
# network.sh down DIR: ends it.
# DIR/root, DIR/industry-N, DIR/enterprise-NNNN: the nodes' folders, as node.sh leaves them, with
# the administrator's key in admin.key; DIR/ca.pem: whom clients must trust; DIR/nodes: a line
# for each node: name, prefix, process, HTTP port, HTTPS port.
# TANJI: the program (build/gcc/tanji).
set -eu
tanji=${TANJI:-$(dirname "$0")/../../build/gcc/tanji}
at=${TANJI_AT:-2026-10-15}

usage() {
	sed -n '2,11s/^# //p' "$0" >&2
	exit 2
}

die() {
	echo "network.sh: $*" >&2
	down "$dir"
	exit 1
}

certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
		-subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' \
		-keyout "$dir/key.pem" -out "$dir/ca.pem" 2>"$dir/openssl" ||
		die "no certificate: $(cat "$dir/openssl")"
	chmod 600 "$dir/key.pem"
}

# begin NAME PREFIX ROLE: the node's folder.
begin() {
	"$tanji" node init "$dir/$1" --prefix "$2" --name "$1" --role "$3" --http 127.0.0.1:0 \
		2>"$dir/err" || die "$1 could not be begun: $(cat "$dir/err")"
	sed -i -e 's|^http = .*|&\nhttps = 127.0.0.1:0|' \
		-e 's|^# certificate = .*|certificate = ../ca.pem|' \
		-e 's|^# key = .*|key = ../key.pem|' \
		-e 's|^# threads = .*|threads = 2|' -e 's|^# access = .*|access = access.log|' \
		"$dir/$1/node.conf"
}

# start NAME: returns at once.
start() {
	"$tanji" serve "$dir/$1" >"$dir/$1/out" 2>"$dir/$1/err" </dev/null &
	echo $! >"$dir/$1/pid"
}

# answers NAME PREFIX: waits for it, and writes down its ports.
answers() {
	tries=0
	until grep -q https:// "$dir/$1/out"; do
		kill -0 "$(cat "$dir/$1/pid")" 2>/dev/null ||
			die "$1 has ended: $(cat "$dir/$1/err")"
		tries=$((tries + 1))
		[ $tries -lt 600 ] || die "$1 does not answer"
		sleep 0.1
	done
	http=$(sed -n 's|.* http://127\.0\.0\.1:\([0-9]*\).*|\1|p' "$dir/$1/out")
	https=$(sed -n 's|.* https://127\.0\.0\.1:\([0-9]*\).*|\1|p' "$dir/$1/out")
	echo "$http" >"$dir/$1/http_port"
	echo "$https" >"$dir/$1/https_port"
	echo "$1 $2 $(cat "$dir/$1/pid") $http $https" >>"$dir/nodes"
}

# entity NAME NUMBER: an invented one; its credit code has the check character that
# GB 32100-2015 asks for.
entity() {
	awk -v name="$1" -v number="$2" 'BEGIN {
		set = "0123456789ABCDEFGHJKLMNPQRTUWXY"
		code = sprintf("91110000MA%07d", number)
		weight = 1
		for (i = 1; i <= 17; i++) {
			sum += (index(set, substr(code, i, 1)) - 1) * weight
			weight = weight * 3 % 31
		}
		code = code substr(set, (31 - sum % 31) % 31 + 1, 1)
		printf "{\"name\":\"示例 %s\",\"creditCode\":\"%s\",", name, code
		printf "\"industry\":\"2911\","
		printf "\"region\":\"110000\",\"address\":\"示例路 %d 号\",", number
		printf "\"legalRepresentative\":\"示例\",\"contactName\":\"示例\","
		printf "\"contactPhone\":\"010-00000000\","
		printf "\"contactEmail\":\"node@%s.example\",", name
		printf "\"nodeName\":\"%s\"}\n", name
	}' >"$dir/$1/entity.json"
}

# register NAME PREFIX ABOVE [OPTION…]: in the folder of the node above, or at it (--node).
register() {
	name=$1 prefix=$2 above=$3
	shift 3
	"$tanji" node register "$prefix" "$dir/$above" --entity "$dir/$name/entity.json" \
		--address 127.0.0.1 --http-port "$(cat "$dir/$name/http_port")" \
		--https-port "$(cat "$dir/$name/https_port")" --admin "300:$prefix/ADMIN" \
		--at "$at" "$@" >"$dir/$name/registered" 2>"$dir/err" ||
		die "$prefix could not be registered: $(cat "$dir/err")"
}

# report_to_root NAME PREFIX: with the key that the root was given for it.
report_to_root() {
	(umask 077 && openssl rand -hex 20 >"$dir/$1/parent.key")
	cat >>"$dir/$1/node.conf" <<END

[parent]
url = https://127.0.0.1:$(cat "$dir/root/https_port")
as = 301:0.NA/$2
secret = parent.key
ca = ../ca.pem
allow = 127.0.0.0/8
END
	register "$1" "$2" root --report-key "$dir/$1/parent.key"
}

# Half of the enterprises are registered in the industry's folder while it serves, and are
# reported at once; the others over its REST API, and are reported by `tanji node report`.
enterprise() {
	number=$1 industry=$2 prefix=$3 name=$4
	entity "$name" $((100 + number))
	if [ $((number % 2)) = 0 ]; then
		register "$name" "$prefix" "industry-$industry"
	else
		register "$name" "$prefix" "industry-$industry" \
			--node "https://127.0.0.1:$(cat "$dir/industry-$industry/https_port")" \
			--as "300:88.10$industry/ADMIN" \
			--secret-file "$dir/industry-$industry/admin.key" --ca "$dir/ca.pem" \
			--allow 127.0.0.0/8
	fi
}

# each_enterprise COMMAND: with number, industry, prefix and name.
each_enterprise() {
	number=1
	while [ $number -le "$enterprises" ]; do
		industry=$((1 + (number - 1) % 3))
		digits=$(printf '%04d' $number)
		"$1" $number $industry "88.10$industry.$digits" "enterprise-$digits"
		number=$((number + 1))
	done
}
begin_enterprise() { begin "$4" "$3" enterprise; start "$4"; }
await_enterprise() { answers "$4" "$3"; }

up() {
	mkdir -p "$dir"
	: >"$dir/nodes"
	certificate
	begin root 88 root
	start root
	for n in 1 2 3; do begin industry-$n 88.10$n industry; start industry-$n; done
	each_enterprise begin_enterprise
	answers root 88
	for n in 1 2 3; do
		answers industry-$n 88.10$n
		entity industry-$n $n
		report_to_root industry-$n 88.10$n
	done
	each_enterprise await_enterprise
	each_enterprise enterprise
	for n in 1 2 3; do
		"$tanji" node report "$dir/industry-$n" --at "$at" >"$dir/reported-$n" \
			2>"$dir/err" || die "industry-$n could not report: $(cat "$dir/err")"
	done
}

down() {
	for file in "$1"/*/pid; do
		[ -e "$file" ] || continue
		kill -CONT "$(cat "$file")" 2>/dev/null || continue	# dead already
		kill "$(cat "$file")" 2>/dev/null || true
	done
	for file in "$1"/*/pid; do
		[ -e "$file" ] || continue
		tries=0
		while kill -0 "$(cat "$file")" 2>/dev/null; do
			tries=$((tries + 1))
			[ $tries -lt 400 ] || kill -9 "$(cat "$file")" 2>/dev/null || true
			sleep 0.1
		done
		rm "$file"
	done
}

case "${1-} $#" in
"up 2" | "up 3")	dir=$2 enterprises=${3:-6}; up ;;
"down 2")	down "$2" ;;
*)	usage ;;
esac
