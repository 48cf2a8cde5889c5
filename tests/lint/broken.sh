#!/bin/sh
# broken.sh ROOT: break each rule of the layers on purpose, in a copy, and see that
# its test fails; and that the copy as it is passes.
set -eu
root=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tree=$scratch/tree build=$scratch/build
bad=0

mkdir "$tree"
(cd "$root" && tar -cf - --exclude=./.git --exclude='./build*' --exclude='./samples/*/out' .) |
	tar -xf - -C "$tree"
cmake -S "$tree" -B "$build" -G Ninja > "$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }

lint() {	# NAME: run the lint test of this name
	ctest --test-dir "$build" -R "^lint\.$1\$" --no-tests=error --output-on-failure \
		> "$scratch/log" 2>&1
}
make() {	# TARGET
	cmake --build "$build" --target "$1" > "$scratch/log" 2>&1
}
passes() {
	if "$@"; then
		echo "ok: $* passes in a sound tree"
	else
		cat "$scratch/log"
		echo "FAILED: $* does not pass in a sound tree"
		bad=1
	fi
}
caught() {	# WHAT-IS-WRONG WHAT-THE-CHECK-MUST-NAME CHECK…
	why=$1 name=$2; shift 2
	if "$@"; then
		echo "FAILED: $* passes, although $why"
		bad=1
	elif ! grep -qF -e "$name" "$scratch/log"; then
		cat "$scratch/log"
		echo "FAILED: $* fails, but does not name $name"
		bad=1
	else
		echo "ok: $* fails, since $why"
	fi
}

# include LAYER FILE LINE
include() {
	cp "$tree/$2" "$scratch/kept"
	echo "#include $3" >> "$tree/$2"
	caught "$2 includes $3" "$2: includes" lint "includes.$1"
	cp "$scratch/kept" "$tree/$2"
}

for layer in base model exchange engine connectors cli; do
	passes lint "includes.$layer"
done
include base model/base/str.c '"model/book.h"'
include model model/book.c '"engine/assemble.h"'
include model model/port/store.h '"connectors/store.h"'
include engine engine/assemble.h '"exchange/builtin.h"'
include exchange exchange/builtin.c '"engine/assemble.h"'
include exchange exchange/builtin.c '<lmdb.h>'
include connectors connectors/file.c '<openssl/evp.h>'

passes make tj_model_verify_interface_header_sets
echo 'tj_str tj_broken(struct tj_arena *);' > "$tree/model/broken.h"
caught "model/broken.h does not compile alone" broken.h make tj_model_verify_interface_header_sets
rm "$tree/model/broken.h"

passes make link_model
echo 'int tj_broken(void); int tj_broken(void) { return 1; }' > "$tree/engine/broken.c"
cat > "$tree/model/broken.c" <<'EOF'
int tj_broken(void);
int tj_calls_up(void);
int tj_calls_up(void) { return tj_broken(); }
EOF
caught "model/broken.c calls up into engine" tj_broken make link_model
rm "$tree/model/broken.c" "$tree/engine/broken.c"

passes lint kinds
echo 'X(broken)' >> "$tree/connectors/store.def"
caught "store.def names a kind without a file" store_broken.c lint kinds
cp "$root/connectors/store.def" "$tree/connectors/store.def"
: > "$tree/connectors/store_broken.c"
caught "store_broken.c is not in store.def" store_broken.c lint kinds
exit $bad
