#!/bin/sh
# run_witness.sh PROGRAM ROOT: a company's runs with a log that has a witness: nobody is shown a
# head that he has not cosigned, whatever becomes of the run.
. "$2/tests/samples/lib.sh"
mill=$samples/mill log=$scratch/log policy=$scratch/policy
cd "$scratch"

# sound: the public head is cosigned, and all that lies there is proven under such a head.
sound() {
	grep -q '^— w.example ' "$log/public/checkpoint" || fail "a head is shown uncosigned"
	tanji log fsck "$log"
	tanji verify "$mill"/out/declarations/*.jws --key "$mill/out/keys/k1.jwk" \
		--policy "$policy" --require log --at $at
}

# held: a run without a witness shows nothing.
held() {
	cp "$log/public/checkpoint" before
	sed "s,http://[^ ]*,http://127.0.0.1:1/witness," "$policy" > asked
	status=0
	"$program" run "$mill" --at $at > stdout 2> stderr || status=$?
	[ $status = 1 ] || fail "exit status $status without a witness: $(cat stderr)"
	grep -q 'not published: ' stderr || fail "$(cat stderr)"
	cmp -s before "$log/public/checkpoint" || fail "a head is shown that nobody has witnessed"
	! cmp -s "$log/head" before || fail "nothing was logged"
	cp "$policy" asked
}

# change FACTOR FIGURE: of the ore.
change() {
	sed -i "s/^\\(spend.iron-ore,t,CO2\\),$1,/\\1,$2,/" "$mill/in/factors.csv"
}

tanji log init "$log" --name mill.example/log
vkey=$(cat "$log/public/vkey")
tanji witness init w --name w.example
tanji witness follow w "$vkey"
tanji node init node --prefix 88.111.1 --http 127.0.0.1:0
printf '[evidence]\nwitness = ../w\n' >> node/node.conf
serve node
cat > "$policy" << END
log $vkey
witness w $(cat w/public/vkey) $address/witness
quorum w
END
cp "$policy" asked
printf '\n[log]\ndir = %s\npolicy = %s\nallow = 127.0.0.0/8\n' "$log" "$scratch/asked" \
	>> "$mill/tanji.conf"

tanji keys new "$mill"
tanji run "$mill" --at $at
sound
# The next run asks for what this one could not show; so does cosigning.
change 92.4 23.1
held
tanji run "$mill" --at $at --json
jq -e '.log.appended == 0' stdout > said || fail "$(cat stdout)"
sound
change 23.1 50
held
tanji log cosign "$log" --policy "$policy" --allow 127.0.0.0/8
grep -q '^— w.example ' "$log/public/checkpoint" || fail "not cosigned"
tanji run "$mill" --at $at
sound

# What cannot come to a quorum is refused before anything is signed.
for line in 's,http.*,,' '/^log /d'; do
	sed "$line" "$policy" > asked
	! "$program" run "$mill" --at $at > stdout 2> stderr || fail "a run with: $line"
	grep -q -e 'has a URL' -e 'does not name the log' stderr || fail "$(cat stderr)"
done
