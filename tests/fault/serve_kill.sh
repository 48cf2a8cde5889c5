#!/bin/sh
# serve_kill.sh TANJI SOURCE: the server killed under concurrent writing (serve_kill.py), a full
# disk, two writers of one record.  TANJI_KILLS: how often it is killed.
set -u
tanji=$1 source=$2
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
bad=0

# node DIR: begun, on free ports.
node() {
	"$tanji" node init "$1" --prefix 88.111.1 --http 127.0.0.1:0 2>"$scratch/err" || {
		cat "$scratch/err"
		exit 1
	}
	sed -i -e "s|^http = .*|&\nhttps = 127.0.0.1:0|" \
		-e 's|^# certificate = .*|certificate = ../ca.pem|' \
		-e 's|^# key = .*|key = ../key.pem|' \
		-e 's|^# access = .*|access = off|' "$1/node.conf"
}

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
	-subj /CN=localhost -keyout "$scratch/key.pem" -out "$scratch/ca.pem" 2>"$scratch/err" ||
	{ cat "$scratch/err"; exit 1; }
chmod 600 "$scratch/key.pem"
node "$scratch/killed"
python3 "$source/tests/fault/serve_kill.py" "$tanji" "$scratch/killed" "${TANJI_KILLS:-15}" || bad=1

# A small disk: a file system in memory where one may be mounted, here or in a name space
# of one's own.
node "$scratch/full"
cat >"$scratch/on_small_disk" <<'END'
#!/bin/sh
mv "$1/registry" "$1/begun" && mkdir -m 700 "$1/registry" &&
	mount -t tmpfs -o size=8m,mode=700 none "$1/registry" || exit 1
cp -a "$1/begun/." "$1/registry/" && shift && exec "$@"
END
if [ "$(id -u)" = 0 ]; then
	space="unshare -m"
else
	space="unshare -rm"
fi
$space sh "$scratch/on_small_disk" "$scratch/full" \
	python3 "$source/tests/fault/serve_disk.py" "$tanji" "$scratch/full" || bad=1

exit $bad
