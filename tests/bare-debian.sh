#!/bin/sh
# bare-debian.sh [FOLDER]: the README's promise, tried: in a bare Debian 12 (debootstrap,
# chroot, as root) clone this tree, ./bootstrap demo, demo again, ./bootstrap check.
# apt's settings of this machine are used inside, so it works behind a mirror or proxy.
# FOLDER (default: a temporary one, removed afterwards) may be kept for another try.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
[ "$(id -u)" = 0 ] || { echo "bare-debian: must be root (debootstrap, chroot)" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "bare-debian: apt install debootstrap" >&2; exit 1; }

if [ $# -gt 0 ]; then
	root=$1 keep=yes
	mkdir -p "$root"
else
	root=$(mktemp -d) keep=
fi
steps=${STEPS:-build demo demo check}

leave() {
	for mounted in dev/pts dev proc .; do
		umount "$root/$mounted" 2>/dev/null || true
	done
	if mountpoint -q "$root/dev" || mountpoint -q "$root/proc"; then
		echo "bare-debian: left as it is, something is still mounted: $root" >&2
	elif [ -z "$keep" ]; then
		rm -rf --one-file-system "$root"
	fi
}
trap leave EXIT
trap 'exit 1' INT TERM HUP

# The first mirror that apt here uses for Debian 12.
mirror=$(apt-cache policy base-files | awk '$2 ~ /^(https?|file):/ && /bookworm\/main/ {
	print $2; exit }')
[ -n "$mirror" ] || { echo "bare-debian: apt here knows no bookworm/main" >&2; exit 1; }

# wget, which debootstrap uses, does not read apt's settings.
eval "$(apt-config shell proxy Acquire::http::Proxy)"
[ -z "${proxy:-}" ] || export http_proxy="$proxy"

if [ ! -x "$root/usr/bin/apt-get" ]; then
	debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror"
fi
rm -f "$root/etc/apt/sources.list"
for settings in sources.list sources.list.d apt.conf apt.conf.d preferences.d \
	trusted.gpg trusted.gpg.d; do
	[ -e "/etc/apt/$settings" ] && cp -a "/etc/apt/$settings" "$root/etc/apt/"
done
[ -d /usr/share/keyrings ] && cp -a /usr/share/keyrings "$root/usr/share/"
[ -d /usr/local/share/ca-certificates ] &&
	cp -a /usr/local/share/ca-certificates "$root/usr/local/share/"
cp -L /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true
mount --bind "$root" "$root"	# a root that is mounted, as anywhere: tests make name spaces
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t devpts devpts "$root/dev/pts" 2>/dev/null || true
chroot "$root" update-ca-certificates >/dev/null 2>&1 || true

rm -rf "$root/tanji"
git clone -q --no-hardlinks "$here" "$root/tanji"
for step in $steps; do
	echo "== bare Debian: ./bootstrap $step"
	start=$(date +%s)
	chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
		${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
		sh /tanji/bootstrap "$step"
	echo "== $step: $(($(date +%s) - start)) s"
done
