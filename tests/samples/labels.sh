#!/bin/sh
# labels.sh PROGRAM ROOT: labels of a whole company, printed, read back by other people's
# tools and accepted; changed ones are not.
. "$(dirname "$0")/lib.sh"

site=https://id.tyre.example
chain
tyre=$samples/tyre

tanji label --dir "$tyre" --site $site
cp "$scratch/stdout" "$scratch/labels"
count=$(wc -l < "$scratch/labels")
[ "$count" = "$(ls "$tyre"/out/declarations/*.jws | wc -l)" ] || fail "$count labels"
xargs "$program" verify --dir "$tyre" --at $at < "$scratch/labels" > "$scratch/verdicts" ||
	fail "a label is not accepted"
[ "$(grep -c ': accepted' "$scratch/verdicts")" = "$count" ] || fail "not all are accepted"

# Signatures differ from run to run, all else does not.
tanji label --dir "$tyre" --site $site
[ "$(cut -c1-200 "$scratch/stdout" | cksum)" = "$(cut -c1-200 "$scratch/labels" | cksum)" ] ||
	fail "other labels of the same declarations"

# What is signed, taken apart by RFC 9052 alone, and openssl.
label=$(head -1 "$scratch/labels")
printf %s "$label" | python3 "$root/tests/samples/label_parts.py" "$scratch" > "$scratch/kid"
jose jwk pub -i "$tyre/out/keys/k1.jwk" | python3 -c '
import base64, json, sys
jwk = json.load(sys.stdin)
point = b"".join(base64.urlsafe_b64decode(jwk[m] + "=") for m in "xy")
sys.stdout.buffer.write(bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
	+ point)' > "$scratch/key.der"
openssl dgst -sha256 -verify "$scratch/key.der" -keyform DER -signature "$scratch/signature" \
	"$scratch/signed" > /dev/null || fail "openssl refuses the label's signature"
[ "$(cat "$scratch/kid")" = "$(sha256sum "$scratch/key.der" | cut -c1-16)" ] || fail "kid"

# Another serial before the same code; another site is nothing to a label.
other=$(printf %s "$label" | sed 's,/21/[0-9]*?,/21/9999999?,')
! "$program" verify "$other" --dir "$tyre" --at $at > "$scratch/verdict" || fail "swapped"
grep -q 'NO .*of the product' "$scratch/verdict" || fail "swapped: another gate"
tanji verify "$(printf %s "$label" | sed 's,^https://[^/]*,http://other.example/a,')" \
	--dir "$tyre" --at $at
! "$program" verify "$label" --dir "$tyre" --at 2040-01-01 > "$scratch/verdict" || fail expired
grep -q 'NO .*valid at the time' "$scratch/verdict" || fail "expired: another gate"
! "$program" verify "$label" --dir "$samples/mill" --at $at > "$scratch/verdict" || fail issuer
grep -q 'NO .*trusted key' "$scratch/verdict" || fail "issuer: another gate"

# In print: every code of every page, by zbar's own program and by ours.  Of three hundred codes on
# sheets zbar now and then misses one, as a phone does: each is read at one of three sizes of dots.
tanji label --dir "$tyre" --site $site --format pdf --output "$scratch/labels.pdf"
for dpi in 250 300 350; do
	pdftoppm -r $dpi -gray "$scratch/labels.pdf" "$scratch/page.$dpi"
	zbarimg -q --raw -Sdisable -Sqrcode.enable "$scratch/page.$dpi"-*.pgm 2> /dev/null || true
done | sort -u | sed 's/.*C=//' | cut -c1-150 | sort > "$scratch/decoded"
sed 's/.*C=//' "$scratch/labels" | cut -c1-150 | sort | cmp - "$scratch/decoded" ||
	fail "zbarimg reads other codes than were printed"
pdftoppm -r 250 -gray -png "$scratch/labels.pdf" "$scratch/page"
for page in "$scratch"/page-*.png; do
	tanji verify "$page" --dir "$tyre" --at $at
done
tanji label "$(sed -n 's,.*\(https://id.gs1.org/[^ ]*\).*,\1,p' "$scratch/verdicts" | head -1)" \
	--dir "$tyre" --site $site --format png --output "$scratch/label.png"
tanji verify "$scratch/label.png" --dir "$tyre" --at $at

# Pictures that are none, that end too soon for a code, that promise too much.
printf 'GIF89a' > "$scratch/a.gif"
head -c 400 "$scratch/label.png" > "$scratch/b.png"
printf '\211PNG\r\n\032\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\10\0\0\0\0\60\161\2\157' \
	> "$scratch/c.png"
head -c 100000 /dev/zero > "$scratch/d.jpg"
for expected in 65:a.gif 69:b.png 65:c.png 65:d.jpg; do
	picture=$scratch/${expected#*:} status=0
	"$program" verify "$picture" --dir "$tyre" > /dev/null 2> "$scratch/why" || status=$?
	[ $status = ${expected%:*} ] || fail "$picture: status $status: $(cat "$scratch/why")"
done
