#!/bin/sh
# codes.sh PROGRAM ROOT BUILD [PICTURES]: how large a label's code is, and from how few dots a
# module zbarimg and zxing-wasm read it: PICTURES (8) of each, turned, blurred, noisy, the
# same ones in each run.  Node, npm and zbar-tools.
. "$(dirname "$0")/../samples/lib.sh"
modules=$3/web
. "$root/tests/web/modules.sh"
cp "$root/tests/bench/codes.mjs" "$modules"

chain
tyre=$samples/tyre
printf 'S-000001\n' > "$scratch/serials"
tanji label https://id.gs1.org/01/09521234543213/21/2609250001 --dir "$tyre" \
	--site https://id.tyre.example --format svg --output "$scratch/item.svg"
tanji label --dir "$samples/mill" --site https://id.mill.example
handle=$("$program" show "$samples/mill/out/declarations/$(ls "$samples/mill/out/declarations" |
	grep jws$ | head -n 1)" --json | jq -r .credentialSubject.id)
tanji label "$handle" --dir "$samples/mill" --site https://id.mill.example --format svg \
	--output "$scratch/handle.svg"
sed -i 's,/21/{batch},/10/{batch},' "$tyre/tanji.conf"
company tyre
tanji label https://id.gs1.org/01/09521234543213/10/2609250001 --dir "$tyre" \
	--site https://id.tyre.example --format svg --serials "$scratch/serials" \
	--output "$scratch/thing.svg"
node "$modules/codes.mjs" "$scratch" "${4:-8}"
