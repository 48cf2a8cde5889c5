#!/bin/sh
# serve.sh TANJI SOURCE: a node from its beginning to its end, with curl, openssl and python:
# init, first answers, TLS with and without a client's certificate, reload, drain, systemd's
# notices, and what happens where something is wrong.
set -u
tanji=$1 source=$2
export LANG=C LC_ALL=C
scratch=$(mktemp -d) || exit 2
node= listener= slow=
trap 'for p in $node $listener $slow; do kill -9 "$p" 2>/dev/null; done; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
bad=0 count=0
cd "$scratch" || exit 2

check() {	# WHAT COMMAND…
	what=$1
	shift
	count=$((count + 1))
	"$@" >check 2>&1 || {
		echo "FAILED: $what"
		cat check
		bad=1
	}
}

# refuses STATUS TEXT ARGUMENTS…: ends so and says so.
refuses() {
	want=$1 text=$2
	shift 2
	count=$((count + 1))
	timeout 20 "$tanji" "$@" >out.refused 2>err.refused </dev/null
	got=$?
	[ $got = "$want" ] && grep -qF -e "$text" err.refused || {
		echo "FAILED: $*: $got, not $want and: $text"
		cat err.refused
		bad=1
	}
}

start() {	# ENVIRONMENT…
	rm -f out
	env "$@" "$tanji" serve n >out 2>>err </dev/null &
	node=$!
	wait_for grep -q https:// out
	http=$(sed -n 's|.* http://127\.0\.0\.1:\([0-9]*\).*|\1|p' out)
	https=$(sed -n 's|.* https://127\.0\.0\.1:\([0-9]*\).*|\1|p' out)
}

wait_for() {
	tries=0
	until "$@" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || { echo "gave up: $*"; cat err; exit 1; }
		sleep 0.1
	done
}

reload() {
	lines=$(wc -l <err)
	kill -HUP $node
	wait_for sh -c "[ \$(wc -l <err) -gt $lines ]"
}

end() {
	kill -TERM $node
	wait $node
	ended=$?
	node=
}

certificate() {	# NAME SUBJECT
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3 \
		-subj "$2" -addext 'subjectAltName=DNS:localhost' -keyout "$1.key" -out "$1.pem" \
		2>/dev/null && chmod 600 "$1.key"
}

keys() {	# NAME: a company's did.json, near the largest that is read
	python3 -c 'import json, sys; print(json.dumps({"id": "did:web:%s.example" % sys.argv[1],
		"pad": sys.argv[1] * 60000}))' "$1" >"$1.json" && cp "$1.json" new.json &&
		mv new.json n/did.json
}

serial() {	# of the certificate that is shown
	openssl s_client -connect "localhost:$https" </dev/null 2>/dev/null |
		openssl x509 -noout -serial
}

# Before there is a node.
refuses 66 'tanji node init' serve nowhere
refuses 2 '--prefix' node init n
refuses 2 '300:88.111.1/ADMIN' node init n --prefix 88.111.1 --admin me
refuses 2 'one line' node init n --prefix 88.111.1 --name 'a
b'
refuses 78 'root, industry or enterprise' node init n --prefix 88.111.1 --role king
printf 'secret\n' >open
chmod 644 open
refuses 77 'chmod 600' node init n --prefix 88.111.1 --secret-file open
[ ! -e n/node.conf ]
check "nothing is configured by a failed init" test $? = 0
rm -rf n
"$tanji" node init n --prefix 88.111.1 --http 127.0.0.1:0 2>err
check "init" test $? = 0
check "the secret is its owner's" test "$(stat -c %a n/admin.key)" = 600
check "and so is the registry" test "$(stat -c %a n/registry)" = 700
refuses 73 'is there already' node init n --prefix 88.111.1

# What is wrong in node.conf is named with its line.
cp n/node.conf good
for wrong in '/name = /d|name' 's/^http = .*/http = localhost:80/|localhost:80' \
	's/^http = .*/&\nhttps = 127.0.0.1:0/|certificate' 's/^# threads.*/threads = 0/|threads' \
	's/^prefix = .*/prefix = a\/b/|prefix' 's/^admin = .*/admin = x/|admin' \
	's/^# trusted_proxy.*/trusted_proxy = 10.0.0.1\/8/|10.0.0.1/8' 's/^http = .*//|http' \
	's/^# burst.*/bursts = 1/|bursts' \
	's/^# connections = .*/connections = 66000/|connections'; do
	sed "${wrong%|*}" good >n/node.conf
	timeout 20 "$tanji" serve n >out.refused 2>err.refused
	got=$?
	count=$((count + 1))
	grep -qF -e "${wrong##*|}" err.refused && [ $got = 78 -o $got = 2 ] || {
		echo "FAILED: $wrong: $got"
		cat err.refused
		bad=1
	}
done

certificate server /CN=localhost
certificate other /CN=localhost
certificate client '/CN=300:88.111.1\/ADMIN'
cp server.pem server.key n/
keys a
tls='https = 127.0.0.1:0\ncertificate = server.pem\nkey = server.key\nclient_certificates = yes'
sed -e "s|^http = .*|&\n$tls|" \
	-e 's|^name = .*|&\ndid = did.json|' -e 's|^# access = .*|access = access.log|' \
	-e 's|^# drain_seconds.*|drain_seconds = 10|' \
	good >n/node.conf
chmod 644 n/server.key
refuses 77 'chmod 600' serve n
chmod 600 n/server.key
cp other.key n/server.key
refuses 65 'not the one of the certificate' serve n
cp server.key n/server.key

