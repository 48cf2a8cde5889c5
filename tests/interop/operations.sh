#!/bin/sh
# operations.sh PROGRAM ROOT: the commands of docs/operations.md as they stand there, and what must
# be true after the bad days: everything declared counts, under the newest key and in the log.
. "$2/tests/samples/lib.sh"
mkdir "$scratch/bin"
ln -s "$(realpath "$program")" "$scratch/bin/tanji"
program=$scratch/bin/tanji
mv "$samples/mill" "$scratch/works"
awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$root/docs/operations.md" \
	> "$scratch/commands"
[ "$(grep -c '^tanji ' "$scratch/commands")" -ge 20 ] || fail "the commands are not found"
cd "$scratch"
PATH=$scratch/bin:$PATH sh -eux commands > stdout 2> stderr || {
	tail -n 20 stdout stderr >&2
	fail "a command failed"
}
tanji fsck works/out/registry
tanji log fsck log
declared=$(ls works/out/declarations/*.jws | wc -l)
[ "$declared" -gt 0 ] || fail "nothing is declared"
for declaration in works/out/declarations/*.jws; do
	tanji verify "$declaration" --dir works --vkey "$(cat log/public/vkey)" --require log
	cut -d. -f1 "$declaration" | tr -d '\n' | jose b64 dec -i- -O- | grep -q '#k3"' ||
		fail "$declaration is not signed with the newest key"
done
tanji show --json --dir works
[ "$(wc -l < stdout)" = "$declared" ] || fail "the registry has $(wc -l < stdout)"
