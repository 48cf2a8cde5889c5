#!/bin/sh
# page.sh PROGRAM ROOT BUILD [OUT]: the page behind a label, in a real browser.  A company
# logs and serves what it declares, a code is read back from print, and Chromium opens what it
# says.
. "$(dirname "$0")/../samples/lib.sh"

build=$3 out=${4:-$scratch}
modules=$build/web
. "$root/tests/web/modules.sh"

# Things with serials of a lot that is declared; status lists; a log of one's own, which two of
# three witnesses have cosigned.
tyre=$samples/tyre lot=https://id.gs1.org/01/09521234543213/10/2609250001
sed -i 's,/21/{batch},/10/{batch},' "$tyre/tanji.conf"
printf '\n[status]\nurl = https://id.tyre.example/status\n' >> "$tyre/tanji.conf"
chain
tanji status publish "$tyre" --at $at
tanji log init "$scratch/log" --name tyre.example/log
printf 'log %s\n' "$(cat "$scratch/log/public/vkey")" > "$scratch/policy"
for w in a b c; do
	tanji witness init "$scratch/$w" --name $w.example
	tanji witness follow "$scratch/$w" "$(cat "$scratch/log/public/vkey")"
	echo "witness $w $(cat "$scratch/$w/public/vkey")" >> "$scratch/policy"
done
printf 'group two 2 a b c\nquorum two\n' >> "$scratch/policy"
tanji log append "$scratch/log" --dir "$tyre"
"$program" log request "$scratch/log" > "$scratch/request"
for w in a b; do
	"$program" witness cosign "$scratch/$w" "$scratch/request" > "$scratch/answer.$w" \
		2> "$scratch/stderr" || fail "$(cat "$scratch/stderr")"
done
tanji log cosign "$scratch/log" "$scratch/answer.a" "$scratch/answer.b" \
	--policy "$scratch/policy"
tanji log prove "$scratch/log" "$tyre"/out/declarations/*.jws
tanji log init "$scratch/other" --name other.example/log
tanji log append "$scratch/other" --dir "$tyre"
mkdir "$scratch/lies"
file=$tyre/out/declarations/$(basename "$(named tyre '*10_2609250001')")
cp "$file" "$scratch/lies/other.jws"
tanji log prove "$scratch/other" "$scratch/lies/other.jws"
mkdir "$scratch/node"
cat > "$scratch/node/node.conf" << END
[node]
name = Example Tyre
registry = $tyre/out/registry
did = $tyre/out/keys/did.json
[listen]
http = 127.0.0.1:0
trusted_proxy = 127.0.0.1
[page]
scanner = $modules/node_modules/zxing-wasm
proofs = $tyre/out/declarations
log_policy = $scratch/policy
status = $tyre/out/status
scans = $scratch/scans
place_header = X-Region
END
# What is not there is told before anything is served.
mkdir "$scratch/wrong"
echo 'quorum nobody' > "$scratch/wrong/policy"
for line in 's,^scanner = .*,scanner = nowhere,' '/^scans = /d' \
	's,^log_policy = .*,log_policy = policy,'; do
	sed "$line" "$scratch/node/node.conf" > "$scratch/wrong/node.conf"
	! timeout 60 "$program" serve "$scratch/wrong" > "$scratch/why" 2>&1 || fail "served: $line"
	grep -q -e 'npm install zxing-wasm' -e 'place_header.*scans = FILE' \
		-e 'policy:1: .*the quorum nobody' "$scratch/why" ||
		{ cat "$scratch/why"; fail "another reason: $line"; }
done
serve "$scratch/node"

# From print to the browser: the code as zbar reads it, at this node.
printf 'S-1\n' > "$scratch/serials"
for format in png svg; do
	tanji label "$lot" --dir "$tyre" --site https://id.tyre.example --format $format \
		--serials "$scratch/serials" --output "$scratch/label.$format"
done
link=$(zbarimg -q --raw -Sdisable -Sqrcode.enable "$scratch/label.png" 2> /dev/null |
	sed "s,^https://id.tyre.example,$address,")
case $link in */10/2609250001/21/S-1\?C=*) ;; *) fail "the code says $link" ;; esac
REVOKE="'$program' status revoke $(payload "$file" | jq -r .id) '$tyre' --at $at" \
	node "$modules/page_test.mjs" "$link" did:web:tyre.example "$scratch" "$out" ||
	fail "the page"

# A proof of something else, as of what was declared before, is not handed out.
proof="$address/tanji/proof?id=$(payload "$file" | jq -r .id)"
curl -fs "$proof" | cmp - "$file.tlog-proof" || fail "another proof"
mv "$file.tlog-proof" "$scratch/proof"
cp "$(ls "$tyre"/out/declarations/*.tlog-proof | head -n 1)" "$file.tlog-proof"
[ "$(curl -s -o "$scratch/page" -w '%{http_code}' "$proof")" = 404 ] || fail "a stale proof"
mv "$scratch/proof" "$file.tlog-proof"

# What was counted of the serial: a day and a province, and no more.
curl -s -o "$scratch/page" -H 'X-Region: CN-44' -H 'X-Forwarded-For: 192.0.2.7' "$link"
curl -s -o "$scratch/page" -H 'X-Region: <script>' "$link"
tanji scans "$scratch/scans" --json
jq -e '.[0] | (.product | endswith("/10/2609250001/21/S-1")) and .scans > 5 and .days >= 1 and
	any(.places[]; .place == "CN-44" and .scans == 1) and (.places | length) == 2' \
	"$scratch/stdout" > /dev/null || { cat "$scratch/stdout"; fail "the scans"; }
! grep -q -e 192.0.2 -e 127.0.0 "$scratch/scans" || fail "an address is kept"
[ "$(stat -c %a "$scratch/scans")" = 600 ] || fail "anybody may read the scans"

# The page's own reader of labels, on all that this company made.
tanji label --dir "$tyre" --site https://id.tyre.example
cp "$scratch/stdout" "$scratch/labels"
node "$modules/label_test.mjs" "$root" "$tyre/out/keys/k1.jwk" "$scratch/labels" ||
	fail "the page's reader of labels"

# And of proofs.
node "$modules/tlog_test.mjs" "$file" "$file.tlog-proof" "$scratch/policy" \
	"$scratch/lies/other.jws.tlog-proof" || fail "the page's reader of proofs"
