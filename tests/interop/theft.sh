#!/bin/sh
# theft.sh PROGRAM ROOT: a key is stolen and revoked.  What it signed before and somebody saw
# then still counts, by a timestamp or by the proof of a log that two witnesses had cosigned; what
# appears afterwards is refused, whatever date it bears.
. "$2/tests/samples/lib.sh"
. "$2/tests/interop/authority.sh"
mill=$samples/mill
key=$mill/out/keys

# refused TEXT FILE [ARGUMENTS]: by the gate of the signature.
refused() {
	text=$1
	shift
	status=0
	"$program" verify "$@" --dir "$mill" --at $at --json > "$scratch/verdict" \
		2> "$scratch/stderr" || status=$?
	[ $status = 1 ] || fail "exit status $status: verify $* $(cat "$scratch/stderr")"
	jq -e --arg text "$text" '.accepted == false and (.gates.signature | contains($text))' \
		"$scratch/verdict" > /dev/null || fail "$(cat "$scratch/verdict")"
}

# now_is TIME: what the company's configuration says of its key.
conf_key() {
	sed -i "/^kid = /d; s|^key = .*|key = out/keys/$1.pem\nkid = $1|" "$mill/tanji.conf"
}

# cosigned LOG FILE: by both witnesses, now; and the file's proof anew.
cosigned() {
	for n in 1 2; do
		"$program" log request "$1" --old "$(cat "$scratch/seen$n")" > "$scratch/request"
		"$program" witness cosign "$scratch/w$n" "$scratch/request" > "$scratch/answer$n" \
			2> "$scratch/stderr" || fail "$(cat "$scratch/stderr")"
		sed -n 2p "$1/public/checkpoint" > "$scratch/seen$n"
	done
	tanji log cosign "$1" "$scratch/answer1" "$scratch/answer2" --policy "$scratch/policy"
	tanji log prove "$1" "$2"
}

ca_root root
ca_issue tsa root tsa
log=$scratch/log
tanji log init "$log" --name mill.example/log
printf 'log %s\n' "$(cat "$log/public/vkey")" > "$scratch/policy"
for n in 1 2; do
	tanji witness init "$scratch/w$n" --name w$n.example
	tanji witness follow "$scratch/w$n" "$(cat "$log/public/vkey")"
	echo "witness w$n $(cat "$scratch/w$n/public/vkey")" >> "$scratch/policy"
	echo 0 > "$scratch/seen$n"
done
printf 'group both 2 w1 w2\nquorum both\n' >> "$scratch/policy"
printf '\n[log]\ndir = %s\n' "$log" >> "$mill/tanji.conf"
tanji keys new "$mill" --at 2026-09-01
tanji run "$mill" --at $at
set -- "$mill"/out/declarations/*.jws
honest=$1
tanji verify "$honest" --dir "$mill" --at $at --vkey "$(cat "$log/public/vkey")" --require log
cosigned "$log" "$honest"
tanji verify "$honest" --dir "$mill" --at $at --policy "$scratch/policy" --require log
cp "$honest" "$scratch/honest.jws"
cp "$honest.tlog-proof" "$scratch/honest.jws.tlog-proof"
tanji timestamp query "$honest"
stamp "$honest"
tanji verify "$honest" --dir "$mill" --at $at --tsa "$ca/root.pem"
sleep 3		# the stamp's own uncertainty

# The theft.  Until it is noticed the thief's work is as good as the company's.
cp "$key/k1.pem" "$scratch/stolen.pem"
stolen_at=$(date -u +%Y-%m-%dT%H:%M:%SZ)

# The drill: a new key, then the word on the old one, signed with the new one.
conf_key k2
tanji keys rotate "$mill"
tanji verify "$honest" --dir "$mill" --at $at		# changed, not yet revoked
tanji keys revoke k1 "$mill" --at "$stolen_at" --reason stolen

# What was seen before counts; the same bytes without proof do not.
tanji verify "$honest" --dir "$mill" --at $at --tsa "$ca/root.pem"
refused 'with proof of that' "$honest"
tanji verify "$honest" --dir "$mill" --at $at --policy "$scratch/policy" --require log
# A log's word alone, without witnesses, has no time.
refused 'with proof of that' "$honest" --vkey "$(cat "$log/public/vkey")"

# The thief signs a lower footprint, backdated, and has it stamped today.
other=$scratch/thief
cp -R "$mill" "$other"
rm -rf "$other/out/registry" "$other/out/declarations"
cp "$scratch/stolen.pem" "$other/out/keys/k1.pem"
sed -i "/^kid = /d; s|^key = .*|key = out/keys/k1.pem|" "$other/tanji.conf"
rm "$other"/out/keys/did.json "$other"/out/keys/key-history.jws
tanji keys publish "$other" --at 2026-09-01
tanji run "$other" --at $at
forged=$other/out/declarations/$(basename "$honest")
tanji verify "$forged" --dir "$other" --at $at		# to whom it is unknown, all is well
refused 'with proof of that' "$forged"
tanji timestamp query "$forged"
stamp "$forged"
refused 'and the evidence is of' "$forged" --tsa "$ca/root.pem"
# He was in the house: his run has logged it too, and the witnesses saw that today.
refused 'with proof of that' "$forged" --policy "$scratch/policy"
cosigned "$log" "$forged"
refused 'and the evidence is of' "$forged" --policy "$scratch/policy"
# A proof of the honest one is not of his, and a log of his own is not believed.
refused 'with proof of that' "$forged" --policy "$scratch/policy" \
	--proof "$scratch/honest.jws.tlog-proof"
jq -e '.gates.log == "not tried"' "$scratch/verdict" > /dev/null || fail "$(cat "$scratch/verdict")"
tanji verify "$scratch/honest.jws" --dir "$mill" --at $at --policy "$scratch/policy"
# The thief's own history of keys, in which nothing was revoked, is not believed.
cp "$key/key-history.jws" "$scratch/history"
cp "$other/out/keys/key-history.jws" "$key/key-history.jws"
! "$program" verify "$honest" --dir "$mill" --at $at > /dev/null 2> "$scratch/stderr" ||
	fail "a history signed with the stolen key is believed"
grep -q 'does not show' "$scratch/stderr" || fail "$(cat "$scratch/stderr")"
cp "$scratch/history" "$key/key-history.jws"

# The new key's work needs no proof; stock tools read the history with the new key.
rm -rf "$mill/out/registry" "$mill/out/declarations"
tanji run "$mill" --at $at
tanji verify "$honest" --dir "$mill" --at $at
jose jws ver -i "$key/key-history.jws" -k "$key/k2.jwk" -O "$scratch/payload" ||
	fail "jose refuses the history"
jq -e '.version == 3 and .keys[0].reason == "stolen" and (.keys[1] | has("revoked_at") | not)' \
	"$scratch/payload" > /dev/null || fail "$(cat "$scratch/payload")"
! jose jws ver -i "$key/key-history.jws" -k "$key/k1.jwk" -O /dev/null 2> /dev/null ||
	fail "the history is signed with the stolen key"