# systemd is told, as it wishes.
python3 - >notices <<'END' &
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("notify")
s.settimeout(60)
told = b""
while b"STOPPING=1" not in told:
    told = s.recv(4096)
    print(told.decode(), flush=True)
END
listener=$!
wait_for test -S notify
start NOTIFY_SOCKET="$scratch/notify"
wait_for grep -qx READY=1 notices
check "it answers" curl -sSf -o x --cacert server.pem "https://localhost:$https/readyz"
check "with a client's certificate" curl -sSf -o x --cacert server.pem --cert client.pem \
	--key client.key "https://localhost:$https/readyz"
check "and in TLS 1.2" curl -sSf -o x --tls-max 1.2 --cacert server.pem --cert client.pem \
	--key client.key "https://localhost:$https/readyz"
openssl s_client -connect "localhost:$https" </dev/null >asked 2>&1
check "which it asks for, of any authority" grep -q 'No client certificate CA names sent' asked
check "not in TLS 1.1" sh -c "! openssl s_client -tls1_1 -cipher ALL:@SECLEVEL=0 \
	-connect localhost:$https </dev/null"
secret=$(cat n/admin.key)
check "the administrator writes" curl -sSf -o x --cacert server.pem -X PUT \
	-u "300%3A88.111.1/ADMIN:$secret" -H 'Content-Type: application/json' \
	-d '[{"index":1,"type":"URL","data":"https://example.org/"}]' \
	"https://localhost:$https/api/handles/88.111.1/first"
curl -sS "http://127.0.0.1:$http/api/handles/88.111.1/ADMIN" >record
check "and the key is hidden" sh -c '! grep -qE "HS_SECKEY|300:" record'
sed "s|^http = .*|http = 127.0.0.1:$http|" n/node.conf >second.conf
mkdir second && sed -e '/^https/d' -e '/^did/d' second.conf >second/node.conf
refuses 75 'another server has this address' serve second

# Read again: a mistake changes nothing; a new certificate and a new log do.
before=$(serial)
sed 's/^name = .*/nome = x/' n/node.conf >broken && cp n/node.conf whole && cp broken n/node.conf
reload
check "a mistake is named" grep -q 'node.conf:.*nome' err
check "and nothing is changed" test "$(serial)" = "$before"
cp whole n/node.conf
cp other.pem n/server.pem && cp other.key n/server.key
mv n/access.log n/access.log.1
reload
check "the other certificate is shown" test "$(serial)" = \
	"$(openssl x509 -in other.pem -noout -serial)"
curl -sS -o x "http://127.0.0.1:$http/healthz"
check "a new log is written" grep -q /healthz n/access.log

# Keys too.  More is asked for than sockets hold, and read only when other keys are in their
# place: each answer has the old ones or the new, and whole.
cat >asks.py <<END
import os, socket, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.settimeout(60)
s.connect(("127.0.0.1", $http))
s.sendall(b"GET /.well-known/did.json HTTP/1.1\r\nHost: h\r\n\r\n" * 100)
answers = s.makefile("rb")
def head():
    length = 0
    for line in iter(answers.readline, b"\r\n"):
        line or sys.exit("cut off")
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return length
length = head()
open("reading", "w").close()
deadline = time.monotonic() + 60
while not os.path.exists("replaced") and time.monotonic() < deadline:
    time.sleep(0.05)
known = {open(f"{name}.json", "rb").read(): name for name in "ab"}
for n in range(100):
    print(known[answers.read(length)], end="")
    length = n < 99 and head()
print()
END
python3 asks.py >letters 2>>err &
slow=$!
wait_for test -e reading
keys b
reload
: >replaced
wait $slow
check "who has asked gets whole keys, the first of them the old" grep -qxE 'a+b*' letters
check "and all of them" test "$(wc -c <letters)" = 101
curl -sS -o x "http://127.0.0.1:$http/.well-known/did.json"
check "who asks then gets the new ones" cmp x b.json
sed -i 's/^http = .*/http = 127.0.0.1:1/' n/node.conf
reload
check "what needs a start is told" grep -q 'started again' err
cp whole n/node.conf
check "reloading is told" grep -q RELOADING=1 notices

# Drain: what is under way is answered, though half of it comes after the signal.
cat >slow.py <<END
import os, socket, time
s = socket.create_connection(("127.0.0.1", $http))
s.sendall(b"PUT /api/handles/88.111.1/slow HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
          b"Expect: 100-continue\r\n\r\n")
answers = s.makefile("rb")
assert answers.readline().startswith(b"HTTP/1.1 100") and answers.readline() == b"\r\n"
s.sendall(b"[{")
open("begun", "w").close()
deadline = time.monotonic() + 60
while not os.path.exists("closed") and time.monotonic() < deadline:
    time.sleep(0.05)
s.sendall(b"}]")
print(answers.readline().decode().strip())
END
python3 slow.py >slow &
slow=$!
wait_for test -e begun
kill -TERM $node
wait_for sh -c "! curl -s --max-time 2 http://127.0.0.1:$http/healthz"	# no new connections
check "and it waits for the slow one" kill -0 $node
: >closed
wait $node
ended=$?
node=
wait $slow
check "it ends well" test $ended = 0
check "the slow one was answered" grep -q '^HTTP/1.1 4' slow
wait $listener
check "stopping is told" grep -qx STOPPING=1 notices

# Again: what was written is there; interrupted by hand, it ends as well.
start X=
check "what was written is there" sh -c \
	"curl -sS http://127.0.0.1:$http/api/handles/88.111.1/first | grep -q example.org"
kill -INT $node
wait $node
check "SIGINT ends it" test $? = 0
node=
! grep -E 'Sanitizer|runtime error:' err || bad=1
echo "a node's life: $count cases"
exit $bad
